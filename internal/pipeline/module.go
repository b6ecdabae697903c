package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"golang.org/x/mod/modfile"
)

// modulePath is the import path of a directory: that of the go.mod above it
// and the way down from there.
func modulePath(dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at, below := abs, ""; ; {
		data, err := os.ReadFile(filepath.Join(at, "go.mod"))
		if err == nil {
			module := modfile.ModulePath(data)
			if module == "" {
				return "", errors.New("go.mod names no module")
			}
			return path.Join(module, below), nil
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
