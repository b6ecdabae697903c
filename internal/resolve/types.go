package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// parts is one message as each protocol has it.
type parts map[ir.Protocol]*contract.Message

// canonical is the part that names the message and orders its fields: proto
// names are the most exact, GraphQL's come next. Answers that are no messages name
// only what nothing else does.
func (p parts) canonical() (ir.Protocol, *contract.Message) {
	for _, bare := range []bool{false, true} {
		for _, protocol := range canonicalOrder() {
			if m := p[protocol]; m != nil && (m.Bare() != nil) == bare {
				return protocol, m
			}
		}
	}
	return "", nil
}

// request resolves the request of a row.
func (r *resolver) request(one *row) {
	request := parts{}
	r.bodies(one)
	for _, b := range one.Bindings {
		if m := r.requestPart(one, b); m != nil && len(m.Fields)+within(m) > 0 {
			request[b.Protocol] = m
		}
	}
	if len(request) > 0 {
		one.Request = r.requestMessage(one, request)
	}
	r.checkSides(one, "request", request)
	for _, b := range one.Bindings {
		b.Request = wireOf(one.Request, b.Protocol, request[b.Protocol])
	}
}

func within(m *contract.Message) int {
	if m.Parts == nil {
		return 0
	}
	return len(m.Parts.Within)
}

func (r *resolver) requestMessage(one *row, request parts) *ir.Message {
	name := one.GoName + "Request"
	m := r.message(true, name, request, one.Pos)
	m.Doc = "is the request of " + one.GoName
	return m
}

// checkSides reports a request or an answer that only some protocols have.
func (r *resolver) checkSides(one *row, what string, have parts) {
	if len(have) == 0 || len(have) == len(one.Bindings) {
		return
	}
	var has []ir.Protocol
	var lack []string
	pos := one.Pos
	for _, b := range one.Bindings {
		if have[b.Protocol] != nil {
			has = append(has, b.Protocol)
			continue
		}
		if len(lack) == 0 {
			pos = b.Operation.Pos
		}
		lack = append(lack, fmt.Sprintf("%s (%s)", b.Protocol, b.Operation.Key))
	}
	r.add(MissingField.ofMethod(one.Name), pos, r.onlyAnswers(one, have), "method %s: the %s has fields over %s, but none over %s", one.Name, what, joined(has, " and "), strings.Join(lack, " and "))
}

func fieldNames(m *contract.Message) string {
	var names []string
	for _, f := range m.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// typeName is the Go name of a flat type that contracts name.
func (r *resolver) typeName(p parts) string {
	_, m := p.canonical()
	if renamed, ok := r.renamedType(m.Name); ok {
		return renamed
	}
	if m.Spread {
		return r.spreadName(m)
	}
	return r.namer.exported(shortName(m.Name))
}

// spreadName is the name of a message that only parameters make: that of its
// schema, or one made of the operation and the parameter.
func (r *resolver) spreadName(m *contract.Message) string {
	schema, _, _ := strings.Cut(m.Name, "/")
	return r.namer.exported(schema)
}

// renamedType is the Go name that the manifest gives a contract's type, by its
// full or its short name.
func (r *resolver) renamedType(name string) (string, bool) {
	for _, key := range []string{name, shortName(name)} {
		if renamed, ok := r.Manifest.Naming.Types[key]; ok {
			r.used[renamed.Pos] = true
			return renamed.Value, true
		}
	}
	return "", false
}

// message returns the flat type for the parts: one that is known already, or a
// new one. Parts that a known type does not yet travel as are added to it.
func (r *resolver) message(request bool, goName string, p parts, pos diag.Pos) *ir.Message {
	m := r.known(request, goName, p)
	if m == nil {
		goName = r.freeName(request, goName, pos)
		m = &ir.Message{GoName: goName, Request: request}
		r.byName[goName] = m
		m.Doc = r.typeDoc(goName, p)
		r.building[m] = true
		r.fields(m, p)
		delete(r.building, m)
		r.transcodedChoice(m, p)
	}
	for protocol, c := range p {
		r.partOf(m, protocol, c)
	}
	if len(r.building) > 0 {
		return m // its wires follow with those of the type that holds it
	}
	for _, protocol := range ir.Protocols() {
		if p[protocol] != nil {
			r.wire(m, protocol, p)
		}
	}
	return m
}

// transcodedChoice reports a choice that REST tells by a discriminator, or by what
// it holds: where REST is transcoded from the protos, it is an object with one
// property.
func (r *resolver) transcodedChoice(m *ir.Message, p parts) {
	if rest := p[ir.REST]; rest != nil && rest.Union != nil && r.transcoded(p) {
		r.add(UnusableEntry.ofType(m.GoName), rest.Pos, "write it as an object with a property for each variant, or remove transcoded from contracts.rest",
			"%s is a choice (oneOf), which the JSON mapping of protobuf, for which contracts.rest says transcoded, does not write so", rest.Name)
	}
}

// known finds a flat type by name and direction or, for parts that only some
// protocols have, by a contract type that is a part of just one flat type.
func (r *resolver) known(request bool, goName string, p parts) *ir.Message {
	for _, name := range []string{goName, goName + inputSuffix} {
		if m := r.byName[name]; m != nil && m.Request == request {
			return m
		}
	}
	protocol, c := p.canonical()
	if found := r.byType[typeKey{request, protocol, c.Name}]; len(found) == 1 && !request {
		return found[0]
	}
	return nil
}

// partOf notes that a contract type is a part of the flat type.
func (r *resolver) partOf(m *ir.Message, protocol ir.Protocol, c *contract.Message) {
	key := typeKey{m.Request, protocol, c.Name}
	if !slices.Contains(r.byType[key], m) {
		r.byType[key] = append(r.byType[key], m)
	}
}

// inputSuffix tells a request type from the answer type of the same name.
const inputSuffix = "Input"

func (r *resolver) freeName(request bool, goName string, pos diag.Pos) string {
	other := r.byName[goName]
	if other == nil {
		return goName
	}
	if request && r.byName[goName+inputSuffix] == nil {
		return goName + inputSuffix
	}
	r.add(NameClash.ofType(goName), pos, "rename one of the contract's types under naming.types", "two types of the SDK would be called %s", goName)
	return goName + "2"
}

// wire returns how the message travels as one protocol's part.
func (r *resolver) wire(m *ir.Message, protocol ir.Protocol, p parts) *ir.Wire {
	c := p[protocol]
	if w := wireOf(m, protocol, c); w != nil {
		return w
	}
	w := &ir.Wire{Protocol: protocol, Message: m, Contract: c}
	m.Wires = append(m.Wires, w)
	r.partOf(m, protocol, c)
	if c.Unsupported != "" {
		r.add(UnsupportedType.ofType(m.GoName), c.Pos, "", "type %s cannot be used: %s", c.Name, c.Unsupported)
	}
	for _, f := range m.Fields {
		w.Fields = append(w.Fields, r.wireField(m, f, protocol, p))
	}
	r.extraFields(m, w)
	r.omittedRequired(m, w)
	return w
}

func wireOf(m *ir.Message, p ir.Protocol, c *contract.Message) *ir.Wire {
	if m == nil || c == nil {
		return nil
	}
	for _, w := range m.Wires {
		if w.Protocol == p && w.Contract.Name == c.Name {
			return w
		}
	}
	return nil
}
