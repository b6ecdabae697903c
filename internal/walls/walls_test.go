// Package walls tests which packages may know of which others.
package walls

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	module    = "github.com/triwire/authorizer-sdk"
	root      = "../.."
	gqlparser = "github.com/vektah/gqlparser/"
	kin       = "github.com/getkin/kin-openapi/"
	compiler  = "github.com/bufbuild/protocompile"
	grpcGo    = "google.golang.org/grpc"
	protobuf  = "google.golang.org/protobuf"
)

// pkg is what go list says of a package.
type pkg struct {
	ImportPath string
	Standard   bool
	// Imports are those of the package itself, Deps those of its imports, too.
	Imports, Deps []string
}

// packages are all packages of the module and what they depend on, by import path.
func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, &stderr)
	}
	out := map[string]pkg{}
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out[p.ImportPath] = p
	}
}

// wall is a rule: none of the packages may import what is forbidden.
type wall struct {
	name string
	// packages that the wall stands around: below these paths of the module, but
	// for those below the others.
	of, but []string
	// forbidden are beginnings of import paths; with deps, whatever way they
	// are imported.
	forbidden []string
	deps      bool
	// door are packages that may be imported all the same, below these paths.
	door []string
}

func walls() []wall {
	everything := []string{"cmd", "internal", "sdk", "gen"}
	// What answers calls: the server half, servers of tests and benchmarks, and what those answer.
	servers := []string{"internal/replay", "internal/demo", "internal/bench", "sdk/internal/sdktest", "sdk/internal/wiretest", "sdk/runtime/serve", "sdk/server", "sdk/authorizertest", "internal/fidelity"}
	return []wall{
		{name: "broken output must not stop the generator that mends it", of: []string{"cmd/sdkgen"}, forbidden: []string{module + "/gen", module + "/sdk"}, deps: true},
		{name: "wire code knows nothing of the SDK but how JSON and forms write values", of: []string{"gen"}, forbidden: []string{module}, deps: true, door: []string{"sdk/runtime/wire"}},
		{name: "how values are written depends on nothing", of: []string{"sdk/runtime/wire"}, forbidden: []string{module, grpcGo, protobuf}, deps: true},
		{name: "the SDK knows nothing of the generator", of: []string{"sdk"}, forbidden: []string{module + "/internal", module + "/cmd"}, deps: true},
		{name: "a program that does not ask for gRPC does not link it", of: []string{"sdk"}, but: append(servers, "sdk/grpc", "sdk/runtime/grpcrt"), forbidden: []string{grpcGo, protobuf}, deps: true},
		{name: "who calls a server links neither one nor its emulator", of: []string{"sdk", "sdk/grpc", "gen"}, but: servers, forbidden: []string{module + "/sdk/authorizertest", module + "/sdk/server", module + "/sdk/runtime/serve"}, deps: true},
		{name: "the emulator knows nothing of the recordings that it is held against", of: []string{"sdk/authorizertest"}, forbidden: []string{module + "/internal"}, deps: true},
		{name: "the emulator's logic knows nothing of how calls travel", of: []string{"sdk/authorizertest/internal/emulator"}, forbidden: []string{module + "/sdk/runtime/serve", module + "/sdk/server", module + "/gen/authorizer", grpcGo}, deps: true},
		{name: "the runtime knows no service", of: []string{"sdk/runtime"}, forbidden: []string{module + "/gen", module + "/sdk/grpc", module + "/sdk/internal"}, deps: true},
		{name: "only its contract's package imports gqlparser", of: everything, but: append(servers, "internal/contract/graphqlschema"), forbidden: []string{gqlparser}},
		// oapi-codegen takes a document of kin-openapi, which emit/rest has to cut
		// down to what is used.
		{name: "only its contract's package imports kin-openapi", of: everything, but: append(servers, "internal/contract/openapidoc", "internal/emit/rest"), forbidden: []string{kin}},
		{name: "only its contract's package imports protocompile", of: everything, but: append(servers, "internal/contract/protofiles"), forbidden: []string{compiler}},
		{name: "the contracts know nothing of one another", of: []string{"internal/contract/graphqlschema"}, forbidden: []string{kin, compiler, module + "/internal/contract/openapidoc", module + "/internal/contract/protofiles"}, deps: true},
		{name: "the contracts know nothing of one another", of: []string{"internal/contract/openapidoc"}, forbidden: []string{gqlparser, compiler, module + "/internal/contract/graphqlschema", module + "/internal/contract/protofiles"}, deps: true},
		{name: "the contracts know nothing of one another", of: []string{"internal/contract/protofiles"}, forbidden: []string{gqlparser, kin, module + "/internal/contract/graphqlschema", module + "/internal/contract/openapidoc"}, deps: true},
		{name: "the manifest knows no contract", of: []string{"internal/manifest"}, forbidden: []string{module + "/internal/contract", module + "/internal/ir", module + "/internal/emit"}, deps: true},
		{name: "the model is data", of: []string{"internal/ir"}, forbidden: []string{module + "/internal/resolve", module + "/internal/emit", module + "/internal/manifest"}, deps: true},
		{name: "resolving is not emitting", of: []string{"internal/resolve"}, forbidden: []string{module + "/internal/emit", module + "/internal/pipeline", "github.com/dave/jennifer"}, deps: true},
		{name: "rules do not emit", of: []string{"internal/check"}, forbidden: []string{module + "/internal/emit", module + "/internal/pipeline", "github.com/dave/jennifer"}, deps: true},
		{name: "a first manifest is not emitting", of: []string{"internal/initial"}, forbidden: []string{module + "/internal/emit", module + "/internal/pipeline", "github.com/dave/jennifer"}, deps: true},
		{name: "matching knows no format", of: []string{"internal/initial/match"}, forbidden: []string{gqlparser, kin, compiler, module + "/internal/contract/graphqlschema", module + "/internal/contract/openapidoc", module + "/internal/contract/protofiles"}, deps: true},
		{name: "explaining knows the model only", of: []string{"internal/explain"}, forbidden: []string{module + "/internal/manifest", module + "/internal/resolve", module + "/internal/pipeline", gqlparser, kin, compiler}, deps: true},
		{name: "printing knows nothing of contracts", of: []string{"internal/report"}, forbidden: []string{module + "/internal/contract", module + "/internal/manifest", module + "/internal/ir", module + "/internal/resolve", module + "/internal/check", module + "/internal/drift", module + "/internal/emit", module + "/internal/pipeline"}, deps: true},
		{name: "comparing is not emitting", of: []string{"internal/drift"}, forbidden: []string{module + "/internal/emit", module + "/internal/pipeline", "github.com/dave/jennifer"}, deps: true},
		{name: "emitters know neither the manifest nor the disk's keeper", of: []string{"internal/emit"}, forbidden: []string{module + "/internal/manifest", module + "/internal/resolve", module + "/internal/pipeline"}, deps: true},
	}
}

