package docs

import (
	"regexp"
	"strings"
)

// command is a command of the shell, an argument or a pair of them a line.
type command struct{ lines []string }

func (c *command) add(words ...string) { c.lines = append(c.lines, strings.Join(words, " ")) }

func (c *command) String() string { return strings.Join(c.lines, " \\\n  ") + "\n" }

// headers adds -H for each header; the values hold variables.
func (c *command) headers(list []header) {
	for _, h := range list {
		c.add("-H", expanding(h.Name+": "+h.Value))
	}
}

// quoted is a text as one word of the shell, with the variables in it set in.
func quoted(text string) string {
	text = "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	return strings.NewReplacer(string(variableStart), `'"$`, string(variableEnd), `"'`).Replace(text)
}

// expanding is a text as one word of the shell in which variables are used as
// they stand.
func expanding(text string) string {
	return `"` + regexp.MustCompile("[\"\\\\`]").ReplaceAllString(text, `\$0`) + `"`
}

// shown is a text with its variables as people read them.
func shown(text string) string {
	return strings.NewReplacer(string(variableStart), "$", string(variableEnd), "").Replace(text)
}
