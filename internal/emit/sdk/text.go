package sdk

import (
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
