package quality

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

// edited is the edited files as sources.
func (m *protos) edited(edit func(*descriptorpb.FileDescriptorSet), paths ...string) func() map[string][]byte {
	return func() map[string][]byte {
		set := proto.Clone(m.set).(*descriptorpb.FileDescriptorSet)
		edit(set)
		for _, f := range set.File {
			for _, msg := range f.MessageType {
				tidyOneofs(msg)
				tidyMaps(msg)
			}
		}
		files, err := protodesc.NewFiles(set)
		if err != nil {
			panic(err)
		}
		out := map[string][]byte{}
		for _, path := range paths {
			fd, err := files.FindFileByPath(path)
			if err != nil {
				panic(err)
			}
			var buf bytes.Buffer
			printer := protoprint.Printer{ForceFullyQualifiedNames: true}
			if err := printer.PrintProtoFile(fd, &buf); err != nil {
				panic(err)
			}
			out[m.dir+"/"+path] = buf.Bytes()
		}
		return out
	}
}

// tidyOneofs makes the list of oneofs fit the fields: those without a field go,
// and those that stand for optional fields come last.
func tidyOneofs(msg *messageDesc) {
	first := map[int32]int{} // the members of a oneof stand side by side
	for i, f := range msg.Field {
		if _, ok := first[f.GetOneofIndex()]; isChoice(f) && !ok {
			first[f.GetOneofIndex()] = i
		}
	}
	place := map[*fieldDesc]int{}
	for i, f := range msg.Field {
		place[f] = i
		if isChoice(f) {
			place[f] = first[f.GetOneofIndex()]
		}
	}
	slices.SortStableFunc(msg.Field, func(a, b *fieldDesc) int { return place[a] - place[b] })
	var real, optional []string
	for _, f := range msg.Field {
		if f.OneofIndex != nil && !f.GetProto3Optional() {
			if name := msg.OneofDecl[f.GetOneofIndex()].GetName(); !slices.Contains(real, name) {
				real = append(real, name)
			}
		}
		if f.GetProto3Optional() {
			optional = append(optional, "_"+f.GetName())
		}
	}
	all := slices.Concat(real, optional)
	for _, f := range msg.Field {
		switch {
		case f.GetProto3Optional():
			f.OneofIndex = proto.Int32(int32(slices.Index(all, "_"+f.GetName())))
		case f.OneofIndex != nil:
			f.OneofIndex = proto.Int32(int32(slices.Index(all, msg.OneofDecl[f.GetOneofIndex()].GetName())))
		}
	}
	msg.OneofDecl = nil
	for _, name := range all {
		msg.OneofDecl = append(msg.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: proto.String(name)})
	}
}

// tidyMaps makes the entries of maps fit the fields: they are called as the field
// is, and go with it.
func tidyMaps(msg *messageDesc) {
	msg.NestedType = slices.DeleteFunc(msg.NestedType, func(n *messageDesc) bool {
		if !n.GetOptions().GetMapEntry() {
			return false
		}
		i := slices.IndexFunc(msg.Field, func(f *fieldDesc) bool { return inner(f) == n.GetName() })
		if i < 0 {
			return true
		}
		f := msg.Field[i]
		n.Name = proto.String(camel(f.GetName()) + "Entry")
		f.TypeName = proto.String(strings.TrimSuffix(f.GetTypeName(), inner(f)) + n.GetName())
		return false
	})
}

// inner is the last part of the name of a field's type.
func inner(f *fieldDesc) string {
	return f.GetTypeName()[strings.LastIndexByte(f.GetTypeName(), '.')+1:]
}

// implicit takes explicit presence from a field.
func implicit(f *fieldDesc) { f.OneofIndex, f.Proto3Optional = nil, nil }

type editSet = func(*descriptorpb.FileDescriptorSet)

func fileOf(set *descriptorpb.FileDescriptorSet, path string) *fileDesc {
	i := slices.IndexFunc(set.File, func(f *fileDesc) bool { return f.GetName() == path })
	return set.File[i]
}

func brandnew() *messageDesc {
	return &messageDesc{Name: proto.String("Brandnew"), Field: []*fieldDesc{scalarField("brandnew", 77, descriptorpb.FieldDescriptorProto_TYPE_BOOL)}}
}

func scalarField(name string, number int32, kind descriptorpb.FieldDescriptorProto_Type) *fieldDesc {
	return &fieldDesc{
		Name: proto.String(name), Number: proto.Int32(number), Type: kind.Enum(),
		Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(), JsonName: proto.String(name),
	}
}

// filesThatUse are the other files that refer to a message.
func (m *protos) filesThatUse(name string) []string {
	var out []string
	for _, f := range m.set.File {
		if m.own(f) && strings.Contains(f.String(), `".`+name+`"`) {
			out = append(out, f.GetName())
		}
	}
	return out
}

func renameMessage(name string) editSet {
	return func(set *descriptorpb.FileDescriptorSet) {
		for _, f := range set.File {
			for _, msg := range f.MessageType {
				if f.GetPackage()+"."+msg.GetName() == name {
					msg.Name = proto.String(msg.GetName() + "Renamed")
				}
				for _, field := range msg.Field {
					renameTo(&field.TypeName, "."+name)
				}
			}
			for _, s := range f.Service {
				for _, method := range s.Method {
					renameTo(&method.InputType, "."+name)
					renameTo(&method.OutputType, "."+name)
				}
			}
		}
	}
}

func renameTo(at **string, from string) {
	if *at == nil {
		return
	}
	if rest, ok := strings.CutPrefix(**at, from); ok && (rest == "" || rest[0] == '.') { // itself, or what is within
		*at = proto.String(from + "Renamed" + rest)
	}
}

func makeMap(d *messageDesc, f *fieldDesc) {
	implicit(f)
	entry := camel(f.GetName()) + "Entry"
	d.NestedType = append(d.NestedType, &messageDesc{
		Name: proto.String(entry), Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
		Field: []*fieldDesc{
			scalarField("key", 1, descriptorpb.FieldDescriptorProto_TYPE_STRING),
			scalarField("value", 2, descriptorpb.FieldDescriptorProto_TYPE_STRING),
		},
	})
	f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum(), proto.String(entry)
}
