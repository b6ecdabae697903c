package contract

import (
	"errors"
	"io/fs"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// ReadFile reads a contract file (a slash-separated path below fsys). A file
// that cannot be read becomes a finding, and the answer is false.
func ReadFile(fsys fs.FS, path string, list *diag.List) ([]byte, bool) {
	data, err := fs.ReadFile(fsys, path)
	if err == nil {
		return data, true
	}
	list.Add(Unreadable(path, err))
	return nil, false
}

// Unreadable is the finding for a contract file that cannot be read.
func Unreadable(path string, err error) diag.Finding {
	f := diag.Finding{Pos: diag.Pos{File: path}}
	var pathErr *fs.PathError
	switch {
	case !fs.ValidPath(path):
		f.Message = "a contract file must lie within the project"
		f.Hint = "write its path from the project's root, with forward slashes and without \"..\""
	case errors.Is(err, fs.ErrNotExist):
		f.Message = "the contract file does not exist"
		f.Hint = "write it with sdkgen pull, or mend its path in the manifest"
	case errors.As(err, &pathErr):
		// Only the cause: the path in the error is one of this machine.
		f.Message = "the contract file cannot be read: " + pathErr.Err.Error()
	default:
		f.Message = "the contract file cannot be read: " + err.Error()
	}
	return f
}
