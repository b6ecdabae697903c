package rest

import (
	"cmp"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// TypeName is the Go type that oapi-codegen writes for a schema.
func TypeName(m *contract.Message) string {
	return cmp.Or(m.GoName, codegen.SchemaNameToTypeName(m.Name))
}

// FieldName is the Go field that oapi-codegen writes for a property.
func FieldName(f *contract.Field) string {
	return codegen.SchemaNameToTypeName(cmp.Or(f.Alias, f.Name))
}

// Code is what adapters have to know of the wire code of an SDK.
type Code struct {
	operations map[string]*ir.Method
	schemas    map[string]*schema
}

// CodeOf finds it out, once for all methods and schemas.
func CodeOf(sdk *ir.SDK) *Code { return &Code{Operations(sdk), schemas(sdk)} }

// Builder is the function that builds a method's request. Methods that are the
// same operation share it.
func (c *Code) Builder(m *ir.Method) string {
	return "New" + c.operations[m.Binding(ir.REST).Operation.Key].GoName + "Request"
}

// HasTarget tells whether a request has more than a body, so that its builder is
// given the path and the query.
func HasTarget(b *ir.Binding) bool {
	return b.Streams || len(b.Operation.Params) > 0 || b.Operation.Body.Scalar != contract.ScalarNone || b.Request != nil && b.Request.Contract.Parts != nil
}

// Operations are the methods offered over REST by operation key: of several
// methods that are the same operation, the first, which gives it its name.
func Operations(sdk *ir.SDK) map[string]*ir.Method {
	out := map[string]*ir.Method{}
	for _, m := range methods(sdk) {
		if key := m.Binding(ir.REST).Operation.Key; out[key] == nil {
			out[key] = m
		}
	}
	return out
}

// methods are all methods offered over REST, in the manifest's order.
func methods(sdk *ir.SDK) []*ir.Method {
	var out []*ir.Method
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			if m.Binding(ir.REST) != nil {
				out = append(out, m)
			}
		}
	}
	return out
}

// Pointers tells whether the schema's scalar fields are pointers in Go: those
// of requests are, to tell unset from zero; those of answers are not.
func (c *Code) Pointers(m *contract.Message) bool {
	s, ok := c.schemas[m.Name]
	return !ok || s.request
}

// Content is the schema that a message is: that of the body, where the message is
// a request of several parts. It is nil if the body is none of them, and for
// answers that are no messages.
func Content(m *contract.Message) *contract.Message {
	switch {
	case m.Parts != nil:
		return m.Parts.Content
	case m.Bare() != nil:
		return nil
	}
	return m
}

// schema is what is known of the use of one schema.
type schema struct {
	message *contract.Message
	// types of the properties, by name; runtime is the runtime's import path.
	types map[string]contract.Type
	// pointers are properties that are nil where they are absent, whatever the use.
	pointers map[string]bool
	runtime  string
	request  bool
	// wrapper: the schema only wraps a free-form object.
	wrapper bool
	// envelope is the property that holds the result; the answer is unusable
	// without it, so it stays a pointer.
	envelope string
}

// schemas are all schemas that methods use, by name.
func schemas(sdk *ir.SDK) map[string]*schema {
	out := map[string]*schema{}
	use := func(m *contract.Message) *schema {
		if out[m.Name] == nil {
			out[m.Name] = &schema{message: m, types: map[string]contract.Type{}, pointers: map[string]bool{}, runtime: sdk.Paths.Runtime}
			for _, f := range m.Fields {
				out[m.Name].types[f.Name] = f.Type
			}
		}
		return out[m.Name]
	}
	for _, m := range sdk.Messages {
		for _, w := range m.Wires {
			if w.Protocol != ir.REST || w.Contract.Spread {
				continue
			}
			content := Content(w.Contract)
			if content != nil {
				s := use(content)
				s.request = s.request || m.Request
			}
			for _, f := range w.Fields {
				if f.Contract != nil && content != nil && (f.Contract.Place == nil || f.Contract.Place.In == contract.InContent) {
					use(content).types[f.Contract.Name] = f.Type
					use(content).pointers[f.Contract.Name] = f.Field.Pointer
				}
				if f.Object != nil {
					use(f.Object).wrapper = true
				}
			}
		}
	}
	for _, m := range methods(sdk) {
		b := m.Binding(ir.REST)
		if b.Envelope != nil {
			use(b.Operation.Response.Message).envelope = b.Envelope.Name
		}
		if b.Operation.Request != nil {
			use(b.Operation.Request).request = true
		}
	}
	return out
}
