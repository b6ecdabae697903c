package resolve

import (
	"fmt"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
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
			if r.sameField(m, name, protocol, p, cf) || r.omitted(m, name) {
				continue
			}
			f := r.field(m, name, p)
			if first, ok := goNames[f.GoName]; ok {
				r.add(NameClash.ofType(m.GoName), cf.Pos, fmt.Sprintf("give one of them another Go name: naming: {fields: {%s.%s: GoName}}", m.GoName, name), "fields %s and %s of %s have the same Go name %s", first, name, m.GoName, f.GoName)
			}
			goNames[f.GoName] = name
			m.Fields = append(m.Fields, f)
		}
	}
}

// sameField tells whether the flat type has a field of that name already. It
// reports a field whose name leads to another one of the same protocol.
func (r *resolver) sameField(m *ir.Message, name string, protocol ir.Protocol, p parts, cf *contract.Field) bool {
	if first := r.contractField(m, name, protocol, p); first != cf {
		hint := fmt.Sprintf("give each a name of its own under fields: {type: %s, field: OTHER_NAME, %s: %q}", m.GoName, protocol, cf.Name)
		r.add(NameClash.ofType(m.GoName), cf.Pos, hint, "field %s of %s and another one of the same type are both called %s without the characters that no name can have", cf.Name, p[protocol].Name, name)
	}
	return m.Field(name) != nil
}

// field decides one field's type, presence and flags from all protocols.
func (r *resolver) field(m *ir.Message, name string, p parts) *ir.Field {
	f := &ir.Field{Name: name, GoName: r.goName(r.Manifest.Naming.Fields, m.GoName+"."+name, name)}
	f.Secret = slices.Contains(manifest.Values(r.Manifest.Secrets), name)
	f.Doc, f.Required = r.docOf(m, name), m.Request
	presence, first := false, true
	nested, enums := parts{}, enumParts{}
	for _, protocol := range canonicalOrder() {
		cf := r.contractField(m, name, protocol, p)
		if cf == nil {
			continue
		}
		wire := r.wireType(m, name, protocol, p)
		t := r.valueType(cf, wire, protocol)
		if first {
			f.Type, first = t, false
		}
		if f.Doc == "" {
			f.Doc = cf.Doc
		}
		f.Deprecated = reason(f.Deprecated, cf.Deprecated)
		if leaf := wire.Leaf(); leaf.Enum != nil {
			enums[protocol] = leaf.Enum
		} else if t.Leaf().Scalar == contract.ScalarMessage {
			nested[protocol] = leaf.Message
		}
		presence = presence || r.hasPresence(m, name, protocol, p)
	}
	r.leaf(m, f, nested, enums)
	r.oneof(m, f, p)
	f.Required = m.Request && f.Oneof == nil && r.required(m, name, p)
	// Of a message without fields there is nothing to know but whether it is there.
	nothing := f.Type.Single() && f.Type.Message != nil && len(f.Type.Message.Fields) == 0 && !r.building[f.Type.Message]
	f.Pointer = nothing || f.Oneof != nil && !f.Type.HasNil() || m.Request && !f.Type.HasNil() && !f.Required && (presence || f.Type.Scalar == contract.ScalarMessage)
	return f
}

// leaf gives a field's type, or that of the items of its list or map, the flat
// message or the enum that it is made of.
func (r *resolver) leaf(m *ir.Message, f *ir.Field, nested parts, enums enumParts) {
	leaf := &f.Type
	for leaf.Elem != nil {
		leaf = leaf.Elem
	}
	switch {
	case len(nested) > 0 && leaf.Scalar == contract.ScalarMessage:
		_, c := nested.canonical()
		leaf.Message = r.message(m.Request, r.typeName(nested), nested, c.Pos)
	case len(enums) > 0 && leaf.Scalar == contract.ScalarEnum:
		leaf.Enum = r.enum(m, f, enums)
	}
}

// required: GraphQL says it best, then OpenAPI; proto3 cannot say it. What stands
// in a path is always required.
func (r *resolver) required(m *ir.Message, name string, p parts) bool {
	if f := r.contractField(m, name, ir.REST, p); f != nil && inPath(f) {
		return true // an address cannot be left out
	}
	for _, protocol := range []ir.Protocol{ir.GraphQL, ir.REST, ir.GRPC} {
		if p[protocol] == nil || protocol == ir.REST && r.transcoded(p) {
			continue
		}
		cf := r.contractField(m, name, protocol, p)
		return cf != nil && cf.Required
	}
	return false
}

