package serve

import (
	"reflect"
	"slices"
	"strconv"
)

// variant is the field of a union that is set, and its value; nil if none is.
func (m *message) variant(v reflect.Value) (*field, reflect.Value) {
	for _, f := range m.fields {
		if value := v.Field(f.index); value.Kind() == reflect.Pointer && !value.IsNil() {
			return f, value.Elem()
		}
	}
	return nil, reflect.Value{}
}

// appendUnion writes the variant that is set as an object, which begins with the
// discriminator if there is one.
func (m *message) appendUnion(b []byte, v reflect.Value) ([]byte, error) {
	f, value := m.variant(v)
	if f == nil {
		return append(b, "null"...), nil
	}
	start := len(b)
	b, err := f.message.appendJSON(b, value)
	if err != nil || m.Discriminator == "" {
		return b, err
	}
	rest := slices.Clone(b[start+1:])
	b = append(strconv.AppendQuote(b[:start+1], m.Discriminator), ':')
	b = strconv.AppendQuote(b, f.Variant[0])
	if string(rest) != "}" {
		b = append(b, ',')
	}
	return append(b, rest...), nil
}

// union sets the variant that the discriminator names, or that has a member
// which no other variant has.
func (d *treeDecoder) union(m *message, tree map[string]any, dst reflect.Value, path string) {
	i := slices.IndexFunc(m.fields, func(f *field) bool {
		return slices.ContainsFunc(f.Variant, func(name string) bool {
			if m.Discriminator != "" {
				return tree[m.Discriminator] == name
			}
			return tree[name] != nil
		})
	})
	if i < 0 {
		d.violation(path, "is none of the variants of its type")
		return
	}
	target := dst.Field(m.fields[i].index)
	target.Set(reflect.New(target.Type().Elem()))
	d.message(m.fields[i].message, tree, target.Elem(), path)
}
