package check

import (
	"fmt"
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
	listed := c.Places.remaining()
	for at := range c.found {
		f := &c.found[at]
		var by *manifest.Accepted
		for i, a := range c.Manifest.Accepted {
			// What resolving found stands in the way of an SDK, accepted or not.
			if at < len(c.Resolved) || c.fixed[f.Rule] || !matches(a, *f) {
				continue
			}
			for _, p := range f.Protocols {
				used[i][p] = true
			}
			// What says just which finding it means comes before what is open.
			if by == nil || open(*by, *f) && !open(a, *f) {
				by = &c.Manifest.Accepted[i]
			}
		}
		if by != nil && f.Accepted == "" {
			c.acceptBy(f, *by, listed)
		}
	}
	return used
}

// acceptBy accepts a finding by an entry, if the entry is not open, or the place
// is listed.
func (c *checker) acceptBy(f *finding, by manifest.Accepted, listed map[string]int) {
	if open(by, *f) {
		line := placeLine(*f)
		c.places = append(c.places, line)
		if c.Places != nil && listed[line] == 0 {
			f.Hint = fmt.Sprintf("the entry of accepted at %s stands for it, but %s does not list it: if it is as it should be, run sdkgen accept", by.Pos, c.Places.File)
			return
		}
		listed[line]--
	}
	f.Accepted = by.Reason.Value
}

// open tells whether an entry leaves open where its findings are.
func open(a manifest.Accepted, f finding) bool {
	return (a.Type.Value == "" || a.Field.Value == "") && (a.Method.Value == "" || f.Type != "")
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
