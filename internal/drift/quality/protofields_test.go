package quality

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (m *protos) field(file *fileDesc, name string, msg *messageDesc, f *fieldDesc, t travel) {
	omitted := m.project.omitted(name, f.GetName())
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used() && !omitted)
	}
	on := func(e func(*messageDesc, *fieldDesc)) editSet {
		return func(set *descriptorpb.FileDescriptorSet) {
			for _, d := range fileOf(set, file.GetName()).MessageType {
				for _, o := range slices.Clone(d.Field) {
					if d.GetName() == msg.GetName() && o.GetName() == f.GetName() {
						e(d, o)
					}
				}
			}
		}
	}
	put := func(kind string, before, after editSet, w want) {
		m.put(kind, name+"."+f.GetName(), file.GetName(), before, after, w)
	}
	remove := on(func(d *messageDesc, f *fieldDesc) {
		d.Field = slices.DeleteFunc(d.Field, func(o *fieldDesc) bool { return o == f })
	})
	added, removed := choiceRules(msg, f)
	lost := m.project.flat().lost(ir.GRPC, name+"."+f.GetName())
	if !m.project.flat().has(ir.GRPC, name+"."+f.GetName()) {
		lost = when(t.response) // what only wraps others
	}
	replaced := lost
	if t.request && !t.response {
		replaced = m.project.flat().replaced(ir.GRPC, name+"."+f.GetName())
	}
	put("remove a field", nil, remove, w(true, lost, removed))
	put("add a field that was removed", remove, nil, w(added == drift.VariantAdded && t.response, no, added))
	put("use the number of a field for another", nil, on(func(d *messageDesc, f *fieldDesc) {
		*f = *scalarField("reused", f.GetNumber(), descriptorpb.FieldDescriptorProto_TYPE_FIXED32)
	}), keep(omitted && t.used(), w(true, replaced, drift.FieldNumberReused, removed)))
	put("rename a field", nil, on(func(_ *messageDesc, f *fieldDesc) {
		f.Name, f.JsonName = proto.String(f.GetName()+"_renamed"), proto.String(f.GetJsonName()+"Renamed")
	}), w(true, no, drift.FieldRenamed))
	put("change a number", nil, on(func(_ *messageDesc, f *fieldDesc) { f.Number = proto.Int32(f.GetNumber() + 500) }), w(true, no, drift.FieldNumber))
	put("change a JSON name", nil, on(func(_ *messageDesc, f *fieldDesc) { f.JsonName = proto.String("another") }), w(true, no, drift.FieldJSONName))
	deprecate := on(func(_ *messageDesc, f *fieldDesc) {
		if f.Options == nil {
			f.Options = &descriptorpb.FieldOptions{}
		}
		f.Options.Deprecated = proto.Bool(true)
	})
	put("deprecate a field", nil, deprecate, w(false, no, drift.FieldDeprecated))
	put("reinstate a field", deprecate, nil, w(false, no, drift.FieldReinstated))
	if f.Options != nil && len(f.Options.ProtoReflect().GetUnknown()) > 0 {
		bare := on(func(_ *messageDesc, f *fieldDesc) { f.Options = nil })
		put("remove rules of validation", nil, bare, w(false, no, drift.FieldLimits))
		put("add rules of validation", bare, nil, w(t.request, no, drift.FieldLimits))
	}
	m.types(f, put, on, w)
	if f.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL {
		m.singular(name+"."+f.GetName(), f, t, put, on, w)
	}
}

type (
	putFunc func(kind string, before, after editSet, w want)
	onFunc  func(func(*messageDesc, *fieldDesc)) editSet
)

func (m *protos) types(f *fieldDesc, put putFunc, on onFunc, w wantFunc) {
	to := func(kind descriptorpb.FieldDescriptorProto_Type) editSet {
		return on(func(_ *messageDesc, f *fieldDesc) { f.Type, f.TypeName = kind.Enum(), nil })
	}
	if strings.HasSuffix(f.GetTypeName(), "Entry") {
		m.maps(f, put, on, w)
		return
	}
	choice := drift.FieldOneof
	if !isChoice(f) {
		choice = drift.FieldType
	}
	if f.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED {
		put("make a list one value", nil, on(func(_ *messageDesc, f *fieldDesc) { f.Label = descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum() }), w(true, yes, drift.FieldList))
	} else {
		put("make a field a list", nil, on(func(_ *messageDesc, f *fieldDesc) {
			implicit(f)
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}), w(true, yes, drift.FieldList, choice))
	}
	rule := drift.FieldType
	if f.GetLabel() == descriptorpb.FieldDescriptorProto_LABEL_REPEATED {
		rule = drift.FieldList
	}
	put("make a field a map", nil, on(func(d *messageDesc, f *fieldDesc) { makeMap(d, f) }), w(true, yes, rule, choice))
	switch f.GetType() {
	case descriptorpb.FieldDescriptorProto_TYPE_STRING:
		put("change string to bytes", nil, to(descriptorpb.FieldDescriptorProto_TYPE_BYTES), w(true, yes, drift.FieldType))
		put("change string to int64", nil, to(descriptorpb.FieldDescriptorProto_TYPE_INT64), w(true, yes, drift.FieldType))
	case descriptorpb.FieldDescriptorProto_TYPE_INT64:
		put("change int64 to int32", nil, to(descriptorpb.FieldDescriptorProto_TYPE_INT32), w(true, yes, drift.FieldType))
		put("change int64 to sint64", nil, to(descriptorpb.FieldDescriptorProto_TYPE_SINT64), w(true, no, drift.FieldType))
		put("change int64 to fixed64", nil, to(descriptorpb.FieldDescriptorProto_TYPE_SFIXED64), w(true, no, drift.FieldType))
		put("change int64 to uint64", nil, to(descriptorpb.FieldDescriptorProto_TYPE_UINT64), w(true, yes, drift.FieldType))
	case descriptorpb.FieldDescriptorProto_TYPE_BOOL:
		put("change bool to string", nil, to(descriptorpb.FieldDescriptorProto_TYPE_STRING), w(true, yes, drift.FieldType))
	case descriptorpb.FieldDescriptorProto_TYPE_MESSAGE:
		if f.GetTypeName() == ".google.protobuf.StringValue" {
			break // see wellKnown
		}
		put("change a message to string", nil, to(descriptorpb.FieldDescriptorProto_TYPE_STRING), w(true, yes, drift.FieldType))
		rule = drift.FieldReplaced
		if strings.HasPrefix(f.GetTypeName(), ".google.protobuf.") {
			rule = drift.FieldType // no message of the contract's own
		}
		put("replace a field's message", nil, on(func(d *messageDesc, f *fieldDesc) {
			d.NestedType = append(d.NestedType, brandnew())
			f.TypeName = proto.String("Brandnew")
		}), w(true, yes, rule, drift.MessageAdded))
	}
}

