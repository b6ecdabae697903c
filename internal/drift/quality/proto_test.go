package quality

import (
	"bytes"
	"slices"
	"strings"

	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

type (
	fileDesc    = descriptorpb.FileDescriptorProto
	messageDesc = descriptorpb.DescriptorProto
	fieldDesc   = descriptorpb.FieldDescriptorProto
	methodDesc  = descriptorpb.MethodDescriptorProto
)

// protos makes the mutations of proto files, on their descriptors.
type protos struct {
	project *project
	dir     string
	set     *descriptorpb.FileDescriptorSet
	graph   *graph
	rows    map[string]*row
	out     []mutation
}

func (p *project) grpcMutations() []mutation {
	dir := p.side0.Manifest.Contracts.GRPC.Protos.Value
	files, list := protofiles.Load(p.files, dir)
	if err := list.Err(); err != nil {
		panic(err)
	}
	m := &protos{project: p, dir: dir, set: files.Set, graph: &graph{refs: map[string][]string{}, uses: map[string]*travel{}}}
	for _, f := range m.set.File {
		f.SourceCodeInfo = nil
	}
	var operations []string
	m.eachMessage(func(_ *fileDesc, name string, msg *messageDesc) {
		for _, f := range msg.Field {
			m.graph.refs[name] = append(m.graph.refs[name], strings.TrimPrefix(f.GetTypeName(), "."))
		}
	})
	m.eachMethod(func(_ *fileDesc, key string, _ *methodDesc) { operations = append(operations, key) })
	m.rows = p.rows(ir.GRPC, operations)
	m.eachMethod(func(_ *fileDesc, key string, method *methodDesc) {
		if r := m.rows[key]; r != nil {
			m.graph.walk(strings.TrimPrefix(method.GetInputType(), "."), r, request)
			m.graph.walk(strings.TrimPrefix(method.GetOutputType(), "."), r, response)
		}
	})
	m.eachMethod(m.method)
	m.eachMessage(m.message)
	m.enums()
	m.places()
	m.silent()
	return m.out
}

// own tells whether a file is the API's own.
func (m *protos) own(f *fileDesc) bool {
	return !strings.HasPrefix(f.GetName(), "google/") && !strings.HasPrefix(f.GetName(), "buf/") && !strings.HasPrefix(f.GetName(), "rule/") &&
		!strings.HasSuffix(f.GetName(), "/annotations.proto")
}

func (m *protos) eachMessage(f func(*fileDesc, string, *messageDesc)) {
	for _, file := range m.set.File {
		for _, msg := range file.MessageType {
			if m.own(file) {
				f(file, file.GetPackage()+"."+msg.GetName(), msg)
			}
		}
	}
}

func (m *protos) eachMethod(f func(*fileDesc, string, *methodDesc)) {
	for _, file := range m.set.File {
		for _, s := range file.Service {
			for _, method := range s.Method {
				f(file, file.GetPackage()+"."+s.GetName()+"/"+method.GetName(), method)
			}
		}
	}
}

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

func (m *protos) put(kind, at, path string, before, after editSet, w want) {
	one := mutation{kind: "grpc " + kind, at: at, want: w}
	if before != nil {
		one.before = m.edited(before, path)
	}
	if after != nil {
		one.after = m.edited(after, path)
	}
	m.out = append(m.out, one)
}

func fileOf(set *descriptorpb.FileDescriptorSet, path string) *fileDesc {
	i := slices.IndexFunc(set.File, func(f *fileDesc) bool { return f.GetName() == path })
	return set.File[i]
}

func (m *protos) method(file *fileDesc, key string, method *methodDesc) {
	r := m.rows[key]
	used := r != nil
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(used)
	}
	service, name, _ := strings.Cut(key[strings.LastIndexByte(key, '.')+1:], "/")
	edit := func(e func(s *descriptorpb.ServiceDescriptorProto, i int)) editSet {
		return func(set *descriptorpb.FileDescriptorSet) {
			for _, s := range fileOf(set, file.GetName()).Service {
				i := slices.IndexFunc(s.Method, func(o *methodDesc) bool { return o.GetName() == name })
				if s.GetName() == service {
					e(s, i)
				}
			}
		}
	}
	on := func(e func(*methodDesc)) editSet {
		return edit(func(s *descriptorpb.ServiceDescriptorProto, i int) { e(s.Method[i]) })
	}
	put := func(kind string, before, after editSet, w want) { m.put(kind, key, file.GetName(), before, after, w) }
	single := when(used && r.single)
	remove := edit(func(s *descriptorpb.ServiceDescriptorProto, i int) { s.Method = slices.Delete(s.Method, i, i+1) })
	put("remove a method", nil, remove, w(true, single, drift.OperationRemoved))
	put("add a method", remove, nil, w(false, no, drift.OperationAdded))
	put("rename a method", nil, on(func(d *methodDesc) { d.Name = proto.String(name + "Renamed") }), w(true, no, drift.OperationRenamed))
	m.streams(method, on, put, w, single)
	stream := on(func(d *methodDesc) { d.ClientStreaming = proto.Bool(true) })
	put("stream requests", nil, stream, w(true, single, drift.StreamingChanged))
	put("no longer stream requests", stream, nil, w(true, single, drift.StreamingChanged))
	deprecate := on(func(d *methodDesc) {
		if d.Options == nil {
			d.Options = &descriptorpb.MethodOptions{}
		}
		d.Options.Deprecated = proto.Bool(true)
	})
	put("deprecate a method", nil, deprecate, w(false, no, drift.OperationDeprecated))
	put("reinstate a method", deprecate, nil, w(false, no, drift.OperationReinstated))
	if method.Options != nil && len(method.Options.ProtoReflect().GetUnknown()) > 0 {
		bare := on(func(d *methodDesc) { d.Options = nil })
		put("remove an HTTP binding", nil, bare, w(true, no, drift.HTTPRuleChanged))
		put("add an HTTP binding", bare, nil, w(false, no, drift.HTTPRuleChanged))
		m.httpRules(method, on, put, w)
	}
	fresh := func(e func(*methodDesc, *string)) editSet {
		return func(set *descriptorpb.FileDescriptorSet) {
			f := fileOf(set, file.GetName())
			f.MessageType = append(f.MessageType, brandnew())
			on(func(d *methodDesc) { e(d, proto.String("."+f.GetPackage()+".Brandnew")) })(set)
		}
	}
	put("replace a request", nil, fresh(func(d *methodDesc, to *string) { d.InputType = to }), w(true, yes, drift.RequestReplaced, drift.MessageAdded))
	put("replace an answer", nil, fresh(func(d *methodDesc, to *string) { d.OutputType = to }), w(true, yes, drift.ResponseReplaced, drift.MessageAdded))
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

func (m *protos) message(file *fileDesc, name string, msg *messageDesc) {
	t := m.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	on := func(e func(*messageDesc)) editSet {
		return func(set *descriptorpb.FileDescriptorSet) {
			for _, d := range fileOf(set, file.GetName()).MessageType {
				if d.GetName() == msg.GetName() {
					e(d)
				}
			}
		}
	}
	put := func(kind string, before, after editSet, w want) { m.put(kind, name, file.GetName(), before, after, w) }
	reserve := on(func(d *messageDesc) {
		d.ReservedRange = append(d.ReservedRange, &descriptorpb.DescriptorProto_ReservedRange{Start: proto.Int32(900), End: proto.Int32(903)})
		d.ReservedName = append(d.ReservedName, "reserved_name")
	})
	put("reserve numbers and a name", nil, reserve, w(false, no, drift.ReservedAdded))
	put("no longer reserve", reserve, nil, w(false, no, drift.ReservedRemoved))
	reuse := on(func(d *messageDesc) {
		d.Field = append(d.Field, scalarField("reused", 901, descriptorpb.FieldDescriptorProto_TYPE_BOOL))
	})
	put("use a reserved number", reserve, reuse, w(true, no, drift.FieldNumberReused, drift.ReservedRemoved))
	add := on(func(d *messageDesc) {
		d.Field = append(d.Field, scalarField("added", 904, descriptorpb.FieldDescriptorProto_TYPE_BOOL))
	})
	put("add a field", nil, add, w(false, no, drift.FieldAdded))
	if users := m.filesThatUse(name); len(users) > 0 {
		m.out = append(m.out, mutation{kind: "grpc rename a message", at: name, after: m.edited(renameMessage(name), append(users, file.GetName())...),
			want: w(false, either, drift.MessageRenamed)})
	}
	for _, f := range msg.Field {
		m.field(file, name, msg, f, t)
	}
	m.oneofs(msg, put, on, w, t)
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

// places moves services and the whole package.
func (m *protos) places() {
	for _, file := range m.set.File {
		for i, s := range file.Service {
			used := slices.ContainsFunc(s.Method, func(d *methodDesc) bool { return m.rows[file.GetPackage()+"."+s.GetName()+"/"+d.GetName()] != nil })
			m.put("rename a service", s.GetName(), file.GetName(), nil, func(set *descriptorpb.FileDescriptorSet) {
				fileOf(set, file.GetName()).Service[i].Name = proto.String(s.GetName() + "Renamed")
			}, want{rules: ids(drift.ServiceRenamed), wire: true}.of(used))
		}
	}
	var own []string
	from := ""
	for _, f := range m.set.File {
		if m.own(f) && len(f.Service) > 0 {
			from = f.GetPackage()
		}
	}
	for _, f := range m.set.File {
		if f.GetPackage() == from {
			own = append(own, f.GetName())
		}
	}
	m.out = append(m.out, mutation{kind: "grpc rename the package", at: from, want: want{rules: ids(drift.PackageRenamed, drift.MessageRenamed), wire: true},
		after: func() map[string][]byte {
			out := map[string][]byte{}
			for name, data := range m.edited(func(*descriptorpb.FileDescriptorSet) {}, own...)() {
				text := strings.ReplaceAll(string(data), "package "+from+";", "package "+from+"x;")
				out[name] = []byte(strings.ReplaceAll(text, "."+from+".", "."+from+"x."))
			}
			return out
		}})
}

// silent are edits that change nothing.
func (m *protos) silent() {
	for _, file := range m.set.File {
		if !m.own(file) {
			continue
		}
		path := file.GetName()
		put := func(kind string, edit editSet) { m.put(kind, path, path, nil, edit, want{}) }
		put("format otherwise", func(*descriptorpb.FileDescriptorSet) {})
		put("turn the order of messages and methods round", func(set *descriptorpb.FileDescriptorSet) {
			f := fileOf(set, path)
			slices.Reverse(f.MessageType)
			for _, s := range f.Service {
				slices.Reverse(s.Method)
			}
			for _, msg := range f.MessageType {
				slices.Reverse(msg.Field)
			}
		})
		put("change options of other languages", func(set *descriptorpb.FileDescriptorSet) {
			f := fileOf(set, path)
			if f.Options == nil {
				f.Options = &descriptorpb.FileOptions{}
			}
			f.Options.JavaPackage, f.Options.ObjcClassPrefix = proto.String("x"), proto.String("X")
		})
		name, data := m.dir+"/"+path, m.project.files[m.dir+"/"+path].Data
		m.out = append(m.out, mutation{kind: "grpc comment", at: path, after: func() map[string][]byte {
			text := strings.ReplaceAll(string(data), "message ", "// A comment.\nmessage ")
			return map[string][]byte{name: []byte(text)}
		}})
	}
}
