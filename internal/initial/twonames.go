package initial

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// twoNames are the rules for fields of requests that the contracts call by names of
// which one ends in the other: REST's order_id is GraphQL's id. Of each message's
// fields just two may fit, each protocol must have one of them, and the server must
// demand one: what could be left out may be another thing. It also says which fields
// are the other name of one, by their message.
func twoNames(model *ir.SDK) ([]fieldRule, map[*ir.Message]string) {
	partial := map[*ir.Message][]travels{}
	var order []*ir.Message
	eachField(model, func(t travels) {
		if have := t.have(); t.message.Request && len(have) > 0 && len(have) < len(t.wires) {
			if partial[t.message] == nil {
				order = append(order, t.message)
			}
			partial[t.message] = append(partial[t.message], t)
		}
	})
	var rules []fieldRule
	others := map[*ir.Message]string{}
	for _, m := range order {
		var found []fieldRule
		for i, a := range partial[m] {
			for _, b := range partial[m][i+1:] {
				if oneOfTwoNames(a, b) {
					found = append(found, ruleForTwo(a, b))
				}
			}
		}
		if len(found) == 1 {
			rules = append(rules, found[0])
			for _, name := range found[0].names {
				others[m] = name
			}
		}
	}
	return rules, others
}

// have are the protocols that have the field.
func (t travels) have() []ir.Protocol {
	var out []ir.Protocol
	for i, w := range t.wires {
		if w.Contract != nil {
			out = append(out, t.over[i])
		}
	}
	return out
}

func oneOfTwoNames(a, b travels) bool {
	x, y := a.field.Type, b.field.Type
	if x.Message != nil || x.Scalar != y.Scalar || x.List != y.List || x.Map != y.Map || x.Elem != nil || y.Elem != nil || x.Enum != y.Enum {
		return false
	}
	for i, w := range a.wires {
		if (w.Contract != nil) == (b.wires[i].Contract != nil) {
			return false
		}
	}
	return (a.field.Required || b.field.Required) && (endsIn(a.field.Name, b.field.Name) || endsIn(b.field.Name, a.field.Name))
}

// endsIn tells whether a name's last words are the other name.
func endsIn(long, short string) bool {
	words := func(name string) string { return "_" + strings.ToLower(strings.Join(resolve.Words(name), "_")) }
	return strings.HasSuffix(words(long), words(short))
}

// ruleForTwo keeps the name that more protocols have, or else the longer one.
func ruleForTwo(a, b travels) fieldRule {
	if n, m := len(a.have()), len(b.have()); n < m || n == m && len(a.field.Name) < len(b.field.Name) {
		a, b = b, a
	}
	rule := fieldRule{
		typeName: a.message.GoName, field: a.field.Name, names: map[ir.Protocol]string{},
		guessed: true, reason: "to be decided: taken for one field, for its type and its name",
	}
	for i, w := range b.wires {
		if w.Contract != nil {
			rule.names[b.over[i]] = w.Contract.Name
		}
	}
	return rule
}

// isOther tells whether a field is the other name of one.
func isOther(others map[*ir.Message]string, t travels) bool {
	return others[t.message] != "" && slices.ContainsFunc(t.wires, func(w *ir.WireField) bool {
		return w.Contract != nil && w.Contract.Name == others[t.message]
	})
}
