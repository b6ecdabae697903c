// Package report is the one place that prints findings: as text for people, as
// JSON, as annotations of GitHub, as SARIF and as Markdown. It depends on
// nothing but positions, so that every command can use it.
package report

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Severity says how much a finding matters.
type Severity string

// The severities. Errors and warnings make a run end with findings, infos do not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Rule is a kind of finding.
type Rule struct {
	// ID is stable: what is accepted, and what other programs match, names it.
	ID       string
	Severity Severity
	// Doc says in one line what the rule finds.
	Doc string
}

// Finding is one thing that a rule found.
type Finding struct {
	// Rule is the ID of the rule.
	Rule     string
	Severity Severity
	// Methods are the manifest rows that it concerns; with just one, the
	// finding is printed with that method. Type is the flat type that it is
	// about, if it is about one. Both may be empty.
	Methods []string
	Type    string
	// Protocols are those that it concerns: graphql, rest, grpc.
	Protocols []string
	// Pos is where it is, with a path below the project's directory.
	Pos diag.Pos
	// Line is the text of the source line; empty: it is read from the report's
	// Sources. Findings about files of another tree set it.
	Line string
	// Message says what is wrong, Hint what would be right; the hint may be empty.
	Message, Hint string
	// Detail is more text of several lines, such as a diff. It may be empty.
	Detail string
	// Properties are further facts for programs, such as what a change breaks.
	Properties map[string]string
	// Accepted is the reason why the finding is accepted; empty: it is not.
	Accepted string
}

// Report is what a command found.
type Report struct {
	// Command is the command's name, such as "check".
	Command string
	// Note closes the text with what was looked at: "57 methods, 19 files".
	Note string
	// Advice, in text for people, says after all findings what can be done about
	// many of them at once.
	Advice string
	// Unusable: the input could not be used, so that nothing was compared.
	Unusable bool
	// Rules are those that could have found something.
	Rules    []Rule
	Findings []Finding
	// Sources is the project's directory, to quote lines from. It may be nil.
	Sources fs.FS
	// Prefix is the path from where the command runs to the project's directory,
	// with forward slashes. Formats that other programs read put it before paths.
	Prefix string
	// Secrets are values that must not be printed, wherever they stand.
	Secrets []string
}

// FromDiag are findings of a phase that knows no rules, or names them itself.
func FromDiag(list []diag.Finding, severity Severity) []Finding {
	out := make([]Finding, len(list))
	for i, f := range list {
		out[i] = Finding{Rule: f.Rule, Severity: severity, Type: f.Type, Pos: f.Pos, Message: f.Message, Hint: f.Hint}
		if f.Method != "" {
			out[i].Methods = []string{f.Method}
		}
	}
	return out
}

// Counts are the numbers of findings that are not accepted, by severity, and of
// those that are.
type Counts struct {
	Errors, Warnings, Infos, Accepted int
}

// Counts counts the findings.
func (r *Report) Counts() Counts {
	var c Counts
	for _, f := range r.Findings {
		switch {
		case f.Accepted != "":
			c.Accepted++
		case f.Severity == Error:
			c.Errors++
		case f.Severity == Warning:
			c.Warnings++
		default:
			c.Infos++
		}
	}
	return c
}

// Clean tells whether the input could be used and there is neither an error nor
// a warning that is not accepted.
func (r *Report) Clean() bool {
	c := r.Counts()
	return !r.Unusable && c.Errors == 0 && c.Warnings == 0
}

// The exit codes of commands that report.
const (
	ExitClean    = 0
	ExitFindings = 1
	ExitUnusable = 2
)

// ExitCode is the exit code for the report: 0 clean, 1 findings, 2 the input
// could not be used.
func (r *Report) ExitCode() int {
	switch {
	case r.Unusable:
		return ExitUnusable
	case !r.Clean():
		return ExitFindings
	}
	return ExitClean
}

// Status is the exit code as a word: clean, findings or unusable.
func (r *Report) Status() string {
	return [...]string{"clean", "findings", "unusable"}[r.ExitCode()]
}

// prepared is a copy of the report that is ready for printing: sorted, without
// repetitions and without secrets.
func (r *Report) prepared() *Report {
	out := *r
	lines, secrets := &sources{r.Sources, map[string][]string{}}, newRedactor(r.Secrets)
	out.Note = secrets.text(r.Note)
	out.Rules = slices.Clone(r.Rules)
	slices.SortFunc(out.Rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	out.Findings = make([]Finding, 0, len(r.Findings))
	seen := map[string]bool{}
	for _, f := range r.Findings {
		if f.Line == "" {
			f.Line = lines.line(f.Pos)
		}
		f = secrets.finding(f)
		key := fmt.Sprintf("%q", []any{f.Rule, f.Methods, f.Type, f.Protocols, f.Pos, f.Message, f.Accepted})
		if !seen[key] {
			seen[key] = true
			out.Findings = append(out.Findings, f)
		}
	}
	slices.SortStableFunc(out.Findings, compare)
	return &out
}

func compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Pos.File, b.Pos.File),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Col, b.Pos.Col),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
	)
}

// group is the findings of one method, of one type, or of neither.
type group struct {
	kind, name string
	findings   []Finding
}

// title names the group.
func (g group) title() string {
	if g.kind == "" {
		return "project"
	}
	return g.kind + " " + g.name
}

// groups sorts what is not accepted by what it is about: methods, types, the rest.
func (r *Report) groups() []group {
	byTitle := map[string]*group{}
	for _, f := range r.Findings {
		if f.Accepted != "" {
			continue
		}
		g := group{}
		switch {
		case len(f.Methods) == 1:
			g = group{kind: "method", name: f.Methods[0]}
		case f.Type != "":
			g = group{kind: "type", name: f.Type}
		}
		if byTitle[g.title()] == nil {
			byTitle[g.title()] = &g
		}
		at := byTitle[g.title()]
		at.findings = append(at.findings, f)
	}
	out := make([]group, 0, len(byTitle))
	for _, g := range byTitle {
		out = append(out, *g)
	}
	order := []string{"method", "type", ""}
	slices.SortFunc(out, func(a, b group) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.kind), slices.Index(order, b.kind)), cmp.Compare(a.name, b.name))
	})
	return out
}

// concerns says which methods a finding about more than one concerns.
func (f Finding) concerns() string {
	const most = 5
	switch n := len(f.Methods); {
	case n < 2:
		return ""
	case n <= most:
		return "used by " + strings.Join(f.Methods, ", ")
	default:
		return fmt.Sprintf("used by %s and %d more", strings.Join(f.Methods[:most], ", "), n-most)
	}
}

// summary is the closing line without the note.
func (r *Report) summary() string {
	c := r.Counts()
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{c.Errors, "error"}, {c.Warnings, "warning"}, {c.Infos, "info"}} {
		if p.n > 0 {
			parts = append(parts, diag.Count(p.n, p.what))
		}
	}
	if len(parts) == 0 {
		parts = []string{"no findings"}
	}
	if c.Accepted > 0 {
		parts = append(parts, fmt.Sprintf("%d accepted", c.Accepted))
	}
	return strings.Join(parts, ", ")
}
