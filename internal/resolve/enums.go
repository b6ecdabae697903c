package resolve

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// enumParts is one enum as each protocol has it.
type enumParts map[ir.Protocol]*contract.Enum

// canonicalOrder is the order in which protocols name things: proto names are
// the most exact, GraphQL's come next.
func canonicalOrder() []ir.Protocol { return []ir.Protocol{ir.GRPC, ir.GraphQL, ir.REST} }

// enum returns the enum for the parts: one that is known already, or a new one.
// What a known one lacks is added to it.
func (r *resolver) enum(m *ir.Message, f *ir.Field, p enumParts) *ir.Enum {
	goName, pos := r.enumName(m, f, p)
	e := r.enums[goName]
	if e == nil {
		e = &ir.Enum{GoName: goName, Doc: r.enumDoc(goName, p)}
		r.enums[goName] = e
		if r.byName[goName] != nil {
			r.add(NameClash.ofType(goName), pos, "rename one of the contract's types under naming.types", "two types of the SDK would be called %s", goName)
		}
	}
	for _, protocol := range canonicalOrder() {
		if p[protocol] != nil {
			r.enumWire(e, protocol, p)
		}
	}
	return e
}

// enumName is the Go name of an enum: that of the first contract that names it,
// or else made of the field's.
func (r *resolver) enumName(m *ir.Message, f *ir.Field, p enumParts) (string, diag.Pos) {
	pos := diag.Pos{}
	for _, protocol := range canonicalOrder() {
		e := p[protocol]
		if e == nil {
			continue
		}
		if pos == (diag.Pos{}) {
			pos = e.Pos
		}
		if e.Name == "" {
			continue
		}
		if renamed, ok := r.renamedType(e.Name); ok {
			return renamed, e.Pos
		}
		return r.namer.exported(shortName(e.Name)), e.Pos
	}
	return m.GoName + f.GoName, pos
}

func (r *resolver) enumDoc(goName string, p enumParts) string {
	if doc, ok := r.Manifest.Docs[goName]; ok {
		r.used[doc.Pos] = true
		return doc.Value
	}
	for _, protocol := range canonicalOrder() {
		if e := p[protocol]; e != nil && e.Doc != "" {
			return e.Doc
		}
	}
	return ""
}

// enumWire adds the names that one protocol has to an enum.
func (r *resolver) enumWire(e *ir.Enum, protocol ir.Protocol, p enumParts) {
	c := p[protocol]
	w := e.Wire(protocol)
	if w == nil {
		w = &ir.EnumWire{Protocol: protocol, Contract: c}
		e.Wires = append(e.Wires, w)
	}
	for i, v := range c.Values {
		if slices.ContainsFunc(w.Values, func(o ir.EnumWireValue) bool { return o.Contract.Name == v.Name }) {
			continue
		}
		out := ir.EnumWireValue{Contract: v}
		if first := sameNumber(c, i); protocol == ir.GRPC && first >= 0 {
			// An alias: protobuf sends the number and knows no difference.
			out.Value, out.Alias = w.Values[first].Value, true
		} else if !isUnset(protocol, v, p) {
			out.Value = r.enumValue(e, protocol, v, p)
			out.Alias = w.Has(out.Value)
		}
		w.Values = append(w.Values, out)
	}
}

// sameNumber is the index of an earlier value with the same number, or -1.
func sameNumber(c *contract.Enum, i int) int {
	return slices.IndexFunc(c.Values[:i], func(v contract.EnumValue) bool { return v.Number == c.Values[i].Number })
}

// unsetName is the name by convention of a proto's zero value that says nothing.
const unsetName = "UNSPECIFIED"

// isUnset tells whether a name stands for an absent value: the proto's zero value,
// if it is called so or no other protocol has it, and what others call the same.
func isUnset(protocol ir.Protocol, v contract.EnumValue, p enumParts) bool {
	if v.Name == "" {
		return true
	}
	proto := p[ir.GRPC]
	if proto == nil {
		return false
	}
	zero := slices.IndexFunc(proto.Values, func(v contract.EnumValue) bool { return v.Number == 0 })
	if zero < 0 {
		return false
	}
	name := proto.Values[zero].Name
	short := strings.TrimPrefix(name, proto.Prefix)
	if short != unsetName && !othersLack(name, short, p) {
		return false
	}
	if protocol == ir.GRPC {
		return v.Number == 0
	}
	return plainName(v.Name) == plainName(name) || plainName(v.Name) == plainName(short)
}

// othersLack tells whether there are other protocols and none has the value.
func othersLack(name, short string, p enumParts) bool {
	others := false
	for protocol, e := range p {
		if protocol == ir.GRPC || e == p[ir.GRPC] {
			continue
		}
		others = true
		for _, v := range e.Values {
			if plainName(v.Name) == plainName(name) || plainName(v.Name) == plainName(short) {
				return false
			}
		}
	}
	return others
}

// plainName is a name as far as all styles agree on it.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, name)
}

// enumValue is the value that a protocol's name stands for: one that is known
// under the same name in another style, or a new one.
func (r *resolver) enumValue(e *ir.Enum, protocol ir.Protocol, v contract.EnumValue, p enumParts) *ir.EnumValue {
	name := v.Name
	if c := p[ir.GRPC]; c != nil {
		// A REST that is transcoded from the proto has its names.
		if rest := strings.TrimPrefix(name, c.Prefix); rest != "" {
			name = rest
		}
		for i, other := range c.Values {
			if first := sameNumber(c, i); first >= 0 && plainName(strings.TrimPrefix(other.Name, c.Prefix)) == plainName(name) {
				name = strings.TrimPrefix(c.Values[first].Name, c.Prefix)
			}
		}
	}
	for _, known := range e.Values {
		if known.Name == name || plainName(name) != "" && plainName(known.Name) == plainName(name) && sentOnce(e, protocol, known) {
			known.Doc = first(known.Doc, v.Doc)
			known.Deprecated = reason(known.Deprecated, v.Deprecated)
			return known
		}
	}
	out := &ir.EnumValue{Name: name, GoName: r.constantName(e, name), Doc: v.Doc, Deprecated: v.Deprecated}
	e.Values = append(e.Values, out)
	return out
}

// sentOnce tells whether the protocol has no name for the value yet: two names
// that differ only in style are two values.
func sentOnce(e *ir.Enum, protocol ir.Protocol, v *ir.EnumValue) bool {
	w := e.Wire(protocol)
	return w == nil || !w.Has(v)
}

// constantName is the Go name of a value's constant, which begins with the
// enum's name.
func (r *resolver) constantName(e *ir.Enum, name string) string {
	name = strings.NewReplacer("+", " plus ", "<", " less ", ">", " greater ", "=", " equal ", "*", " star ", "%", " percent ").Replace(name)
	if rest, ok := strings.CutPrefix(name, "-"); ok {
		name = "minus " + rest
	}
	out := e.GoName
	for _, word := range words(name) {
		out += r.namer.word(word)
	}
	if out == e.GoName {
		out += "Value"
	}
	taken := func(s string) bool {
		return slices.ContainsFunc(e.Values, func(v *ir.EnumValue) bool { return v.GoName == s })
	}
	for i, base := 2, out; taken(out); i++ {
		out = base + strconv.Itoa(i)
	}
	return out
}

// reason is the better of two reasons of a deprecation. Protobuf and OpenAPI have
// no place for one and only say that there is a deprecation.
func reason(a, b string) string {
	if a == "" || a == "deprecated" && b != "" {
		return b
	}
	return a
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
