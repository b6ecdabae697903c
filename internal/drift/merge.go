package drift

import (
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// merger puts what the contracts say into the words of the SDK.
type merger struct {
	base, head *Side
	protocols  []ir.Protocol
	// breaking are the differences of the SDKs' Go APIs; nil where one of them
	// does not exist.
	breaking map[string][]surfaceChange
}

// place is what a fact is about in the SDK.
type place struct {
	typeName, field string
	// omitted: the manifest leaves the field out of the SDK.
	omitted bool
}

// merge makes one change of what several protocols say of the same thing.
func (m *merger) merge(facts []*fact) []*Change {
	if m.base.Complete() && m.head.Complete() {
		m.breaking = surfaceChanges(m.base.Model, m.head.Model)
	}
	changes := map[string]*Change{}
	least := map[*Change][]sourceRule{}
	for _, f := range facts {
		for _, at := range m.places(f) {
			key := mergeKey(f, at)
			c := changes[key]
			if c == nil {
				c = &Change{Rule: f.rule, Type: at.typeName, Field: at.field, ofOperation: f.op != ""}
				changes[key] = c
			}
			c.Methods = append(c.Methods, f.methods...)
			c.Parts = append(c.Parts, partOf(f, at))
			c.Hint = strings.TrimPrefix(c.Hint+"; "+m.note(f, at), "; ")
			least[c] = append(least[c], leastOf(f, at))
		}
	}
	out := make([]*Change, 0, len(changes))
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		c := changes[key]
		slices.Sort(c.Methods)
		c.Methods = slices.Compact(c.Methods)
		for i := range c.Parts {
			c.Parts[i].Breaks.Source = m.breaksSource(c, least[c][i])
			c.Breaks = c.Breaks.or(c.Parts[i].Breaks)
		}
		c.Hint = tidy(c.Hint)
		c.finish()
		out = append(out, c)
	}
	return out
}

// tidy removes repetitions from notes that are joined by semicolons.
func tidy(notes string) string {
	var out []string
	for note := range strings.SplitSeq(notes, "; ") {
		if note != "" && !slices.Contains(out, note) {
			out = append(out, note)
		}
	}
	return strings.Join(out, "; ")
}

// mergeKey is the same for facts that are one change. Facts of rules without
// parity are about one protocol and one pair of values.
func mergeKey(f *fact, at place) string {
	parts := []string{string(f.rule)}
	switch {
	case f.op != "" && len(f.methods) > 0:
		parts = append(parts, "method", strings.Join(f.methods, ","), at.typeName, at.field)
	case at.typeName != "":
		parts = append(parts, "type", at.typeName, at.field)
	default:
		parts = append(parts, string(f.protocol), f.op, f.message, f.field)
	}
	if parityOf(f.rule) == "" {
		parts = append(parts, string(f.protocol), f.op, f.message, f.before, f.after)
	}
	return strings.Join(parts, "\x00")
}

func partOf(f *fact, at place) Part {
	p := Part{
		Protocol: f.protocol, Element: f.op, Before: f.before, After: f.after,
		Base: f.basePos, Head: f.headPos, Breaks: f.breaks,
	}
	if f.op == "" {
		p.Element = f.message
		if f.field != "" {
			p.Element += "." + f.field
		}
	}
	demanded := f.rule == FieldAdded || f.rule == FieldRequired || f.rule == ArgumentAdded || f.rule == ArgumentRequired
	if at.omitted && !(f.request && demanded) {
		p.Breaks = Breaks{}
	}
	return p
}

func leastOf(f *fact, at place) sourceRule {
	if at.omitted {
		return sourceKept
	}
	return f.least
}

func (m *merger) note(f *fact, at place) string {
	if at.omitted {
		return "the manifest leaves it out of the SDK"
	}
	return f.note
}

// places finds the flat types and fields that a fact is about; a fact that is
// about none has one place without names.
func (m *merger) places(f *fact) []place {
	if f.op != "" {
		return m.placesOfArgument(f)
	}
	var out []place
	if f.inHead && f.headMessage != "" {
		out = m.placesIn(m.head, f, f.headMessage) // only there it has its name
	}
	if f.baseMessage != "" && len(out) == 0 {
		out = m.placesIn(m.base, f, f.baseMessage)
	}
	// A complete base knows all types that the SDK makes of its messages.
	if len(out) == 0 && f.headMessage != "" && (f.baseMessage == "" || !m.base.Complete()) {
		out = m.placesIn(m.head, f, f.headMessage)
	}
	if len(out) == 0 {
		return []place{{}}
	}
	return out
}

// placesOfArgument finds the fields of requests that an argument is. One that
// carries the fields of a request is none.
func (m *merger) placesOfArgument(f *fact) []place {
	side := m.base
	if f.inHead {
		side = m.head
	}
	var out []place
	for _, service := range side.Model.Services {
		for _, method := range service.Methods {
			b := method.Binding(f.protocol)
			if f.argument == nil || b == nil || b.Request == nil || !slices.Contains(f.methods, method.Name) {
				continue
			}
			for _, cf := range b.Request.Contract.Fields {
				if !isArgument(cf, f.argument) {
					continue
				}
				at := place{typeName: b.Request.Message.GoName, field: logicalName(side.Manifest, b.Request, cf.Name)}
				at.omitted = omits(m.base.Manifest, at) || omits(m.head.Manifest, at)
				if !slices.Contains(out, at) {
					out = append(out, at)
				}
			}
		}
	}
	if len(out) == 0 {
		return []place{{}}
	}
	return out
}

