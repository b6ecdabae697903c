package manifest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

// FuzzParse: no text makes the reader panic, and every finding points into the
// text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "null", "- a", "a: &a [*a]", "version: !!int x", "methods: [null, 1, {}, []]", "\xff", "a: b: c", "? {a: b}\n: c",
		"api: &x {name: y}\noutput: *x\nmethods: [*x]", "<<: {version: 1}", "version: 1\n---\nversion: 1", "headers: [{value: \"{}{\"}]",
	} {
		f.Add([]byte(seed))
	}
	names, err := filepath.Glob("../../cmd/sdkgen/testdata/errors/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data)
	}
	real, err := os.ReadFile("../../manifest.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(real)
	f.Fuzz(func(t *testing.T, src []byte) {
		file, list := Parse("m.yaml", src)
		if file == nil {
			t.Fatal("there is no file")
		}
		lines := bytes.Split(src, []byte("\n"))
		for _, finding := range list.Findings() {
			p := finding.Pos
			if p.File != "m.yaml" || p.Line < 0 || p.Line > len(lines) || p.Col < 0 || p.Line == 0 && p.Col > 0 {
				t.Errorf("the position of %q is not in a file of %d lines", finding.Error(), len(lines))
			}
			if finding.Message == "" {
				t.Errorf("a finding at %s says nothing", p)
			}
		}
	})
}
