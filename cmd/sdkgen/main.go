// Command sdkgen generates one typed Go SDK over GraphQL, REST and gRPC from a
// manifest of methods and the contracts of the three.
//
// Usage:
//
//	sdkgen help     [COMMAND] tell about all commands, or about one and its flags
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

// run is the program without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := "help"
	if len(args) > 0 {
		name = args[0]
	}
	t := &terminal{out: stdout, err: stderr}
	switch one := commandNamed(name); {
	case len(args) == 0:
		fmt.Fprint(stderr, usage())
		return exitUnusable
	case one != nil:
		return one.run(ctx, t, args[1:])
	case name == "help" || name == "-h" || name == "--help" || name == "-help":
		return help(ctx, t, args[1:])
	default:
		return unknownCommand(t, name)
	}
}
