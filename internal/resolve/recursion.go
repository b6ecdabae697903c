package resolve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// recursion reports answers that hold themselves and can come over GraphQL, where
// an operation would select their fields without end. Of other types the fields by
// which they would be without end in Go become pointers.
func (r *resolver) recursion(messages []*ir.Message) {
	for _, m := range messages {
		if m.Request || !overGraphQL(m) {
			breakCircle(m)
		}
	}
	for _, c := range Circles(messages) {
		hint := fmt.Sprintf("leave out the field that leads back: {type: %s, field: %s, omit: REASON} under fields; or another of these", c.Message.GoName, c.Field.Name)
		r.add(UnsupportedType.ofType(c.Message.GoName), c.pos(), hint, "type %s holds itself, so that a GraphQL operation would select it without end: %s", c.Field.Type.Leaf().Message.GoName, c.Way)
	}
}

// Circle is a field by which an answer over GraphQL holds itself. Without the
// fields of all circles none does.
type Circle struct {
	Message *ir.Message
	Field   *ir.Field
	// Way is how the field's type leads to it: "User.friends, Friend.user".
	Way string
}

// pos is the place of the field over GraphQL.
func (c Circle) pos() diag.Pos {
	for _, w := range c.Message.Wires {
		for _, f := range w.Fields {
			if w.Protocol == ir.GraphQL && f.Field == c.Field && f.Contract != nil {
				return f.Contract.Pos
			}
		}
	}
	return c.Message.Wires[0].Contract.Pos
}

// Circles finds them, walking from the types that no other holds.
func Circles(messages []*ir.Message) []Circle {
	held := map[*ir.Message]bool{}
	for _, m := range messages {
		for _, f := range m.Fields {
			held[f.Type.Leaf().Message] = true
		}
	}
	w := &walk{seen: map[*ir.Message]bool{}}
	for _, others := range []bool{false, true} {
		for _, m := range messages {
			if !m.Request && overGraphQL(m) && held[m] == others {
				w.message(m)
			}
		}
	}
	return w.found
}

// walk goes through types, depth first.
type walk struct {
	// way are the fields that lead to where it is, and the types that have them.
	way   []Circle
	seen  map[*ir.Message]bool
	found []Circle
}

func (w *walk) message(m *ir.Message) {
	if w.seen[m] {
		return
	}
	w.seen[m] = true
	for _, f := range m.Fields {
		next := f.Type.Leaf().Message
		if next == nil {
			continue
		}
		w.way = append(w.way, Circle{Message: m, Field: f})
		if i := slices.IndexFunc(w.way, func(c Circle) bool { return c.Message == next }); i >= 0 {
			w.found = append(w.found, Circle{m, f, wayText(w.way[i:])})
		} else {
			w.message(next)
		}
		w.way = w.way[:len(w.way)-1]
	}
}

func wayText(way []Circle) string {
	var out []string
	for _, c := range way {
		out = append(out, c.Message.GoName+"."+c.Field.Name)
	}
	return strings.Join(out, ", ")
}

func overGraphQL(m *ir.Message) bool {
	return slices.ContainsFunc(m.Wires, func(w *ir.Wire) bool { return w.Protocol == ir.GraphQL })
}

// holds tells whether m holds target, but for lists and pointers.
func holds(m, target *ir.Message, seen map[*ir.Message]bool) bool {
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, f := range m.Fields {
		next := f.Type.Leaf().Message
		if next != nil && f.Type.Single() && !f.Pointer && (next == target || holds(next, target, seen)) {
			return true
		}
	}
	return false
}

// breakCircle makes pointers of the fields by which a message holds itself.
func breakCircle(m *ir.Message) {
	for _, f := range m.Fields {
		next := f.Type.Message
		if next != nil && f.Type.Single() && !f.Pointer && (next == m || holds(next, m, map[*ir.Message]bool{})) {
			f.Pointer = true
		}
	}
}
