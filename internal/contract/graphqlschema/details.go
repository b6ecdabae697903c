package graphqlschema

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

func messageDetails(def *ast.Definition) *contract.MessageDetails {
	out := &contract.MessageDetails{Kind: "type", OneOf: def.Directives.ForName("oneOf") != nil}
	switch def.Kind {
	case ast.InputObject:
		out.Kind = "input"
	case ast.Union:
		out.Kind = "union"
	case ast.Interface:
		out.Kind = "interface"
	}
	return out
}

func (b *builder) fieldDetails(f *ast.FieldDefinition) *contract.FieldDetails {
	return &contract.FieldDetails{
		Type:      b.typeDetails(f.Type),
		Default:   defaultOf(f.DefaultValue),
		Arguments: b.arguments(f.Arguments),
	}
}

func (b *builder) arguments(list ast.ArgumentDefinitionList) []*contract.Argument {
	var out []*contract.Argument
	for _, arg := range list {
		out = append(out, &contract.Argument{
			Name:       arg.Name,
			Pos:        posOf(arg.Position),
			Required:   arg.Type.NonNull && arg.DefaultValue == nil,
			Type:       b.typeOf(arg.Type),
			Details:    b.typeDetails(arg.Type),
			Default:    defaultOf(arg.DefaultValue),
			Deprecated: deprecation(arg.Directives),
		})
	}
	return out
}

func defaultOf(v *ast.Value) *string {
	if v == nil {
		return nil
	}
	s := v.String()
	return &s
}

func (b *builder) typeDetails(t *ast.Type) contract.TypeDetails {
	return contract.TypeDetails{
		Text:         withoutNull(t),
		Nullable:     !t.NonNull,
		NullableItem: t.Elem != nil && !t.Elem.NonNull,
		Enum:         b.enum(t.Name()),
	}
}

// withoutNull writes a type without its outer marks; those of lists of lists
// stay, as nothing else tells them.
func withoutNull(t *ast.Type) string {
	if t.Elem == nil {
		return t.NamedType
	}
	if t.Elem.Elem != nil {
		return "[" + t.Elem.String() + "]"
	}
	return "[" + t.Elem.NamedType + "]"
}

// enum are the values of an enum, and the members of a union: of both an answer
// is one.
func (b *builder) enum(name string) *contract.Enum {
	if known := b.enums[name]; known != nil {
		return known
	}
	def := b.schema.Types[name]
	if def == nil || def.Kind != ast.Enum && def.Kind != ast.Union {
		return nil
	}
	out := &contract.Enum{Name: name, Doc: def.Description, Pos: posOf(def.Position)}
	for _, v := range def.EnumValues {
		out.Values = append(out.Values, contract.EnumValue{Name: v.Name, Doc: v.Description, Pos: posOf(v.Position), Deprecated: deprecation(v.Directives)})
	}
	for _, member := range def.Types {
		out.Values = append(out.Values, contract.EnumValue{Name: member, Pos: posOf(def.Position)})
	}
	b.enums[name] = out
	return out
}
