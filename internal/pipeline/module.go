package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// ModulePath is the import path of a directory: that of the go.mod above it
// and the way down from there.
func ModulePath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at, below := abs, ""; ; {
		data, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil {
			name := modfile.ModulePath(data)
			if name == "" {
				return "", errors.New("go.mod names no module")
			}
			return path.Join(name, below), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("go.mod cannot be read: %w", errors.Unwrap(err))
		}
		parent := filepath.Dir(at)
		if parent == at {
			return "", errors.New("there is no go.mod in the project's directory or above it")
		}
		below = path.Join(filepath.Base(at), below)
		at = parent
	}
}

// NewModule is the go.mod of a module of that path, for the Go version that
// generated code needs.
func NewModule(path string) ([]byte, error) {
	if err := module.CheckImportPath(path); err != nil {
		return nil, fmt.Errorf("%q cannot be a module: %w", path, err)
	}
	return fmt.Appendf(nil, "module %s\n\ngo 1.26\n", path), nil
}
