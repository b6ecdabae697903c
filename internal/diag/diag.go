// Package diag holds positions and findings: what every phase of sdkgen says
// about its input, collected and sorted rather than stopped at the first.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in an input file. Line and Col count from 1; zero means that
// the place is the whole file (or, with an empty File, no place at all).
type Pos struct {
	File string
	Line int
	Col  int
}

// String formats the position as file:line:col, leaving out what is unknown.
func (p Pos) String() string {
	switch {
	case p.File == "":
		return "-"
	case p.Line == 0:
		return p.File
	case p.Col == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
	}
}

// Finding is one thing that is wrong, where it is, and the way out.
type Finding struct {
	Pos Pos
	// Message says what is wrong, without a trailing full stop.
	Message string
	// Hint says what would be right. It may be empty.
	Hint string
	// Rule is the id of the rule that found it; empty: what is wrong makes the
	// input unusable, and belongs to no rule.
	Rule string
	// Method is the manifest row that it concerns, Type the flat type; both
	// may be empty.
	Method string
	Type   string
}

// Error formats the finding as "file:line:col: message (hint)".
func (f Finding) Error() string {
	s := f.Message
	if f.Pos != (Pos{}) {
		s = f.Pos.String() + ": " + s
	}
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// List collects findings. The zero List is empty and ready for use.
type List struct {
	findings []Finding
}

// Addf adds a finding without a hint.
func (l *List) Addf(pos Pos, format string, args ...any) {
	l.Add(Finding{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

// Add adds findings as they are.
func (l *List) Add(findings ...Finding) {
	l.findings = append(l.findings, findings...)
}

// Merge adds all findings of the other list.
func (l *List) Merge(other *List) {
	if other != nil {
		l.Add(other.findings...)
	}
}

// Len is the number of findings.
func (l *List) Len() int { return len(l.findings) }

// Findings returns the findings sorted by position, then by text, without
// repetitions.
func (l *List) Findings() []Finding {
	out := slices.Clone(l.findings)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			strings.Compare(a.Message, b.Message),
			strings.Compare(a.Hint, b.Hint),
		)
	})
	return slices.Compact(out)
}

// Err returns the list as an error, or nil when it is empty.
func (l *List) Err() error {
	if l.Len() == 0 {
		return nil
	}
	return &ListError{Findings: l.Findings()}
}

// ListError is a non-empty list of findings as an error value.
type ListError struct {
	Findings []Finding
}

// Error prints one finding a line.
func (e *ListError) Error() string {
	lines := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Count writes a number of things: "1 finding", "2 findings".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
