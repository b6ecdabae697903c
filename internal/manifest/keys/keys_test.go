package keys

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

var update = flag.Bool("update", false, "rewrite docs/manifest.schema.json and docs/manifest.md")

const root = "../../.."

func read(t *testing.T) []*Object {
	t.Helper()
	objects, err := Read("..")
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// TestDocs: what is in docs/ is what the types say.
func TestDocs(t *testing.T) {
	objects := read(t)
	schema, err := Schema(objects)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"manifest.schema.json": schema, "manifest.md": Markdown(objects)} {
		path := filepath.Join(root, "docs", name)
		if *update {
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff.Diff("docs/"+name, have, "what the types say", want); d != nil {
			t.Errorf("docs/%s is not what the types say; run go test with -update\n%s", name, d)
		}
	}
}

// compiled is the schema in docs, as editors get it.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(root + "/docs/manifest.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(manifest.SchemaURL, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(manifest.SchemaURL)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// value is YAML as a validator of JSON takes it.
func value(t *testing.T, src []byte) any {
	t.Helper()
	var out any
	if err := yaml.Unmarshal(src, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// manifests are those of the generator's own tests, by name: all that can be read,
// and all that cannot.
func manifests(t *testing.T) (good, bad map[string][]byte) {
	t.Helper()
	good, bad = map[string][]byte{}, map[string][]byte{}
	for _, pattern := range []string{"internal/golden/testdata/ok/*.txtar", "cmd/sdkgen/testdata/*/*.txtar"} {
		names, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range names {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range archive.Files {
				var any any
				if f.Name != "manifest.yaml" || yaml.Unmarshal(f.Data, &any) != nil {
					continue
				}
				into := good
				if _, list := manifest.Parse("manifest.yaml", f.Data); list.Len() > 0 {
					into = bad
				}
				into[filepath.Base(name)] = f.Data
			}
		}
	}
	return good, bad
}

// TestGoodManifests: the schema takes what sdkgen takes.
func TestGoodManifests(t *testing.T) {
	schema := compiled(t)
	good, _ := manifests(t)
	ours, err := os.ReadFile(root + "/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	good["ours"] = ours
	if len(good) < 20 {
		t.Errorf("only %d manifests were found", len(good))
	}
	for name, src := range good {
		if err := schema.Validate(value(t, src)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// mutate applies f to every mapping of a YAML value.
func mutate(v any, path string, f func(path string, m map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		f(path, v)
		for _, key := range slices.Sorted(keysOf(v)) {
			mutate(v[key], path+"."+key, f)
		}
	case []any:
		for _, item := range v {
			mutate(item, path+"[]", f)
		}
	}
}

func keysOf(m map[string]any) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

// TestLimits: what the schema demands or refuses, reading the manifest demands or
// refuses, too. Each key that is there is removed, and given a value that it cannot
// have, and both are asked.
func TestLimits(t *testing.T) {
	schema := compiled(t)
	src := []byte(maximal)
	if _, list := manifest.Parse("manifest.yaml", src); list.Len() > 0 {
		t.Fatal(list.Err())
	}
	if err := schema.Validate(value(t, src)); err != nil {
		t.Fatal(err)
	}
	tried, refused := 0, 0
	try := func(what string, v any) {
		tried++
		schemaErr := schema.Validate(v)
		text, err := yaml.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		_, list := manifest.Parse("manifest.yaml", text)
		if schemaErr != nil {
			refused++
		}
		if schemaErr != nil && list.Len() == 0 {
			t.Errorf("%s: the schema refuses what sdkgen takes: %v", what, schemaErr)
		}
	}
	var places []string
	mutate(value(t, src), "", func(path string, m map[string]any) {
		for key := range m {
			places = append(places, path+" "+key)
		}
	})
	slices.Sort(places)
	for _, place := range slices.Compact(places) {
		at, key, _ := strings.Cut(place, " ")
		for what, change := range map[string]func(m map[string]any){
			"without":      func(m map[string]any) { delete(m, key) },
			"a wrong word": func(m map[string]any) { m[key] = "Not A Word!" },
			"a list":       func(m map[string]any) { m[key] = []any{[]any{"x"}} },
			"another key":  func(m map[string]any) { m["nonsense"] = 1 },
			"a number":     func(m map[string]any) { m[key] = 7.5 },
		} {
			v := value(t, src)
			mutate(v, "", func(path string, m map[string]any) {
				if path == at {
					change(m)
				}
			})
			try(fmt.Sprintf("%s %s", place, what), v)
		}
	}
	if tried < 400 || refused < 200 {
		t.Errorf("%d manifests were tried, %d refused", tried, refused)
	}
}

// TestRequired: the schema demands what reading demands.
func TestRequired(t *testing.T) {
	schema := compiled(t)
	_, bad := manifests(t)
	refused := 0
	for _, src := range bad {
		if schema.Validate(value(t, src)) != nil {
			refused++
		}
	}
	t.Logf("the schema refuses %d of %d wrong manifests; the others are wrong in what refers to what", refused, len(bad))
	for _, missing := range []string{"version", "api", "contracts", "output", "services", "methods"} {
		v := value(t, []byte(maximal)).(map[string]any)
		delete(v, missing)
		if schema.Validate(v) == nil {
			t.Errorf("the schema does without %s", missing)
		}
	}
	if refused < len(bad)/3 {
		t.Errorf("only %d of %d wrong manifests are refused", refused, len(bad))
	}
}
