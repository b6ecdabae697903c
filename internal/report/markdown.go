package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
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
	left := 0
	for _, g := range r.groups() {
		text, shown := r.markdownGroup(g, longestComment-out.Len())
		out.WriteString(text)
		left += len(g.findings) - shown
	}
	if left > 0 {
		fmt.Fprintf(&out, "\n%s more, for which a comment has no room: see `--format text`.\n", diag.Count(left, "finding"))
	}
	_, err := w.Write(out.Bytes())
	return err
}

// longestComment is the size in bytes that a report stays below, but for the last
// line; GitHub takes comments of up to 65,536 characters.
const longestComment = 60_000

// markdownGroup is a heading and a table of as many findings as there is room for.
func (r *Report) markdownGroup(g group, room int) (text string, shown int) {
	heading := "Project"
	if g.kind != "" {
		heading = strings.ToUpper(g.kind[:1]) + g.kind[1:] + " " + code(g.name)
	}
	out := fmt.Sprintf("\n#### %s\n\n| | rule | where | what |\n|---|---|---|---|\n", heading)
	for _, f := range g.findings {
		row := fmt.Sprintf("| %s | %s | %s | %s |\n", f.Severity, code(f.Rule), r.place(f), cell(f))
		if len(out)+len(row) > room {
			break
		}
		out += row
		shown++
	}
	if shown == 0 {
		return "", 0
	}
	var details bytes.Buffer
	writeDetails(&details, group{findings: g.findings[:shown]})
	if len(out)+details.Len() <= room {
		out += details.String()
	}
	return out, shown
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

// detailLines is as much of a longer text as a comment shows.
const detailLines = 120

// writeDetails folds the longer texts of a group away.
func writeDetails(out *bytes.Buffer, g group) {
	for _, f := range g.findings {
		if f.Detail == "" {
			continue
		}
		text := printable(beginning(f.Detail, detailLines))
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
