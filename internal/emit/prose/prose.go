// Package prose holds the sentences about the model that more than one emitter
// writes, so that the SDK and its reference say the same.
package prose

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Protocol is what a protocol is called.
func Protocol(p ir.Protocol) string {
	return map[ir.Protocol]string{ir.GraphQL: "GraphQL", ir.REST: "REST", ir.GRPC: "gRPC"}[p]
}

// Sentence ends the text with a full stop.
func Sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// Phrase makes a description fit into a sentence: "The token." is "the token".
func Phrase(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "is ")
	runes := []rune(text)
	if len(runes) > 1 && isUpper(runes[0]) && !isUpper(runes[1]) {
		runes[0] += 'a' - 'A'
	}
	return string(runes)
}

// Does makes a sentence about a method of what it does: "GetUser returns a user."
// A description that does not begin with such a verb stands after a colon.
func Does(name, doc string) string {
	doc = strings.TrimSpace(doc)
	first, _, _ := strings.Cut(doc, " ")
	if doc != "" && !strings.HasSuffix(strings.TrimSuffix(first, ","), "s") {
		name += ":"
	}
	return name + " " + Sentence(doc)
}

// About makes a sentence about a name of a description, which may begin with the
// name itself.
func About(name, doc string) string {
	doc = strings.TrimSpace(doc)
	if strings.HasPrefix(doc, name+" ") {
		return Sentence(doc)
	}
	return name + " is " + Sentence(Phrase(doc))
}

// Article puts a or an before a name.
func Article(name string) string {
	if strings.ContainsAny(name[:1], "AEIOU") {
		return "an " + name
	}
	return "a " + name
}

// And joins words for a sentence.
func And(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// LowerFirst makes an exported Go name unexported: LoginRequest, loginRequest;
// FGATuple, fgaTuple.
func LowerFirst(name string) string {
	runes := []rune(name)
	n := 1
	for n < len(runes) && isUpper(runes[n]) && (n+1 == len(runes) || isUpper(runes[n+1])) {
		n++
	}
	return strings.ToLower(string(runes[:n])) + string(runes[n:])
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }
