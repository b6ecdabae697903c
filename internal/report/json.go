package report

import (
	"encoding/json"
	"io"
)

// jsonVersion is the version of the JSON form, which docs/report.schema.json
// describes. It changes when a program that reads the form would have to.
const jsonVersion = 1

type jsonReport struct {
	Version  int           `json:"version"`
	Command  string        `json:"command"`
	Status   string        `json:"status"`
	Note     string        `json:"note,omitempty"`
	Summary  jsonSummary   `json:"summary"`
	Rules    []jsonRule    `json:"rules"`
	Findings []jsonFinding `json:"findings"`
}

type jsonSummary struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
	Accepted int `json:"accepted"`
}

type jsonRule struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Doc      string   `json:"doc"`
}

type jsonFinding struct {
	Rule       string            `json:"rule"`
	Severity   Severity          `json:"severity"`
	Methods    []string          `json:"methods,omitempty"`
	Type       string            `json:"type,omitempty"`
	Protocols  []string          `json:"protocols,omitempty"`
	File       string            `json:"file,omitempty"`
	Line       int               `json:"line,omitempty"`
	Col        int               `json:"col,omitempty"`
	Source     string            `json:"source,omitempty"`
	Message    string            `json:"message"`
	Hint       string            `json:"hint,omitempty"`
	Detail     string            `json:"detail,omitempty"`
	Properties map[string]string `json:"properties,omitempty"`
	Accepted   string            `json:"accepted,omitempty"`
}

// writeJSON prints everything, what is accepted too.
func writeJSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Version: jsonVersion, Command: r.Command, Status: r.Status(), Note: r.Note,
		Summary: jsonSummary(r.Counts()), Rules: []jsonRule{}, Findings: []jsonFinding{},
	}
	for _, rule := range r.Rules {
		out.Rules = append(out.Rules, jsonRule(rule))
	}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, jsonFinding{
			Rule: f.Rule, Severity: f.Severity, Methods: f.Methods, Type: f.Type, Protocols: f.Protocols,
			File: f.Pos.File, Line: f.Pos.Line, Col: f.Pos.Col, Source: f.Line,
			Message: f.Message, Hint: f.Hint, Detail: f.Detail, Properties: f.Properties, Accepted: f.Accepted,
		})
	}
	return encode(w, out)
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
