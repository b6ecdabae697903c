package protofiles

import (
	"path"

	"github.com/bufbuild/protocompile/linker"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// httpOption is the option that maps a method to HTTP.
const httpOption protoreflect.FullName = "google.api.http"

func (b *builder) services(file *protogen.File, compiled linker.Files) {
	fd := compiled.FindFileByPath(file.Desc.Path())
	for _, s := range file.Services {
		for _, m := range s.Methods {
			key := string(s.Desc.FullName()) + "/" + string(m.Desc.Name())
			b.out.Contract.Operations[key] = b.operation(key, m)
			method := Method{
				GoName:        m.GoName,
				ServiceGoName: s.GoName,
				GoImport:      path.Dir(file.Desc.Path()),
			}
			// The compiler's own descriptors know the custom options.
			if d, ok := fd.FindDescriptorByName(m.Desc.FullName()).(protoreflect.MethodDescriptor); ok {
				method.HTTPVerb, method.HTTPPath = httpRule(d.Options())
			}
			b.out.Methods[key] = method
		}
	}
}

func (b *builder) operation(key string, m *protogen.Method) *contract.Operation {
	op := &contract.Operation{
		Key:  key,
		Pos:  b.posOf(m.Desc),
		Kind: contract.KindUnary,
		Doc:  comment(m.Comments),

		GoName:    m.GoName,
		GoService: m.Parent.GoName,
		GoImport:  path.Dir(m.Desc.ParentFile().Path()),
	}
	if m.Desc.Options().(*descriptorpb.MethodOptions).GetDeprecated() {
		op.Deprecated = deprecated
	}
	if m.Desc.IsStreamingClient() || m.Desc.IsStreamingServer() {
		op.Unsupported = "is a streaming method"
	}
	op.Request = b.message(m.Input)
	response := b.message(m.Output)
	op.Response = contract.Type{Scalar: contract.ScalarMessage, Message: response, Wire: response.Name}
	return op
}

// httpRule reads the verb and path of google.api.http.
func httpRule(options proto.Message) (verb, path string) {
	options.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.FullName() != httpOption {
			return true
		}
		rule := v.Message()
		for name, word := range map[protoreflect.Name]string{
			"get": "GET", "put": "PUT", "post": "POST", "delete": "DELETE", "patch": "PATCH",
		} {
			// The verbs are members of one oneof: at most one of them is set.
			if fd := rule.Descriptor().Fields().ByName(name); fd != nil && rule.Has(fd) {
				verb, path = word, rule.Get(fd).String()
			}
		}
		return false
	})
	return verb, path
}
