package serve

import (
	"encoding/base64"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
	"github.com/triwire/authorizer-sdk/sdk/runtime/wire"
)

// treeDecoder turns decoded JSON, a form, or the arguments of a GraphQL field
// into a flat request.
type treeDecoder struct {
	// coerce takes a single value for a list, and a number for a text, as servers
	// of GraphQL do after the document was validated.
	coerce bool
	// texts: all values are texts, as in forms.
	texts bool

	violations []runtime.FieldViolation
}

// decode makes a flat request of the members of an object.
func (d *treeDecoder) decode(m *message, tree map[string]any) (reflect.Value, error) {
	out := reflect.New(m.Type)
	d.message(m, tree, out.Elem(), "")
	return out, invalid(d.violations)
}

// invalid is the error of a request with violations, nil without any.
func invalid(violations []runtime.FieldViolation) error {
	if len(violations) == 0 {
		return nil
	}
	err := Errorf(runtime.CodeInvalidArgument, "%s %s", violations[0].Field, violations[0].Description)
	err.Violations = violations
	return err
}

func (d *treeDecoder) violation(path, text string) {
	d.violations = append(d.violations, runtime.FieldViolation{Field: path, Description: text})
}

// message fills the fields that the object has; those that nobody knows are
// dropped.
func (d *treeDecoder) message(m *message, tree map[string]any, dst reflect.Value, path string) {
	if m.Union {
		d.union(m, tree, dst, path)
		return
	}
	for _, f := range m.fields {
		v, at := tree[f.Wire], below(path, f.Wire)
		if v == nil {
			if f.Required {
				d.violation(at, "is required")
			}
			continue
		}
		texts := d.texts
		parameter, isParameter := v.(parameterText)
		if isParameter {
			v = string(parameter)
		}
		d.texts = texts || f.isText() || isParameter
		d.field(f, v, dst.Field(f.index), at)
		d.texts = texts
	}
}

func (d *treeDecoder) field(f *field, v any, dst reflect.Value, path string) {
	if f.Inner != "" {
		wrapper, ok := v.(map[string]any)
		if !ok {
			d.violation(path, "must be an object")
			return
		}
		if v = wrapper[f.Inner]; v == nil {
			return
		}
	}
	d.value(f, v, dst, path)
	// Without presence a zero value is an unset one.
	isFree := f.Inner != "" || dst.Type() == reflect.TypeFor[map[string]any]()
	if !f.Presence && !isFree && f.message == nil && empty(reflect.Indirect(dst)) {
		dst.SetZero()
	}
}

func (d *treeDecoder) value(f *field, v any, dst reflect.Value, path string) {
	switch {
	case dst.Kind() == reflect.Pointer:
		dst.Set(reflect.New(dst.Type().Elem()))
		d.value(f, v, dst.Elem(), path)
	case f.enum != nil && dst.Kind() == reflect.String:
		d.enum(f, v, dst, path)
	case isText(dst.Type()):
		if text, ok := v.(string); !ok || !readText(text, dst) {
			d.violation(path, "must be "+kindName(dst.Type()))
		}
	case dst.Kind() == reflect.Interface, dst.Type() == reflect.TypeFor[map[string]any]():
		d.free(v, dst, path)
	case dst.Kind() == reflect.Slice:
		d.list(f, v, dst, path)
	case dst.Kind() == reflect.Map:
		d.mapping(f, v, dst, path)
	case dst.Kind() == reflect.Struct:
		members, ok := v.(map[string]any)
		if !ok || f.message == nil {
			d.violation(path, "must be an object")
			return
		}
		d.message(f.message, members, dst, path)
	default:
		if !d.scalar(v, dst) {
			d.violation(path, "must be "+kindName(dst.Type()))
		}
	}
}

