package serve

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// choice is a [Choice] whose fields have been looked up.
type choice struct {
	fields   []*field
	required bool
}

func (m *message) compileChoices() error {
	for _, c := range m.Choices {
		out := choice{required: c.Required}
		for _, name := range c.Fields {
			f := m.byGo(name)
			if f == nil || !nilable(f.typ) {
				return fmt.Errorf("message %s: %s is no field that can be one of a choice", m.Name, name)
			}
			out.fields = append(out.fields, f)
		}
		m.choices = append(m.choices, out)
	}
	return nil
}

func (m *message) byGo(name string) *field {
	for _, f := range m.fields {
		if f.Go == name {
			return f
		}
	}
	return nil
}

func nilable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	}
	return false
}

// findChoices notes the messages that have choices in them, since most have none
// and need not be looked at with every call.
func (c *compiled) findChoices() {
	for found := true; found; {
		found = false
		for _, m := range c.messages {
			for _, f := range m.fields {
				if !m.choosy && (len(m.choices) > 0 || f.message != nil && f.message.choosy) {
					m.choosy, found = true, true
				}
			}
		}
	}
}

// checkChoices refuses a request that sets more fields of a choice than one. Not
// every protocol can express such a request, so that implementations would not
// look for it.
func (m *method) checkChoices(p runtime.Protocol, in any) error {
	return invalid(m.over(p, func(s shape) *message { return s.request }).violations(in))
}

// checkAnswerChoices refuses an answer that does so: each protocol would drop
// another one of the fields.
func (m *method) checkAnswerChoices(p runtime.Protocol, out any) error {
	found := m.over(p, func(s shape) *message { return s.response }).violations(out)
	if len(found) == 0 {
		return nil
	}
	return Errorf(runtime.CodeInternal, "the answer of %s cannot be written: %s %s", m.Name, found[0].Field, found[0].Description)
}

// over is the message that travels over a protocol.
func (m *method) over(p runtime.Protocol, of func(shape) *message) *message {
	switch {
	case p == runtime.ProtocolGraphQL:
		return of(m.graphQL)
	case p == runtime.ProtocolREST && (of(m.rest) != nil || !m.REST.Transcoded):
		return of(m.rest)
	}
	return of(m.grpc)
}

// violations are those of the choices in a pointer to a flat value.
func (m *message) violations(v any) []runtime.FieldViolation {
	if m == nil || !m.choosy || v == nil {
		return nil
	}
	var out []runtime.FieldViolation
	m.choiceViolations(reflect.ValueOf(v).Elem(), "", &out)
	return out
}

func (m *message) choiceViolations(v reflect.Value, path string, out *[]runtime.FieldViolation) {
	for _, c := range m.choices {
		variants := make([]runtime.Choice, len(c.fields))
		for i, f := range c.fields {
			variants[i] = runtime.Variant(f.Wire, !v.Field(f.index).IsNil())
		}
		for _, violation := range runtime.ChoiceViolations(c.required, variants...) {
			violation.Field = below(path, violation.Field)
			*out = append(*out, violation)
		}
	}
	for _, f := range m.fields {
		if f.message != nil && f.message.choosy {
			f.message.choicesIn(v.Field(f.index), below(path, f.Wire), out)
		}
	}
}

// choicesIn looks at all values of the message in a field.
func (m *message) choicesIn(v reflect.Value, path string, out *[]runtime.FieldViolation) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			m.choicesIn(v.Elem(), path, out)
		}
	case reflect.Slice:
		for i := range v.Len() {
			m.choicesIn(v.Index(i), path+"["+strconv.Itoa(i)+"]", out)
		}
	case reflect.Map:
		for _, key := range sortedKeys(v) {
			m.choicesIn(v.MapIndex(key), below(path, key.String()), out)
		}
	case reflect.Struct:
		m.choiceViolations(v, path, out)
	}
}

// below is the path of a field of what is at a path.
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
