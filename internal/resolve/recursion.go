package resolve

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// recursion reports answers that hold themselves: by value, which Go cannot
// represent, since answers are plain values and not pointers; or through lists
// over GraphQL, where an operation would select their fields without end.
func (r *resolver) recursion(messages []*ir.Message) {
	for _, m := range messages {
		switch {
		case m.Request:
		case holds(m, m, false, map[*ir.Message]bool{}):
			r.add(UnsupportedType.ofType(m.GoName), m.Wires[0].Contract.Pos, "omit the field that leads back to it, under fields", "type %s holds itself, which an answer of plain values cannot", m.GoName)
		case overGraphQL(m) && holds(m, m, true, map[*ir.Message]bool{}):
			r.add(UnsupportedType.ofType(m.GoName), m.Wires[0].Contract.Pos, "omit the field that leads back to it, under fields", "type %s holds itself, so that a GraphQL operation would select it without end", m.GoName)
		}
	}
}

func overGraphQL(m *ir.Message) bool {
	return slices.ContainsFunc(m.Wires, func(w *ir.Wire) bool { return w.Protocol == ir.GraphQL })
}

// holds tells whether m holds target, through lists or only without them.
func holds(m, target *ir.Message, lists bool, seen map[*ir.Message]bool) bool {
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, f := range m.Fields {
		next := f.Type.Leaf().Message
		if next != nil && (lists || f.Type.Single()) && (next == target || holds(next, target, lists, seen)) {
			return true
		}
	}
	return false
}
