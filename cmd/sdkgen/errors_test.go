package main

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the expected findings")

// findingsFile is the archive's file with what sdkgen says.
const findingsFile = "findings.txt"

// TestErrors generates from wrong input: it must say all that is wrong, write
// nothing and exit with 2.
func TestErrors(t *testing.T) {
	for _, name := range errorCases(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			var want []byte
			files := []txtar.File{{Name: "go.mod", Data: []byte("module example.test/x\n")}}
			for _, f := range archive.Files {
				if f.Name == findingsFile {
					want = f.Data
					continue
				}
				files = append(files, f)
			}
			unpack(t, dir, files)
			before := tree(t, dir)
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), []string{"generate", "--dir", dir}, &stdout, &stderr)
			if code != exitUnusable || stdout.Len() > 0 {
				t.Errorf("exit code %d, stdout %q", code, &stdout)
			}
			if d := diff.Diff("before", []byte(before), "after", []byte(tree(t, dir))); d != nil {
				t.Errorf("something was written:\n%s", d)
			}
			if *update {
				archive.Files = append(files[1:], txtar.File{Name: findingsFile, Data: stderr.Bytes()})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := diff.Diff("expected", want, "found", stderr.Bytes()); d != nil {
				t.Errorf("the findings differ; after a look at it, run go test with -update\n%s", d)
			}
		})
	}
}

func errorCases(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/errors/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	return names
}

func unpack(t *testing.T, dir string, files []txtar.File) {
	t.Helper()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// tree lists a directory with the content of its files.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		out.WriteString(filepath.ToSlash(rel) + "\n")
		if d.IsDir() {
			return nil
		}
		content, err := os.ReadFile(name)
		out.Write(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}
