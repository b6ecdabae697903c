package resolve

import (
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// recursion reports answers that hold themselves by value, which Go cannot
// represent: answers are plain values, not pointers.
func (r *resolver) recursion(messages []*ir.Message) {
	for _, m := range messages {
		if !m.Request && holds(m, m, map[*ir.Message]bool{}) {
			r.add(m.Wires[0].Contract.Pos, "omit the field that leads back to it, under fields", "type %s holds itself, which an answer of plain values cannot", m.GoName)
		}
	}
}

// holds tells whether m holds target through fields that are no lists.
func holds(m, target *ir.Message, seen map[*ir.Message]bool) bool {
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, f := range m.Fields {
		next := f.Type.Message
		if next != nil && !f.Type.List && (next == target || holds(next, target, seen)) {
			return true
		}
	}
	return false
}
