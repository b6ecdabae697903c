package sdktest

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/structpb"
)

// Filled is the result of a method with a text in every field that holds one,
// and one entry in every list. Nil for methods that gRPC does not have.
func (s *Server) Filled(method, text string) proto.Message {
	m := s.contracts.methods[key(method)]
	if m == nil {
		return nil
	}
	out := newMessage(m.Output())
	fill(out.ProtoReflect(), text)
	return out
}

func fill(m protoreflect.Message, text string) {
	if object, ok := m.Interface().(*structpb.Struct); ok {
		object.Fields = map[string]*structpb.Value{"text": structpb.NewStringValue(text)}
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		switch {
		case f.IsMap():
		case f.IsList():
			list := m.Mutable(f).List()
			list.Append(filled(list.NewElement(), f, text))
		default:
			m.Set(f, filled(m.NewField(f), f, text))
		}
	}
}

func filled(v protoreflect.Value, f protoreflect.FieldDescriptor, text string) protoreflect.Value {
	switch f.Kind() {
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(text)
	case protoreflect.MessageKind:
		fill(v.Message(), text)
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(true)
	}
	return v
}
