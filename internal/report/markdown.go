package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
)

// writeMarkdown prints a comment for a pull request. Its first line, which is
// not shown, lets a program find the comment again to replace it.
func writeMarkdown(w io.Writer, r *Report) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "<!-- sdkgen %s -->\n### sdkgen %s: %s\n", r.Command, r.Command, r.summary())
	if r.Note != "" {
		fmt.Fprintf(&out, "\n%s\n", escapeMarkdown(r.Note))
	}
	if r.Unusable {
		out.WriteString("\nThe input cannot be used, nothing was compared.\n")
	}
	for _, g := range r.groups() {
		heading := "Project"
		if g.kind != "" {
			heading = strings.ToUpper(g.kind[:1]) + g.kind[1:] + " " + code(g.name)
		}
		fmt.Fprintf(&out, "\n#### %s\n\n| | rule | where | what |\n|---|---|---|---|\n", heading)
		for _, f := range g.findings {
			fmt.Fprintf(&out, "| %s | %s | %s | %s |\n", f.Severity, code(f.Rule), r.place(f), cell(f))
		}
		writeDetails(&out, g)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// place is the position as code; empty without one.
func (r *Report) place(f Finding) string {
	if f.Pos.File == "" {
		return ""
	}
	f.Pos.File = r.file(f)
	return code(f.Pos.String())
}

func cell(f Finding) string {
	out := escapeMarkdown(f.Message)
	if f.Hint != "" {
		out += "<br>" + escapeMarkdown(f.Hint)
	}
	if c := f.concerns(); c != "" {
		out += "<br>" + escapeMarkdown(c)
	}
	return out
}

// writeDetails folds the longer texts of a group away.
func writeDetails(out *bytes.Buffer, g group) {
	for _, f := range g.findings {
		if f.Detail == "" {
			continue
		}
		text := printable(f.Detail)
		fence := "```"
		for strings.Contains(text, fence) {
			fence += "`"
		}
		fmt.Fprintf(out, "\n<details><summary>%s</summary>\n\n%sdiff\n%s\n%s\n\n</details>\n",
			escapeMarkdown(cmp.Or(f.Pos.File, f.Message)), fence, strings.TrimRight(text, "\n"), fence)
	}
}

// code is text between backticks, within a cell of a table.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "'", "|", "\\|").Replace(oneLine(s)) + "`"
}

// escapeMarkdown takes the meaning from the characters that have one.
func escapeMarkdown(s string) string {
	var out strings.Builder
	for _, c := range oneLine(s) {
		switch {
		case c == '<':
			out.WriteString("&lt;")
		case c == '>':
			out.WriteString("&gt;")
		case c == '&':
			out.WriteString("&amp;")
		case c == '@' || c == '#':
			// A zero-width entity after it keeps people and issues from being named.
			fmt.Fprintf(&out, "%c<!-- -->", c)
		case strings.ContainsRune("\\`*_{}[]|~", c):
			out.WriteByte('\\')
			out.WriteRune(c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}
