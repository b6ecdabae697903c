package drift

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// candidate is a thing of the base and one of the head that may be the same
// under another name; the higher the score, the more likely.
type candidate struct {
	base, head string
	score      int
}

// choose takes the candidates that are the best for both of their sides, best
// first, and clearly so: of two equally good ones neither is taken.
func choose(list []candidate) []candidate {
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.base, b.base), strings.Compare(a.head, b.head))
	})
	rival := func(c candidate) bool {
		return slices.ContainsFunc(list, func(o candidate) bool {
			return o != c && o.score == c.score && (o.base == c.base || o.head == c.head)
		})
	}
	var out []candidate
	base, head := map[string]bool{}, map[string]bool{}
	for _, c := range list {
		if base[c.base] || head[c.head] {
			continue
		}
		if !rival(c) {
			out = append(out, c)
		}
		base[c.base], head[c.head] = true, true
	}
	return out
}

// only are the keys that the other side lacks, sorted.
func only[T any](have, other map[string]T) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if _, ok := other[key]; !ok {
			out = append(out, key)
		}
	}
	return out
}

// pairMessages finds the messages that are on both sides.
func (c *comparer) pairMessages() {
	base, head := c.base.contract.Messages, c.head.contract.Messages
	c.messagePairs, c.renamed = map[string]pair[contract.Message]{}, map[string]string{}
	for name, m := range base {
		if head[name] != nil {
			c.messagePairs[name] = pair[contract.Message]{m, head[name]}
		}
	}
	var list []candidate
	for _, b := range only(base, head) {
		for _, h := range only(head, base) {
			if score := c.messageScore(base[b], head[h]); score > 0 {
				list = append(list, candidate{b, h, score})
			}
		}
	}
	for _, one := range choose(list) {
		c.messagePairs[one.base] = pair[contract.Message]{base[one.base], head[one.head]}
		c.renamed[one.base] = one.head
	}
}

// messageScore is how much two messages of different names look like the same:
// by their fields, by their names without package, and by what refers to them.
func (c *comparer) messageScore(b, h *contract.Message) int {
	if messageDetails(b).Kind != messageDetails(h).Kind {
		return 0
	}
	score := 100
	if len(b.Fields)+len(h.Fields) > 0 {
		score = 100 * common(b, h) / (len(b.Fields) + len(h.Fields) - common(b, h))
	}
	same := short(b.Name) == short(h.Name)
	if score < 60 && !same {
		return 0
	}
	if same {
		score += 100
	}
	return score + 50*c.references(b, h)
}

// common counts the fields that both have, by name.
func common(b, h *contract.Message) int {
	n := 0
	for _, f := range b.Fields {
		if h.Field(f.Name) != nil {
			n++
		}
	}
	return n
}

// references counts the places of the same name, at most two, that refer to the
// one in the base and to the other in the head.
func (c *comparer) references(b, h *contract.Message) int {
	n := 0
	for key, op := range c.base.contract.Operations {
		other := c.head.contract.Operations[key]
		if other == nil {
			continue
		}
		if op.Request == b && other.Request == h || op.Response.Leaf().Message == b && other.Response.Leaf().Message == h {
			n++
		}
	}
	for name, m := range c.base.contract.Messages {
		for _, f := range m.Fields {
			other := c.head.contract.Messages[name].Field(f.Name)
			if f.Type.Leaf().Message == b && other != nil && other.Type.Leaf().Message == h {
				n++
			}
		}
	}
	return min(n, 2)
}

