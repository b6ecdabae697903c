package servetest

import (
	"fmt"
	"reflect"
)

// Choice names fields of a generated struct of which a value has at most one, as
// the struct's documentation says.
type Choice struct {
	// In is a value of the struct, such as api.Item{}.
	In any
	// Fields are the Go names of the fields, all of them pointers or slices.
	Fields []string
	// Required: just one of them is set, as in a union.
	Required bool
}

// choices finds the choices of each type.
func (e *Echo) choices() map[reflect.Type][]Choice {
	out := map[reflect.Type][]Choice{}
	for _, c := range e.Choices {
		typ := reflect.TypeOf(c.In)
		for _, name := range c.Fields {
			if _, ok := typ.FieldByName(name); !ok {
				panic(fmt.Sprintf("servetest: %s has no field %s", typ, name))
			}
		}
		out[typ] = append(out[typ], c)
	}
	return out
}

// choose keeps of each choice in a struct one field at the most.
func (f *filler) choose(v reflect.Value, depth int) {
	for _, c := range f.choices[v.Type()] {
		kept := c.Fields[f.IntN(len(c.Fields))]
		for _, name := range c.Fields {
			if name != kept {
				v.FieldByName(name).SetZero()
			}
		}
		if one := v.FieldByName(kept); c.Required && one.Kind() == reflect.Pointer && one.IsNil() {
			one.Set(reflect.New(one.Type().Elem()))
			f.value(one.Elem(), depth+1)
		}
	}
}
