package serve

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// compiled is an API whose names have been looked up.
type compiled struct {
	*API
	messages map[string]*message
	enums    map[string]*enum
	methods  []*method
}

// enum are the names of values, both ways.
type enum struct{ flat, wire map[string]string }

// method is a method with the messages that it travels as.
type method struct {
	Method
	graphQL, rest, grpc shape
	// input and output make the messages of the gRPC method.
	input, output protoreflect.MessageType
}

// shape is what travels over one protocol; nil where nothing does.
type shape struct{ request, response *message }

// message is a flat type and where its fields are.
type message struct {
	Message
	fields  []*field
	byWire  map[string]*field
	choices []choice
	// choosy: there are choices in it, or in what it holds.
	choosy bool
}

// field is one field of a flat type.
type field struct {
	Field
	index   int
	typ     reflect.Type
	message *message
	enum    *enum
	// proto is the field of the gRPC message, inner that of a wrapper.
	proto, inner protoreflect.FieldDescriptor
}

// compile looks up all names, and reports all that do not exist.
func compile(api *API) (*compiled, error) {
	c := &compiled{API: api, messages: map[string]*message{}, enums: map[string]*enum{}}
	var errs []error
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	for _, e := range api.Enums {
		c.enums[e.Name] = compileEnum(e)
	}
	for _, m := range api.Messages {
		c.messages[m.Name] = &message{Message: m, byWire: map[string]*field{}}
	}
	for _, m := range api.Messages {
		note(c.compileFields(c.messages[m.Name]))
		note(c.messages[m.Name].compileChoices())
	}
	c.findChoices()
	for _, m := range api.Methods {
		compiled, err := c.compileMethod(m)
		note(err)
		c.methods = append(c.methods, compiled)
	}
	return c, errors.Join(errs...)
}

func compileEnum(e Enum) *enum {
	out := &enum{flat: map[string]string{}, wire: map[string]string{}}
	for _, v := range e.Values {
		out.flat[v.Wire] = v.Flat
		if !v.Alias && v.Flat != "" {
			out.wire[v.Flat] = v.Wire
		}
	}
	return out
}

func (c *compiled) compileFields(m *message) error {
	var errs []error
	for _, f := range m.Fields {
		sf, ok := m.Type.FieldByName(f.Go)
		if !ok || len(sf.Index) != 1 {
			errs = append(errs, fmt.Errorf("message %s: type %s has no field %s", m.Name, m.Type, f.Go))
			continue
		}
		out := &field{Field: f, index: sf.Index[0], typ: sf.Type, message: c.messages[f.Message], enum: c.enums[f.Enum]}
		if f.Enum != "" && out.enum == nil {
			errs = append(errs, fmt.Errorf("message %s: field %s is of the unknown enum %s", m.Name, f.Go, f.Enum))
		}
		if f.Message != "" && (out.message == nil || element(sf.Type) != out.message.Type) {
			errs = append(errs, fmt.Errorf("message %s: field %s is no %s", m.Name, f.Go, f.Message))
		}
		m.fields = append(m.fields, out)
		m.byWire[f.Wire] = out
	}
	return errors.Join(errs...)
}

// isList tells whether the field holds several values.
func (f *field) isList() bool {
	t := f.typ
	return t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
}

// element is the struct type in a field's type.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	return t
}

func (c *compiled) compileMethod(m Method) (*method, error) {
	out := &method{Method: m}
	var errs []error
	find := func(name string, typ reflect.Type) *message {
		if name == "" {
			return nil
		}
		found := c.messages[name]
		if found == nil || found.Type != typ {
			errs = append(errs, fmt.Errorf("method %s: message %s is not of type %v", m.Name, name, typ))
		}
		return found
	}
	shapeOf := func(request, response string) shape {
		return shape{find(request, m.Handler.request), find(response, m.Handler.response)}
	}
	if m.GraphQL != nil {
		out.graphQL = shapeOf(m.GraphQL.Request, m.GraphQL.Response)
	}
	if m.REST != nil {
		out.rest = shapeOf(m.REST.Request, m.REST.Response)
	}
	if m.GRPC != nil {
		out.grpc = shapeOf(m.GRPC.Request, m.GRPC.Response)
		errs = append(errs, out.linkProto())
	}
	if m.REST != nil && m.REST.Transcoded && m.GRPC == nil {
		errs = append(errs, fmt.Errorf("method %s: there is no gRPC method to transcode", m.Name))
	}
	return out, errors.Join(errs...)
}

// linkProto finds the gRPC method among the linked protobuf packages, and its
// messages' fields.
func (m *method) linkProto() error {
	name := protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(m.GRPC.FullMethod, "/"), "/", "."))
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(name)
	if err != nil {
		return fmt.Errorf("method %s: %w", m.Name, err)
	}
	desc, ok := found.(protoreflect.MethodDescriptor)
	if !ok {
		return fmt.Errorf("method %s: %s is no gRPC method", m.Name, name)
	}
	if m.input, err = protoregistry.GlobalTypes.FindMessageByName(desc.Input().FullName()); err != nil {
		return fmt.Errorf("method %s: %w", m.Name, err)
	}
	if m.output, err = protoregistry.GlobalTypes.FindMessageByName(desc.Output().FullName()); err != nil {
		return fmt.Errorf("method %s: %w", m.Name, err)
	}
	response := desc.Output()
	if m.GRPC.Envelope != "" {
		envelope := response.Fields().ByName(protoreflect.Name(m.GRPC.Envelope))
		if envelope == nil || envelope.Message() == nil {
			return fmt.Errorf("method %s: %s has no message field %s", m.Name, response.FullName(), m.GRPC.Envelope)
		}
		response = envelope.Message()
	}
	return errors.Join(m.grpc.request.link(desc.Input()), m.grpc.response.link(response))
}

// link finds the fields of a protobuf message, and of those below it.
func (m *message) link(desc protoreflect.MessageDescriptor) error {
	if m == nil || m.bare() != nil || len(m.fields) > 0 && m.fields[0].proto != nil {
		return nil
	}
	for _, f := range m.fields {
		f.proto = desc.Fields().ByName(protoreflect.Name(f.Wire))
		if f.proto == nil {
			return fmt.Errorf("message %s: %s has no field %s", m.Name, desc.FullName(), f.Wire)
		}
		inner := f.proto.Message()
		if f.Inner != "" {
			f.inner = inner.Fields().ByName(protoreflect.Name(f.Inner))
			if f.inner == nil {
				return fmt.Errorf("message %s: %s has no field %s", m.Name, inner.FullName(), f.Inner)
			}
		}
		if f.message != nil {
			if err := f.message.link(inner); err != nil {
				return err
			}
		}
	}
	return nil
}

// empty tells whether there is nothing in a value: no answer can tell an empty
// list or map from an absent one.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.IsZero()
		}
		for i := range v.NumField() {
			if !empty(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
