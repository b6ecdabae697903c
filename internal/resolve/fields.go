package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// fields decides the fields of a new flat type: those of the canonical part in
// its order, then what the other parts have besides.
func (r *resolver) fields(m *ir.Message, p parts) {
	canonical, _ := p.canonical()
	order := []ir.Protocol{canonical}
	for _, protocol := range ir.Protocols() {
		if protocol != canonical && p[protocol] != nil {
			order = append(order, protocol)
		}
	}
	goNames := map[string]string{}
	for _, protocol := range order {
		for _, cf := range p[protocol].Fields {
			name := r.logicalName(m, protocol, p[protocol], cf.Name)
			if m.Field(name) != nil || r.omitted(m, name) {
				continue
			}
			f := r.field(m, name, p)
			if first, ok := goNames[f.GoName]; ok {
				r.add(NameClash.ofType(m.GoName), cf.Pos, "", "fields %s and %s of %s have the same Go name %s", first, name, m.GoName, f.GoName)
			}
			goNames[f.GoName] = name
			m.Fields = append(m.Fields, f)
		}
	}
}

// field decides one field's type, presence and flags from all protocols.
func (r *resolver) field(m *ir.Message, name string, p parts) *ir.Field {
	f := &ir.Field{Name: name, GoName: r.namer.exported(name)}
	f.Secret = slices.Contains(manifest.Values(r.Manifest.Secrets), name)
	f.Doc, f.Required = r.docOf(m, name), m.Request
	presence, first := false, true
	nested := parts{}
	for _, protocol := range []ir.Protocol{ir.GRPC, ir.GraphQL, ir.REST} {
		cf := r.contractField(m, name, protocol, p)
		if cf == nil {
			continue
		}
		t := r.valueType(cf, protocol)
		if first {
			f.Type, first = t, false
		}
		if f.Doc == "" {
			f.Doc = cf.Doc
		}
		if f.Deprecated == "" {
			f.Deprecated = cf.Deprecated
		}
		if t.Scalar == contract.ScalarMessage {
			nested[protocol] = cf.Type.Message
		}
		presence = presence || r.hasPresence(m, name, protocol, p)
	}
	if len(nested) > 0 && f.Type.Scalar == contract.ScalarMessage {
		_, c := nested.canonical()
		f.Type.Message = r.message(m.Request, r.typeName(nested), nested, c.Pos)
	}
	f.Required = m.Request && r.required(m, name, p)
	single := !f.Type.List && f.Type.Scalar != contract.ScalarObject
	f.Pointer = m.Request && single && !f.Required && (presence || f.Type.Scalar == contract.ScalarMessage)
	return f
}

// required: GraphQL says it best, then OpenAPI; proto3 cannot say it.
func (r *resolver) required(m *ir.Message, name string, p parts) bool {
	for _, protocol := range []ir.Protocol{ir.GraphQL, ir.REST, ir.GRPC} {
		if p[protocol] == nil || protocol == ir.REST && r.transcoded(p) {
			continue
		}
		cf := r.contractField(m, name, protocol, p)
		return cf != nil && cf.Required
	}
	return false
}

// hasPresence tells whether the protocol can tell the unset field from a zero
// one. Transcoded REST follows the proto.
func (r *resolver) hasPresence(m *ir.Message, name string, protocol ir.Protocol, p parts) bool {
	if protocol == ir.REST && r.transcoded(p) {
		protocol = ir.GRPC
	}
	cf := r.contractField(m, name, protocol, p)
	return cf != nil && cf.Presence
}

func (r *resolver) transcoded(p parts) bool {
	rest := r.Manifest.Contracts.REST
	return rest != nil && rest.Transcoded.Value && p[ir.GRPC] != nil
}

// valueType is a field's type as callers see it: without the wrapping of
// free-form objects.
func (r *resolver) valueType(cf *contract.Field, protocol ir.Protocol) ir.Type {
	t := ir.Type{Scalar: cf.Type.Scalar, List: cf.Type.List}
	if object, _ := r.object(cf, protocol); object != nil {
		t.Scalar = contract.ScalarObject
	}
	return t
}

// object returns the message that wraps a free-form object and its inner field,
// if the field's type is one.
func (r *resolver) object(cf *contract.Field, protocol ir.Protocol) (*contract.Message, *contract.Field) {
	if cf.Type.Message == nil {
		return nil, nil
	}
	for _, o := range r.Manifest.Objects {
		name := map[ir.Protocol]manifest.Text{ir.REST: o.REST, ir.GRPC: o.GRPC}[protocol]
		if name.Value == "" || name.Value != cf.Type.Message.Name {
			continue
		}
		r.used[o.Pos] = true
		inner := cf.Type.Message.Field(o.Field.Value)
		if inner == nil || inner.Type.Scalar != contract.ScalarObject || inner.Type.List {
			r.add(UnusableEntry.ofProject(), o.Field.Pos, "its fields are: "+fieldNames(cf.Type.Message), "%s has no free-form object field %q", name.Value, o.Field.Value)
			return nil, nil
		}
		return cf.Type.Message, inner
	}
	return nil, nil
}

