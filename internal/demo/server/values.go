package server

import (
	"encoding/json"
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// fill copies a GraphQL argument into a message, field by field of the same
// name. Null is the same as absent here.
func fill(m protoreflect.Message, argument any) error {
	input, ok := argument.(map[string]any)
	if !ok {
		return nil // null
	}
	data, err := json.Marshal(wrap(m.Descriptor(), input))
	if err != nil {
		return fmt.Errorf("argument: %w", err)
	}
	return protojson.Unmarshal(data, m.Interface())
}

// wrap gives the free-form maps of an argument the message that they travel in.
func wrap(d protoreflect.MessageDescriptor, input map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range input {
		if value == nil {
			continue
		}
		f := d.Fields().ByName(protoreflect.Name(name))
		if f != nil && f.Message() != nil {
			value = wrapValue(f.Message(), value)
		}
		out[name] = value
	}
	return out
}

func wrapValue(d protoreflect.MessageDescriptor, value any) any {
	switch v := value.(type) {
	case map[string]any:
		if freeForm(d) {
			return map[string]any{"value": v}
		}
		return wrap(d, v)
	case []any:
		all := make([]any, len(v))
		for i, each := range v {
			all[i] = wrapValue(d, each)
		}
		return all
	default:
		return value
	}
}

func freeForm(d protoreflect.MessageDescriptor) bool {
	return d.FullName() == (*authorizerv1.AppData)(nil).ProtoReflect().Descriptor().FullName()
}

// collect lists the fields of a selection, fragments spread. That a fragment
// fits its place is for the validator: there are no interfaces or unions here.
func collect(set ast.SelectionSet) []*ast.Field {
	var fields []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			fields = append(fields, s)
		case *ast.InlineFragment:
			fields = append(fields, collect(s.SelectionSet)...)
		case *ast.FragmentSpread:
			fields = append(fields, collect(s.Definition.SelectionSet)...)
		}
	}
	return fields
}

// object answers the selection of a field from a message.
func (g *graphQL) object(field *ast.Field, m protoreflect.Message) map[string]any {
	out := map[string]any{}
	for _, f := range collect(field.SelectionSet) {
		if f.Name == "__typename" {
			out[f.Alias] = field.Definition.Type.Name()
			continue
		}
		out[f.Alias] = g.value(f, m)
	}
	return out
}

// value answers one field: what is absent is null where the schema allows it,
// but for free-form maps, which are empty then.
func (g *graphQL) value(field *ast.Field, m protoreflect.Message) any {
	f := m.Descriptor().Fields().ByName(protoreflect.Name(field.Name))
	if f == nil {
		return nil
	}
	if f.Message() != nil && freeForm(f.Message()) {
		return object(m.Get(f).Message())
	}
	if !m.Has(f) && !field.Definition.Type.NonNull {
		return nil
	}
	v := m.Get(f)
	if !f.IsList() {
		return g.element(field, f, v)
	}
	all := []any{}
	for i := range v.List().Len() {
		all = append(all, g.element(field, f, v.List().Get(i)))
	}
	return all
}

// object is the content of a free-form map.
func object(m protoreflect.Message) map[string]any {
	data, ok := m.Interface().(*authorizerv1.AppData)
	if !ok || data.GetValue() == nil {
		return map[string]any{}
	}
	return data.GetValue().AsMap()
}

// element answers a single value, or one of a list.
func (g *graphQL) element(field *ast.Field, f protoreflect.FieldDescriptor, v protoreflect.Value) any {
	if f.Message() == nil {
		return v.Interface()
	}
	return g.object(field, v.Message())
}
