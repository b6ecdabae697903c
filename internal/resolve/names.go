package resolve

import (
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// namer makes Go names out of contract names: the words of a name in camel
// case, the manifest's initialisms in capitals.
type namer struct {
	initialisms map[string]bool
}

func newNamer(initialisms []string) *namer {
	n := &namer{initialisms: map[string]bool{}}
	for _, word := range initialisms {
		n.initialisms[strings.ToLower(word)] = true
	}
	return n
}

// exported returns the exported Go name for a contract name.
func (n *namer) exported(name string) string {
	var b strings.Builder
	for _, word := range words(name) {
		b.WriteString(n.word(word))
	}
	out := b.String()
	if first, _ := utf8.DecodeRuneInString(out); !unicode.IsUpper(first) {
		out = "X" + out
	}
	return out
}

// local returns the Go name of a constructor's argument: no keyword, and nothing
// that constructors use themselves.
func (n *namer) local(name string) string {
	parts := words(name)
	var b strings.Builder
	for i, word := range parts {
		if i == 0 {
			b.WriteString(strings.ToLower(word))
			continue
		}
		b.WriteString(n.word(word))
	}
	used := []string{"url", "opts", "rt", "err", "api", "nil", "runtime"}
	if token.IsKeyword(b.String()) || slices.Contains(used, b.String()) {
		b.WriteByte('_')
	}
	return b.String()
}

func (n *namer) word(word string) string {
	lower := strings.ToLower(word)
	if n.initialisms[lower] {
		return strings.ToUpper(word)
	}
	first, size := utf8.DecodeRuneInString(lower)
	return string(unicode.ToUpper(first)) + lower[size:]
}

// words splits snake case, camel case and mixtures of them:
// "is_totp", "ValidateJWTToken", "ACCESS_TOKEN".
func words(name string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		out = append(out, camelWords(part)...)
	}
	return out
}

func camelWords(part string) []string {
	runes := []rune(part)
	var out []string
	start := 0
	for i := 1; i < len(runes); i++ {
		startsWord := unicode.IsUpper(runes[i]) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			out = append(out, string(runes[start:i]))
			start = i
		}
	}
	return append(out, string(runes[start:]))
}

// camel is a name in plain camel case, without initialisms: the way protobuf
// services name their methods.
func camel(name string) string { return (&namer{}).exported(name) }

// shortName is a contract's type name without its package.
func shortName(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// goName is the Go name that the manifest gives under a key, or else the one that
// is made of the name.
func (r *resolver) goName(renamed map[string]manifest.Text, key, name string) string {
	if text, ok := renamed[key]; ok {
		r.used[text.Pos] = true
		return text.Value
	}
	return r.namer.exported(name)
}
