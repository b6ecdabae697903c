package explain

import (
	"cmp"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Type is a flat type and what it travels as.
type Type struct {
	Name string `json:"name"`
	// Role is request, answer or part.
	Role string `json:"role"`
	Doc  string `json:"doc,omitempty"`
	// Wires are the contract's types, by protocol.
	Wires  []Wire  `json:"wires"`
	Fields []Field `json:"fields"`
	// Note is what holds for all optional fields.
	Note string `json:"note,omitempty"`
}

// Wire is a type of a contract.
type Wire struct {
	Protocol string `json:"protocol"`
	Type     string `json:"type"`
}

// Field is a field of a flat type and how it travels.
type Field struct {
	// Name is the same on every protocol and in JSON.
	Name     string `json:"name"`
	GoName   string `json:"go_name"`
	GoType   string `json:"go_type"`
	Required bool   `json:"required,omitempty"`
	Secret   bool   `json:"secret,omitempty"`
	Doc      string `json:"doc,omitempty"`
	// Travels is how, over each protocol and as each contract type.
	Travels []Travel `json:"travels"`
	// Notes are what cannot be expressed, and what is done about it.
	Notes []string `json:"notes,omitempty"`
}

// Travel is how a field travels as one contract type.
type Travel struct {
	Protocol string `json:"protocol"`
	// In is the contract's type that has the field.
	In string `json:"in"`
	// Name is what the wire calls it; empty: the protocol does not have it.
	Name string `json:"name,omitempty"`
	// Type is the contract's own word for the type.
	Type string `json:"type,omitempty"`
	// Nullable: the contract allows null. Presence: unset and zero differ on the
	// wire.
	Required bool `json:"required,omitempty"`
	Nullable bool `json:"nullable,omitempty"`
	Presence bool `json:"presence"`
	// Wrapper is the message around a free-form object, WrapperField its field.
	Wrapper      string `json:"wrapper,omitempty"`
	WrapperField string `json:"wrapper_field,omitempty"`
	// Form is how the wire writes the value where it has a way of its own.
	Form string `json:"form,omitempty"`
	// Part is where the field travels, if it is not in the message that carries the
	// rest: argument, path, query, header, or body or answer as a whole.
	Part string `json:"part,omitempty"`
	// Place is where the contract has the field: file:line:col.
	Place string `json:"place,omitempty"`
}

// Enum is a set of values and what they are called on the wire.
type Enum struct {
	Name   string      `json:"name"`
	Doc    string      `json:"doc,omitempty"`
	Values []EnumValue `json:"values"`
}

// EnumValue is one of them; Wire is its name by protocol, where that has it.
type EnumValue struct {
	Name string            `json:"name"`
	Wire map[string]string `json:"wire"`
}

// typesOf collects the types of a method, each once.
type typesOf struct {
	method *ir.Method
	seen   map[*ir.Message]bool
	enums  map[*ir.Enum]bool
	types  []Type
	list   []Enum
}

func (t *typesOf) message(m *ir.Message) {
	if m == nil || t.seen[m] {
		return
	}
	t.seen[m] = true
	out := Type{Name: m.GoName, Role: t.role(m), Doc: m.Doc, Note: prose.MessageNote(m)}
	wires := t.wires(m)
	for _, w := range wires {
		out.Wires = append(out.Wires, Wire{string(w.Protocol), w.Contract.Name})
	}
	for i, f := range m.Fields {
		field := Field{
			Name: f.Name, GoName: f.GoName, GoType: f.GoType(), Required: f.Required, Secret: f.Secret,
			Doc: f.Doc, Notes: prose.FieldNotes(m, f),
		}
		for _, w := range wires {
			if i < len(w.Fields) {
				field.Travels = append(field.Travels, travel(w, w.Fields[i]))
			}
		}
		out.Fields = append(out.Fields, field)
	}
	t.types = append(t.types, out)
	for _, f := range m.Fields {
		leaf := f.Type.Leaf()
		t.message(leaf.Message)
		t.enum(leaf.Enum)
	}
}

func (t *typesOf) role(m *ir.Message) string {
	switch m {
	case t.method.Request:
		return "request"
	case t.method.Response:
		return "answer"
	}
	return "part"
}

// wires are the contract types that the message travels as in this method: those
// of its own bindings, and below them all.
func (t *typesOf) wires(m *ir.Message) []*ir.Wire {
	var own []*ir.Wire
	for _, b := range t.method.Bindings {
		for _, w := range []*ir.Wire{b.Request, b.Response} {
			if w != nil && w.Message == m {
				own = append(own, w)
			}
		}
	}
	if len(own) > 0 {
		return own
	}
	return slices.DeleteFunc(slices.Clone(m.Wires), func(w *ir.Wire) bool { return t.method.Binding(w.Protocol) == nil })
}

func travel(w *ir.Wire, f *ir.WireField) Travel {
	out := Travel{Protocol: string(w.Protocol), In: w.Contract.Name}
	c := f.Contract
	if c == nil {
		return out
	}
	out.Name, out.Type, out.Place = c.Name, scalarText(c), c.Pos.String()
	out.Required, out.Presence = c.Required, f.Presence
	out.Nullable = c.Details != nil && c.Details.Type.Nullable
	out.Form = form(f.Type)
	if c.Place != nil && c.Place.In != contract.InContent {
		out.Name, out.Part = cmp.Or(c.Place.Name, c.Name), string(c.Place.In)
	}
	if f.Object != nil {
		out.Wrapper, out.WrapperField = f.Object.Name, f.Inner.Name
	}
	return out
}

// form says how the wire writes values that JSON or protobuf have no way of their
// own for.
func form(t contract.Type) string {
	leaf := t.Leaf()
	switch leaf.Form {
	case contract.FormText:
		return "a number in quotes"
	case contract.FormWrapper:
		return "a wrapper message"
	case contract.FormFieldMask:
		return "a field mask"
	case contract.FormListValue:
		return "a list value"
	case contract.FormDouble:
		return "a number of double precision"
	}
	return string(leaf.Form)
}

func (t *typesOf) enum(e *ir.Enum) {
	if e == nil || t.enums[e] {
		return
	}
	t.enums[e] = true
	out := Enum{Name: e.GoName, Doc: e.Doc}
	for _, v := range e.Values {
		value := EnumValue{Name: v.Name, Wire: map[string]string{}}
		for _, w := range e.Wires {
			for _, wv := range w.Values {
				if wv.Value == v && !wv.Alias && t.method.Binding(w.Protocol) != nil {
					value.Wire[string(w.Protocol)] = wv.Contract.Name
				}
			}
		}
		out.Values = append(out.Values, value)
	}
	t.list = append(t.list, out)
}