// isArgument tells whether a field of a request travels as the argument.
func isArgument(f *contract.Field, a *contract.Argument) bool {
	p := f.Place
	return p != nil && p.In != contract.InContent && p.In != contract.InBody &&
		(f.Name == a.Name || p.Name == a.Name) && (a.In == "" || string(p.In) == a.In || p.In == contract.InParts)
}

func (m *merger) placesIn(s *Side, f *fact, name string) []place {
	var out []place
	for _, flat := range s.Model.Messages {
		for _, w := range flat.Wires {
			if w.Protocol != f.protocol || w.Contract.Name != name {
				continue
			}
			at := place{typeName: flat.GoName}
			if f.field != "" {
				at.field = logicalName(s.Manifest, w, f.field)
				at.omitted = omits(m.base.Manifest, at) || omits(m.head.Manifest, at)
			}
			if !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// logicalName is the name that callers know a contract's field by.
func logicalName(file *manifest.File, w *ir.Wire, name string) string {
	for _, f := range w.Fields {
		if f.Contract != nil && f.Contract.Name == name {
			return f.Field.Name
		}
	}
	for _, rule := range file.Fields {
		renamed := map[ir.Protocol]string{ir.GraphQL: rule.GraphQL.Value, ir.REST: rule.REST.Value, ir.GRPC: rule.GRPC.Value}[w.Protocol]
		if rule.Type.Value == w.Message.GoName && renamed == name {
			return rule.Field.Value
		}
	}
	return name
}

func omits(file *manifest.File, at place) bool {
	return slices.ContainsFunc(file.Fields, func(r manifest.FieldRule) bool {
		return r.Type.Value == at.typeName && r.Field.Value == at.field && r.Omit.Value != ""
	})
}

// breaksSource tells whether Go code breaks: by the two SDKs where both exist,
// or else by the rule for the least loss.
func (m *merger) breaksSource(c *Change, least sourceRule) bool {
	if m.breaking != nil {
		for _, key := range m.surfaceKeys(c) {
			if slices.ContainsFunc(m.breaking[key], func(s surfaceChange) bool { return s.breaks }) {
				return true
			}
		}
		return false
	}
	switch least {
	case sourceBroken:
		return true
	case sourceIfAll:
		return m.lostEverywhere(c)
	case sourceIfPointer:
		return m.pointerChanges(c)
	}
	return false
}

// comparesAll tells whether nothing else than what is compared can differ.
func (m *merger) comparesAll() bool {
	return !slices.ContainsFunc(ir.Protocols(), func(p ir.Protocol) bool {
		return !slices.Contains(m.protocols, p) && m.base.Contracts[p] != m.head.Contracts[p]
	})
}

// pointerChanges tells whether a field becomes a pointer in Go, or no longer is
// one, as far as both sides know it.
func (m *merger) pointerChanges(c *Change) bool {
	b, h := fieldIn(m.base.Model, c), fieldIn(m.head.Model, c)
	return b != nil && h != nil && b.Pointer != h.Pointer
}

// fieldIn is the flat field that a change is about, or nil.
func fieldIn(sdk *ir.SDK, c *Change) *ir.Field {
	for _, flat := range sdk.Messages {
		if flat.GoName == c.Type {
			return flat.Field(c.Field)
		}
	}
	return nil
}

// lostEverywhere tells whether the change is one of all protocols that have the
// method or the field in the base.
func (m *merger) lostEverywhere(c *Change) bool {
	have := c.Protocols()
	if c.Type != "" && c.Field != "" {
		gone := c.Rule == FieldRemoved || c.Rule == VariantRemoved || c.Rule == ArgumentRemoved
		had := m.protocolsOfField(m.base, c.Type, c.Field)
		left := m.protocolsOfField(m.head, c.Type, c.Field)
		if gone && m.comparesAll() && covers(append(left, have...), had) && m.pointerChanges(c) {
			return true // what the others can tell of it makes it another type
		}
		return covers(have, had)
	}
	return slices.ContainsFunc(c.Methods, func(name string) bool {
		offered := protocolsOfMethod(m.base, name)
		return len(offered) > 0 && covers(have, offered)
	})
}

func covers(have, want []ir.Protocol) bool {
	return !slices.ContainsFunc(want, func(p ir.Protocol) bool { return !slices.Contains(have, p) })
}

// protocolsOfMethod are those that the manifest offers a method over.
func protocolsOfMethod(s *Side, name string) []ir.Protocol {
	var out []ir.Protocol
	for _, method := range s.Manifest.Methods {
		for _, p := range ir.Protocols() {
			if method.Name.Value == name && slices.Contains(manifest.Values(method.Protocols), string(p)) {
				out = append(out, p)
			}
		}
	}
	return out
}

// protocolsOfField are those whose contracts have the field of a flat type.
func (m *merger) protocolsOfField(s *Side, typeName, field string) []ir.Protocol {
	return m.protocolsWhere(s, typeName, func(w *ir.Wire) bool {
		return slices.ContainsFunc(w.Contract.Fields, func(f *contract.Field) bool { return logicalName(s.Manifest, w, f.Name) == field })
	})
}

// protocolsWhere are those over which a flat type travels, as far as the test holds.
func (m *merger) protocolsWhere(s *Side, typeName string, test func(*ir.Wire) bool) []ir.Protocol {
	var out []ir.Protocol
	for _, flat := range s.Model.Messages {
		for _, w := range flat.Wires {
			if flat.GoName == typeName && !slices.Contains(out, w.Protocol) && test(w) {
				out = append(out, w.Protocol)
			}
		}
	}
	return out
}
