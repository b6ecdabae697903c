package walls_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestUpdateFlag: "go test ./... -update" rewrites golden files; a package
// whose tests do not know the flag would make it fail.
func TestUpdateFlag(t *testing.T) {
	const top = "../.."
	knows := map[string]bool{}
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "examples" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); d.IsDir() && err == nil && name != top {
			return filepath.SkipDir // a module of its own
		}
		if ok, _ := filepath.Match("*_test.go", d.Name()); !ok {
			return nil
		}
		src, err := os.ReadFile(name)
		dir := filepath.Dir(name)
		knows[dir] = knows[dir] || bytes.Contains(src, []byte(`flag.Bool("update"`)) || bytes.Contains(src, []byte(`/internal/updateflag"`))
		return err
	})
	if err != nil || len(knows) < 10 {
		t.Fatalf("%d packages with tests, %v", len(knows), err)
	}
	for dir, ok := range knows {
		if !ok {
			t.Errorf("%s: no test file registers -update; import internal/updateflag in one", dir)
		}
	}
}
