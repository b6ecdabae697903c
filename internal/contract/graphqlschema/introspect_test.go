package graphqlschema_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
)

func TestFromIntrospection(t *testing.T) {
	answer, err := os.ReadFile("testdata/introspection.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/introspection.graphql")
	if err != nil {
		t.Fatal(err)
	}
	got, err := graphqlschema.FromIntrospection(answer)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("schema (-want +got):\n%s", diff)
	}
	// What stands in the answer must be what a parser reads from the schema.
	schema, err := gqlparser.LoadSchema(&ast.Source{Input: string(got)})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Color":  "Two lines,\n\nthe \"\"\"second\"\"\" one.",
		"Block":  "Two lines,\n\n  the \"\"\"second\"\"\" indented.",
		"Quoted": " \tleading space and \\ and \"quotes\"",
		"Lines":  "  begins\nwith space",
	} {
		if got := schema.Types[name].Description; got != want {
			t.Errorf("description of %s: %q, want %q", name, got, want)
		}
	}
}

func TestFromIntrospectionErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"not JSON", "<html>", "the introspection answer is not JSON of the expected shape: invalid character '<' looking for beginning of value"},
		{"null", "null", "the introspection answer holds no schema"},
		{"no schema", `{"data":{"__schema":null}}`, "the introspection answer holds no schema"},
		{"refused", `{"errors":[{"message":"no"},{"message":"never"}]}`, "the server answered the introspection query with: no; never"},
		{"unknown kind", `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[{"kind":"NEW","name":"T"}]}}}`, `the introspection answer gives type T the unknown kind "NEW"`},
		{"invalid", `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[{"kind":"OBJECT","name":"Query","fields":[{"name":"a","type":{"kind":"OBJECT","name":"Gone"}}]}]}}}`, "the introspection answer is not a valid schema: "},
		{"type missing", `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[{"kind":"OBJECT","name":"Query","fields":[{"name":"a"}]}]}}}`, "the introspection answer is not a valid schema: "},
		{"null types", `{"data":{"__schema":{"queryType":{"name":"Query"},"types":[null]}}}`, `the introspection answer gives type  the unknown kind ""`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := graphqlschema.FromIntrospection([]byte(tt.in))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %q, %v; want error %q", got, err, tt.want)
			}
			var refused *graphqlschema.ServerError
			if errors.As(err, &refused) != (tt.name == "refused") {
				t.Errorf("ServerError: %v", refused)
			}
		})
	}
}

// Every query must be one that a server can parse; the last must be free of
// what older servers do not know.
func TestIntrospectionQueries(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: "type Query { a: Int }"})
	queries := graphqlschema.IntrospectionQueries()
	for i, query := range queries {
		if strings.Contains(query, "<") {
			t.Errorf("query %d has a hole:\n%s", i, query)
		}
		// The prelude of gqlparser knows the newer questions in part only.
		if i == len(queries)-1 {
			if _, errs := gqlparser.LoadQueryWithRules(schema, query, nil); len(errs) > 0 {
				t.Errorf("query %d: %v", i, errs)
			}
		}
		if _, err := json.Marshal(query); err != nil {
			t.Error(err)
		}
	}
}
