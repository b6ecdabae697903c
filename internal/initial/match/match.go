package match

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Method is one method: an operation of one or more contracts.
type Method struct {
	Operations map[ir.Protocol]*contract.Operation
	// Links say, for each operation but the first, why it is the same method.
	Links []Link
	// Near are operations that are somewhat alike and were not taken, and why.
	Near []Near
}

// Link is why an operation belongs to a method.
type Link struct {
	Protocol ir.Protocol
	// With is the protocol of the operation that it was found by.
	With ir.Protocol
	// Score is how sure it is, from 0 to 1.
	Score float64
	// Evidence is what speaks for it: "HTTP annotation", "same name", "shape 0.8".
	Evidence []string
}

// Near is an operation that could be the same method.
type Near struct {
	Protocol ir.Protocol
	Key      string
	Score    float64
	// Why it was not taken.
	Why string
}

// Score is how sure the weakest link is; 1 without any.
func (m *Method) Score() float64 {
	out := 1.0
	for _, l := range m.Links {
		out = min(out, l.Score)
	}
	return out
}

// Word names a score.
func Word(score float64) string {
	switch {
	case score >= certain:
		return "certain"
	case score >= likely:
		return "likely"
	}
	return "unsure"
}

// order is that in which the contracts are laid over each other: between gRPC
// and REST the evidence is best.
func order() []ir.Protocol { return []ir.Protocol{ir.GRPC, ir.REST, ir.GraphQL} }

// Match groups the operations of the contracts into methods. Every operation is
// in just one of them; the order is that of the contracts' files.
func Match(contracts map[ir.Protocol]*contract.Contract) []*Method {
	m := &matcher{sides: map[*contract.Operation]*side{}}
	n := newNamer(contracts)
	for _, p := range order() {
		for _, op := range operations(contracts[p]) {
			m.sides[op] = newSide(n, p, op)
		}
	}
	m.scorer = newScorer(slices.Collect(maps.Values(m.sides)))
	for _, p := range order() {
		m.lay(p, operations(contracts[p]))
	}
	return m.methods
}

// operations are those of a contract, in the order of its files.
func operations(c *contract.Contract) []*contract.Operation {
	if c == nil {
		return nil
	}
	return slices.SortedFunc(maps.Values(c.Operations), func(a, b *contract.Operation) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col), strings.Compare(a.Key, b.Key))
	})
}

func newSide(n *namer, p ir.Protocol, op *contract.Operation) *side {
	s := &side{protocol: p, op: op, readings: n.readings(p, op), shape: shapeOf(op)}
	switch {
	case p == ir.REST:
		s.route = route(op.WithoutBase())
	case p == ir.GRPC && len(op.HTTP) > 0:
		s.route = route(op.HTTP[0].Verb + " " + op.HTTP[0].Path) // the others are further ways to the same
	}
	return s
}

// route is a verb and path without the names and patterns of its variables.
func route(key string) string {
	var b strings.Builder
	depth := 0
	for _, r := range key {
		if r == '{' {
			depth++
		}
		if depth == 0 || r == '{' && depth == 1 {
			b.WriteRune(r)
		}
		if r == '}' {
			depth--
		}
	}
	return b.String()
}

type matcher struct {
	scorer  *scorer
	sides   map[*contract.Operation]*side
	methods []*Method
}

// lay finds for each operation of one more contract the method that it is.
func (m *matcher) lay(p ir.Protocol, ops []*contract.Operation) {
	edges := m.edges(ops)
	var sure, rest []edge
	for _, e := range edges {
		if e.value >= certain {
			sure = append(sure, e)
		}
	}
	// What the contracts say themselves goes before what is alike.
	pairs := newPairs(edges)
	pairs.take(assign(sure))
	for _, e := range edges {
		if pairs.free(e) && e.value >= nearby {
			rest = append(rest, e)
		}
	}
	pairs.take(slices.DeleteFunc(assign(rest), func(e edge) bool { return e.value < least }))
	pairs.dropDoubtful()
	known := m.methods
	for right, op := range ops {
		if e, ok := pairs.ofRight[right]; ok {
			m.join(known[e.left], p, op)
			continue
		}
		m.methods = append(m.methods, &Method{
			Operations: map[ir.Protocol]*contract.Operation{p: op},
			Near:       nearest(known, pairs, right),
		})
	}
}

// join adds an operation to a method.
func (m *matcher) join(to *Method, p ir.Protocol, op *contract.Operation) {
	with, s := m.closest(to, m.sides[op])
	to.Links = append(to.Links, Link{Protocol: p, With: with, Score: s.value, Evidence: s.evidence})
	to.Operations[p] = op
}

// closest is the operation of a method that another one looks most like.
func (m *matcher) closest(to *Method, s *side) (ir.Protocol, score) {
	var with ir.Protocol
	var best score
	for _, p := range order() {
		if op := to.Operations[p]; op != nil {
			if got := m.scorer.score(m.sides[op], s); with == "" || got.value > best.value {
				with, best = p, got
			}
		}
	}
	return with, best
}

// edges are the possible pairs of the methods so far and the operations.
func (m *matcher) edges(ops []*contract.Operation) []edge {
	var out []edge
	candidates := m.candidates(ops)
	for right, op := range ops {
		for _, left := range candidates(right) {
			if _, s := m.closest(m.methods[left], m.sides[op]); s.value >= nearby {
				out = append(out, edge{left, right, s.value})
			}
		}
	}
	return out
}

// candidates finds the methods that an operation is compared with: all of them or,
// where that would be too many, those that have a word of their names or their
// route in common.
func (m *matcher) candidates(ops []*contract.Operation) func(right int) []int {
	const maxPairs = 50_000
	if len(ops)*len(m.methods) <= maxPairs {
		all := make([]int, len(m.methods))
		for i := range all {
			all[i] = i
		}
		return func(int) []int { return all }
	}
	index := map[string][]int{}
	for left, method := range m.methods {
		for _, key := range m.keys(slices.Collect(maps.Values(method.Operations))...) {
			index[key] = append(index[key], left)
		}
	}
	const common = 100 // a word of more methods than that tells nothing
	return func(right int) []int {
		var out []int
		for _, key := range m.keys(ops[right]) {
			if len(index[key]) <= common {
				out = append(out, index[key]...)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
}

// keys are what operations are found by among many.
func (m *matcher) keys(ops ...*contract.Operation) []string {
	var out []string
	for _, op := range ops {
		s := m.sides[op]
		if s.route != "" {
			out = append(out, "route "+s.route)
		}
		for _, r := range s.readings {
			out = append(out, "name "+r.plain, strings.Join(r.nouns, " "))
			out = append(out, r.nouns...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Said tells whether a link has this score because the contracts themselves say
// that the two are one.
func Said(score float64) bool { return score >= said }
