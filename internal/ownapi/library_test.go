package ownapi

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLibraryFromItsContracts makes an SDK of the contracts of examples/library
// with nothing but what sdkgen init writes: it compiles, and all that is left of
// the check are warnings that the manifest proposes to accept.
func TestLibraryFromItsContracts(t *testing.T) {
	t.Parallel()
	w := newWalker(t)
	w.module("example.com/library")
	library := os.DirFS(filepath.Join(w.root, "examples", "library"))
	for _, name := range []string{"schema.graphql", "openapi.yaml", "proto/library/v1/library.proto"} {
		data, err := fs.ReadFile(library, name)
		if err != nil {
			t.Fatal(err)
		}
		w.write(name, data)
	}
	told := w.run("go tool sdkgen init --server sdk/server")
	if !strings.Contains(told, "12 methods: 8 certain, 4 likely, 0 unsure\n") || strings.Contains(told, "left to decide") {
		t.Errorf("init says\n%s", told)
	}
	if told := w.run("go tool sdkgen generate"); !strings.Contains(told, "12 methods, ") {
		t.Errorf("generate says\n%s", told)
	}
	if out, err := w.try("go", "vet", "./..."); err != nil {
		t.Errorf("the SDK does not compile: %v\n%s", err, out)
	}
	told, err := w.try("go", "tool", "sdkgen", "check")
	if err == nil || strings.Contains(told, " error: ") || !strings.Contains(told, " 31 warnings") {
		t.Errorf("check says\n%s", told)
	}

	// The marks of the entries are taken off.
	manifest, err := os.ReadFile(filepath.Join(w.dir, "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	w.write("manifest.yaml", regexp.MustCompile(`(?m)^# (accepted_places: |accepted:$|  - \{rule: )`).ReplaceAll(manifest, []byte("$1")))
	w.run("go tool sdkgen accept")
	if told, err := w.try("go", "tool", "sdkgen", "check"); err != nil || !strings.Contains(told, "no findings, 31 accepted") {
		t.Errorf("check says\n%s", told)
	}
}
