// Package golden tests the generator from one end to the other: each case is a
// small API whose generated SDK is compared with what the case expects, must
// pass go vet, and is called against a loopback server.
package golden

import (
	"bytes"
	"context"
	"flag"
	"go/format"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"golang.org/x/tools/txtar"

	"github.com/triwire/authorizer-sdk/internal/initial"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
)

var update = flag.Bool("update", false, "rewrite the expected output of the cases")

// TestGolden generates every case, and then builds, vets and calls them all.
func TestGolden(t *testing.T) {
	module := newModule(t)
	for _, c := range readCases(t) {
		t.Run(c.name, func(t *testing.T) {
			module.write(t, c.name, c.inputs())
			first := c.first(t, module.dir)
			module.write(t, c.name, first)
			out := c.generate(t, module.dir)
			module.write(t, c.name, out.Files)
			module.add(c, out.Model.Paths.SDK.Dir)
			maps.Copy(out.Files, first)
			c.compare(t, out.Files)
		})
	}
	t.Run("vet and use", module.test)
}

// goldenCase is one archive of testdata/ok. A line "golden: PATTERN ..." in its
// comment says which generated files it holds; all other files are input, and
// use/use.go has a function Use(*testing.T) that calls the generated SDK.
type goldenCase struct {
	name     string
	file     string
	archive  *txtar.Archive
	patterns []string
}

func readCases(t *testing.T) []*goldenCase {
	t.Helper()
	names, err := filepath.Glob("testdata/ok/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var out []*goldenCase
	for _, file := range names {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := &goldenCase{name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive}
		for line := range strings.Lines(string(archive.Comment)) {
			if list, ok := strings.CutPrefix(line, "golden:"); ok {
				c.patterns = append(c.patterns, strings.Fields(list)...)
			}
		}
		out = append(out, c)
	}
	return out
}

// golden tells whether the file is expected output.
func (c *goldenCase) golden(name string) bool {
	return slices.ContainsFunc(c.patterns, func(pattern string) bool {
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// inputs are the files that are there before the generator runs.
func (c *goldenCase) inputs() map[string][]byte {
	out := map[string][]byte{}
	for _, f := range c.archive.Files {
		if !c.golden(f.Name) {
			out[f.Name] = f.Data
		}
	}
	return out
}

// first makes the manifest of a case that has none of its own, as sdkgen init does.
func (c *goldenCase) first(t *testing.T, moduleDir string) map[string][]byte {
	t.Helper()
	if _, ok := c.inputs()["manifest.yaml"]; ok {
		return nil
	}
	result, err := initial.Make(initial.Options{
		FS: os.DirFS(filepath.Join(moduleDir, c.name)), Manifest: "manifest.yaml", Module: modulePath + "/" + c.name, Dir: c.name,
	})
	if err != nil {
		t.Fatalf("no first manifest can be made:\n%v", err)
	}
	if len(result.Left) > 0 {
		t.Errorf("left to decide: %v\n%s", result.Left, result.Files["manifest.yaml"])
	}
	return result.Files
}

func (c *goldenCase) generate(t *testing.T, moduleDir string) *pipeline.Output {
	t.Helper()
	out, err := pipeline.Run(context.Background(), pipeline.Project{Dir: filepath.Join(moduleDir, c.name), Manifest: "manifest.yaml"})
	if err != nil {
		t.Fatalf("the case cannot be generated:\n%v", err)
	}
	for name, content := range out.Files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		formatted, err := format.Source(content)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(formatted, content) {
			t.Errorf("%s is not formatted:\n%s", name, diff.Diff("formatted", formatted, "generated", content))
		}
	}
	return out
}

// compare holds the generated files that the case names to what it expects.
func (c *goldenCase) compare(t *testing.T, files map[string][]byte) {
	t.Helper()
	want, got := map[string][]byte{}, map[string][]byte{}
	for _, f := range c.archive.Files {
		if c.golden(f.Name) {
			want[f.Name] = f.Data
		}
	}
	for name, content := range files {
		if c.golden(name) {
			got[name] = content
		}
	}
	if *update {
		c.update(t, got)
		return
	}
	if len(got) == 0 {
		t.Errorf("the patterns %q match no generated file", c.patterns)
	}
	all := maps.Clone(want)
	maps.Copy(all, got)
	for _, name := range sortedKeys(all) {
		if d := diff.Diff(name+" (expected)", want[name], name+" (generated)", got[name]); d != nil {
			t.Errorf("the output differs; after a look at it, run go test with -update\n%s", d)
		}
	}
}

func (c *goldenCase) update(t *testing.T, got map[string][]byte) {
	t.Helper()
	kept := slices.DeleteFunc(slices.Clone(c.archive.Files), func(f txtar.File) bool { return c.golden(f.Name) })
	for _, name := range sortedKeys(got) {
		kept = append(kept, txtar.File{Name: name, Data: got[name]})
	}
	writeFile(t, c.file, txtar.Format(&txtar.Archive{Comment: c.archive.Comment, Files: kept}))
}
