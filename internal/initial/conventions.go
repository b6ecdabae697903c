package initial

import (
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// conventions finds for each service and protocol the convention that most of its
// rows follow, so that only the others have to spell out their operations.
func (d *draft) conventions(s *service) {
	s.conventions = map[ir.Protocol]string{}
	for _, p := range ir.Protocols() {
		count := map[string]int{}
		for _, r := range s.rows {
			if op := r.method.Operations[p]; op != nil && r.left[p] == "" {
				for _, c := range d.conventionsOf(p, r.name, op.Key) {
					count[c]++
				}
			}
		}
		best := ""
		for _, c := range slices.Sorted(maps.Keys(count)) {
			if best == "" || count[c] > count[best] {
				best = c
			}
		}
		if count[best] > 1 || len(s.rows) == 1 {
			s.conventions[p] = best
		}
	}
}

// conventionsOf are the conventions that lead from a row's name to an operation:
// those in which the name ends the operation's.
func (d *draft) conventionsOf(p ir.Protocol, name, key string) []string {
	var out []string
	for _, form := range slices.Sorted(maps.Keys(resolve.Forms(name))) {
		head, ok := strings.CutSuffix(key, resolve.Forms(name)[form])
		if !ok || p != ir.GraphQL && !strings.HasSuffix(head, "/") {
			continue
		}
		if p == ir.REST {
			// The verb is not needed where the path has only one.
			if rest := withoutVerb(head); d.verbs[withoutVerb(key)] == 1 {
				out = append(out, rest+form)
				continue
			}
		}
		out = append(out, head+form)
	}
	return out
}

func withoutVerb(key string) string {
	if verb, rest, ok := strings.Cut(key, " "); ok && verb == strings.ToUpper(verb) {
		return rest
	}
	return key
}

// follows tells whether a convention leads from a row's name to the operation.
func (d *draft) follows(r *row, p ir.Protocol) bool {
	return slices.Contains(d.conventionsOf(p, r.name, r.method.Operations[p].Key), r.service.conventions[p])
}

// nameBy is the row's name by which a convention leads to the operation; empty:
// there is none.
func nameBy(convention, key string) string {
	head, form, _ := strings.Cut(convention, "{")
	rest, ok := strings.CutPrefix(withoutVerb(key), withoutVerb(head))
	if name := snake(rest); ok && resolve.Forms(name)["{"+form] == rest {
		return name
	}
	return ""
}
