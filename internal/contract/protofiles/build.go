package protofiles

import (
	"fmt"
	"path"
	"strings"

	"github.com/bufbuild/protocompile/linker"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// anyModule stands before the directories of the proto files while Go names are
// made: protogen wants import paths, and names do not depend on them.
const anyModule = "module.invalid/"

// deprecated is the reason of a deprecation; protobuf has no place for one.
const deprecated = "deprecated"

// builder turns compiled files into the neutral model. The Go names are those
// of protogen, the library under protoc-gen-go, so that they are right even
// where it has to rename.
type builder struct {
	out *Files
	dir string
	// local holds the files of the directory, by import path.
	local map[string]bool
	// compiled are the compiler's own files, which know the custom options.
	compiled linker.Files
}

func build(out *Files, set *descriptorpb.FileDescriptorSet, compiled linker.Files, dir string) error {
	plugin, err := newPlugin(out.Sources, set)
	if err != nil {
		return err
	}
	b := &builder{out: out, dir: dir, local: map[string]bool{}, compiled: compiled}
	for _, name := range out.Sources {
		b.local[name] = true
	}
	services := map[protoreflect.FullName]bool{}
	for _, file := range plugin.Files {
		if b.local[file.Desc.Path()] && len(file.Services) > 0 {
			services[file.Desc.Package()] = true
		}
	}
	// The messages beside the services belong to the contract whether they are
	// used or not; others (of imported options, say) only if they are used.
	for _, file := range plugin.Files {
		if b.local[file.Desc.Path()] && services[file.Desc.Package()] {
			b.messages(file.Messages)
		}
	}
	for _, file := range plugin.Files {
		if b.local[file.Desc.Path()] {
			b.services(file, compiled)
		}
	}
	return nil
}

// newPlugin feeds protogen the files as protoc would.
func newPlugin(sources []string, set *descriptorpb.FileDescriptorSet) (*protogen.Plugin, error) {
	params := make([]string, len(sources))
	for i, name := range sources {
		params[i] = "M" + name + "=" + anyModule + path.Dir(name)
	}
	// A copy, because protogen keeps what it is given.
	files := proto.Clone(set).(*descriptorpb.FileDescriptorSet).File
	return protogen.Options{}.New(&pluginpb.CodeGeneratorRequest{
		FileToGenerate: sources,
		Parameter:      proto.String(strings.Join(params, ",")),
		ProtoFile:      files,
	})
}

func (b *builder) messages(list []*protogen.Message) {
	for _, m := range list {
		if !m.Desc.IsMapEntry() {
			b.message(m)
			b.messages(m.Messages)
		}
	}
}

// message returns the neutral message, made at the first call.
func (b *builder) message(m *protogen.Message) *contract.Message {
	name := string(m.Desc.FullName())
	if msg := b.out.Contract.Messages[name]; msg != nil {
		return msg
	}
	msg := &contract.Message{
		Name:     name,
		Pos:      b.posOf(m.Desc),
		Doc:      comment(m.Comments),
		GoName:   m.GoIdent.GoName,
		GoImport: path.Dir(m.Desc.ParentFile().Path()),
		Details:  messageDetails(m.Desc),
	}
	b.out.Contract.Messages[name] = msg
	if !b.local[m.Desc.ParentFile().Path()] {
		msg.Unsupported = "is the well-known type " + name
		return msg
	}
	for _, f := range m.Fields {
		msg.Fields = append(msg.Fields, b.field(f))
	}
	return msg
}

func (b *builder) field(f *protogen.Field) *contract.Field {
	out := &contract.Field{
		Name:     string(f.Desc.Name()),
		GoName:   f.GoName,
		Pos:      b.posOf(f.Desc),
		Type:     b.typeOf(f),
		Required: f.Desc.Cardinality() == protoreflect.Required,
		Presence: f.Desc.HasPresence(),
		Doc:      comment(f.Comments),
		Details:  b.fieldDetails(f.Desc),
	}
	if f.Desc.Options().(*descriptorpb.FieldOptions).GetDeprecated() {
		out.Deprecated = deprecated
	}
	return out
}

func (b *builder) typeOf(f *protogen.Field) contract.Type {
	out := contract.Type{
		Scalar: contract.ScalarUnsupported,
		List:   f.Desc.IsList(),
		Wire:   "TYPE_" + strings.ToUpper(f.Desc.Kind().String()),
	}
	if f.Message != nil {
		out.Wire = string(f.Message.Desc.FullName())
	}
	switch {
	case f.Desc.IsMap():
		out.Reason = "is a map"
	case f.Oneof != nil && !f.Oneof.Desc.IsSynthetic():
		out.Reason = "belongs to the oneof " + string(f.Oneof.Desc.Name())
	case f.Desc.Kind() == protoreflect.GroupKind:
		out.Reason = "is a group"
	case f.Enum != nil:
		out.Reason = "is the enum " + string(f.Enum.Desc.FullName())
	case f.Message != nil:
		b.messageType(&out, f.Message)
	default:
		out.Scalar, out.Reason = scalarOf(f.Desc.Kind())
	}
	return out
}

func (b *builder) messageType(out *contract.Type, m *protogen.Message) {
	switch {
	case m.Desc.FullName() == "google.protobuf.Struct":
		out.Scalar = contract.ScalarObject
	case !b.local[m.Desc.ParentFile().Path()]:
		out.Reason = "is the well-known type " + out.Wire
	default:
		out.Scalar, out.Message = contract.ScalarMessage, b.message(m)
	}
}

// scalarOf is the neutral scalar of a kind, or why there is none: what one of
// the other protocols cannot carry unchanged is left out.
func scalarOf(kind protoreflect.Kind) (contract.Scalar, string) {
	switch kind {
	case protoreflect.StringKind:
		return contract.ScalarString, ""
	case protoreflect.BoolKind:
		return contract.ScalarBool, ""
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return contract.ScalarInt32, ""
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return contract.ScalarInt64, ""
	case protoreflect.DoubleKind:
		return contract.ScalarFloat64, ""
	case protoreflect.FloatKind:
		return contract.ScalarUnsupported, "is a float of single precision"
	case protoreflect.BytesKind:
		return contract.ScalarUnsupported, "is bytes"
	default:
		return contract.ScalarUnsupported, fmt.Sprintf("is an unsigned integer (%s)", kind)
	}
}

// posOf is the place of a declaration in its file.
func (b *builder) posOf(d protoreflect.Descriptor) diag.Pos {
	file := d.ParentFile()
	pos := diag.Pos{File: path.Join(b.dir, file.Path())}
	if !b.local[file.Path()] {
		pos.File = file.Path()
	}
	if loc := file.SourceLocations().ByDescriptor(d); loc.Path != nil {
		pos.Line, pos.Col = loc.StartLine+1, loc.StartColumn+1
	}
	return pos
}

func comment(c protogen.CommentSet) string {
	return strings.TrimSpace(strings.ReplaceAll("\n"+string(c.Leading), "\n ", "\n"))
}
