package check

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// accept gives the findings that the manifest accepts their reason. It returns,
// for each entry, the protocols of the findings that it accepts.
func (c *checker) accept() []map[string]bool {
	used := make([]map[string]bool, len(c.Manifest.Accepted))
	for i := range used {
		used[i] = map[string]bool{}
	}
	for at := range c.found {
		f := &c.found[at]
		for i, a := range c.Manifest.Accepted {
			// What resolving found stands in the way of an SDK, accepted or not.
			if at < len(c.Resolved) || c.fixed[f.Rule] || !matches(a, *f) {
				continue
			}
			for _, p := range f.Protocols {
				used[i][p] = true
			}
			if f.Accepted == "" {
				f.Accepted = a.Reason.Value
			}
		}
	}
	return used
}

// matches tells whether the entry is about the finding. What is found about a
// type that several methods use is about none of them alone.
func matches(a manifest.Accepted, f finding) bool {
	protocols := manifest.Values(a.Protocols)
	return a.Rule.Value == f.Rule &&
		(a.Method.Value == "" || slices.Equal(f.Methods, []string{a.Method.Value})) &&
		(a.Type.Value == "" || a.Type.Value == f.Type) &&
		(a.Field.Value == "" || a.Field.Value == f.field) &&
		(len(protocols) == 0 || !slices.ContainsFunc(f.Protocols, func(p string) bool { return !slices.Contains(protocols, p) }))
}
