package graphqlschema_test

import (
	"os"
	"testing"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
)

// No schema, however odd, may end in a panic.
func FuzzLoad(f *testing.F) {
	f.Add(shop)
	f.Add("extend type Query { a: Int }\nschema { query: Query }")
	f.Add("directive @a(x: Int) on FIELD\nextend schema @a { mutation: M }\ntype M { a: Int }")
	f.Fuzz(func(_ *testing.T, text string) {
		graphqlschema.Load(fstest.MapFS{"a.graphql": {Data: []byte(text)}}, []string{"a.graphql"}, graphqlschema.Options{})
	})
}

// What is made of an answer can be read again.
func FuzzFromIntrospection(f *testing.F) {
	data, err := os.ReadFile("testdata/introspection.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := graphqlschema.FromIntrospection(data)
		if err != nil {
			return
		}
		_, list := graphqlschema.Load(fstest.MapFS{"a.graphql": {Data: out}}, []string{"a.graphql"}, graphqlschema.Options{})
		if err := list.Err(); err != nil {
			t.Errorf("%v in:\n%s", err, out)
		}
	})
}
