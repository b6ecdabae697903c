package serve

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/runtime/wire"
)

// appendJSON writes a flat value as the object of a contract: what is empty is
// left out unless the contract demands it. An answer that is no object is its one
// field.
func (m *message) appendJSON(b []byte, v reflect.Value) ([]byte, error) {
	if f := m.bare(); f != nil {
		return f.appendValue(b, v.Field(f.index))
	}
	if m.Union {
		return m.appendUnion(b, v)
	}
	b = append(b, '{')
	first := true
	for _, f := range m.fields {
		value := v.Field(f.index)
		if !f.Required && empty(value) {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = append(strconv.AppendQuote(b, f.Wire), ':')
		if f.Inner != "" {
			b = append(strconv.AppendQuote(append(b, '{'), f.Inner), ':')
		}
		var err error
		if b, err = f.appendValue(b, value); err != nil {
			return b, fmt.Errorf("%s: %w", f.Wire, err)
		}
		if f.Inner != "" {
			b = append(b, '}')
		}
	}
	return append(b, '}'), nil
}

func (f *field) appendValue(b []byte, v reflect.Value) ([]byte, error) {
	switch {
	case v.Kind() == reflect.Pointer:
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		return f.appendValue(b, v.Elem())
	case isText(v.Type()) || f.enum != nil && v.Kind() == reflect.String:
		return f.appendLeaf(b, v)
	case v.Kind() == reflect.Struct:
		return f.message.appendJSON(b, v)
	case f.Mask:
		return appendAny(b, wire.FieldMask(v.Interface().([]string)))
	case v.Kind() == reflect.Slice:
		return f.appendList(b, v)
	case v.Kind() == reflect.Map && v.Type() != reflect.TypeFor[map[string]any]():
		return f.appendMap(b, v)
	default:
		return f.appendLeaf(b, v)
	}
}

func (f *field) appendList(b []byte, v reflect.Value) ([]byte, error) {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = f.appendValue(b, v.Index(i)); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func (f *field) appendMap(b []byte, v reflect.Value) ([]byte, error) {
	b = append(b, '{')
	for i, key := range sortedKeys(v) {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendAny(b, key.String()); err != nil {
			return b, err
		}
		if b, err = f.appendValue(append(b, ':'), v.MapIndex(key)); err != nil {
			return b, err
		}
	}
	return append(b, '}'), nil
}

// sortedKeys are the keys of a map, which are texts.
func sortedKeys(v reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(v.MapKeys()), func(x, y reflect.Value) int { return cmp.Compare(x.String(), y.String()) })
}

// appendLeaf writes a single value as JSON and GraphQL have it.
func (f *field) appendLeaf(b []byte, v reflect.Value) ([]byte, error) {
	switch value := v.Interface().(type) {
	case time.Time:
		return strconv.AppendQuote(b, value.UTC().Format(time.RFC3339Nano)), nil
	case time.Duration:
		return appendAny(b, wire.Duration(value))
	case []byte:
		return strconv.AppendQuote(b, base64.StdEncoding.EncodeToString(value)), nil
	}
	switch {
	case f.enum != nil && v.Kind() == reflect.String:
		name, known := f.enum.wire[v.String()]
		if !known {
			return b, fmt.Errorf("%q is no value of the enum", v.String())
		}
		return strconv.AppendQuote(b, name), nil
	case v.CanInt():
		text := strconv.FormatInt(v.Int(), 10)
		if f.Text {
			return strconv.AppendQuote(b, text), nil
		}
		return append(b, text...), nil
	case v.CanUint():
		text := strconv.FormatUint(v.Uint(), 10)
		if f.Text {
			return strconv.AppendQuote(b, text), nil
		}
		return append(b, text...), nil
	case v.Kind() == reflect.Map && v.IsNil():
		return append(b, "{}"...), nil
	case v.Kind() == reflect.Map || v.Kind() == reflect.Interface:
		plain, err := free(v.Interface())
		if err != nil {
			return b, err
		}
		return appendAny(b, plain)
	}
	return appendAny(b, v.Interface())
}
