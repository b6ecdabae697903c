package pipeline

import (
	"context"
	"fmt"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/triwire/authorizer-sdk/internal/check"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/report"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// Checked is what a check found.
type Checked struct {
	Findings []report.Finding
	// Methods and Files are the numbers of what was compared; Files is zero
	// where the contracts do not agree enough to generate anything.
	Methods, Files int
}

// Check compares the contracts with each other and with the manifest, and the
// files on disk with what would be generated. Input that cannot be read comes
// back as a *diag.ListError.
func Check(ctx context.Context, p Project) (*Checked, error) {
	p.progress("reading the manifest and the contracts")
	in, err := await(ctx, func() (*input, error) { return load(p) })
	if err != nil {
		return nil, err
	}
	p.progress("resolving the methods")
	model, findings := resolve.Resolve(in.Input)
	out := &Checked{Methods: len(in.Manifest.Methods)}
	input := check.Input{Manifest: in.Manifest, Contracts: in.Contracts, Resolved: findings.Findings(), Model: model}
	if input.Places, err = acceptedPlaces(p, in.Manifest); err != nil {
		return nil, err
	}
	out.Findings = check.Run(input)
	if findings.Len() > 0 {
		return out, nil
	}
	p.progress("generating the SDK for " + diag.Count(out.Methods, "method"))
	files, err := emit(ctx, p, in, model)
	if err != nil {
		return nil, err
	}
	out.Files = len(files)
	diffs, err := Compare(p, &Output{Model: model, Files: files})
	out.Findings = append(out.Findings, staleFiles(p, diffs, len(files))...)
	return out, err
}

// staleFiles are the findings for the files that differ: just one for those that
// are missing, where nothing was generated yet.
func staleFiles(p Project, diffs []Difference, files int) []report.Finding {
	var out []report.Finding
	missing := 0
	for _, d := range diffs {
		if d.Status == Missing {
			missing++
		}
	}
	if missing == files {
		f := staleAt(p.Manifest)
		f.Message = fmt.Sprintf("nothing was generated yet: none of the %d files is there", files)
		out = append(out, f)
	}
	for _, d := range diffs {
		if d.Status != Missing || missing < files {
			out = append(out, stale(d))
		}
	}
	return out
}

func staleAt(file string) report.Finding {
	return report.Finding{
		Rule: check.StaleOutput, Severity: report.Error, Pos: diag.Pos{File: file},
		Hint: "run sdkgen generate and commit the result",
	}
}

// stale is the finding for a file that differs.
func stale(d Difference) report.Finding {
	f := staleAt(d.Path)
	switch d.Status {
	case Missing:
		f.Message = "the file is missing"
	case Changed:
		f.Message = "the file differs from what would be generated"
		f.Detail = string(diff.Diff(d.Path+" (on disk)", d.Have, d.Path+" (generated)", d.Want))
	case Extra:
		f.Message = "the file would not be generated"
	}
	return f
}
