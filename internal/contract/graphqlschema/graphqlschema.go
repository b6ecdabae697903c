// Package graphqlschema reads GraphQL schemas into the neutral contract model
// and turns introspection answers into schemas. It is the only importer of
// gqlparser.
package graphqlschema

import (
	"errors"
	"io/fs"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Options says what the schema itself cannot.
type Options struct {
	// Scalars gives custom scalars their shape, by GraphQL name. It may be nil;
	// a custom scalar that it does not hold is unsupported where it is used.
	Scalars map[string]contract.Scalar
}

// Load reads the schema files (paths below fsys, slash-separated) as one
// schema. It always returns a contract; when the list is not empty, the
// contract holds only what could be understood.
func Load(fsys fs.FS, paths []string, opts Options) (*contract.Contract, *diag.List) {
	list := &diag.List{}
	out := &contract.Contract{
		Operations: map[string]*contract.Operation{},
		Messages:   map[string]*contract.Message{},
	}
	if len(paths) > 0 {
		out.Root = diag.Pos{File: paths[0]}
	}
	doc := parse(fsys, paths, list)
	if list.Len() > 0 {
		return out, list
	}
	checkNames(doc, list)
	if list.Len() > 0 {
		return out, list
	}
	schema, err := validator.ValidateSchemaDocument(doc)
	if err != nil {
		addError(list, out.Root, err)
		return out, list
	}
	b := &builder{schema: schema, opts: opts, out: out, enums: map[string]*contract.Enum{}}
	b.build()
	return out, list
}

// parse reads all files; syntax errors of every file are found.
func parse(fsys fs.FS, paths []string, list *diag.List) *ast.SchemaDocument {
	doc := validator.PreludeDocument()
	for _, path := range paths {
		data, ok := contract.ReadFile(fsys, path, list)
		if !ok {
			continue
		}
		part, err := parser.ParseSchema(&ast.Source{Name: path, Input: string(data)})
		if err != nil {
			addError(list, diag.Pos{File: path}, err)
			continue
		}
		doc.Merge(part)
	}
	return doc
}

// addError adds an error of gqlparser at its own position, or at the fallback.
func addError(list *diag.List, fallback diag.Pos, err error) {
	var ge *gqlerror.Error
	if !errors.As(err, &ge) {
		list.Addf(fallback, "%v", err)
		return
	}
	pos := fallback
	if file, ok := ge.Extensions["file"].(string); ok && file != "" {
		pos.File = file
	}
	if len(ge.Locations) > 0 {
		pos.Line, pos.Col = ge.Locations[0].Line, ge.Locations[0].Column
	}
	list.Addf(pos, "%s", ge.Message)
}

// posOf is the place of a node of the schema.
func posOf(p *ast.Position) diag.Pos {
	if p == nil {
		return diag.Pos{}
	}
	pos := diag.Pos{Line: p.Line, Col: p.Column}
	if p.Src != nil {
		pos.File = p.Src.Name
	}
	return pos
}
