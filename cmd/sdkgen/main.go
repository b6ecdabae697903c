// Command sdkgen generates one typed Go SDK over GraphQL, REST and gRPC from a
// manifest of methods and the contracts of the three.
//
// Usage:
//
//	sdkgen init     [flags]   write a first manifest from the contracts
//	sdkgen generate [flags]   write the SDK
//	sdkgen check    [flags]   compare the contracts with each other, and the SDK
//	                          on disk with what would be written
//	sdkgen accept   [flags]   list the findings that the manifest accepts
//	sdkgen diff     [flags]   tell what changed between two states of the contracts
//	sdkgen drift    [flags]   compare the contracts with a running server
//	sdkgen explain  [METHOD]  show how one method travels, field by field
//	sdkgen docs     [flags]   write the reference
//	sdkgen pull     [flags]   fetch the contracts from a server
//
// Exit codes: 0 clean, 1 findings, 2 usage or input that cannot be used.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/report"
)

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(pipeline.MemoryLimit)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Whoever asks a second time does not want to wait.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	exitClean    = report.ExitClean
	exitFindings = report.ExitFindings
	exitUnusable = report.ExitUnusable
)

const usage = `sdkgen generates one typed Go SDK over GraphQL, REST and gRPC.

Usage:

  sdkgen init [--dir DIR] [--output FILE] [--graphql FILE|URL] [--openapi FILE|URL] [--proto DIR] [--grpc HOST:PORT]
              [--grpc-plaintext] [--header 'Name: value'] [--name NAME] [--package NAME] [--server DIR] [--module PATH]
              [--all] [--force]
      Writes a first manifest from the contracts that it finds, or that servers
      tell about themselves.
  sdkgen generate [--dir DIR] [--manifest FILE] [--format text|json]
      Writes the wire code and the SDK.
  sdkgen check [--dir DIR] [--manifest FILE] [--format text|json|github|sarif|markdown] [--no-cache]
      Compares the contracts with each other and with the manifest, and the disk
      with what would be generated. docs/contract-drift.md lists the rules.
  sdkgen accept [--dir DIR] [--manifest FILE]
      Lists what the entries of accepted in the manifest stand for now, in the file
      that accepted_places names: check accepts nothing else by them.
  sdkgen diff [--dir DIR] [--manifest FILE] [--base SIDE] [--head SIDE] [--fail-on breaking|source|wire|any]
              [--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext] [--header 'Name: value'] [--format ...]
      Tells what changed between two sides, and what that breaks: directories, git
      revisions or, as live:, a server. Without flags: the project against HEAD.
  sdkgen drift --live [--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext] [--header 'Name: value']
              [--dir DIR] [--manifest FILE] [--base SIDE] [--any] [--format ...]
      Compares the contracts with a running server, and changes nothing on it.
      docs/contract-drift-diff.md describes both.
  sdkgen explain [METHOD] [--dir DIR] [--manifest FILE] [--format text|json]
      Shows of one method the Go types and how each field travels on each protocol;
      without a method, lists all.
  sdkgen docs [--dir DIR] [--manifest FILE] [--format text|json]
      Writes the reference alone, in Markdown and as one HTML page, to the directory
      that output.docs of the manifest names; generate writes it, too.
  sdkgen pull [--dir DIR] (--from DIR | [--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext])
      Writes schema.graphql, openapi.yaml and proto/ from what a server says.

Exit codes: 0 clean, 1 findings, 2 usage or unusable input.
`

// run is the program without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return exitUnusable
	}
	commands := map[string]func(context.Context, *terminal, []string) int{
		"init":     initProject,
		"generate": generate,
		"check":    checkProject,
		"accept":   acceptPlaces,
		"diff":     diffContracts,
		"drift":    driftLive,
		"explain":  explainMethod,
		"docs":     writeDocs,
		"pull":     pullContracts,
	}
	switch name := args[0]; {
	case name == "help" || name == "-h" || name == "--help":
		fmt.Fprint(stdout, usage)
		return exitClean
	case commands[name] == nil:
		fmt.Fprintf(stderr, "sdkgen: unknown command %q\n\n%s", name, usage)
		return exitUnusable
	default:
		return commands[name](ctx, &terminal{out: stdout, err: stderr}, args[1:])
	}
}

// parse reads a command's flags; done tells that there is nothing more to do.
func parse(flags *flag.FlagSet, t *terminal, args []string) (code int, done bool) {
	flags.SetOutput(t.err)
	flags.Usage = func() {
		fmt.Fprintf(t.err, "Flags of sdkgen %s:\n", flags.Name())
		flags.PrintDefaults()
	}
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitClean, true
	case err != nil:
		return exitUnusable, true
	case flags.NArg() > 0:
		fmt.Fprintf(t.err, "sdkgen %s: unexpected argument %q\n", flags.Name(), flags.Arg(0))
		return exitUnusable, true
	}
	return exitClean, false
}
