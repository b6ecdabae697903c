// Package gofile is how the emitters write Go files: their first line, their
// comments and their imports.
package gofile

import (
	"strings"

	"github.com/dave/jennifer/jen"
)

// lineWidth is where comments are wrapped.
const lineWidth = 78

// Comment writes a doc comment, wrapped.
func Comment(g *jen.Group, text string) {
	for _, line := range CommentLines(text) {
		g.Comment(line)
	}
}

// CommentLines wraps a text into lines of a comment. Jennifer would turn a
// text with line breaks into a block comment.
func CommentLines(text string) []string {
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
