package initial

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// project is the contracts and the manifest of a project of this repository,
// without the rest.
func project(t *testing.T, dir string, openapi ...string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for _, name := range append([]string{"manifest.yaml", "schema.graphql"}, openapi...) {
		data, err := os.ReadFile(path.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	if err := copyTree(out, path.Join(dir, "proto"), "proto"); err != nil {
		t.Fatal(err)
	}
	return out
}

// bindings are a manifest's rows as the operations that they lead to, with their
// envelopes.
func bindings(t *testing.T, src []byte, all map[ir.Protocol]*contract.Contract) map[string]string {
	t.Helper()
	file, list := manifest.Parse("manifest.yaml", src)
	if err := list.Err(); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	model, list := resolve.Resolve(resolve.Input{Manifest: file, Contracts: all, Module: "example.test/x", Runtime: "example.test/runtime"})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, s := range model.Services {
		for _, m := range s.Methods {
			var parts []string
			for _, b := range m.Bindings {
				part := string(b.Protocol) + " " + b.Operation.Key
				if b.Envelope != nil {
					part += " in " + b.Envelope.Name
				}
				parts = append(parts, part)
			}
			out[strings.Join(parts, ", ")] = m.Name
		}
	}
	return out
}

// TestOwnContracts compares what is made of this repository's contracts with what
// people wrote: every row with operations of more than one protocol is found, those
// of one protocol stand in the comments, and no row is wrong.
func TestOwnContracts(t *testing.T) {
	documents := []string{"openapi.yaml", "openapi.oauth.yaml"}
	fsys := project(t, "../..", documents...)
	for _, all := range []bool{false, true} {
		result, err := Make(Options{FS: fsys, Manifest: "manifest.yaml", All: all})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Left) > 0 {
			t.Errorf("left to decide: %v", result.Left)
		}
		contracts := read(t, fsys, nil, documents...)
		want := bindings(t, fsys["manifest.yaml"].Data, contracts)
		got := bindings(t, result.Files["manifest.yaml"], contracts)
		right, named, single := 0, 0, 0
		var wrong, missing []string
		for key, name := range got {
			switch {
			case want[key] == "":
				wrong = append(wrong, name+": "+key)
			default:
				right++
			}
			if want[key] == name {
				named++
			}
		}
		for key, name := range want {
			if !strings.Contains(key, ", ") {
				single++
			}
			if got[key] == "" {
				missing = append(missing, name)
			}
		}
		slices.Sort(missing)
		t.Logf("all %v: %d of %d rows right, %d with the same name; %d rows that people did not write", all, right, len(want), named, len(wrong))
		if !all {
			if len(wrong) > 0 {
				t.Errorf("wrong rows: %q", wrong)
			}
			if right != 52 || len(missing) != single {
				t.Errorf("%d rows are right; missing: %q", right, missing)
			}
			continue
		}
		// With all, the three that people ignore on purpose get rows, too.
		if right != 57 || len(wrong) != 3 {
			t.Errorf("%d rows are right; missing: %q; others: %q", right, missing, wrong)
		}
	}
}

// TestLibrary compares what is made of the contracts of the library with what
// people wrote: paths with variables, bodies that are one field, choices, streams.
// All rows are found, with the same names and services, and none is wrong.
func TestLibrary(t *testing.T) {
	fsys := project(t, "../../examples/library", "openapi.yaml")
	result, err := Make(Options{FS: fsys, Manifest: "manifest.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Left) > 0 || result.Commented > 0 {
		t.Errorf("%d operations without a row, left to decide: %v", result.Commented, result.Left)
	}
	written, list := manifest.Parse("manifest.yaml", result.Files["manifest.yaml"])
	theirs, more := manifest.Parse("manifest.yaml", fsys["manifest.yaml"].Data)
	list.Merge(more)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(theirs.Scalars, written.Scalars, cmpopts.IgnoreTypes(diag.Pos{})); d != "" {
		t.Errorf("scalars (-people +init):\n%s", d)
	}
	if written.Contracts.REST.Transcoded.Value {
		t.Error("REST with choices that are told by a discriminator is taken for a transcoding of gRPC")
	}
	rows := func(f *manifest.File, src []byte) map[string]string {
		out := map[string]string{}
		bodies := map[string]string{}
		for _, m := range f.Methods {
			bodies[m.Name.Value] = fmt.Sprintf("%s of %s, body %v", m.Name, m.Service, m.Body["rest"])
		}
		for operations, name := range bindings(t, src, read(t, fsys, f.Scalars, "openapi.yaml")) {
			out[operations] = bodies[name]
		}
		return out
	}
	got, want := rows(written, result.Files["manifest.yaml"]), rows(theirs, fsys["manifest.yaml"].Data)
	if d := cmp.Diff(want, got); d != "" || len(got) != 12 {
		t.Errorf("%d rows (-people +init):\n%s", len(got), d)
	}
}

// read reads a project's contracts; scalars bind those of the schema beside what
// their names tell.
func read(t *testing.T, fsys fs.FS, scalars map[string]manifest.Text, openapi ...string) map[ir.Protocol]*contract.Contract {
	t.Helper()
	in := &contracts{fsys: newOverlay(fsys), from: sources{graphql: "schema.graphql", openapi: openapi, protos: "proto"}}
	if err := in.read(); err != nil {
		t.Fatal(err)
	}
	if len(scalars) > 0 {
		words := map[string]string{}
		for name, shape := range scalars {
			words[name] = shape.Value
		}
		in.graphql(words, &diag.List{})
	}
	return in.all
}

func copyTree(out fstest.MapFS, dir, as string) error {
	fsys := os.DirFS(dir)
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[path.Join(as, name)] = &fstest.MapFile{Data: data}
		return err
	})
}
