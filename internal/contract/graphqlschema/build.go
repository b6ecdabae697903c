package graphqlschema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// kindSubscription is that of the root fields that sdkgen cannot call.
const kindSubscription contract.Kind = "subscription"

// builder turns a valid schema into the neutral model.
type builder struct {
	schema *ast.Schema
	opts   Options
	out    *contract.Contract
	// enums holds those that are used, by name.
	enums map[string]*contract.Enum
}

func (b *builder) build() {
	// The messages come into being first and get their fields second, since
	// types may refer to each other in circles.
	for name, def := range b.schema.Types {
		if b.isMessage(def) {
			b.out.Messages[name] = &contract.Message{Name: name, Pos: posOf(def.Position), Doc: def.Description, Details: messageDetails(def)}
		}
	}
	for name, msg := range b.out.Messages {
		b.fields(msg, b.schema.Types[name])
	}
	b.aliases()
	b.operations(b.schema.Query, contract.KindQuery)
	b.operations(b.schema.Mutation, contract.KindMutation)
	b.operations(b.schema.Subscription, kindSubscription)
}

// isMessage tells whether the definition is an object that carries data: not a
// root type, and nothing of the introspection system.
func (b *builder) isMessage(def *ast.Definition) bool {
	switch def {
	case b.schema.Query, b.schema.Mutation, b.schema.Subscription:
		return false
	}
	if def.BuiltIn {
		return false
	}
	return def.Kind == ast.Object || def.Kind == ast.InputObject || def.Kind == ast.Union || def.Kind == ast.Interface
}

func (b *builder) fields(msg *contract.Message, def *ast.Definition) {
	if def.Kind == ast.Union || def.Kind == ast.Interface {
		b.variants(msg, def)
		return
	}
	for _, f := range def.Fields {
		msg.Fields = append(msg.Fields, b.field(f))
	}
	if def.Directives.ForName("oneOf") != nil {
		one := &contract.Oneof{Name: "choice", Required: true}
		for _, f := range msg.Fields {
			f.Oneof = one
		}
	}
}

// variants are the fields of a union or interface: the types that its values
// have, in snake case.
func (b *builder) variants(msg *contract.Message, def *ast.Definition) {
	msg.Union = &contract.Union{}
	one := &contract.Oneof{Name: "variant", Required: true}
	// An interface that implements another is no type that a value can have.
	types := slices.DeleteFunc(slices.Clone(b.schema.GetPossibleTypes(def)), func(t *ast.Definition) bool { return t.Kind != ast.Object })
	slices.SortFunc(types, func(x, y *ast.Definition) int { return cmp.Compare(place(def, x), place(def, y)) })
	for _, t := range types {
		member := b.out.Messages[t.Name]
		msg.Fields = append(msg.Fields, &contract.Field{
			Name: contract.Snake(t.Name), Pos: posOf(t.Position), Doc: t.Description, Presence: true, Nullable: true,
			Type:    contract.Type{Scalar: contract.ScalarMessage, Message: member, Wire: t.Name},
			Oneof:   one,
			Variant: &contract.Variant{Names: []string{t.Name}},
			Details: &contract.FieldDetails{Type: contract.TypeDetails{Text: t.Name, Nullable: true}},
		})
	}
	if len(types) == 0 {
		msg.Unsupported = "has no types that implement it"
	}
}

// place orders the types of a union as it lists them, those of an interface by
// where they stand.
func place(def, t *ast.Definition) int {
	if i := slices.Index(def.Types, t.Name); i >= 0 {
		return i
	}
	if t.Position == nil {
		return 0
	}
	return t.Position.Start
}

func (b *builder) field(f *ast.FieldDefinition) *contract.Field {
	out := &contract.Field{
		Name:       f.Name,
		Pos:        posOf(f.Position),
		Type:       b.typeOf(f.Type),
		Required:   f.Type.NonNull && f.DefaultValue == nil,
		Presence:   !f.Type.NonNull || f.DefaultValue != nil,
		Nullable:   !f.Type.NonNull || f.Type.Elem != nil && !f.Type.Elem.NonNull,
		Doc:        f.Description,
		Deprecated: deprecation(f.Directives),
		Details:    b.fieldDetails(f),
	}
	for _, arg := range f.Arguments {
		if arg.Type.NonNull && arg.DefaultValue == nil {
			out.Type = unsupported(f.Type, fmt.Sprintf("needs the argument %q", arg.Name))
		}
	}
	return out
}

func (b *builder) operations(root *ast.Definition, kind contract.Kind) {
	if root == nil {
		return
	}
	for _, f := range root.Fields {
		if len(f.Name) > 1 && f.Name[:2] == "__" {
			continue // __schema and __type belong to introspection
		}
		op := b.operation(f, kind)
		if first := b.out.Operations[op.Key]; first != nil {
			first.Unsupported = fmt.Sprintf("is both a %s and a %s", first.Kind, kind)
			continue
		}
		b.out.Operations[op.Key] = op
	}
}