func TestWalls(t *testing.T) {
	all := packages(t)
	for _, w := range walls() {
		inside := 0
		for _, name := range sorted(all) {
			if !below(name, w.of) || below(name, w.but) {
				continue
			}
			inside++
			if bad := w.breaches(all[name]); len(bad) > 0 {
				t.Errorf("%s: %s imports %s (and %d more)", w.name, name, bad[0], len(bad)-1)
			}
		}
		if inside == 0 {
			t.Errorf("%s: there is no package below %q", w.name, w.of)
		}
	}
}

// breaches are the package's imports that the wall forbids. A package may
// import its own kind: what is below the wall's own paths.
func (w wall) breaches(p pkg) []string {
	imports := p.Imports
	if w.deps {
		imports = p.Deps
	}
	var out []string
	for _, name := range imports {
		for _, prefix := range w.forbidden {
			if (name == prefix || strings.HasPrefix(name, strings.TrimSuffix(prefix, "/")+"/")) && !below(name, w.of) && !below(name, w.door) {
				out = append(out, name)
			}
		}
	}
	return out
}

// TestDiagStandsAlone: findings depend on the standard library only.
func TestDiagStandsAlone(t *testing.T) {
	all := packages(t)
	for _, name := range all[module+"/internal/diag"].Deps {
		if !all[name].Standard {
			t.Errorf("internal/diag imports %s", name)
		}
	}
}

// TestBreachesAreSeen: the wall test can fail.
func TestBreachesAreSeen(t *testing.T) {
	w := wall{of: []string{"gen"}, forbidden: []string{module, gqlparser}, door: []string{"sdk/runtime/wire"}}
	got := w.breaches(pkg{Imports: []string{module + "/gen/rest", module + "/sdk/runtime/wire", module + "/sdk", "fmt", gqlparser + "v2/ast", module + "-other"}})
	if !slices.Equal(got, []string{module + "/sdk", gqlparser + "v2/ast"}) {
		t.Errorf("the breaches are %q", got)
	}
}

// TestFilesAreShort: what people wrote can be read in one go.
func TestFilesAreShort(t *testing.T) {
	const limit = 500
	files := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != root):
			return filepath.SkipDir
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil || bytes.HasPrefix(content, []byte("// Code generated ")) {
			return err
		}
		files++
		if lines := bytes.Count(content, []byte("\n")); lines >= limit {
			t.Errorf("%s has %d lines; the limit is %d", name, lines, limit)
		}
		return nil
	})
	if err != nil || files < 50 {
		t.Errorf("%d files, %v", files, err)
	}
}

// below tells whether a package of the module is at or below one of the paths.
func below(name string, paths []string) bool {
	rel, ok := strings.CutPrefix(name, module+"/")
	return ok && slices.ContainsFunc(paths, func(p string) bool { return rel == p || strings.HasPrefix(rel, p+"/") })
}

func sorted(all map[string]pkg) []string {
	var out []string
	for name := range all {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
