package pull_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/pull"
)

var update = flag.Bool("update", false, "rewrite the committed contract files")

const (
	saved = "testdata/2.3.0-rc.9"
	root  = "../.."
)

// The committed contract files are what pull makes of the saved answers: no
// more, no less, and the same at every pull.
func TestCommittedContracts(t *testing.T) {
	got := fromDir(t)
	if *update {
		write(t, got)
	}
	if diff := cmp.Diff(texts(got), texts(committed(t))); diff != "" {
		t.Errorf("the committed contract files differ from what pull makes (-pull +committed):\n%s", diff)
	}
	for range 3 {
		if diff := cmp.Diff(texts(got), texts(fromDir(t))); diff != "" {
			t.Fatalf("a second pull differs:\n%s", diff)
		}
	}
}

func fromDir(t *testing.T) map[string][]byte {
	t.Helper()
	got, err := pull.FromDir(context.Background(), saved)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func write(t *testing.T, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(root, pull.ProtoDir)); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// committed reads the contract files of the repository.
func committed(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	read := func(name string) {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.ToSlash(name)] = data
	}
	read(pull.GraphQLFile)
	read(pull.OpenAPIFile)
	err := fs.WalkDir(os.DirFS(root), pull.ProtoDir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			read(p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func texts(files map[string][]byte) map[string]string {
	out := map[string]string{}
	for name, data := range files {
		out[name] = string(data)
	}
	return out
}

func TestFromDirParts(t *testing.T) {
	tests := []struct {
		name string
		// files maps names in the directory to saved answers.
		files map[string]string
		want  []string
	}{
		{"GraphQL only", map[string]string{"graphql-introspection.json": "graphql-introspection.json"}, []string{"schema.graphql"}},
		{"Swagger only", map[string]string{"swagger.json": "openapi2.json"}, []string{"openapi.yaml"}},
		{"OpenAPI 3 before Swagger", map[string]string{"openapi.yaml": root, "openapi2.json": "openapi2.json"}, []string{"openapi.yaml"}},
	}
	whole := fromDir(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, from := range tt.files {
				source := filepath.Join(saved, from)
				if from == root {
					source = filepath.Join(root, name)
				}
				data, err := os.ReadFile(source)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := pull.FromDir(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			for _, name := range tt.want {
				want[name] = string(whole[name])
			}
			if diff := cmp.Diff(want, texts(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFromDirErrors(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"empty", nil, []string{"DIR: no saved answers of a server here; looked for graphql-introspection.json, openapi3.json, openapi.json, openapi.yaml, openapi2.json, swagger.json, descriptors.binpb"}},
		{"all broken", map[string]string{
			"graphql-introspection.json": `{"errors":[{"message":"introspection disabled"}],"data":null}`,
			"openapi.json":               `{"hello": "world"}`,
			"descriptors.binpb":          "no descriptors",
		}, []string{
			"DIR/graphql-introspection.json: the server answered the introspection query with: introspection disabled",
			`DIR/openapi.json: the document is neither Swagger 2 nor OpenAPI 3: it has neither "swagger: 2.0" nor "openapi: 3.x"`,
			"DIR/descriptors.binpb: not a serialised FileDescriptorSet: proto:",
		}},
		{"no service", map[string]string{"descriptors.binpb": ""}, []string{
			"DIR/descriptors.binpb: the descriptors hold no service besides those of gRPC itself",
		}},
		{"empty introspection", map[string]string{"graphql-introspection.json": "{}"}, []string{
			"DIR/graphql-introspection.json: the introspection answer holds no schema",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := pull.FromDir(context.Background(), dir)
			if err == nil || got != nil {
				t.Fatalf("got %d files, error %v; want an error only", len(got), err)
			}
			text := strings.ReplaceAll(err.Error(), dir, "DIR")
			for _, want := range tt.want {
				if !strings.Contains(filepath.ToSlash(text), want) {
					t.Errorf("error lacks %q:\n%s", want, text)
				}
			}
		})
	}
}
