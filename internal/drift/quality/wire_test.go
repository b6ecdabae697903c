package quality

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

type (
	onMethod     = func(func(*methodDesc)) editSet
	putOperation = func(kind string, before, after editSet, w want)
)

// streams changes whether a method answers one message or many.
func (m *protos) streams(method *methodDesc, on onMethod, put putOperation, w wantFunc, single answer) {
	stream := func(yes bool) editSet { return on(func(d *methodDesc) { d.ServerStreaming = proto.Bool(yes) }) }
	if method.GetServerStreaming() {
		// The other protocols of the row describe a stream, too.
		put("no longer stream answers", nil, stream(false), w(true, yes, drift.StreamingChanged))
		put("stream answers", stream(false), nil, w(true, single, drift.StreamingChanged))
		return
	}
	put("stream answers", nil, stream(true), w(true, single, drift.StreamingChanged))
	put("no longer stream answers", stream(true), nil, w(true, single, drift.StreamingChanged))
}

// httpRule is google.api.http as far as it matters here.
type httpRule struct {
	verb         protowire.Number
	path         string
	body, answer string
	more         []httpRule
}

// The field numbers of google.api.HttpRule, and that of the option.
const (
	numberOption, numberBody, numberMore, numberAnswer protowire.Number = 72295728, 7, 11, 12
	numberPost                                         protowire.Number = 4
)

func parseRule(b []byte) httpRule {
	var out httpRule
	for len(b) > 0 {
		number, _, n := protowire.ConsumeTag(b)
		value, size := protowire.ConsumeBytes(b[n:])
		if n < 0 || size < 0 {
			panic("no rule of HTTP")
		}
		switch number {
		case numberBody:
			out.body = string(value)
		case numberAnswer:
			out.answer = string(value)
		case numberMore:
			out.more = append(out.more, parseRule(value))
		default:
			out.verb, out.path = number, string(value)
		}
		b = b[n+size:]
	}
	return out
}

func (r httpRule) append(b []byte) []byte {
	text := func(number protowire.Number, s string) {
		if s != "" {
			b = protowire.AppendString(protowire.AppendTag(b, number, protowire.BytesType), s)
		}
	}
	text(r.verb, r.path)
	text(numberBody, r.body)
	for _, one := range r.more {
		text(numberMore, string(one.append(nil)))
	}
	text(numberAnswer, r.answer)
	return b
}

// httpRules changes how a gateway offers a method. A server of REST that is
// transcoded takes what is not in the path from the body, or from the query.
func (m *protos) httpRules(method *methodDesc, on onMethod, put putOperation, w wantFunc) {
	rule, ok := ruleOf(method)
	if !ok {
		return
	}
	edit := func(e func(*httpRule)) editSet {
		return on(func(d *methodDesc) {
			r, _ := ruleOf(d)
			e(&r)
			d.Options.ProtoReflect().SetUnknown(protowire.AppendBytes(protowire.AppendTag(nil, numberOption, protowire.BytesType), r.append(nil)))
		})
	}
	input := m.fieldsOf(method.GetInputType())
	body := func(kind, to string) {
		if rule.body == to {
			return
		}
		breaks := w(len(input) > 0, no, drift.HTTPRuleChanged)
		put(kind, nil, edit(func(r *httpRule) { r.body = to }), breaks)
		put(kind+", and back", edit(func(r *httpRule) { r.body = to }), nil, breaks)
	}
	body("let a rule have all fields in the body", "*")
	body("let a rule have no body", "")
	if len(input) > 0 {
		body("let a rule have one field as the body", input[len(input)-1])
	}
	if output := m.fieldsOf(method.GetOutputType()); len(output) > 0 {
		put("let a rule answer one field", nil, edit(func(r *httpRule) { r.answer = output[0] }), w(true, no, drift.HTTPRuleChanged))
	}
	more := edit(func(r *httpRule) { r.more = append(r.more, httpRule{verb: numberPost, path: "/v2/more", body: "*"}) })
	put("add a binding to a rule", nil, more, w(false, no, drift.HTTPRuleChanged))
	put("remove a binding of a rule that no row uses", more, nil, w(false, no, drift.HTTPRuleChanged))
	put("change a binding of a rule that no row uses", more, edit(func(r *httpRule) {
		r.more = append(r.more, httpRule{verb: numberPost, path: "/v2/more"})
	}), w(false, no, drift.HTTPRuleChanged))
	put("change the path of a rule", nil, edit(func(r *httpRule) { r.path = strings.Replace(r.path, "/v1", "/v3", 1) }), w(true, no, drift.HTTPRuleChanged))
	put("let the first binding of a rule be the second", more, edit(func(r *httpRule) {
		first := *r
		first.more = nil
		*r = httpRule{verb: numberPost, path: "/v2/more", body: "*", more: append(r.more, first)}
	}), want{})
}

func ruleOf(d *methodDesc) (httpRule, bool) {
	unknown := d.Options.ProtoReflect().GetUnknown()
	number, _, n := protowire.ConsumeTag(unknown)
	value, size := protowire.ConsumeBytes(unknown[max(n, 0):])
	if number != numberOption || n+size != len(unknown) {
		return httpRule{}, false // other options stand there, too
	}
	return parseRule(value), true
}

// fieldsOf are the names of a message's fields.
func (m *protos) fieldsOf(name string) []string {
	var out []string
	m.eachMessage(func(_ *fileDesc, full string, msg *messageDesc) {
		for _, f := range msg.Field {
			if "."+full == name {
				out = append(out, f.GetName())
			}
		}
	})
	return out
}

