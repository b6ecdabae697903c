package graphqlschema

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// IsSchema tells whether a text is a GraphQL schema that has operations: not a
// document of queries, and not only types for another schema.
func IsSchema(src []byte) bool {
	doc, err := parser.ParseSchema(&ast.Source{Input: string(src)})
	if err != nil {
		return false
	}
	if len(doc.Schema) > 0 {
		return true
	}
	return slices.ContainsFunc(slices.Concat(doc.Definitions, doc.Extensions), func(d *ast.Definition) bool {
		return d.Kind == ast.Object && (d.Name == "Query" || d.Name == "Mutation")
	})
}

// CustomScalars are the scalars that a schema declares, sorted; none if it cannot
// be read.
func CustomScalars(src []byte) []string {
	doc, err := parser.ParseSchema(&ast.Source{Input: string(src)})
	if err != nil {
		return nil
	}
	var out []string
	for _, d := range doc.Definitions {
		if d.Kind == ast.Scalar {
			out = append(out, d.Name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
