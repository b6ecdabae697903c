package serve

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Answers are written straight into the body, each field at its place. Where a
// value must not be null and is, writing stops, and what holds it takes back
// what it wrote and is null itself, up to the first that may be.

// result writes the answer of a root field.
func (e *execution) result(b []byte, m *method, f graphql.CollectedField, out any, path ast.Path) ([]byte, bool) {
	if m.graphQL.response == nil {
		return e.success(b, f, path)
	}
	target := &field{message: m.graphQL.response}
	value := reflect.ValueOf(out).Elem()
	if bare := m.graphQL.response.bare(); bare != nil {
		return e.complete(b, f.Definition.Type, bare, value.Field(bare.index), f, path)
	}
	if m.GraphQL.Envelope == "" {
		return e.present(b, f.Definition.Type, target, value, f, path)
	}
	start := len(b)
	def := e.schema.Types[f.Definition.Type.Name()]
	b = append(b, '{')
	for i, inner := range graphql.CollectFields(e.operation, f.Selections, e.names(def)) {
		b = appendKey(b, i, inner.Alias)
		at := append(slices.Clone(path), ast.PathName(inner.Alias))
		var ok bool
		switch inner.Name {
		case "__typename":
			b, ok = appendText(b, def.Name), true
		case m.GraphQL.Envelope:
			b, ok = e.present(b, inner.Definition.Type, target, value, inner, at)
		default:
			b, ok = e.complete(b, inner.Definition.Type, nil, reflect.Value{}, inner, at)
		}
		if !ok {
			return null(b[:start], f.Definition.Type)
		}
	}
	return append(b, '}'), true
}

// success writes an answer of which the SDK has nothing: a flag says that the call
// succeeded.
func (e *execution) success(b []byte, f graphql.CollectedField, path ast.Path) ([]byte, bool) {
	if t := f.Definition.Type; t.Elem == nil && t.NamedType == "Boolean" {
		return append(b, "true"...), true
	}
	return e.complete(b, f.Definition.Type, nil, reflect.Value{}, f, path)
}

// complete writes a value: what is empty is null where the schema allows it. A
// pointer, a list and a map are there unless they are nil.
func (e *execution) complete(b []byte, t *ast.Type, f *field, v reflect.Value, selected graphql.CollectedField, path ast.Path) ([]byte, bool) {
	kept := (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && !v.IsNil()
	v = reflect.Indirect(v)
	if !t.NonNull && empty(v) && !kept {
		return append(b, "null"...), true
	}
	return e.present(b, t, f, v, selected, path)
}

// present writes a value that is there, however empty.
func (e *execution) present(b []byte, t *ast.Type, f *field, v reflect.Value, selected graphql.CollectedField, path ast.Path) ([]byte, bool) {
	start := len(b)
	var ok bool
	switch def := e.schema.Types[t.Name()]; {
	case t.Elem != nil:
		b, ok = e.list(b, t, f, v, selected, path)
	case def.IsCompositeType():
		if f == nil || f.message == nil || v.Kind() != reflect.Struct {
			return e.mustNotBeNull(b[:start], t, path)
		}
		if f.message.Union {
			if f, v = f.message.variant(v); f == nil {
				return e.mustNotBeNull(b[:start], t, path)
			}
			def = e.schema.Types[f.Variant[0]]
		}
		b, ok = e.object(b, def, f.message, v, selected.Selections, path)
	default:
		if b, ok = e.leaf(b, def, f, v); !ok {
			return e.mustNotBeNull(b[:start], t, path)
		}
	}
	if !ok {
		return null(b[:start], t)
	}
	return b, true
}

// mustNotBeNull is for a value that cannot be written.
func (e *execution) mustNotBeNull(b []byte, t *ast.Type, path ast.Path) ([]byte, bool) {
	if t.NonNull {
		e.errors = append(e.errors, &gqlerror.Error{Message: "must not be null", Path: path})
	}
	return null(b, t)
}

func (e *execution) list(b []byte, t *ast.Type, f *field, v reflect.Value, selected graphql.CollectedField, path ast.Path) ([]byte, bool) {
	b = append(b, '[')
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			var ok bool
			if b, ok = e.present(b, t.Elem, f, reflect.Indirect(v.Index(i)), selected, append(slices.Clone(path), ast.PathIndex(i))); !ok {
				return b, false
			}
		}
	}
	return append(b, ']'), true
}

// object writes the selected fields of an object.
func (e *execution) object(b []byte, def *ast.Definition, m *message, v reflect.Value, selections ast.SelectionSet, path ast.Path) ([]byte, bool) {
	b = append(b, '{')
	for i, selected := range graphql.CollectFields(e.operation, selections, e.names(def)) {
		b = appendKey(b, i, selected.Alias)
		if selected.Name == "__typename" {
			b = appendText(b, def.Name)
			continue
		}
		// A field that the SDK leaves out has no value.
		f, value := m.byWire[selected.Name], reflect.Value{}
		if f != nil {
			value = v.Field(f.index)
		}
		var ok bool
		if b, ok = e.complete(b, selected.Definition.Type, f, value, selected, append(slices.Clone(path), ast.PathName(selected.Alias))); !ok {
			return b, false
		}
	}
	return append(b, '}'), true
}

// names are the types that fragments on an object may be for.
func (e *execution) names(def *ast.Definition) []string {
	out := []string{def.Name}
	for _, abstract := range e.schema.GetImplements(def) {
		out = append(out, abstract.Name)
	}
	return out
}

// leaf writes a scalar or an enum; without a value, the zero of its type.
func (e *execution) leaf(b []byte, def *ast.Definition, f *field, v reflect.Value) ([]byte, bool) {
	if !v.IsValid() || f == nil {
		return zeroLeaf(b, def)
	}
	out, err := f.appendValue(b, v)
	return out, err == nil
}

// zeroLeaf is the zero value of a built-in scalar.
func zeroLeaf(b []byte, def *ast.Definition) ([]byte, bool) {
	zeros := map[string]string{"String": `""`, "ID": `""`, "Int": "0", "Float": "0", "Boolean": "false"}
	zero, ok := zeros[def.Name]
	return append(b, zero...), ok
}

// appendKey writes the name of the i-th member.
func appendKey(b []byte, i int, name string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(appendText(b, name), ':')
}

// appendText writes a name of GraphQL, which needs no escapes.
func appendText(b []byte, name string) []byte { return strconv.AppendQuote(b, name) }