// free sets a free-form value, or the object that one is.
func (d *treeDecoder) free(v any, dst reflect.Value, path string) {
	plain, err := free(v)
	if members, isObject := plain.(map[string]any); err == nil && isObject {
		dst.Set(reflect.ValueOf(members))
		return
	}
	if err != nil || dst.Kind() == reflect.Map {
		d.violation(path, "must be an object")
		return
	}
	if plain != nil {
		dst.Set(reflect.ValueOf(plain))
	}
}

func (d *treeDecoder) enum(f *field, v any, dst reflect.Value, path string) {
	name, ok := v.(string)
	flat, known := f.enum.flat[name]
	if !ok || !known {
		d.violation(path, "must be one of the values of its enum")
		return
	}
	dst.SetString(flat)
}

func (d *treeDecoder) list(f *field, v any, dst reflect.Value, path string) {
	if text, ok := v.(string); ok && f.Mask {
		var mask wire.FieldMask
		if mask.UnmarshalJSON([]byte(strconv.Quote(text))) == nil {
			dst.Set(reflect.ValueOf([]string(mask)))
		}
		return
	}
	items, ok := asList(v)
	if !ok {
		if !d.coerce && !d.texts {
			d.violation(path, "must be a list")
			return
		}
		items = []any{v}
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(items), len(items)))
	for i, item := range items {
		at := path + "[" + strconv.Itoa(i) + "]"
		if item == nil && dst.Type().Elem().Kind() != reflect.Interface {
			d.violation(at, "must not be null")
			continue
		}
		d.value(f, item, dst.Index(i), at)
	}
}

// asList is the items of a list. Where gqlparser made a list of a single value, its
// type is that of the value.
func asList(v any) ([]any, bool) {
	if items, ok := v.([]any); ok || v == nil || reflect.TypeOf(v).Kind() != reflect.Slice {
		return items, ok
	}
	list := reflect.ValueOf(v)
	items := make([]any, list.Len())
	for i := range items {
		items[i] = list.Index(i).Interface()
	}
	return items, true
}

func (d *treeDecoder) mapping(f *field, v any, dst reflect.Value, path string) {
	members, ok := v.(map[string]any)
	if !ok {
		d.violation(path, "must be an object")
		return
	}
	dst.Set(reflect.MakeMapWithSize(dst.Type(), len(members)))
	for key, item := range members {
		out := reflect.New(dst.Type().Elem()).Elem()
		if item == nil && out.Kind() != reflect.Interface {
			d.violation(path+"."+key, "must not be null")
			continue
		}
		d.value(f, item, out, path+"."+key)
		dst.SetMapIndex(reflect.ValueOf(key), out)
	}
}

// isText tells whether JSON writes a Go type as a text of its own.
func isText(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[time.Duration]() || t == reflect.TypeFor[[]byte]()
}

// readText sets a value of such a type.
func readText(text string, dst reflect.Value) bool {
	switch dst.Interface().(type) {
	case time.Time:
		t, err := time.Parse(time.RFC3339Nano, text)
		dst.Set(reflect.ValueOf(t.UTC()))
		return err == nil
	case time.Duration:
		var out wire.Duration
		err := out.UnmarshalJSON([]byte(strconv.Quote(text)))
		dst.SetInt(int64(out))
		return err == nil
	default:
		// Readers of JSON's protobuf take both alphabets, with padding or without.
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(text, "="))
		out, err := base64.RawStdEncoding.DecodeString(plain)
		if out == nil {
			out = []byte{}
		}
		dst.SetBytes(out)
		return err == nil
	}
}

// kindName is what a client has to send.
func kindName(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "a time as in RFC 3339"
	case t == reflect.TypeFor[time.Duration]():
		return `a duration such as "3.5s"`
	case t.Kind() == reflect.Slice:
		return "a text in base64"
	case t.Kind() == reflect.String:
		return "a string"
	case t.Kind() == reflect.Bool:
		return "a boolean"
	case t.Kind() == reflect.Float64, t.Kind() == reflect.Float32:
		return "a number"
	}
	return "an integer"
}
