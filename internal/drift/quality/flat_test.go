package quality

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/protobuf/types/descriptorpb"
	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// This is a second opinion on which fields the SDK's structs have and which of
// them are pointers, from the contracts' sources and the rules that
// docs/architecture.md promises to callers.

// says is what one contract says of a field.
type says struct {
	// required: a value has to be there. presence: one that is not there differs
	// from a zero one.
	required, presence bool
	// hasNil: Go has nil for the type itself. message: it holds a message.
	hasNil, message bool
	// choice: it is one of several of which a value has one.
	choice bool
	// inPath: it is part of an address.
	inPath bool
	// enum is the enum's name, values what it allows, in plain letters.
	enum   string
	values []string
}

// flatField is a field of the SDK's structs.
type flatField struct {
	request bool
	// over are the protocols that the struct travels over, says those that have
	// the field.
	over       []ir.Protocol
	says       map[ir.Protocol]says
	transcoded bool
	// alone: the protocol's message has no other field.
	alone map[ir.Protocol]bool
}

// pointer tells whether the field is one: a request field where unset differs
// from zero, and whatever is one of a choice.
func (f *flatField) pointer() bool {
	message, presence := false, false
	for p, s := range f.says {
		if s.hasNil {
			return false
		}
		message = message || s.message
		if p == ir.REST && f.restIsGRPC() {
			s.presence = f.says[ir.GRPC].presence
		}
		presence = presence || s.presence
	}
	for _, s := range f.says {
		if s.choice {
			return true
		}
	}
	return f.request && !f.required() && (message || presence)
}

// restIsGRPC: REST that is transcoded can tell what protobuf can tell.
func (f *flatField) restIsGRPC() bool { return f.transcoded && slices.Contains(f.over, ir.GRPC) }

// required: GraphQL says it best, then OpenAPI unless it is made of protos.
func (f *flatField) required() bool {
	if f.says[ir.REST].inPath {
		return true
	}
	for _, p := range []ir.Protocol{ir.GraphQL, ir.REST, ir.GRPC} {
		if slices.Contains(f.over, p) && (p != ir.REST || !f.restIsGRPC()) {
			return f.says[p].required
		}
	}
	return false
}

// with is the field with another word of one protocol; nil: it lacks it.
func (f *flatField) with(p ir.Protocol, s *says) *flatField {
	out := *f
	out.says = map[ir.Protocol]says{}
	for other, said := range f.says {
		out.says[other] = said
	}
	delete(out.says, p)
	if s == nil && f.alone[p] {
		out.over = slices.DeleteFunc(slices.Clone(f.over), func(o ir.Protocol) bool { return o == p })
	}
	if s != nil {
		out.says[p] = *s
	}
	return &out
}

// flats finds the fields of the SDK by what a contract calls them: the type and
// the field, or the operation and the argument.
type flats struct {
	at map[ir.Protocol]map[string][]*flatField
	// requests are the protocols over which a method's request has fields.
	requests map[string][]ir.Protocol
}

// retyped tells whether a field becomes a pointer, or no longer is one, when one
// contract says something else of it.
func (l *flats) retyped(p ir.Protocol, at string, edit func(*says)) answer {
	for _, f := range l.at[p][at] {
		s := f.says[p]
		edit(&s)
		if f.pointer() != f.with(p, &s).pointer() {
			return yes
		}
	}
	return no
}

// has tells whether a field of the SDK is known by the name.
func (l *flats) has(p ir.Protocol, at string) bool { return len(l.at[p][at]) > 0 }

// lost tells whether Go code loses something when one contract lacks the field:
// with an answer everything, since answers are the same over all protocols; of a
// request the field if no other protocol has it, or its type.
func (l *flats) lost(p ir.Protocol, at string) answer { return l.gone(p, at, true) }

// replaced is the same where another field comes in the place of it.
func (l *flats) replaced(p ir.Protocol, at string) answer { return l.gone(p, at, false) }

func (l *flats) gone(p ir.Protocol, at string, empty bool) answer {
	for _, f := range l.at[p][at] {
		if !empty {
			one := *f
			one.alone = nil
			f = &one
		}
		if !f.request || len(f.says) == 1 || f.pointer() != f.with(p, nil).pointer() {
			return yes
		}
	}
	return no
}

