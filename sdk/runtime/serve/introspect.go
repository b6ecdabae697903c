package serve

import (
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// introspect answers __schema and __type from gqlgen's picture of the schema.
func (e *execution) introspect(b []byte, f graphql.CollectedField, path ast.Path) ([]byte, bool) {
	if e.operation.DisableIntrospection {
		e.errors = append(e.errors, &gqlerror.Error{Message: "introspection disabled", Path: path})
		return null(b, f.Definition.Type)
	}
	var value any = introspection.WrapSchema(e.schema)
	if f.Name == "__type" {
		name, _ := f.ArgumentMap(e.operation.Variables)["name"].(string)
		value = introspection.WrapTypeFromDef(e.schema, e.schema.Types[name])
	}
	return e.meta(b, f.Definition.Type, reflect.ValueOf(value), f, path)
}

// meta writes a value of the introspection package according to its type in the
// schema.
func (e *execution) meta(b []byte, t *ast.Type, v reflect.Value, selected graphql.CollectedField, path ast.Path) ([]byte, bool) {
	for v.Kind() == reflect.Pointer && v.Elem().Kind() != reflect.Struct {
		v = v.Elem()
	}
	isNil := !v.IsValid() || (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) && v.IsNil()
	switch {
	case isNil && t.NonNull && t.Elem != nil:
		return append(b, "[]"...), true
	case isNil:
		return e.mustNotBeNull(b, t, path)
	case t.Elem != nil:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			var ok bool
			if b, ok = e.meta(b, t.Elem, v.Index(i), selected, append(slices.Clone(path), ast.PathIndex(i))); !ok {
				return b, false
			}
		}
		return append(b, ']'), true
	case !e.schema.Types[t.Name()].IsCompositeType():
		out, err := appendAny(b, v.Interface())
		return out, err == nil
	}
	return e.metaObject(b, t, v, selected, path)
}

func (e *execution) metaObject(b []byte, t *ast.Type, v reflect.Value, selected graphql.CollectedField, path ast.Path) ([]byte, bool) {
	if v.Kind() != reflect.Pointer {
		pointer := reflect.New(v.Type())
		pointer.Elem().Set(v)
		v = pointer
	}
	b = append(b, '{')
	for i, f := range graphql.CollectFields(e.operation, selected.Selections, []string{t.Name()}) {
		b = appendKey(b, i, f.Alias)
		if f.Name == "__typename" {
			b = appendText(b, t.Name())
			continue
		}
		var ok bool
		if b, ok = e.meta(b, f.Definition.Type, e.metaField(v, f), f, append(slices.Clone(path), ast.PathName(f.Alias))); !ok {
			return b, false
		}
	}
	return append(b, '}'), true
}

// metaField reads a field of a value of the introspection package: a method or a
// field of the same name, or the method that leaves out what is deprecated.
func (e *execution) metaField(v reflect.Value, f graphql.CollectedField) reflect.Value {
	name := strings.ToUpper(f.Name[:1]) + f.Name[1:]
	switch f.Name {
	case "args":
		name = "VisibleArgs"
	case "inputFields":
		name = "VisibleInputFields"
	case "specifiedByURL":
		name = "SpecifiedByURL"
	}
	if method := v.MethodByName(name); method.IsValid() {
		var in []reflect.Value
		if method.Type().NumIn() == 1 {
			deprecated, _ := f.ArgumentMap(e.operation.Variables)["includeDeprecated"].(bool)
			in = append(in, reflect.ValueOf(deprecated))
		}
		return method.Call(in)[0]
	}
	return v.Elem().FieldByName(name)
}