// inPath tells whether a field, or one that is a part of it, stands in a path.
func inPath(f *contract.Field) bool {
	switch {
	case f.Place == nil:
		return false
	case f.Place.In == contract.InParts:
		return slices.ContainsFunc(f.Type.Message.Fields, inPath)
	}
	return f.Place.In == contract.InPath
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
func (r *resolver) valueType(cf *contract.Field, wire contract.Type, protocol ir.Protocol) ir.Type {
	t := shapeOf(wire)
	if object, _ := r.object(cf, protocol); object != nil {
		t.Scalar = contract.ScalarObject
	}
	return t
}

// shapeOf is a type without the messages and enums that it is made of.
func shapeOf(t contract.Type) ir.Type {
	out := ir.Type{Scalar: t.Scalar, List: t.List, Map: t.Map}
	if t.Elem != nil {
		elem := shapeOf(*t.Elem)
		out.Elem = &elem
	}
	return out
}

func sameShape(a, b ir.Type) bool {
	if a.Scalar != b.Scalar || a.List != b.List || a.Map != b.Map || (a.Elem == nil) != (b.Elem == nil) {
		return false
	}
	return a.Elem == nil || sameShape(*a.Elem, *b.Elem)
}

// wireType is a field's type over one protocol. Where REST is transcoded from the
// protos, these know better what the JSON mapping of protobuf writes as a text,
// or as a number of more bits than there are.
func (r *resolver) wireType(m *ir.Message, name string, protocol ir.Protocol, p parts) contract.Type {
	t := r.contractField(m, name, protocol, p).Type
	origin := r.contractField(m, name, ir.GRPC, p)
	if origin == nil || protocol == ir.GRPC {
		return t
	}
	if protocol == ir.REST && r.transcoded(p) {
		return transcodedType(t, origin.Type)
	}
	if origin.Type.Form == contract.FormFieldMask && t.Scalar == contract.ScalarString && t.List {
		t.Form = contract.FormPaths
	}
	if origin.Type.Scalar == contract.ScalarFloat32 && t.Scalar == contract.ScalarFloat64 && t.Form == contract.FormPlain {
		t.Scalar, t.Form = contract.ScalarFloat32, contract.FormDouble
	}
	return t
}

// transcodedType is what a field of that type in JSON is, which the proto has as
// the other type.
func transcodedType(t, proto contract.Type) contract.Type {
	isMask := proto.Form == contract.FormFieldMask
	switch {
	case t.Scalar == contract.ScalarString && t.Single() && isMask:
		t.List, t.Form = true, contract.FormFieldMask
	case t.List != proto.List && !isMask || t.Map != proto.Map:
	case t.Scalar == contract.ScalarString && slices.Contains(textual(), proto.Scalar):
		t.Scalar, t.Enum = proto.Scalar, proto.Enum
	case t.Scalar == contract.ScalarInt64 && t.Form == contract.FormPlain && (proto.Scalar == contract.ScalarUint32 || proto.Scalar == contract.ScalarInt32):
		t.Scalar = proto.Scalar
	case t.Scalar == contract.ScalarFloat64 && proto.Scalar == contract.ScalarFloat32:
		t.Scalar = proto.Scalar
	}
	return t
}

// textual are the scalars for which the JSON mapping of protobuf writes a text.
func textual() []contract.Scalar {
	return []contract.Scalar{contract.ScalarTimestamp, contract.ScalarDuration, contract.ScalarBytes, contract.ScalarEnum}
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
	w.Type = r.wireType(m, f.Name, protocol, p)
	r.typeAgrees(m, f, protocol, w)
	w.Presence = r.hasPresence(m, f.Name, protocol, p)
	w.Over = r.over(p, func(other ir.Protocol) bool { return r.hasPresence(m, f.Name, other, p) })
	w.Object, w.Inner = r.object(w.Contract, protocol)
	if message := f.Type.Leaf().Message; message != nil && w.Type.Leaf().Message != nil {
		w.Wire = r.wire(message, protocol, r.nested(m, f, p))
	}
	return w
}

// nested are the parts of a message field's own type.
func (r *resolver) nested(m *ir.Message, f *ir.Field, p parts) parts {
	out := parts{}
	for protocol := range p {
		if cf := r.contractField(m, f.Name, protocol, p); cf != nil && cf.Type.Leaf().Message != nil {
			out[protocol] = cf.Type.Leaf().Message
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

// typeAgrees reports a field whose types differ between protocols or that
// cannot be represented.
func (r *resolver) typeAgrees(m *ir.Message, f *ir.Field, protocol ir.Protocol, w *ir.WireField) {
	cf := w.Contract
	t := r.valueType(cf, w.Type, protocol)
	switch {
	case t.Leaf().Scalar == contract.ScalarUnsupported:
		r.add(UnsupportedType.ofType(m.GoName), cf.Pos, fmt.Sprintf("add {type: %s, field: %s, omit: REASON} under fields to leave it out", m.GoName, f.Name), "field %s of %s cannot be represented over %s: %s", f.Name, m.GoName, protocol, w.Type.Leaf().Reason)
	case f.Type.Leaf().Scalar != contract.ScalarUnsupported && !sameShape(t, f.Type):
		r.add(TypeMismatch.ofType(m.GoName), cf.Pos, mismatchHint(m, f, protocol, t, w.Type), "field %s of %s is %s over %s but %s elsewhere", f.Name, m.GoName, describe(t), protocol, describe(f.Type))
	}
}

// mismatchHint is the way out of a mismatch: a scalar of the schema's own can be
// bound to what the others have; everything else is mended in a contract, or left out.
func mismatchHint(m *ir.Message, f *ir.Field, protocol ir.Protocol, t ir.Type, wire contract.Type) string {
	out := "let the contracts agree on one type"
	if !m.Request || !f.Required {
		out += fmt.Sprintf(", or leave the field out: {type: %s, field: %s, omit: REASON} under fields", m.GoName, f.Name)
	}
	shape := f.Type.Leaf().Scalar
	own := protocol == ir.GraphQL && !slices.Contains([]string{"", "String", "ID", "Int", "Float", "Boolean"}, wire.Leaf().Wire)
	if own && t.Leaf().Message == nil && t.Leaf().Enum == nil && t.Single() == f.Type.Single() && slices.Contains(manifest.Scalars(), string(shape)) {
		out = fmt.Sprintf("bind the scalar under scalars: {%s: %s}; or %s", wire.Leaf().Wire, shape, out)
	}
	return out
}

func describe(t ir.Type) string {
	word := string(t.Scalar)
	if t.Elem != nil {
		word = describe(*t.Elem)
	}
	switch {
	case t.List:
		return "a list of " + word
	case t.Map:
		return "a map of " + word
	}
	return word
}