func (b *builder) operation(f *ast.FieldDefinition, kind contract.Kind) *contract.Operation {
	op := &contract.Operation{
		Key:        f.Name,
		Pos:        posOf(f.Position),
		Kind:       kind,
		Doc:        f.Description,
		Deprecated: deprecation(f.Directives),
		Response:   b.typeOf(f.Type),
		Details:    &contract.OperationDetails{Arguments: b.arguments(f.Arguments), Response: b.typeDetails(f.Type)},
	}
	if kind == kindSubscription {
		op.Unsupported = "is a subscription, for which the SDK has no transport"
		return op
	}
	b.request(op, f.Arguments)
	return op
}

// request takes the one argument that is an input object as what carries the
// request, and all others as parameters.
func (b *builder) request(op *contract.Operation, args ast.ArgumentDefinitionList) {
	inputs := 0
	for _, arg := range args {
		if b.isInput(arg) {
			inputs++
		}
	}
	for _, arg := range args {
		if inputs == 1 && b.isInput(arg) {
			op.Request, op.RequestName = b.typeOf(arg.Type).Message, arg.Name
			op.RequestOptional = !arg.Type.NonNull || arg.DefaultValue != nil
			op.RequestType = variableType(arg)
			continue
		}
		op.Params = append(op.Params, &contract.Field{
			Name:       arg.Name,
			Pos:        posOf(arg.Position),
			Type:       b.typeOf(arg.Type),
			Required:   arg.Type.NonNull && arg.DefaultValue == nil,
			Presence:   !arg.Type.NonNull || arg.DefaultValue != nil,
			Nullable:   !arg.Type.NonNull || arg.Type.Elem != nil && !arg.Type.Elem.NonNull,
			Doc:        arg.Description,
			Deprecated: deprecation(arg.Directives),
			Place:      &contract.Place{In: contract.InArgument, Type: variableType(arg)},
			Details:    &contract.FieldDetails{Type: b.typeDetails(arg.Type), Default: defaultOf(arg.DefaultValue)},
		})
	}
}

func (b *builder) isInput(arg *ast.ArgumentDefinition) bool {
	t := b.typeOf(arg.Type)
	return t.Scalar == contract.ScalarMessage && t.Single()
}

// variableType is the type of a variable for an argument: one with a default can
// be left out, whatever its type.
func variableType(arg *ast.ArgumentDefinition) string {
	if arg.DefaultValue != nil {
		return strings.TrimSuffix(arg.Type.String(), "!")
	}
	return arg.Type.String()
}

// typeOf is the neutral type of a GraphQL type; nullability is the field's.
func (b *builder) typeOf(t *ast.Type) contract.Type {
	if t.Elem == nil {
		return b.named(t)
	}
	item := b.typeOf(t.Elem)
	if item.List || item.Map {
		return contract.Type{Scalar: contract.ScalarNested, List: true, Elem: &item, Wire: item.Wire}
	}
	item.List = true
	return item
}

func (b *builder) named(t *ast.Type) contract.Type {
	name := t.Name()
	def := b.schema.Types[name]
	switch def.Kind {
	case ast.Scalar:
		return b.scalar(t)
	case ast.Object, ast.InputObject, ast.Union, ast.Interface:
		if msg := b.out.Messages[name]; msg != nil {
			return contract.Type{Scalar: contract.ScalarMessage, Message: msg, Wire: name}
		}
		return unsupported(t, "refers to the root type "+name)
	default:
		return contract.Type{Scalar: contract.ScalarEnum, Enum: b.enum(name), Wire: name}
	}
}

func (b *builder) scalar(t *ast.Type) contract.Type {
	name := t.Name()
	if s, ok := b.opts.Scalars[name]; ok {
		if value, isMap := s.MapValue(); isMap {
			return contract.Type{Scalar: value, Map: true, Wire: name}
		}
		return contract.Type{Scalar: s, Wire: name}
	}
	switch name {
	case "String", "ID":
		return contract.Type{Scalar: contract.ScalarString, Wire: name}
	case "Boolean":
		return contract.Type{Scalar: contract.ScalarBool, Wire: name}
	case "Int":
		return contract.Type{Scalar: contract.ScalarInt32, Wire: name}
	case "Float":
		return contract.Type{Scalar: contract.ScalarFloat64, Wire: name}
	}
	return unsupported(t, "is the custom scalar "+name+", to which the manifest gives no shape: bind it under scalars, as in scalars: {"+name+": string}")
}

func unsupported(t *ast.Type, reason string) contract.Type {
	return contract.Type{Scalar: contract.ScalarUnsupported, Wire: t.Name(), Reason: reason}
}

// deprecation is the reason of @deprecated, empty without the directive.
func deprecation(list ast.DirectiveList) string {
	d := list.ForName("deprecated")
	if d == nil {
		return ""
	}
	if arg := d.Arguments.ForName("reason"); arg != nil && arg.Value != nil && arg.Value.Raw != "" {
		return arg.Value.Raw
	}
	return defaultDeprecation
}
