package quality

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"
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