// wireField is how a flat field travels as one protocol's part.
func (r *resolver) wireField(m *ir.Message, f *ir.Field, protocol ir.Protocol, p parts) *ir.WireField {
	w := &ir.WireField{Field: f, Contract: r.contractField(m, f.Name, protocol, p)}
	if w.Contract == nil {
		r.absent(m, f, protocol, p)
		w.Over = r.over(p, func(other ir.Protocol) bool { return r.contractField(m, f.Name, other, p) != nil })
		return w
	}
	r.typeAgrees(m, f, protocol, w.Contract)
	w.Presence = r.hasPresence(m, f.Name, protocol, p)
	w.Over = r.over(p, func(other ir.Protocol) bool { return r.hasPresence(m, f.Name, other, p) })
	w.Object, w.Inner = r.object(w.Contract, protocol)
	if f.Type.Message != nil && w.Contract.Type.Message != nil {
		w.Wire = r.wire(f.Type.Message, protocol, r.nested(m, f, p))
	}
	return w
}

// nested are the parts of a message field's own type.
func (r *resolver) nested(m *ir.Message, f *ir.Field, p parts) parts {
	out := parts{}
	for protocol := range p {
		if cf := r.contractField(m, f.Name, protocol, p); cf != nil && cf.Type.Message != nil {
			out[protocol] = cf.Type.Message
		}
	}
	return out
}

// over lists the protocols of the parts for which the test holds.
func (r *resolver) over(p parts, test func(ir.Protocol) bool) []ir.Protocol {
	var out []ir.Protocol
	for _, protocol := range ir.Protocols() {
		if p[protocol] != nil && test(protocol) {
			out = append(out, protocol)
		}
	}
	return out
}

// absent reports a field that a protocol lacks, unless the manifest declares it.
func (r *resolver) absent(m *ir.Message, f *ir.Field, protocol ir.Protocol, p parts) {
	rule := r.rule(m, f.Name)
	if rule != nil && len(rule.Only) > 0 {
		if !m.Request {
			r.add(UnusableEntry.ofType(m.GoName), rule.Pos, "use omit: a field of an answer must be the same on every protocol", "%s.%s is no request field, so only does not apply", m.GoName, f.Name)
		}
		if !slices.Contains(manifest.Values(rule.Only), string(protocol)) {
			return
		}
	}
	var have []string
	var pos diag.Pos
	for _, other := range ir.Protocols() {
		if cf := r.contractField(m, f.Name, other, p); cf != nil {
			have = append(have, fmt.Sprintf("%s (%s)", other, cf.Pos))
			pos = cf.Pos
		}
	}
	if len(have) == 0 {
		r.add(MissingField.ofType(m.GoName), p[protocol].Pos, fmt.Sprintf("give the type a Go name of its own under naming.types, or add {type: %s, field: %s, omit: REASON} under fields", m.GoName, f.Name),
			"%s lacks the field %s, which %s has elsewhere", p[protocol].Name, f.Name, m.GoName)
		return
	}
	hint := fmt.Sprintf("add an entry {type: %s, field: %s} under fields, with the other name as %s:, or with omit: REASON", m.GoName, f.Name, protocol)
	id := MissingField
	for _, cf := range p[protocol].Fields {
		if strings.EqualFold(cf.Name, f.Name) {
			id = NameCase
			hint = fmt.Sprintf("%s calls it %s: add {type: %s, field: %s, %s: %s} under fields", protocol, cf.Name, m.GoName, f.Name, protocol, cf.Name)
		}
	}
	r.add(id.ofType(m.GoName), pos, hint, "field %s of %s exists over %s but not over %s, where the type is %s", f.Name, m.GoName, strings.Join(have, " and "), protocol, p[protocol].Name)
}

// typeAgrees reports a field whose types differ between protocols or that
// cannot be represented.
func (r *resolver) typeAgrees(m *ir.Message, f *ir.Field, protocol ir.Protocol, cf *contract.Field) {
	t := r.valueType(cf, protocol)
	switch {
	case t.Scalar == contract.ScalarUnsupported:
		r.add(UnsupportedType.ofType(m.GoName), cf.Pos, fmt.Sprintf("add {type: %s, field: %s, omit: REASON} under fields to leave it out", m.GoName, f.Name), "field %s of %s cannot be represented over %s: %s", f.Name, m.GoName, protocol, cf.Type.Reason)
	case t.Scalar == contract.ScalarObject && t.List:
		r.add(UnsupportedType.ofType(m.GoName), cf.Pos, "", "field %s of %s is a list of free-form objects, which sdkgen does not know", f.Name, m.GoName)
	case protocol == ir.REST && t.List && t.Scalar == contract.ScalarInt64 && strings.HasPrefix(cf.Type.Wire, "string/"):
		r.add(UnsupportedType.ofType(m.GoName), cf.Pos, "", "field %s of %s is a list of integers that REST writes as strings, which sdkgen does not know", f.Name, m.GoName)
	case f.Type.Scalar != contract.ScalarUnsupported && (t.Scalar != f.Type.Scalar || t.List != f.Type.List):
		r.add(TypeMismatch.ofType(m.GoName), cf.Pos, "", "field %s of %s is %s over %s but %s elsewhere", f.Name, m.GoName, describe(t), protocol, describe(f.Type))
	}
}

func describe(t ir.Type) string {
	if t.List {
		return "a list of " + string(t.Scalar)
	}
	return string(t.Scalar)
}
