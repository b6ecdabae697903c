package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
)

// acceptPlaces lists what the entries of accepted stand for now.
func acceptPlaces(ctx context.Context, t *terminal, args []string) int {
	var flags projectFlags
	set := flag.NewFlagSet("accept", flag.ContinueOnError)
	set.StringVar(&flags.dir, "dir", ".", "the project's `directory`")
	set.StringVar(&flags.manifest, "manifest", "manifest.yaml", "the manifest, a `file` below the directory")
	if code, done := parse(set, t, args); done {
		return code
	}
	step, stop := t.progress()
	out, err := pipeline.Accept(ctx, pipeline.Project{Dir: flags.dir, Manifest: flags.manifest, Progress: step})
	stop()
	if err != nil {
		return t.unusable(err)
	}
	for _, line := range out.Gone {
		fmt.Fprintf(t.out, "- %s\n", line)
	}
	for _, line := range out.New {
		fmt.Fprintf(t.out, "+ %s\n", line)
	}
	fmt.Fprintf(t.out, "%s lists %s: %d new, %d gone\n", out.File, diag.Count(out.Lines, "accepted finding"), len(out.New), len(out.Gone))
	return exitClean
}
