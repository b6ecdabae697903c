package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// terminal is where a command prints.
type terminal struct {
	out, err io.Writer
	// json: generate and pull report as JSON. quiet: nobody reads on the way.
	json, quiet bool
	// secrets are values that are printed nowhere.
	secrets []string
	// reads: the command writes nothing in any case.
	reads bool
	// fake: err counts as a terminal, in tests.
	fake bool
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
	list := findingsOf(err)
	for i, f := range list.Findings {
		list.Findings[i].Message, list.Findings[i].Hint = report.Clean(f.Message, t.secrets), report.Clean(f.Hint, t.secrets)
	}
	if t.json {
		r := result{Files: []fileReport{}}
		for _, f := range list.Findings {
			r.Findings = append(r.Findings, findingReport{f.Pos.File, f.Pos.Line, f.Pos.Col, f.Message, f.Hint})
		}
		t.printJSON(r)
		return exitUnusable
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(t.err, "sdkgen: interrupted; nothing was written")
		return exitUnusable
	}
	for _, f := range list.Findings {
		fmt.Fprintln(t.err, f.Error())
	}
	ending := "; nothing was written"
	if t.reads {
		ending = ""
	}
	fmt.Fprintf(t.err, "sdkgen: %s%s\n", diag.Count(len(list.Findings), "finding"), ending)
	return exitUnusable
}

// findingsOf are the findings of an error; any other error is one.
func findingsOf(err error) *diag.ListError {
	var list *diag.ListError
	switch {
	case errors.As(err, &list):
		return list
	case errors.Is(err, context.Canceled):
		return &diag.ListError{Findings: []diag.Finding{{Message: "interrupted"}}}
	}
	return &diag.ListError{Findings: []diag.Finding{{Message: err.Error()}}}
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
	fmt.Fprintf(t.out, "%s, %s, %d changed\n", diag.Count(methods(out), "method"), diag.Count(len(out.Files), "file"), changed)
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
