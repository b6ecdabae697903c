package graphqlschema

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// checkNames finds every type that is defined twice or not at all. The
// validator of gqlparser knows these rules too, but stops at the first breach.
func checkNames(doc *ast.SchemaDocument, list *diag.List) {
	known := map[string]*ast.Definition{}
	for _, def := range doc.Definitions {
		if first := known[def.Name]; first != nil {
			list.Addf(posOf(def.Position), "type %s is defined twice, first at %s", def.Name, posOf(first.Position))
			continue
		}
		known[def.Name] = def
	}
	n := &names{known: known, list: list}
	for _, defs := range []ast.DefinitionList{doc.Definitions, doc.Extensions} {
		for _, def := range defs {
			n.definition(def)
		}
	}
	for _, dir := range doc.Directives {
		n.arguments(dir.Arguments)
	}
}

type names struct {
	known map[string]*ast.Definition
	list  *diag.List
}

func (n *names) definition(def *ast.Definition) {
	for _, field := range def.Fields {
		n.reference(field.Type, field.Position)
		n.arguments(field.Arguments)
	}
	for _, name := range def.Interfaces {
		n.name(name, def.Position)
	}
	for i, name := range def.Types {
		pos := def.Position
		if i < len(def.TypePositions) {
			pos = def.TypePositions[i]
		}
		n.name(name, pos)
	}
}

func (n *names) arguments(args ast.ArgumentDefinitionList) {
	for _, arg := range args {
		n.reference(arg.Type, arg.Position)
	}
}

func (n *names) reference(t *ast.Type, fallback *ast.Position) {
	pos := t.Position
	if pos == nil {
		pos = fallback
	}
	n.name(t.Name(), pos)
}

func (n *names) name(name string, pos *ast.Position) {
	if n.known[name] == nil {
		n.list.Add(diag.Finding{
			Pos:     posOf(pos),
			Message: "type " + name + " is not defined",
			Hint:    "define it in the schema, or mend the spelling",
		})
	}
}