// singular are changes of fields that are neither lists nor maps.
func (m *protos) singular(at string, f *fieldDesc, t travel, put putFunc, on onFunc, w wantFunc) {
	oneof := on(func(d *messageDesc, f *fieldDesc) {
		implicit(f)
		d.OneofDecl = append(d.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: proto.String("choice")})
		f.OneofIndex = proto.Int32(int32(len(d.OneofDecl) - 1))
	})
	retyped := func(edit func(*says)) answer { return m.project.flat().retyped(ir.GRPC, at, edit) }
	if isChoice(f) {
		plain := on(func(_ *messageDesc, f *fieldDesc) { implicit(f) })
		becomes := retyped(func(s *says) { s.choice, s.presence = false, s.message })
		put("move a field out of a oneof", nil, plain, w(true, becomes, drift.FieldOneof))
		put("move a field into a oneof", plain, nil, w(true, becomes, drift.FieldOneof))
		return
	}
	becomes := retyped(func(s *says) { s.choice, s.presence = true, true })
	put("move a field into a oneof", nil, oneof, w(true, becomes, drift.FieldOneof))
	put("move a field out of a oneof", oneof, nil, w(true, becomes, drift.FieldOneof))
	if f.GetType() == descriptorpb.FieldDescriptorProto_TYPE_MESSAGE {
		m.wellKnown(f, put, on, w, retyped)
		return
	}
	explicit := on(func(_ *messageDesc, f *fieldDesc) { f.Proto3Optional = proto.Bool(true) })
	plain := on(func(_ *messageDesc, f *fieldDesc) { implicit(f) })
	toggled := retyped(func(s *says) { s.presence = !s.presence })
	put("make presence explicit", plain, explicit, w(false, toggled, drift.FieldPresence))
	put("make presence implicit", explicit, plain, w(t.request, toggled, drift.FieldPresence))
	if f.GetType() != descriptorpb.FieldDescriptorProto_TYPE_STRING {
		return
	}
	enum := func(values ...string) editSet {
		return on(func(d *messageDesc, f *fieldDesc) {
			def := &descriptorpb.EnumDescriptorProto{Name: proto.String("Mood")}
			for _, v := range values {
				name, number, _ := strings.Cut(v, "=")
				def.Value = append(def.Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String(name), Number: proto.Int32(int32(number[0] - '0'))})
			}
			d.EnumType = append(d.EnumType, def)
			f.Type, f.TypeName, f.Options = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum(), proto.String("Mood"), nil
		})
	}
	two := enum("M_A=0", "M_B=1")
	set := func(kind descriptorpb.FieldDescriptorProto_Type, of string) editSet {
		return on(func(_ *messageDesc, f *fieldDesc) {
			implicit(f)
			f.Type, f.TypeName, f.Options = kind.Enum(), proto.String(of), nil
		})
	}
	if m.imports("google/protobuf/wrappers.proto") {
		put("wrap a string", plain, set(descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, ".google.protobuf.StringValue"),
			w(true, m.project.flat().retyped(ir.GRPC, at, func(s *says) { s.presence = true }), drift.FieldType, drift.FieldPresence))
		put("change a string to a Timestamp", plain, set(descriptorpb.FieldDescriptorProto_TYPE_MESSAGE, ".google.protobuf.Timestamp"), w(true, yes, drift.FieldType))
	}
	put("change a string to an enum", nil, two, w(true, yes, drift.FieldType, drift.FieldLimits))
	put("add an enum value", two, enum("M_A=0", "M_B=1", "M_C=2"), w(t.response, no, drift.EnumValueAdded))
	constant := m.project.flat().textInGRPC(at)
	put("remove an enum value", two, enum("M_A=0"), w(t.request, constant, drift.EnumValueRemoved))
	put("rename an enum value", two, enum("M_A=0", "M_X=1"), w(true, constant, drift.EnumValueRenamed))
	put("change the number of an enum value", two, enum("M_A=0", "M_B=3"), w(true, no, drift.EnumValueNumber))
}
