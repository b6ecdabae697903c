package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
)

// terminal is where a command prints.
type terminal struct {
	out, err io.Writer
	json     bool
}

// progress returns a function that tells people what takes so long: nothing in
// the first second, and nothing where nobody looks.
func (t *terminal) progress() func(string) {
	if t.json || !isTerminal(t.err) {
		return nil
	}
	start := time.Now()
	return func(step string) {
		fmt.Fprintf(t.err, "sdkgen: %s (%s)\n", step, time.Since(start).Round(10*time.Millisecond))
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// report is the JSON form of a command's result.
type report struct {
	// Methods that the manifest has.
	Methods int `json:"methods,omitempty"`
	// Files that differ, or that were written.
	Files []fileReport `json:"files"`
	// Findings are what is wrong with the input.
	Findings []findingReport `json:"findings"`
}

type fileReport struct {
	Path   string `json:"path"`
	Status string `json:"status"`
	Diff   string `json:"diff,omitempty"`
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
		r := report{Files: []fileReport{}}
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
		t.printJSON(t.fileReports(out, diffs, false))
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

// differences prints what check found.
func (t *terminal) differences(out *pipeline.Output, diffs []pipeline.Difference) {
	if t.json {
		t.printJSON(t.fileReports(out, diffs, true))
		return
	}
	for _, d := range diffs {
		fmt.Fprintf(t.out, "%s: %s\n", d.Path, map[pipeline.Status]string{
			pipeline.Missing: "is missing",
			pipeline.Changed: "differs from what would be generated",
			pipeline.Extra:   "would not be generated",
		}[d.Status])
		if d.Status == pipeline.Changed {
			fmt.Fprintln(t.out, unified(d))
		}
	}
	if len(diffs) > 0 {
		fmt.Fprintf(t.out, "%s; run sdkgen generate and commit the result\n", count(len(diffs), "difference"))
		return
	}
	fmt.Fprintf(t.out, "%s, %s: up to date\n", count(methods(out), "method"), count(len(out.Files), "file"))
}

func (t *terminal) fileReports(out *pipeline.Output, diffs []pipeline.Difference, withDiff bool) report {
	r := report{Methods: methods(out), Files: []fileReport{}, Findings: []findingReport{}}
	for _, d := range diffs {
		file := fileReport{Path: d.Path, Status: string(d.Status)}
		if withDiff && d.Status == pipeline.Changed {
			file.Diff = unified(d)
		}
		r.Files = append(r.Files, file)
	}
	return r
}

func unified(d pipeline.Difference) string {
	return strings.TrimSuffix(string(diff.Diff(d.Path+" (on disk)", d.Have, d.Path+" (generated)", d.Want)), "\n")
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