// imports tells whether the API's protos import a file.
func (m *protos) imports(path string) bool {
	return slices.ContainsFunc(m.set.File, func(f *fileDesc) bool { return m.own(f) && slices.Contains(f.Dependency, path) })
}

// wellKnown changes fields that hold messages of google.protobuf.
func (m *protos) wellKnown(f *fieldDesc, put putFunc, on onFunc, w wantFunc, retyped func(func(*says)) answer) {
	to := func(kind descriptorpb.FieldDescriptorProto_Type, name string) editSet {
		return on(func(_ *messageDesc, f *fieldDesc) {
			f.Type, f.TypeName = kind.Enum(), nil
			if name != "" {
				f.TypeName = proto.String(name)
			}
		})
	}
	message := descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	switch f.GetTypeName() {
	case ".google.protobuf.StringValue":
		put("unwrap a string", nil, to(descriptorpb.FieldDescriptorProto_TYPE_STRING, ""),
			w(true, retyped(func(s *says) { s.presence = false }), drift.FieldType, drift.FieldPresence))
	case ".google.protobuf.Timestamp":
		put("change a Timestamp to a Duration", nil, to(message, ".google.protobuf.Duration"), w(true, yes, drift.FieldType))
		put("change a Timestamp to seconds", nil, to(descriptorpb.FieldDescriptorProto_TYPE_INT64, ""), w(true, yes, drift.FieldType))
	case ".google.protobuf.Value":
		put("change a Value to a Struct", nil, to(message, ".google.protobuf.Struct"), w(true, yes, drift.FieldType))
	}
}

// maps changes the keys and the values of a map.
func (m *protos) maps(f *fieldDesc, put putFunc, on onFunc, w wantFunc) {
	entry := func(e func(key, value *fieldDesc)) editSet {
		return on(func(d *messageDesc, f *fieldDesc) {
			for _, nested := range d.NestedType {
				if strings.HasSuffix(f.GetTypeName(), "."+nested.GetName()) {
					e(nested.Field[0], nested.Field[1])
				}
			}
		})
	}
	put("change the values of a map", nil, entry(func(_, value *fieldDesc) { value.Type = descriptorpb.FieldDescriptorProto_TYPE_BOOL.Enum() }), w(true, yes, drift.FieldType))
	put("change the keys of a map", nil, entry(func(key, _ *fieldDesc) { key.Type = descriptorpb.FieldDescriptorProto_TYPE_INT32.Enum() }), w(true, yes, drift.FieldType))
	put("make a map a list", nil, on(func(_ *messageDesc, f *fieldDesc) {
		f.Type, f.TypeName = descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(), nil
	}), w(true, yes, drift.FieldList))
}

// enums changes the enums of the API's files.
func (m *protos) enums() {
	for _, file := range m.set.File {
		for i, e := range file.EnumType {
			if m.own(file) {
				m.enum(file, i, e)
			}
		}
	}
}

func (m *protos) enum(file *fileDesc, i int, e *descriptorpb.EnumDescriptorProto) {
	name := file.GetPackage() + "." + e.GetName()
	t := m.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	on := func(e func(*descriptorpb.EnumDescriptorProto)) editSet {
		return func(set *descriptorpb.FileDescriptorSet) { e(fileOf(set, file.GetName()).EnumType[i]) }
	}
	put := func(kind, at string, before, after editSet, w want) {
		m.put(kind, at, file.GetName(), before, after, w)
	}
	put("add a value to an enum", name, nil, on(func(e *descriptorpb.EnumDescriptorProto) {
		e.Value = append(e.Value, &descriptorpb.EnumValueDescriptorProto{Name: proto.String("BRANDNEW"), Number: proto.Int32(77)})
	}), w(t.response, no, drift.EnumValueAdded))
	put("rename an enum", name, nil, func(set *descriptorpb.FileDescriptorSet) {
		fileOf(set, file.GetName()).EnumType[i].Name = proto.String(e.GetName() + "Renamed")
		for _, f := range set.File {
			for _, msg := range f.MessageType {
				for _, field := range msg.Field {
					renameTo(&field.TypeName, "."+name)
				}
			}
		}
	}, w(false, yes, drift.EnumRenamed))
	for j, v := range e.Value {
		at := name + "." + v.GetName()
		lost := m.project.flat().constantLost(ir.GRPC, name, v.GetName())
		if v.GetNumber() == 0 {
			continue // every enum has one, and here it says that there is no value
		}
		put("remove a value of an enum", at, nil, on(func(e *descriptorpb.EnumDescriptorProto) { e.Value = slices.Delete(e.Value, j, j+1) }), w(t.request, lost, drift.EnumValueRemoved))
		put("rename a value of an enum", at, nil, on(func(e *descriptorpb.EnumDescriptorProto) { e.Value[j].Name = proto.String("RENAMED") }), w(m.project.transcoded(), lost, drift.EnumValueRenamed))
		put("give a value of an enum another number", at, nil, on(func(e *descriptorpb.EnumDescriptorProto) { e.Value[j].Number = proto.Int32(55) }), w(true, no, drift.EnumValueNumber))
		if !v.GetOptions().GetDeprecated() {
			deprecate := on(func(e *descriptorpb.EnumDescriptorProto) {
				e.Value[j].Options = &descriptorpb.EnumValueOptions{Deprecated: proto.Bool(true)}
			})
			put("deprecate a value of an enum", at, nil, deprecate, w(false, no, drift.EnumValueDeprecated))
			put("reinstate a value of an enum", at, deprecate, nil, w(false, no, drift.EnumValueDeprecated))
		}
	}
}