// constantLost tells whether a constant goes with the value of one contract's
// enum: no other contract has a value of that name.
func (l *flats) constantLost(p ir.Protocol, enum, value string) answer {
	if valueWord(enum, value) == "unspecified" {
		return no // it stands for no value
	}
	used := false
	for _, list := range l.at[p] {
		for _, f := range list {
			if f.says[p].enum != enum {
				continue
			}
			used = true
			for other, s := range f.says {
				if other != p && slices.Contains(s.values, valueWord(enum, value)) {
					return no
				}
			}
		}
	}
	return when(used)
}

// node is a message of a contract, as far as it matters here.
type node struct {
	name   string
	fields []nodeField
}

type nodeField struct {
	name string
	// at are all names that a place can have: types and their field.
	at []string
	says
	node *node
}

type sources struct {
	project *project
	schema  *ast.SchemaDocument
	schemas object
	paths   object
	protos  *descriptorpb.FileDescriptorSet
	nodes   map[string]*node
}

func (p *project) flat() *flats {
	if p.flats != nil {
		return p.flats
	}
	src := p.sources()
	out := &flats{at: map[ir.Protocol]map[string][]*flatField{}, requests: map[string][]ir.Protocol{}}
	file := p.side0.Manifest
	for i := range file.Methods {
		m := &file.Methods[i]
		requests, answers := map[ir.Protocol]*node{}, map[ir.Protocol]*node{}
		for _, protocol := range ir.Protocols() {
			if slices.Contains(manifest.Values(m.Protocols), string(protocol)) {
				requests[protocol], answers[protocol] = src.operation(protocol, p.operationOf(m, protocol), m)
				if requests[protocol] != nil || protocol == ir.REST {
					out.requests[m.Name.Value] = append(out.requests[m.Name.Value], protocol)
				}
			}
		}
		out.walk(p, true, requests, map[string]bool{})
		out.walk(p, false, answers, map[string]bool{})
	}
	p.flats = out
	return out
}

// walk lays the messages of a method over each other, field by field.
func (l *flats) walk(p *project, request bool, nodes map[ir.Protocol]*node, seen map[string]bool) {
	key := ""
	var over []ir.Protocol
	for _, protocol := range ir.Protocols() {
		if n := nodes[protocol]; n != nil {
			key += string(protocol) + " " + n.name + ";"
			over = append(over, protocol)
		}
	}
	if seen[key] || len(over) == 0 {
		return
	}
	seen[key] = true
	fields := map[string]*flatField{}
	below := map[string]map[ir.Protocol]*node{}
	for _, protocol := range over {
		for _, f := range nodes[protocol].fields {
			name := plainWord(f.name)
			if fields[name] == nil {
				fields[name] = &flatField{request: request, over: over, says: map[ir.Protocol]says{}, transcoded: p.transcoded(), alone: map[ir.Protocol]bool{}}
				below[name] = map[ir.Protocol]*node{}
			}
			fields[name].says[protocol], fields[name].alone[protocol] = f.says, len(nodes[protocol].fields) == 1
			if f.node != nil {
				below[name][protocol] = f.node
			}
			if l.at[protocol] == nil {
				l.at[protocol] = map[string][]*flatField{}
			}
			for _, at := range f.at {
				l.at[protocol][at] = append(l.at[protocol][at], fields[name])
			}
		}
	}
	for name := range below {
		l.walk(p, request, below[name], seen)
	}
}

func (p *project) transcoded() bool {
	rest := p.side0.Manifest.Contracts.REST
	return rest != nil && rest.Transcoded.Value
}

// valueWord is a value of an enum without the enum's own name.
func valueWord(enum, value string) string {
	return strings.TrimPrefix(plainWord(value), plainWord(enum[strings.LastIndexByte(enum, '.')+1:]))
}

// textInGRPC tells whether the field is an enum once protobuf says so: over REST
// alone, which is made of the protos, it may be called a text.
func (l *flats) textInGRPC(at string) answer {
	for _, f := range l.at[ir.GRPC][at] {
		if _, ok := f.says[ir.GraphQL]; ok {
			return no
		}
	}
	return when(l.has(ir.GRPC, at))
}

func plainWord(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", "\"", "").Replace(s))
}

