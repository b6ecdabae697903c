package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/drift/sides"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/pull"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// serverFlags say where a live server is.
type serverFlags struct {
	pull.Sources
	headers headerFlag
}

func (s *serverFlags) register(flags *flag.FlagSet) {
	flags.StringVar(&s.GraphQL, "graphql", "", "the `URL` of the server's GraphQL endpoint")
	flags.StringVar(&s.OpenAPI, "openapi", "", "the `URL` of the server's OpenAPI document")
	flags.StringVar(&s.GRPC, "grpc", "", "the `host:port` of the gRPC server, which must offer reflection")
	flags.BoolVar(&s.Plaintext, "grpc-plaintext", false, "ask the gRPC server without TLS; loopback is always asked so")
	s.headers = headerFlag{}
	flags.Var(s.headers, "header", "a header `Name: value` for the server, may be repeated; its value is never printed")
}

func (s *serverFlags) given() bool { return s.GraphQL != "" || s.OpenAPI != "" || s.GRPC != "" }

// sources are where to ask, with the headers.
func (s *serverFlags) sources() pull.Sources {
	out := s.Sources
	out.Headers = s.headers
	return out
}

// secrets are the values of the headers.
func (s *serverFlags) secrets() []string { return s.headers.values() }

// headerFlag collects headers.
type headerFlag map[string]string

func (h headerFlag) values() []string { return slices.Sorted(maps.Values(h)) }

// String is empty: values may be secret.
func (h headerFlag) String() string { return "" }

// Set adds one header.
func (h headerFlag) Set(text string) error {
	name, value, ok := strings.Cut(text, ":")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return fmt.Errorf("write it as Name: value")
	}
	h[name] = strings.TrimSpace(value)
	return nil
}

// diffFlags are those of sdkgen diff.
type diffFlags struct {
	projectFlags
	server             serverFlags
	base, head, failOn string
}

// diffContracts compares two states of the contracts.
func diffContracts(ctx context.Context, t *terminal, args []string) int {
	var flags diffFlags
	set := flag.NewFlagSet("diff", flag.ContinueOnError)
	flags.register(set, strings.Join(report.Formats(), ", "))
	flags.server.register(set)
	set.StringVar(&flags.base, "base", "HEAD", "what to compare with: a `side`, that is a directory, a git revision or live: (dir:NAME and git:NAME say which)")
	set.StringVar(&flags.head, "head", "", "what to compare: a `side`; the project's directory if it is left out")
	set.StringVar(&flags.failOn, "fail-on", string(drift.FailOnBreaking), "the `class` of changes that are findings: "+strings.Join(drift.FailOns(), ", "))
	if code, done := parse(set, t, args); done {
		return code
	}
	format, err := report.ParseFormat(flags.format)
	if err == nil && !slices.Contains(drift.FailOns(), flags.failOn) {
		err = fmt.Errorf("--fail-on cannot be %q: %s", flags.failOn, strings.Join(drift.FailOns(), ", "))
	}
	var base, head sides.Spec
	if err == nil {
		base, head, err = flags.specs()
	}
	if err != nil {
		fmt.Fprintf(t.err, "sdkgen: %v\n", err)
		return exitUnusable
	}
	t.quiet = format != report.Text
	step, stop := t.progress()
	step("comparing the two sides")
	result, err := flags.compare(ctx, base, head)
	stop()
	r := &report.Report{Command: "diff", Rules: drift.ReportRules()}
	if err != nil {
		return t.report(format, comparisonFailed(r, err, flags.server.secrets()))
	}
	r = result.Report(drift.FailOn(flags.failOn))
	if base.Kind == sides.Live || head.Kind == sides.Live {
		r.Note += notCompared(result)
	}
	r.Prefix, r.Secrets = prefix(flags.dir), flags.server.secrets()
	return t.report(format, r)
}

// specs reads what --base and --head name.
func (f *diffFlags) specs() (base, head sides.Spec, err error) {
	if base, err = sides.Parse(f.base); err != nil {
		return base, head, fmt.Errorf("--base: %w", err)
	}
	head = sides.Spec{Kind: sides.Directory, Value: f.dir}
	if f.head != "" {
		if head, err = sides.Parse(f.head); err != nil {
			return base, head, fmt.Errorf("--head: %w", err)
		}
	}
	live := base.Kind == sides.Live || head.Kind == sides.Live
	switch {
	case base.Kind == sides.Live && head.Kind == sides.Live:
		//lint:ignore ST1005 "live:" is what one writes, with the colon
		err = fmt.Errorf("only one of --base and --head can be live:")
	case live && !f.server.given():
		err = fmt.Errorf("live: needs --graphql URL, --openapi URL or --grpc HOST:PORT")
	case !live && f.server.given():
		//lint:ignore ST1005 "live:" is what one writes, with the colon
		err = fmt.Errorf("--graphql, --openapi and --grpc say where live: is, but neither side is live:")
	}
	return base, head, err
}

