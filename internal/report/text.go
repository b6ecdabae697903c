package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// The escape sequences of colours.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	blue   = "\x1b[1;34m"
	green  = "\x1b[1;32m"
	reset  = "\x1b[0m"
)

// textWriter writes text for people.
type textWriter struct {
	bytes.Buffer
	colour bool
}

// writeText prints the findings grouped by method, each with its source line.
func writeText(w io.Writer, r *Report, colour bool) error {
	t := &textWriter{colour: colour}
	for _, g := range r.groups() {
		fmt.Fprintf(t, "%s\n", t.paint(bold, oneLine(g.title())))
		for _, f := range g.findings {
			t.finding(f)
		}
		t.WriteByte('\n')
	}
	writeClosing(t, r)
	if r.Advice != "" {
		fmt.Fprintf(t, "%s\n", oneLine(r.Advice))
	}
	_, err := w.Write(t.Bytes())
	return err
}

func (t *textWriter) finding(f Finding) {
	place := ""
	if f.Pos.File != "" {
		place = oneLine(f.Pos.String()) + ": "
	}
	fmt.Fprintf(t, "%s%s: %s [%s]\n", place, t.paint(severityColour(f.Severity), string(f.Severity)), oneLine(f.Message), f.Rule)
	t.source(f)
	if f.Hint != "" {
		fmt.Fprintf(t, "    hint: %s\n", oneLine(f.Hint))
	}
	if c := f.concerns(); c != "" {
		fmt.Fprintf(t, "    %s\n", oneLine(c))
	}
	if f.Detail != "" {
		for line := range strings.Lines(printable(f.Detail)) {
			fmt.Fprintf(t, "    %s\n", strings.TrimRight(line, "\n"))
		}
	}
}

// source quotes the line of the finding, with a caret below its column.
func (t *textWriter) source(f Finding) {
	if strings.TrimSpace(f.Line) == "" {
		return
	}
	const longest = 160
	line, col := []rune(oneLine(f.Line)), f.Pos.Col
	if col > longest/2 && len(line) > longest {
		cut := min(col-longest/2, len(line)-longest)
		line, col = append([]rune("..."), line[cut:]...), col-cut+3
	}
	if len(line) > longest {
		line = append(line[:longest:longest], []rune("...")...)
	}
	number := fmt.Sprintf("%5d", f.Pos.Line)
	fmt.Fprintf(t, "%s | %s\n", number, string(line))
	if col == 0 || col > len(line)+1 {
		return
	}
	indent := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, string(line[:col-1]))
	fmt.Fprintf(t, "%s | %s%s\n", strings.Repeat(" ", utf8.RuneCountInString(number)), indent, t.paint(green, "^"))
}

// writeClosing writes the last line: what was looked at and what was found.
func writeClosing(w io.Writer, r *Report) {
	note := ""
	if r.Note != "" {
		note = oneLine(r.Note) + ": "
	}
	ending := ""
	if r.Unusable {
		ending = "; the input cannot be used, nothing was compared"
	}
	fmt.Fprintf(w, "%s%s%s\n", note, r.summary(), ending)
}

func (t *textWriter) paint(colour, s string) string {
	if !t.colour {
		return s
	}
	return colour + s + reset
}

func severityColour(s Severity) string {
	switch s {
	case Error:
		return red
	case Warning:
		return yellow
	}
	return blue
}
