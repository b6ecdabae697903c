package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/nearest"
)

// command is what sdkgen can be asked to do.
type command struct {
	name string
	// args and doc are what follows the name in the usage, and what it does, in
	// lines.
	args, doc string
	run       func(context.Context, *terminal, []string) int
}

// commands are all of them, in the order in which they are told.
func commands() []command {
	return []command{
		{"init", `[--dir DIR] [--output FILE] [--graphql FILE|URL] [--openapi FILE|URL] [--proto DIR] [--grpc HOST:PORT]
[--grpc-plaintext] [--header 'Name: value'] [--name NAME] [--package NAME] [--server DIR] [--module PATH]
[--all] [--force]`, `
Writes a first manifest from the contracts that it finds, or that servers
tell about themselves.`, initProject},
		{"generate", `[--dir DIR] [--manifest FILE] [--format text|json]`, `
Writes the wire code and the SDK.`, generate},
		{"check", `[--dir DIR] [--manifest FILE] [--format text|json|github|sarif|markdown] [--no-cache]`, `
Compares the contracts with each other and with the manifest, and the disk
with what would be generated. docs/contract-drift.md lists the rules.`, checkProject},
		{"accept", `[--dir DIR] [--manifest FILE]`, `
Lists what the entries of accepted in the manifest stand for now, in the file
that accepted_places names: check accepts nothing else by them.`, acceptPlaces},
		{"diff", `[--dir DIR] [--manifest FILE] [--base SIDE] [--head SIDE] [--fail-on breaking|source|wire|any]
[--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext] [--header 'Name: value'] [--format ...]`, `
Tells what changed between two sides, and what that breaks: directories, git
revisions or, as live:, a server. Without flags: the project against HEAD.`, diffContracts},
		{"drift", `--live [--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext] [--header 'Name: value']
[--dir DIR] [--manifest FILE] [--base SIDE] [--any] [--format ...]`, `
Compares the contracts with a running server, and changes nothing on it.
docs/contract-drift-diff.md describes both.`, driftLive},
		{"explain", `[METHOD] [--dir DIR] [--manifest FILE] [--format text|json]`, `
Shows of one method the Go types and how each field travels on each protocol;
without a method, lists all.`, explainMethod},
		{"docs", `[--dir DIR] [--manifest FILE] [--format text|json]`, `
Writes the reference alone, in Markdown and as one HTML page, to the directory
that output.docs of the manifest names; generate writes it, too.`, writeDocs},
		{"pull", `[--dir DIR] (--from DIR | [--graphql URL] [--openapi URL] [--grpc HOST:PORT] [--grpc-plaintext]
[--header 'Name: value'])`, `
Writes schema.graphql, openapi.yaml and proto/ from what a server says.`, pullContracts},
	}
}

func commandNamed(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return &c
		}
	}
	return nil
}

// usage is how one calls the command, and what it does.
func (c *command) usage() string {
	args := strings.ReplaceAll(c.args, "\n", "\n"+strings.Repeat(" ", len("  sdkgen init ")))
	return "  sdkgen " + c.name + " " + args + strings.ReplaceAll(c.doc, "\n", "\n      ") + "\n"
}

func usage() string {
	var out strings.Builder
	out.WriteString("sdkgen generates one typed Go SDK over GraphQL, REST and gRPC.\n\nUsage:\n\n")
	for _, c := range commands() {
		out.WriteString(c.usage())
	}
	out.WriteString("  sdkgen help [COMMAND]\n      Tells about all commands, or about one and its flags.\n")
	out.WriteString("\nExit codes: 0 clean, 1 findings, 2 usage or unusable input.\n")
	return out.String()
}

// help tells about all commands, or about one.
func help(ctx context.Context, t *terminal, args []string) int {
	if len(args) == 0 {
		fmt.Fprint(t.out, usage())
		return exitClean
	}
	if c := commandNamed(args[0]); c != nil {
		return c.run(ctx, t, []string{"-h"})
	}
	return unknownCommand(t, args[0])
}

func unknownCommand(t *terminal, name string) int {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	fmt.Fprintf(t.err, "sdkgen: unknown command %q%s\n", name, meant("", nearest.Find(name, nearest.Names(names))))
	fmt.Fprintln(t.err, "run sdkgen help for all commands")
	return exitUnusable
}

// meant asks in brackets whether one of the names was meant.
func meant(prefix string, names []string) string {
	for i, name := range names {
		names[i] = prefix + name
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + nearest.Question(names) + ")"
}

// parse reads a command's flags; done tells that there is nothing more to do.
func parse(flags *flag.FlagSet, t *terminal, args []string) (code int, done bool) {
	if code, done = parseFlags(flags, t, args); !done && flags.NArg() > 0 {
		return unexpected(t, flags), true
	}
	return code, done
}

// parseFlags is parse without a look at what stands behind the flags.
func parseFlags(flags *flag.FlagSet, t *terminal, args []string) (code int, done bool) {
	// What is wrong is told by misused, and not below all flags.
	flags.SetOutput(io.Discard)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flagHelp(t.out, flags)
		return exitClean, true
	case err != nil:
		return misused(t, flags, flagError(flags, err)), true
	}
	return exitClean, false
}

func unexpected(t *terminal, flags *flag.FlagSet) int {
	return misused(t, flags, fmt.Sprintf("unexpected argument %q", flags.Arg(0)))
}

// misused tells what is wrong with a command's arguments.
func misused(t *terminal, flags *flag.FlagSet, what string) int {
	fmt.Fprintf(t.err, "sdkgen %s: %s\n", flags.Name(), what)
	fmt.Fprintf(t.err, "run sdkgen help %s for its flags\n", flags.Name())
	return exitUnusable
}

// The errors of package flag, which has no types for them.
var (
	noFlag   = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	noValue  = regexp.MustCompile(`^flag needs an argument: -(.*)$`)
	badValue = regexp.MustCompile(`(?s)^invalid (?:boolean )?value (".*") for (?:flag )?-([a-z-]+): (.*)$`)
)

// flagError says what is wrong with a flag. The values of headers may be secret,
// and are not repeated.
func flagError(flags *flag.FlagSet, err error) string {
	text := strings.Replace(err.Error(), ": parse error", ": true or false", 1)
	if m := noFlag.FindStringSubmatch(text); m != nil {
		var names []string
		flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
		return "there is no flag --" + m[1] + meant("--", nearest.Find(m[1], nearest.Names(names)))
	}
	if m := noValue.FindStringSubmatch(text); m != nil {
		return "--" + m[1] + " needs a value"
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		if _, secret := flags.Lookup(m[2]).Value.(headerFlag); secret {
			return "--" + m[2] + ": " + m[3]
		}
		return "--" + m[2] + " cannot be " + m[1] + ": " + m[3]
	}
	return text
}

// flagHelp tells what a command does and lists its flags.
func flagHelp(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprint(w, "Usage:\n\n", commandNamed(flags.Name()).usage(), "\nFlags:\n\n")
	flags.VisitAll(func(f *flag.Flag) {
		value, doc := flag.UnquoteUsage(f)
		if value != "" {
			value = " " + value
		}
		if f.DefValue != "" && f.DefValue != "false" {
			doc += fmt.Sprintf(" (default %s)", f.DefValue)
		}
		fmt.Fprintf(w, "  --%s%s\n      %s\n", f.Name, value, doc)
	})
}