// compare reads both sides, a live one with the manifest of the other.
func (f *diffFlags) compare(ctx context.Context, base, head sides.Spec) (*drift.Result, error) {
	project := sides.Project{Dir: f.dir, Manifest: f.manifest}
	switch {
	case base.Kind == sides.Live:
		other, err := project.Read(ctx, head)
		if err != nil {
			return nil, err
		}
		live, protocols, err := project.ReadLive(ctx, f.server.sources(), other)
		if err != nil {
			return nil, err
		}
		return drift.Compare(live, other, protocols...), nil
	case head.Kind == sides.Live:
		return compareLive(ctx, project, base, f.server.sources())
	}
	b, err := project.Read(ctx, base)
	if err != nil {
		return nil, err
	}
	h, err := project.Read(ctx, head)
	if err != nil {
		return nil, err
	}
	return drift.Compare(b, h), nil
}

// compareLive compares a side with a live server.
func compareLive(ctx context.Context, project sides.Project, base sides.Spec, sources pull.Sources) (*drift.Result, error) {
	b, err := project.Read(ctx, base)
	if err != nil {
		return nil, err
	}
	live, protocols, err := project.ReadLive(ctx, sources, b)
	if err != nil {
		return nil, err
	}
	return drift.Compare(b, live, protocols...), nil
}

// comparisonFailed is the report of a comparison that could not be made.
func comparisonFailed(r *report.Report, err error, secrets []string) *report.Report {
	if bad, ok := err.(*drift.UnreadableError); ok {
		list := &diag.ListError{}
		for _, f := range bad.Findings {
			f.Message = bad.Side + ": " + f.Message
			list.Findings = append(list.Findings, f)
		}
		err = list
	}
	r.Secrets = secrets
	return unusableReport(r, err)
}

// driftLive compares the contracts with a running server.
func driftLive(ctx context.Context, t *terminal, args []string) int {
	var flags projectFlags
	var server serverFlags
	var live, anyChange bool
	var base string
	set := flag.NewFlagSet("drift", flag.ContinueOnError)
	flags.register(set, strings.Join(report.Formats(), ", "))
	server.register(set)
	set.BoolVar(&live, "live", false, "compare with a running server")
	set.BoolVar(&anyChange, "any", false, "count harmless differences as findings, too")
	set.StringVar(&base, "base", "", "the contracts: a `side`, that is a directory or a git revision; the project's directory if it is left out")
	if code, done := parse(set, t, args); done {
		return code
	}
	format, err := report.ParseFormat(flags.format)
	spec, specErr := sides.Spec{Kind: sides.Directory, Value: flags.dir}, error(nil)
	if base != "" {
		spec, specErr = sides.Parse(base)
	}
	switch {
	case err != nil:
	case !live || !server.given():
		err = fmt.Errorf("drift needs --live and where the server is: --graphql URL, --openapi URL or --grpc HOST:PORT")
	case spec.Kind == sides.Live:
		err = fmt.Errorf("--base cannot be live: here; sdkgen diff compares with a server as the base")
	}
	if err = cmp.Or(err, specErr); err != nil {
		fmt.Fprintf(t.err, "sdkgen: %v\n", err)
		return exitUnusable
	}
	r := &report.Report{Command: "drift", Rules: drift.LiveRules()}
	t.quiet = format != report.Text
	step, stop := t.progress()
	step("comparing the contracts with the server")
	result, err := compareLive(ctx, sides.Project{Dir: flags.dir, Manifest: flags.manifest}, spec, server.sources())
	stop()
	if err != nil {
		return t.report(format, comparisonFailed(r, err, server.secrets()))
	}
	r = result.LiveReport(anyChange)
	r.Prefix, r.Secrets = prefix(flags.dir), server.secrets()
	r.Note += notCompared(result)
	return t.report(format, r)
}

// notCompared says which contracts a server was not asked for, and which
// documents it does not offer: it has one document of REST.
func notCompared(r *drift.Result) string {
	var out []string
	for _, p := range ir.Protocols() {
		if r.Base.Contracts[p] != nil && !slices.Contains(r.Protocols, p) {
			out = append(out, string(p))
		}
	}
	if rest := r.Base.Manifest.Contracts.REST; rest != nil && slices.Contains(r.Protocols, ir.REST) {
		out = append(out, manifest.Values(rest.Documents[min(1, len(rest.Documents)):])...)
	}
	if len(out) == 0 {
		return ""
	}
	return " (not compared: " + strings.Join(out, ", ") + ")"
}