func (p *project) sources() *sources {
	s := &sources{project: p, nodes: map[string]*node{}, schemas: object{}, paths: object{}}
	c := p.side0.Manifest.Contracts
	s.schema = (&schema{project: p, source: string(p.files[c.GraphQL.Schema.Value].Data)}).parse()
	for _, path := range manifest.Values(c.REST.Documents) {
		var value object
		if err := yaml.Unmarshal(p.files[path].Data, &value); err != nil {
			panic(err)
		}
		data, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		doc := (&document{source: data}).parse()
		for name, v := range dig(doc, "components", "schemas") {
			s.schemas[name] = v
		}
		for name, v := range dig(doc, "paths") {
			s.paths[name] = v
		}
	}
	files, list := protofiles.Load(p.files, c.GRPC.Protos.Value)
	if err := list.Err(); err != nil {
		panic(err)
	}
	s.protos = files.Set
	return s
}

// operation is what a call sends and gets over one protocol.
func (s *sources) operation(p ir.Protocol, key string, m *manifest.Method) (request, response *node) {
	switch p {
	case ir.GraphQL:
		request, response = s.graphql(key)
	case ir.REST:
		request, response = s.rest(key, m)
	case ir.GRPC:
		request, response = s.grpc(key)
	}
	if envelope, ok := m.Envelope[string(p)]; ok && response != nil {
		for _, f := range response.fields {
			if f.name == envelope.Value {
				return request, f.node
			}
		}
	}
	return request, response
}

// once makes a node at its first use, so that types may refer to each other in
// circles.
func (s *sources) once(key, name string, fill func(*node)) *node {
	if s.nodes[key] == nil {
		s.nodes[key] = &node{name: name}
		fill(s.nodes[key])
	}
	return s.nodes[key]
}

func (s *sources) graphql(key string) (request, response *node) {
	for _, def := range s.schema.Definitions {
		f := def.Fields.ForName(key)
		if !isRoot(def) || f == nil {
			continue
		}
		request = &node{name: key}
		for _, arg := range f.Arguments {
			value := s.graphqlField(arg.Name, arg.Type, arg.DefaultValue)
			value.at = []string{key + "." + arg.Name}
			if len(f.Arguments) == 1 && value.message {
				return value.node, s.graphqlType(f.Type.Name()) // its fields are those of the request
			}
			request.fields = append(request.fields, value)
		}
		if len(request.fields) == 0 {
			request = nil
		}
		return request, s.graphqlType(f.Type.Name())
	}
	return nil, nil
}

func (s *sources) graphqlField(name string, t *ast.Type, preset *ast.Value) nodeField {
	out := nodeField{name: name, says: says{required: t.NonNull && preset == nil, presence: !t.NonNull || preset != nil, hasNil: t.Elem != nil}}
	scalar := s.project.side0.Manifest.Scalars[t.Name()].Value
	out.hasNil = out.hasNil || scalar == "object" || scalar == "any" || scalar == "bytes" || strings.HasPrefix(scalar, "map")
	switch def := s.schema.Definitions.ForName(t.Name()); {
	case def == nil:
	case def.Kind == ast.Enum:
		out.enum = def.Name
		for _, v := range def.EnumValues {
			out.values = append(out.values, valueWord(def.Name, v.Name))
		}
	case def.Kind != ast.Scalar:
		out.message, out.node = true, s.graphqlType(t.Name())
	}
	return out
}

func (s *sources) graphqlType(name string) *node {
	def := s.schema.Definitions.ForName(name)
	if def == nil {
		return nil
	}
	return s.once("graphql "+name, name, func(n *node) {
		for _, member := range variantsOf(s.schema, def) {
			n.fields = append(n.fields, nodeField{
				name: member, at: []string{name + "|" + member}, node: s.graphqlType(member),
				says: says{choice: true, message: true, presence: true},
			})
		}
		if def.Kind == ast.Union || def.Kind == ast.Interface {
			return
		}
		for _, f := range def.Fields {
			field := s.graphqlField(f.Name, f.Type, f.DefaultValue)
			field.at = []string{name + "." + f.Name}
			field.choice = def.Directives.ForName("oneOf") != nil
			n.fields = append(n.fields, field)
		}
	})
}

// variantsOf are the types that a value of a union or interface can have.
func variantsOf(doc *ast.SchemaDocument, def *ast.Definition) []string {
	switch def.Kind {
	case ast.Union:
		return def.Types
	case ast.Interface:
		var out []string
		for _, d := range doc.Definitions {
			if slices.Contains(d.Interfaces, def.Name) {
				out = append(out, d.Name)
			}
		}
		return out
	}
	return nil
}
