package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/nearest"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// unusedAcceptance finds entries of accepted that accept nothing.
func unusedAcceptance() rule {
	return rule{fixed: true, Rule: report.Rule{ID: "unused-acceptance", Severity: report.Error, Doc: "an accepted finding that does not occur (any more), or that cannot be accepted"}}
}

// unusedIgnore finds entries of ignored that ignore nothing.
func unusedIgnore() rule {
	return rule{fixed: true, Rule: report.Rule{ID: "unused-ignore", Severity: report.Error, Doc: "an ignored operation that no contract has (any more), or that a row covers"}}
}

// unused finds what the manifest accepts and ignores for nothing; used are the
// uses of each entry of accepted by protocol.
func (c *checker) unused(used []map[string]bool) {
	r := unusedAcceptance()
	c.current = &r
	for i, a := range c.Manifest.Accepted {
		f := finding{Finding: report.Finding{Pos: a.Pos, Hint: "remove it"}}
		fixed, known := c.fixed[a.Rule.Value]
		switch {
		case !known:
			f.Pos, f.Hint = a.Rule.Pos, strings.TrimSpace(nearest.Question(nearest.Find(a.Rule.Value, nearest.Names(slices.Sorted(maps.Keys(c.fixed)))))+" docs/contract-drift.md lists the rules")
			c.add(f, "accepted names the unknown rule %q", a.Rule)
		case fixed:
			f.Pos, f.Hint = a.Rule.Pos, "mend what it finds"
			c.add(f, "what the rule %s finds cannot be accepted", a.Rule)
		case len(used[i]) == 0:
			c.add(f, "the accepted finding of %s does not occur any more", a.Rule)
		}
		for _, p := range a.Protocols {
			if len(used[i]) > 0 && !used[i][p.Value] {
				f.Pos, f.Hint = p.Pos, "remove the protocol"
				c.add(f, "the accepted finding of %s does not occur over %s any more", a.Rule, p)
			}
		}
	}
	c.unusedPlaces()
	c.unusedIgnores()
}

func (c *checker) unusedIgnores() {
	r := unusedIgnore()
	c.current = &r
	covered := c.covered()
	for _, entry := range c.Manifest.Ignored {
		p, key := entry.Operation()
		at := operationKey{ir.Protocol(p), key.Value}
		why := ""
		switch contract := c.Contracts[at.protocol]; {
		case contract == nil || contract.Operations[at.key] == nil:
			why = fmt.Sprintf("%s has no such operation", p)
		case covered[at]:
			why = "a method covers it"
		default:
			continue
		}
		c.add(finding{Finding: report.Finding{Pos: key.Pos, Protocols: []string{p}, Hint: "remove it"}}, "ignored lists %s, but %s", key, why)
	}
}
