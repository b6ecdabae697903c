package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
)

// projectFlags are the flags of commands that work on a project.
type projectFlags struct {
	dir, manifest, format string
}

func (p *projectFlags) register(flags *flag.FlagSet, formats string) {
	flags.StringVar(&p.dir, "dir", ".", "the project's `directory`")
	flags.StringVar(&p.manifest, "manifest", "manifest.yaml", "the manifest, a `file` below the directory")
	flags.StringVar(&p.format, "format", "text", "the `format` to print in: "+formats)
}

func (p *projectFlags) project(t *terminal) (pipeline.Project, bool) {
	if p.format != "text" && p.format != "json" {
		fmt.Fprintf(t.err, "sdkgen: --format cannot be %q: text or json\n", p.format)
		return pipeline.Project{}, false
	}
	t.json = p.format == "json"
	return pipeline.Project{Dir: p.dir, Manifest: p.manifest}, true
}

// generate writes the SDK.
func generate(ctx context.Context, t *terminal, args []string) int {
	return write(ctx, t, "generate", args, pipeline.Run)
}

// writeDocs writes the reference.
func writeDocs(ctx context.Context, t *terminal, args []string) int {
	return write(ctx, t, "docs", args, func(_ context.Context, p pipeline.Project) (*pipeline.Output, error) {
		return pipeline.RunDocs(p)
	})
}

// maker makes the files of a project in memory.
type maker func(context.Context, pipeline.Project) (*pipeline.Output, error)

// write brings the disk in line with what a run makes of the input.
func write(ctx context.Context, t *terminal, name string, args []string, make maker) int {
	var flags projectFlags
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.register(set, "text or json")
	if code, done := parse(set, t, args); done {
		return code
	}
	project, ok := flags.project(t)
	if !ok {
		return exitUnusable
	}
	back, err := pipeline.Recover(project)
	if err != nil {
		return t.unusable(err)
	}
	if len(back) > 0 {
		fmt.Fprintf(t.err, "sdkgen: an earlier run was killed while it wrote; %s were put back first\n", diag.Count(len(back), "file"))
	}
	step, stop := t.progress()
	project.Progress = step
	out, diffs, err := runAndWrite(ctx, project, make)
	stop()
	if err != nil {
		return t.unusable(err)
	}
	t.written(out, diffs)
	return exitClean
}

func runAndWrite(ctx context.Context, project pipeline.Project, make maker) (*pipeline.Output, []pipeline.Difference, error) {
	out, err := make(ctx, project)
	if err != nil {
		return nil, nil, err
	}
	project.Progress("writing the files")
	diffs, err := pipeline.Compare(project, out)
	if err == nil {
		err = pipeline.Write(ctx, project, diffs)
	}
	return out, diffs, err
}
