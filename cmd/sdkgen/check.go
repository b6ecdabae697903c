package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/check"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// checkProject compares the contracts with each other and with the manifest, and
// the SDK on disk with what would be written.
func checkProject(ctx context.Context, t *terminal, args []string) int {
	var flags projectFlags
	var noCache bool
	set := flag.NewFlagSet("check", flag.ContinueOnError)
	flags.register(set, strings.Join(report.Formats(), ", "))
	set.BoolVar(&noCache, "no-cache", false, "check anew, even if nothing has changed since the last check")
	if code, done := parse(set, t, args); done {
		return code
	}
	format, err := report.ParseFormat(flags.format)
	if err != nil {
		fmt.Fprintf(t.err, "sdkgen: %v\n", err)
		return exitUnusable
	}
	t.quiet = format != report.Text
	project := pipeline.Project{Dir: flags.dir, Manifest: flags.manifest}
	r := &report.Report{Command: "check", Rules: check.Rules(), Sources: os.DirFS(flags.dir), Prefix: prefix(flags.dir)}
	var cache pipeline.Cache
	if !noCache {
		cache = pipeline.UserCache(project)
	}
	step, stop := t.progress()
	project.Progress = step
	checked, err := pipeline.CheckCached(ctx, project, cache)
	stop()
	if err != nil {
		return t.report(format, unusableReport(r, err))
	}
	r.Findings = checked.Findings
	r.Note = diag.Count(checked.Methods, "method")
	if checked.Files > 0 {
		r.Note += ", " + diag.Count(checked.Files, "file")
	} else {
		r.Note += ", no SDK can be generated, so not all rules were applied"
	}
	r.Advice = howToAccept(r.Findings)
	return t.report(format, r)
}

// howToAccept says what can be done about warnings that are as they should be, by
// the example of the first that says nothing of it itself; empty: there is none.
func howToAccept(findings []report.Finding) string {
	for _, f := range findings {
		if f.Severity == report.Warning && f.Accepted == "" && f.Hint == "" && check.Acceptable(f.Rule) {
			return fmt.Sprintf("to accept what is as it should be, say so in the manifest: accepted: [{rule: %s, protocols: [%s], reason: WHY}] for all of it; with type and field, or method, for one place", f.Rule, strings.Join(f.Protocols, ", "))
		}
	}
	return ""
}

// unusableReport is the report of a comparison that could not be made.
func unusableReport(r *report.Report, err error) *report.Report {
	list := findingsOf(err)
	r.Unusable = true
	r.Findings = report.FromDiag(list.Findings, report.Error)
	for i := range r.Findings {
		if r.Findings[i].Rule == "" {
			r.Findings[i].Rule = check.UnusableInput
		}
	}
	return r
}

// prefix is the way from the working directory down to the project's; empty
// where it does not lead down.
func prefix(dir string) string {
	if !filepath.IsLocal(dir) {
		return ""
	}
	return filepath.ToSlash(filepath.Clean(dir))
}

// report prints a report and returns its exit code. What cannot be used goes to
// stderr, where people look for it; other programs read stdout in any case.
func (t *terminal) report(format report.Format, r *report.Report) int {
	w := t.out
	if r.Unusable && format == report.Text {
		w = t.err
	}
	if err := report.Write(w, format, r); err != nil {
		fmt.Fprintf(t.err, "sdkgen: %v\n", err)
		return exitUnusable
	}
	return r.ExitCode()
}
