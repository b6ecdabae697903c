package fidelity

import (
	"fmt"
	"regexp"
	"strings"
)

// placeholder is what stands in a recording for a value that changes from run to
// run.
var placeholder = regexp.MustCompile(`00000000-0000-4000-8000-\d{12}` +
	`|(?:jwt|cookie|code|nonce|at-hash|fga-model|continuation-token)-\d+` +
	`|(?:\$|%24)admin-cookie-\d+` +
	`|127\.0\.0\.1:50000` +
	`|recorder grpc-go/[0-9.]+`)

// names maps what stands in a recording to what stands in its place in this run,
// one for one.
type names struct {
	actual   map[string]string // by placeholder
	recorded map[string]string // by actual value
}

func newNames() *names { return &names{map[string]string{}, map[string]string{}} }

// request puts in place of each placeholder what the server gave for it. One
// that it did not give stays: it stands for something that does not exist.
func (n *names) request(recorded string) string {
	return placeholder.ReplaceAllStringFunc(recorded, func(p string) string {
		if actual, ok := n.actual[p]; ok {
			return actual
		}
		return p
	})
}

// same tells whether an actual text is the recorded one, and learns the names of
// what was not seen before.
func (n *names) same(recorded, actual string) bool {
	if !placeholder.MatchString(recorded) {
		return recorded == actual
	}
	pattern, unknown := n.pattern(recorded)
	groups := pattern.FindStringSubmatch(actual)
	if groups == nil {
		return false
	}
	for i, p := range unknown {
		if !n.learn(p, groups[i+1]) {
			return false
		}
	}
	return true
}

// pattern matches what a recorded text may be in this run, with a group for each
// placeholder that is not known yet.
func (n *names) pattern(recorded string) (*regexp.Regexp, []string) {
	var b strings.Builder
	var unknown []string
	end := 0
	for _, at := range placeholder.FindAllStringIndex(recorded, -1) {
		b.WriteString(regexp.QuoteMeta(recorded[end:at[0]]))
		p := recorded[at[0]:at[1]]
		if actual, ok := n.actual[p]; ok {
			b.WriteString(regexp.QuoteMeta(actual))
		} else {
			b.WriteString(`([^"\s;&]+(?: grpc-go/\S+)?)`)
			unknown = append(unknown, p)
		}
		end = at[1]
	}
	b.WriteString(regexp.QuoteMeta(recorded[end:]))
	return regexp.MustCompile("^" + b.String() + "$"), unknown
}

// learn binds a placeholder to a value, unless one of them is bound already.
func (n *names) learn(p, actual string) bool {
	if p == "127.0.0.1:50000" { // every connection has a port of its own
		return strings.HasPrefix(actual, "127.0.0.1:")
	}
	if known, ok := n.actual[p]; ok {
		return known == actual
	}
	if _, taken := n.recorded[actual]; taken {
		return false
	}
	n.actual[p], n.recorded[actual] = actual, p
	return true
}

// String shows how many values were mapped, never which.
func (n *names) String() string { return fmt.Sprintf("%d names", len(n.actual)) }
