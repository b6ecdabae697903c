// Package nearest finds what was meant by a name that does not exist.
package nearest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Candidate is something that can be meant: what it is called in an answer, and
// the names that it goes by.
type Candidate struct {
	Shown string
	Names []string
}

// Names are candidates that go by their one name each.
func Names(names []string) []Candidate {
	out := make([]Candidate, len(names))
	for i, name := range names {
		out[i] = Candidate{name, []string{name}}
	}
	return out
}

// Find returns what looks most like the name, the nearest first, at most three.
// Capitals, underscores and hyphens do not count.
func Find(name string, list []Candidate) []string {
	type near struct {
		shown string
		far   int
	}
	var found []near
	for _, c := range list {
		best := len(name) + 1
		for _, known := range c.Names {
			best = min(best, distance(plain(name), plain(known)))
		}
		if best <= max(2, len(name)/3) {
			found = append(found, near{c.Shown, best})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Or(cmp.Compare(a.far, b.far), strings.Compare(a.shown, b.shown)) })
	const many = 3
	var out []string
	for _, n := range found[:min(len(found), many)] {
		out = append(out, n.shown)
	}
	return out
}

// distance is how many letters differ; a part of a name is near.
func distance(name, known string) int {
	d := levenshtein.ComputeDistance(name, known)
	if len(name) > 2 && strings.Contains(known, name) {
		d = min(d, 2)
	}
	return d
}

func plain(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(s))
}

// Question asks whether one of the names was meant; empty without any.
func Question(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(names, " or ") + "?"
}