// short is a name without its package.
func short(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// headName is the name in the head of a message of the base.
func (c *comparer) headName(name string) string {
	if renamed := c.renamed[name]; renamed != "" {
		return renamed
	}
	return name
}

// sameMessage tells whether the messages of two references are a pair.
func (c *comparer) sameMessage(b, h *contract.Message) bool {
	if b == nil || h == nil {
		return b == h
	}
	return c.headName(b.Name) == h.Name
}

// pairOperations finds the operations that are on both sides.
func (c *comparer) pairOperations() {
	base, head := c.base.contract.Operations, c.head.contract.Operations
	c.operationPairs = map[string]pair[contract.Operation]{}
	for key, op := range base {
		if head[key] != nil {
			c.operationPairs[key] = pair[contract.Operation]{op, head[key]}
		}
	}
	gone, added := only(base, head), only(head, base)
	least := 4
	if len(gone) == 1 && len(added) == 1 {
		least = 3
	}
	var list []candidate
	for _, b := range gone {
		for _, h := range added {
			if score := c.operationScore(base[b], head[h]); score >= least {
				list = append(list, candidate{b, h, score})
			}
		}
	}
	for _, one := range choose(list) {
		c.operationPairs[one.base] = pair[contract.Operation]{base[one.base], head[one.head]}
	}
}

// operationScore is how much two operations of different names look like the
// same: by the row that they belong to, by what they take and answer, and by
// parts of their names.
func (c *comparer) operationScore(b, h *contract.Operation) int {
	if b.Kind != h.Kind {
		return 0
	}
	score := 0
	count := func(same bool, points int) {
		if same {
			score += points
		}
	}
	count(slices.ContainsFunc(c.base.rows[b.Key], func(m string) bool { return slices.Contains(c.head.rows[h.Key], m) }), 10)
	count(b.Request != nil && c.sameMessage(b.Request, h.Request), 2)
	count(b.Request == nil && h.Request == nil, 1)
	count(b.Response.Scalar == h.Response.Scalar && c.sameMessage(b.Response.Leaf().Message, h.Response.Leaf().Message), 2)
	count(b.OperationID != "" && b.OperationID == h.OperationID, 3)
	bPath, bName := splitKey(c.protocol, b.Key)
	hPath, hName := splitKey(c.protocol, h.Key)
	count(bName == hName && c.protocol != ir.GraphQL, 1)
	count(bPath == hPath && c.protocol == ir.REST, 3)
	count(bName == hName && c.protocol == ir.GRPC, 3)
	return score
}

// splitKey parts "POST /v1/login" into path and verb, and
// "authorizer.v1.Service/Login" into service and method.
func splitKey(p ir.Protocol, key string) (place, name string) {
	switch p {
	case ir.REST:
		verb, path, _ := strings.Cut(key, " ")
		return path, verb
	case ir.GRPC:
		service, method, _ := strings.Cut(key, "/")
		return service, method
	}
	return "", key
}

// pairFields finds the fields that are on both sides: by name, then by
// protobuf's number, then by type and place. The rest are gone or new.
func (c *comparer) pairFields(b, h *contract.Message) (pairs []pair[contract.Field], gone, added []*contract.Field) {
	for _, f := range b.Fields {
		if other := h.Field(f.Name); other != nil {
			pairs = append(pairs, pair[contract.Field]{f, other})
		} else {
			gone = append(gone, f)
		}
	}
	for _, f := range h.Fields {
		if b.Field(f.Name) == nil {
			added = append(added, f)
		}
	}
	var list []candidate
	for _, g := range gone {
		for _, a := range added {
			score := fieldScore(b, h, g, a)
			if b.Union != nil && g.Type.Message != nil && c.sameMessage(g.Type.Message, a.Type.Message) {
				score = 20 // a variant is called what its message is
			}
			if score > 0 {
				list = append(list, candidate{g.Name, a.Name, score})
			}
		}
	}
	for _, one := range choose(list) {
		pairs = append(pairs, pair[contract.Field]{b.Field(one.base), h.Field(one.head)})
		gone = slices.DeleteFunc(gone, func(f *contract.Field) bool { return f.Name == one.base })
		added = slices.DeleteFunc(added, func(f *contract.Field) bool { return f.Name == one.head })
	}
	return pairs, gone, added
}

// fieldScore is how much two fields of different names look like the same; zero
// when their types differ, or their numbers where there are any.
func fieldScore(bm, hm *contract.Message, b, h *contract.Field) int {
	bd, hd := fieldDetails(b), fieldDetails(h)
	if bd.Type.Text != hd.Type.Text || b.Required != h.Required {
		return 0
	}
	if bd.Number != 0 || hd.Number != 0 {
		if bd.Number == hd.Number {
			return 10
		}
		return 0
	}
	score := 1
	if plain(b.Name) == plain(h.Name) {
		score += 3
	}
	if slices.Index(bm.Fields, b) == slices.Index(hm.Fields, h) {
		score += 2
	}
	return score
}
