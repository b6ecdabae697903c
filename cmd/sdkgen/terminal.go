package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// terminal is where a command prints.
type terminal struct {
	out, err io.Writer
	// json: generate and pull report as JSON. quiet: nobody reads on the way.
	json, quiet bool
}

// progress returns a function that tells people what takes so long: nothing in
// the first second, and nothing where nobody looks.
func (t *terminal) progress() func(string) {
	if t.json || t.quiet || !report.IsTerminal(t.err) {
		return nil
	}
	start := time.Now()
	return func(step string) {
		fmt.Fprintf(t.err, "sdkgen: %s (%s)\n", step, time.Since(start).Round(10*time.Millisecond))
	}
}

// result is the JSON form of what generate did.
type result struct {
	// Methods that the manifest has.
	Methods int `json:"methods,omitempty"`
	// Files that were written.
	Files []fileReport `json:"files"`
	// Findings are what is wrong with the input.
	Findings []findingReport `json:"findings"`
}

type fileReport struct {
	Path   string `json:"path"`
	Status string `json:"status"`
}

type findingReport struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Col     int    `json:"col,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// unusable prints why the input cannot be used.
func (t *terminal) unusable(err error) int {
	var list *diag.ListError
	if !errors.As(err, &list) {
		list = &diag.ListError{Findings: []diag.Finding{{Message: err.Error()}}}
	}
	if t.json {
		r := result{Files: []fileReport{}}
		for _, f := range list.Findings {
			r.Findings = append(r.Findings, findingReport{f.Pos.File, f.Pos.Line, f.Pos.Col, f.Message, f.Hint})
		}
		t.printJSON(r)
		return exitUnusable
	}
	for _, f := range list.Findings {
		fmt.Fprintln(t.err, f.Error())
	}
	fmt.Fprintf(t.err, "sdkgen: %s; nothing was written\n", count(len(list.Findings), "finding"))
	return exitUnusable
}

// written prints what generate did.
func (t *terminal) written(out *pipeline.Output, diffs []pipeline.Difference) {
	if t.json {
		t.printJSON(t.fileReports(out, diffs))
		return
	}
	changed := len(diffs)
	for _, d := range diffs {
		switch {
		case d.Status != pipeline.Extra:
			fmt.Fprintf(t.out, "wrote   %s\n", d.Path)
		case d.Ours:
			fmt.Fprintf(t.out, "removed %s\n", d.Path)
		default:
			fmt.Fprintf(t.err, "sdkgen: %s is no generated file, but stands among them; it was left alone\n", d.Path)
			changed--
		}
	}
	fmt.Fprintf(t.out, "%s, %s, %d changed\n", count(methods(out), "method"), count(len(out.Files), "file"), changed)
}

func (t *terminal) fileReports(out *pipeline.Output, diffs []pipeline.Difference) result {
	r := result{Methods: methods(out), Files: []fileReport{}, Findings: []findingReport{}}
	for _, d := range diffs {
		r.Files = append(r.Files, fileReport{Path: d.Path, Status: string(d.Status)})
	}
	return r
}

func methods(out *pipeline.Output) int {
	n := 0
	for _, s := range out.Model.Services {
		n += len(s.Methods)
	}
	return n
}

func (t *terminal) printJSON(v any) {
	enc := json.NewEncoder(t.out)
	enc.SetIndent("", "  ")
	_ = enc.Encode(v)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
