package initial

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// repository is this repository's contracts and manifest, without the rest.
func repository(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for _, name := range []string{"manifest.yaml", "schema.graphql", "openapi.yaml", "openapi.oauth.yaml"} {
		data, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = &fstest.MapFile{Data: data}
	}
	if err := copyTree(out, "../../proto", "proto"); err != nil {
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
	fsys := repository(t)
	for _, all := range []bool{false, true} {
		result, err := Make(Options{FS: fsys, Manifest: "manifest.yaml", All: all})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Left) > 0 {
			t.Errorf("left to decide: %v", result.Left)
		}
		contracts := read(t, fsys)
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

// read reads the repository's contracts.
func read(t *testing.T, fsys fs.FS) map[ir.Protocol]*contract.Contract {
	t.Helper()
	in := &contracts{fsys: newOverlay(fsys), from: sources{graphql: "schema.graphql", openapi: []string{"openapi.yaml", "openapi.oauth.yaml"}, protos: "proto"}}
	if err := in.read(); err != nil {
		t.Fatal(err)
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
