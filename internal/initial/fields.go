package initial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// travels are the ways in which one flat field travels, over all protocols.
type travels struct {
	message *ir.Message
	field   *ir.Field
	wires   []*ir.WireField
	over    []ir.Protocol
	types   []*contract.Message
}

// eachField visits the fields of all flat types.
func eachField(model *ir.SDK, visit func(travels)) {
	for _, m := range model.Messages {
		for i, f := range m.Fields {
			t := travels{message: m, field: f}
			for _, w := range m.Wires {
				if i < len(w.Fields) {
					t.wires = append(t.wires, w.Fields[i])
					t.over = append(t.over, w.Protocol)
					t.types = append(t.types, w.Contract)
				}
			}
			visit(t)
		}
	}
}

// settleFields decides on the fields that not all protocols have, or call the
// same, or can represent.
func (d *draft) settleFields(model *ir.SDK) bool {
	changed := false
	decide := func(rule fieldRule, ok bool) {
		// A manifest cannot name a property whose name is empty.
		if ok && rule.field != "" && !slices.ContainsFunc(d.fields, func(f fieldRule) bool {
			return f.typeName == rule.typeName && plain(f.field) == plain(rule.field)
		}) {
			d.fields = append(d.fields, rule)
			changed = true
		}
	}
	same, others := twoNames(model)
	for _, rule := range same {
		decide(rule, true)
	}
	eachField(model, func(t travels) {
		if !isOther(others, t) {
			rule, ok := ruleFor(t)
			if rule.omit != "" {
				rule.omit += lostPages(model, t)
			}
			decide(rule, ok)
		}
	})
	for _, c := range resolve.Circles(model.Messages) {
		decide(fieldRule{
			typeName: c.Message.GoName, field: c.Field.Name,
			omit: "to be decided: it leads back, so that a GraphQL operation would have no end (" + c.Way + ")",
		}, true)
	}
	for _, s := range model.Services {
		for _, m := range s.Methods {
			decide(succeeded(m))
		}
	}
	return changed
}

// succeeded is the rule for an answer that is a single value where other protocols
// answer nothing, so that it may say no more than that the call succeeded.
func succeeded(m *ir.Method) (fieldRule, bool) {
	var have, lack []ir.Protocol
	name := ""
	for _, b := range m.Bindings {
		if b.Response == nil {
			lack = append(lack, b.Protocol)
			continue
		}
		bare := b.Response.Contract.Bare()
		if bare == nil || !bare.Type.Single() {
			return fieldRule{}, false
		}
		have, name = append(have, b.Protocol), bare.Name
	}
	if len(have) == 0 || len(lack) == 0 {
		return fieldRule{}, false
	}
	return fieldRule{
		typeName: m.Response.GoName, field: name,
		omit: "to be decided: it may say no more than that the call succeeded; " + names(lack) + " cannot answer it",
	}, true
}

// ruleFor is the rule that a field needs, as far as it can be decided.
func ruleFor(t travels) (fieldRule, bool) {
	rule := fieldRule{typeName: t.message.GoName, field: t.field.Name, names: map[ir.Protocol]string{}}
	var have, lack []ir.Protocol
	for i, w := range t.wires {
		p := t.over[i]
		switch {
		case w.Contract != nil && w.Type.Scalar == contract.ScalarUnsupported:
			if t.message.Request && t.field.Required {
				return rule, false // the server demands it
			}
			rule.omit = fmt.Sprintf("to be decided: over %s it %s", title(p), w.Type.Reason)
			return rule, true
		case w.Contract != nil:
			have = appendNew(have, p)
		default:
			if other := sameName(t.types[i], t.field.Name); other != "" {
				rule.names[p] = other
				continue
			}
			if !mostly(t, i) {
				return rule, false // the types are too far from each other to be one
			}
			lack = appendNew(lack, p)
		}
	}
	switch {
	case len(rule.names) > 0:
		rule.reason = "the contracts spell it differently"
		return rule, true
	case len(lack) == 0 || len(have) == 0:
		return rule, false
	case t.message.Request && !t.field.Required:
		rule.only = have
		rule.note = "decide: " + names(lack) + " cannot send it; give the reason, or omit it"
	case !t.message.Request:
		rule.omit = "to be decided: " + names(lack) + " cannot answer it"
	default:
		return rule, false
	}
	return rule, true
}

// lostPages says what else is left out with a field of an answer by which a list
// goes on; empty: nothing.
func lostPages(model *ir.SDK, t travels) string {
	for _, s := range model.Services {
		for _, m := range s.Methods {
			if m.Response == t.message && slices.ContainsFunc(pagings(m), func(p paging) bool { return p.answer == t.field.Name }) {
				return "; without it " + m.Name + " has no iterator over all pages"
			}
		}
	}
	return ""
}

func names(list []ir.Protocol) string {
	var out []string
	for _, p := range list {
		out = append(out, title(p))
	}
	return strings.Join(out, " and ")
}

func appendNew(list []ir.Protocol, p ir.Protocol) []ir.Protocol {
	if slices.Contains(list, p) {
		return list
	}
	return append(list, p)
}

// sameName is the contract's field whose name differs in nothing but case and
// separators.
func sameName(m *contract.Message, name string) string {
	for _, f := range m.Fields {
		if f.Name != name && plain(f.Name) == plain(name) {
			return f.Name
		}
	}
	return ""
}

// mostly tells whether a contract type has at least half of the flat type's fields.
// An answer that is no object has one, and says itself which.
func mostly(t travels, wire int) bool {
	if t.types[wire].Bare() != nil {
		return true
	}
	has := 0
	for _, f := range t.message.Fields {
		if t.types[wire].Field(f.Name) != nil || sameName(t.types[wire], f.Name) != "" {
			has++
		}
	}
	return has*2 >= len(t.message.Fields)
}
