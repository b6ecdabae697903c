package sdk

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// lineWidth is where comments are wrapped.
const lineWidth = 78

// comment writes a doc comment, wrapped.
func comment(g *jen.Group, text string) {
	for _, line := range commentLines(text) {
		g.Comment(line)
	}
}

// commentLines wraps a text into lines of a comment. Jennifer would turn a
// text with line breaks into a block comment.
func commentLines(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	var out []string
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			out = append(out, "//")
		}
		line := "//"
		for _, word := range strings.Fields(paragraph) {
			if len(line)+1+len(word) > lineWidth && line != "//" {
				out = append(out, line)
				line = "//"
			}
			line += " " + word
		}
		out = append(out, line)
	}
	return out
}

// sentence ends the text with a full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// phrase makes a description fit into a sentence: "The token." is "the token".
func phrase(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "is ")
	runes := []rune(text)
	if len(runes) > 1 && isUpper(runes[0]) && !isUpper(runes[1]) {
		runes[0] += 'a' - 'A'
	}
	return string(runes)
}

// article puts a or an before a name.
func article(name string) string {
	if strings.ContainsAny(name[:1], "AEIOU") {
		return "an " + name
	}
	return "a " + name
}

// and joins words for a sentence.
func and(words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func appendNew(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

// lowerFirst makes an exported Go name unexported: LoginRequest, loginRequest;
// FGATuple, fgaTuple.
func lowerFirst(name string) string {
	runes := []rune(name)
	n := 1
	for n < len(runes) && isUpper(runes[n]) && (n+1 == len(runes) || isUpper(runes[n+1])) {
		n++
	}
	return strings.ToLower(string(runes[:n])) + string(runes[n:])
}

func isUpper(r rune) bool { return r >= 'A' && r <= 'Z' }
