package protofiles

import (
	"path"

	"github.com/bufbuild/protocompile/linker"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

func (b *builder) services(file *protogen.File, compiled linker.Files) {
	fd := compiled.FindFileByPath(file.Desc.Path())
	for _, s := range file.Services {
		for _, m := range s.Methods {
			key := string(s.Desc.FullName()) + "/" + string(m.Desc.Name())
			b.out.Contract.Operations[key] = b.operation(key, m)
			// The compiler's own descriptors know the custom options.
			if d, ok := fd.FindDescriptorByName(m.Desc.FullName()).(protoreflect.MethodDescriptor); ok {
				b.out.Contract.Operations[key].Details.Options = customOptions(d)
				b.out.Contract.Operations[key].HTTP = httpBindings(d.Options())
				b.out.Contract.Operations[key].Details.HTTP = httpText(b.out.Contract.Operations[key].HTTP)
			}
		}
	}
}

func (b *builder) operation(key string, m *protogen.Method) *contract.Operation {
	op := &contract.Operation{
		Key:       key,
		Pos:       b.posOf(m.Desc),
		Kind:      contract.KindUnary,
		Doc:       comment(m.Comments),
		GoName:    m.GoName,
		GoService: m.Parent.GoName,
		GoImport:  path.Dir(m.Desc.ParentFile().Path()),
		Details:   &contract.OperationDetails{Response: contract.TypeDetails{Text: string(m.Output.Desc.FullName())}},
	}
	if m.Desc.Options().(*descriptorpb.MethodOptions).GetDeprecated() {
		op.Deprecated = deprecated
	}
	op.Details.ClientStreams, op.Details.ServerStreams = m.Desc.IsStreamingClient(), m.Desc.IsStreamingServer()
	op.Streams = m.Desc.IsStreamingServer()
	if m.Desc.IsStreamingClient() {
		op.Unsupported = "takes a stream of requests; the SDK sends one, and can receive a stream"
	}
	op.Request = b.message(m.Input)
	op.Response = b.answer(m.Output)
	return op
}

// answer is what a method answers: a message, or the value that a well-known one
// stands for.
func (b *builder) answer(m *protogen.Message) contract.Type {
	out := contract.Type{Scalar: contract.ScalarUnsupported, Wire: string(m.Desc.FullName())}
	b.messageType(&out, m)
	if out.Scalar == contract.ScalarUnsupported {
		out = contract.Type{Scalar: contract.ScalarMessage, Message: b.message(m), Wire: out.Wire}
	}
	return out
}

// customOptions are the options of a method that are not protobuf's own, but for
// the HTTP rule.
func customOptions(d protoreflect.MethodDescriptor) map[string]string {
	out := map[string]string{}
	d.Options().ProtoReflect().Range(func(o protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if o.IsExtension() && o.FullName() != httpOption {
			flatten(out, string(o.FullName()), o, v)
		}
		return true
	})
	return out
}
