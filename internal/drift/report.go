package drift

import (
	"io/fs"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// FailOn says which changes make a comparison end with findings.
type FailOn string

// What to fail on.
const (
	// FailOnBreaking: changes that break source code or the wire, and changes
	// that only some of the protocols went along with. It is the default.
	FailOnBreaking FailOn = "breaking"
	// FailOnSource and FailOnWire: changes that break just that.
	FailOnSource FailOn = "source"
	FailOnWire   FailOn = "wire"
	// FailOnAny: every change, harmless ones too.
	FailOnAny FailOn = "any"
)

// FailOns are all values of FailOn, the default first.
func FailOns() []string {
	return []string{string(FailOnBreaking), string(FailOnSource), string(FailOnWire), string(FailOnAny)}
}

// severity is how much a change matters. Errors and warnings are findings,
// infos are not.
func (on FailOn) severity(c *Change) report.Severity {
	switch on {
	case FailOnSource:
		if c.Breaks.Source {
			return report.Error
		}
		return report.Info
	case FailOnWire:
		if c.Breaks.Wire() {
			return report.Error
		}
		return report.Info
	}
	switch {
	case c.Breaks.Any():
		return report.Error
	case c.Rule == OneSided || on == FailOnAny:
		return report.Warning
	}
	return report.Info
}

// Report is the result as a report of sdkgen diff.
func (r *Result) Report(on FailOn) *report.Report {
	out := &report.Report{Command: "diff", Rules: ReportRules(), Sources: r.Head.Files}
	for _, c := range r.Changes {
		f := report.Finding{
			Rule: string(c.Rule), Severity: on.severity(c), Methods: c.Methods, Type: c.Type,
			Pos: c.Pos, Message: c.Message, Hint: c.Hint, Detail: c.Detail, Properties: c.properties(),
		}
		for _, p := range c.Protocols() {
			f.Protocols = append(f.Protocols, string(p))
		}
		if c.InBase {
			// The line stands in the base only; in the head another may stand there.
			f.Line = lineOf(r.Base.Files, c.Pos)
			f.Message += " (the place is in " + r.Base.Name + ")"
		}
		out.Findings = append(out.Findings, f)
	}
	out.Note = r.Base.Name + " against " + r.Head.Name + ", " + listOf(r.Protocols)
	return out
}

// properties are a change's facts for programs.
func (c *Change) properties() map[string]string {
	out := map[string]string{"class": c.Breaks.Class()}
	if whom := c.Breaks.Whom(); len(whom) > 0 {
		out["breaks"] = strings.Join(whom, " ")
	}
	if c.Field != "" {
		out["field"] = c.Field
	}
	if c.InBase {
		out["side"] = "base"
	}
	// More than one part of a protocol is rare: the first one speaks for it.
	for _, p := range c.Parts {
		at := string(p.Protocol)
		if out[at+".element"] != "" {
			continue
		}
		out[at+".element"], out[at+".class"] = p.Element, p.Breaks.Class()
		if p.Before != "" {
			out[at+".before"] = p.Before
		}
		if p.After != "" {
			out[at+".after"] = p.After
		}
	}
	return out
}

// ReportRules are the rules as reports describe them.
func ReportRules() []report.Rule {
	var out []report.Rule
	for _, rule := range Rules() {
		severity := report.Info
		switch {
		case rule.ID == OneSided:
			severity = report.Warning
		case !strings.Contains(rule.Doc, "harmless") || strings.Contains(rule.Doc, "break"):
			severity = report.Error
		}
		out = append(out, report.Rule{ID: string(rule.ID), Severity: severity, Doc: rule.Doc})
	}
	return out
}

// lineOf is the line of a place; empty where it cannot be read.
func lineOf(files fs.FS, pos diag.Pos) string {
	if files == nil || pos.Line == 0 || !fs.ValidPath(pos.File) {
		return ""
	}
	src, err := fs.ReadFile(files, pos.File)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(src), "\n")
	if pos.Line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[pos.Line-1], "\r")
}
