package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// writeGitHub prints each finding as a workflow command, which GitHub shows at
// the line of a pull request, and a closing line for the log.
func writeGitHub(w io.Writer, r *Report) error {
	var out bytes.Buffer
	for _, f := range r.Findings {
		if f.Accepted != "" {
			continue
		}
		command := map[Severity]string{Error: "error", Warning: "warning"}[f.Severity]
		if command == "" {
			command = "notice"
		}
		var properties []string
		if f.Pos.File != "" {
			properties = append(properties, "file="+escapeProperty(r.file(f)))
			if f.Pos.Line > 0 {
				properties = append(properties, fmt.Sprintf("line=%d", f.Pos.Line))
			}
			if f.Pos.Col > 0 {
				properties = append(properties, fmt.Sprintf("col=%d", f.Pos.Col))
			}
		}
		properties = append(properties, "title="+escapeProperty("sdkgen "+r.Command+": "+f.Rule))
		fmt.Fprintf(&out, "::%s %s::%s\n", command, strings.Join(properties, ","), escapeData(f.words()))
	}
	writeClosing(&out, r)
	_, err := w.Write(out.Bytes())
	return err
}

// words is all that the finding says, over several lines.
func (f Finding) words() string {
	out := f.Message
	switch {
	case len(f.Methods) == 1:
		out = "method " + f.Methods[0] + ": " + out
	case f.Type != "":
		out = "type " + f.Type + ": " + out
	}
	for _, line := range []string{f.Hint, f.concerns(), beginning(f.Detail, annotationLines)} {
		if line != "" {
			out += "\n" + line
		}
	}
	return printable(out)
}

// annotationLines is as much of a longer text as an annotation, or a message of
// SARIF, shows: what shows them cuts them off, too, and does not say so.
const annotationLines = 40

// beginning is the first lines of a text, and how many more there are.
func beginning(text string, most int) string {
	text = strings.TrimRight(text, "\n")
	lines := strings.Split(text, "\n")
	if len(lines) <= most {
		return text
	}
	return fmt.Sprintf("%s\n(and %d more lines: see --format text)", strings.Join(lines[:most], "\n"), len(lines)-most)
}

// escapeData escapes the text of a workflow command.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty escapes a property's value, in which ":" and "," also mean
// something.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
