package resolve

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// absence is a field that exists over some protocols and not over others, for one
// reason: what lacks it is found type by type, and told at the end.
type absence struct {
	message *ir.Message
	field   string
	// have are the protocols that have the field with the places, pos the last of
	// these.
	have []string
	over []ir.Protocol
	pos  diag.Pos
	lack []lacking
	// demanded: a server demands the field, so that it cannot be omitted.
	demanded bool
	// carriers is a further way out: the field may be within one of the request.
	carriers string
}

// lacking is a type that lacks the field; called is the name that differs from the
// field's in nothing but capitals, if there is one.
type lacking struct {
	protocol ir.Protocol
	part     *contract.Message
	called   string
}

// bare is the field that the answer itself is; empty: the answer is an object.
func (l lacking) bare() string {
	if f := l.part.Bare(); f != nil {
		return f.Name
	}
	return ""
}

// absent notes a field that a protocol lacks, unless the manifest declares it.
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
	a := &absence{message: m, field: f.Name}
	for _, other := range ir.Protocols() {
		if cf := r.contractField(m, f.Name, other, p); cf != nil {
			a.have, a.over = append(a.have, fmt.Sprintf("%s (%s)", other, cf.Pos)), append(a.over, other)
			a.pos, a.demanded = cf.Pos, a.demanded || m.Request && cf.Required
		}
	}
	if len(a.have) == 0 {
		r.add(MissingField.ofType(m.GoName), p[protocol].Pos, fmt.Sprintf("give the type a Go name of its own under naming.types, or add {type: %s, field: %s, omit: REASON} under fields", m.GoName, f.Name),
			"%s lacks the field %s, which %s has elsewhere", p[protocol].Name, f.Name, m.GoName)
		return
	}
	a.carriers = carriers(p, f.Name)
	lack := lacking{protocol: protocol, part: p[protocol]}
	for _, cf := range p[protocol].Fields {
		if strings.EqualFold(cf.Name, f.Name) {
			lack.called = cf.Name
		}
	}
	r.noteAbsence(a, lack)
}

// carriers is what to write in the row if the field is within what one field of
// the request carries over another protocol.
func carriers(p parts, field string) string {
	out := ""
	for _, other := range ir.Protocols() {
		if parts := p[other]; parts != nil && (other == ir.REST || other == ir.GraphQL) && inContent(parts, field) {
			out += fmt.Sprintf("; if the %s of %s is one field of the request, name it in the row: body: {%s: FIELD}", carrierWord(other), parts.Name, other)
		}
	}
	return out
}

// noteAbsence adds what lacks a field to what is known to lack it likewise.
func (r *resolver) noteAbsence(a *absence, lack lacking) {
	for _, other := range r.absences {
		first := other.lack[0]
		if other.message == a.message && other.field == a.field && slices.Equal(other.have, a.have) && other.carriers == a.carriers &&
			(first.called != "") == (lack.called != "") && first.bare() == lack.bare() {
			other.lack = append(other.lack, lack)
			return
		}
	}
	a.lack = []lacking{lack}
	r.absences = append(r.absences, a)
}

// reportAbsences tells of each field once what lacks it.
func (r *resolver) reportAbsences() {
	for _, a := range r.absences {
		slices.SortStableFunc(a.lack, func(x, y lacking) int {
			return cmp.Or(cmp.Compare(slices.Index(ir.Protocols(), x.protocol), slices.Index(ir.Protocols(), y.protocol)), strings.Compare(x.part.Name, y.part.Name))
		})
		id := MissingField
		if a.lack[0].called != "" {
			id = NameCase
		}
		var where []string
		for i, l := range a.lack {
			where = append(where, fmt.Sprintf("%s, where %s is %s", l.protocol, []string{"the type", "it"}[min(i, 1)], l.part.Name))
		}
		r.add(id.ofType(a.message.GoName), a.pos, a.hint()+r.lostPages(a), "field %s of %s exists over %s but not over %s", a.field, a.message.GoName, strings.Join(a.have, " and "), strings.Join(where, ", and "))
	}
}

// lostPages adds to a hint what else is lost with a field of an answer by which the
// manifest says that lists go on.
func (r *resolver) lostPages(a *absence) string {
	names := func(p manifest.Paging) bool { return p.Answer.Value == a.field }
	if a.message.Request || a.lack[0].called != "" || !slices.ContainsFunc(r.Manifest.Paging, names) {
		return ""
	}
	return "; without the field the SDK has no iterator over all pages"
}

// hint is the way out, with what to write.
func (a *absence) hint() string {
	entry := fmt.Sprintf("type: %s, field: %s", a.message.GoName, a.field)
	first := a.lack[0]
	if first.called != "" {
		return a.called(entry)
	}
	var over, keys []string
	for _, l := range a.lack {
		over, keys = append(over, string(l.protocol)), append(keys, string(l.protocol)+":")
	}
	if first.bare() != "" {
		return fmt.Sprintf("add {%s, omit: REASON} under fields: over %s the answer is the field %s and nothing else", entry, strings.Join(slices.Compact(over), " and "), first.bare()) + a.carriers
	}
	ways := []string{"the other name as " + strings.Join(slices.Compact(keys), " and ")}
	if a.message.Request {
		ways = append(ways, fmt.Sprintf("only: [%s] and reason: WHY to keep it over %s", joined(a.over, ", "), joined(a.over, " and ")))
	}
	if !a.demanded {
		ways = append(ways, "omit: REASON")
	}
	last := len(ways) - 1
	return fmt.Sprintf("add an entry {%s} under fields, with %s, or with %s", entry, strings.Join(ways[:last], ", with "), ways[last]) + a.carriers
}

// called is the hint where the names differ in nothing but capitals.
func (a *absence) called(entry string) string {
	var calls, keys []string
	for _, l := range a.lack {
		calls = append(calls, fmt.Sprintf("%s calls it %s", l.protocol, l.called))
		keys = append(keys, fmt.Sprintf("%s: %s", l.protocol, l.called))
	}
	return fmt.Sprintf("%s: add {%s, %s} under fields", strings.Join(slices.Compact(calls), " and "), entry, strings.Join(slices.Compact(keys), ", "))
}

func joined(protocols []ir.Protocol, by string) string {
	out := make([]string, len(protocols))
	for i, p := range protocols {
		out[i] = string(p)
	}
	return strings.Join(out, by)
}
