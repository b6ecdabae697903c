package protofiles

import (
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
	// enums holds those that fields use, by full name.
	enums map[string]*contract.Enum
}

func build(out *Files, set *descriptorpb.FileDescriptorSet, compiled linker.Files, dir string) error {
	plugin, err := newPlugin(out.Sources, set)
	if err != nil {
		return err
	}
	b := &builder{out: out, dir: dir, local: map[string]bool{}, compiled: compiled, enums: map[string]*contract.Enum{}}
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
		// A package of our own name: those that the files' options have may differ
		// within a directory.
		params[i] = "M" + name + "=" + anyModule + path.Dir(name) + ";x"
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

		Extensible: m.Desc.ExtensionRanges().Len() > 0,
	}
	b.out.Contract.Messages[name] = msg
	if !b.local[m.Desc.ParentFile().Path()] {
		msg.Unsupported = "is the well-known type " + name
		return msg
	}
	oneofs := map[*protogen.Oneof]*contract.Oneof{}
	for _, f := range m.Fields {
		field := b.field(f)
		if o := f.Oneof; o != nil && !o.Desc.IsSynthetic() {
			if oneofs[o] == nil {
				oneofs[o] = &contract.Oneof{Name: string(o.Desc.Name()), GoName: o.GoName}
			}
			field.Oneof, field.Variant = oneofs[o], &contract.Variant{GoName: f.GoIdent.GoName}
		}
		msg.Fields = append(msg.Fields, field)
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
