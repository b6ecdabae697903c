// Package demo shows the SDK at work: the same calls over GraphQL, REST and
// gRPC, the three answers side by side, and whether they are equal. It calls
// an embedded server, or one that the environment names.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// The exit codes.
const (
	exitSame    = 0 // every answer is the same over the three protocols
	exitDiffers = 1 // one is not, or a call failed that should not
	exitUsage   = 2 // the demo could not start
)

// Main is the program without the process around it; env looks up environment
// variables. It returns the exit code.
func Main(ctx context.Context, env func(string) string, stdout, stderr io.Writer) int {
	target, err := fromEnvironment(env)
	if err == nil && target == nil {
		var s *authorizertest.Server
		if s, err = startEmbedded(); err == nil {
			defer s.Close()
			target = embedded(s)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, "demo:", err)
		return exitUsage
	}
	problems, err := Run(ctx, *target, newPrinter(stdout, env))
	var unusable *unusableError
	switch {
	case errors.As(err, &unusable):
		fmt.Fprintln(stderr, "demo:", err)
		return exitUsage
	case err != nil:
		fmt.Fprintln(stderr, "demo:", err)
		return exitDiffers
	case problems > 0:
		return exitDiffers
	}
	return exitSame
}

// Run makes all calls over each protocol, prints what came back, and returns
// how many steps were not as they should be. The error says why it could not
// go on.
func Run(ctx context.Context, target Target, out *printer) (problems int, err error) {
	// 1. Connect, and make sure that somebody answers.
	actors, err := connect(target)
	if err != nil {
		return 0, err
	}
	defer closeAll(actors)
	out.head(target)
	if err := preflight(ctx, target, actors); err != nil {
		return 0, err
	}
	// 2. Make the same calls over each protocol.
	steps := steps(target)
	columns := make([][]outcome, len(actors))
	for i, a := range actors {
		if columns[i], err = a.play(ctx, target, steps); err != nil {
			return 0, &unusableError{err.Error()}
		}
	}
	// 3. Whatever happened, leave nothing behind.
	left := cleanUp(ctx, target, actors, out)
	// 4. Compare and print.
	out.columns()
	for i, s := range steps {
		r := judge(s, column(columns, i))
		out.step(r)
		problems += r.problem()
	}
	early := refusals(ctx, actors)
	out.refusals(early)
	problems += early.problem() + left
	out.summary(target, len(steps), problems, actors)
	return problems, ctx.Err()
}

// column picks one step's outcome over each protocol.
func column(columns [][]outcome, step int) []outcome {
	var out []outcome
	for _, c := range columns {
		out = append(out, c[step])
	}
	return out
}
