package resolve

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// recursion reports answers that hold themselves and can come over GraphQL, where
// an operation would select their fields without end. Of other types the fields by
// which they would be without end in Go become pointers.
func (r *resolver) recursion(messages []*ir.Message) {
	for _, m := range messages {
		switch {
		case m.Request || !overGraphQL(m):
			breakCircle(m)
		case holds(m, m, true, map[*ir.Message]bool{}):
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
		if next != nil && (lists || f.Type.Single() && !f.Pointer) && (next == target || holds(next, target, lists, seen)) {
			return true
		}
	}
	return false
}

// breakCircle makes pointers of the fields by which a message holds itself.
func breakCircle(m *ir.Message) {
	for _, f := range m.Fields {
		next := f.Type.Message
		if next != nil && f.Type.Single() && !f.Pointer && (next == m || holds(next, m, false, map[*ir.Message]bool{})) {
			f.Pointer = true
		}
	}
}
