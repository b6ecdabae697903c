package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/initial"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/pull"
)

// initFlags are what can be said to init.
type initFlags struct {
	dir, output            string
	graphql, protos, grpc  string
	openapi                listFlag
	name, pkg, module      string
	server                 string
	plaintext, force, rows bool
	headers                headerFlag
}

// listFlag is a flag that may be repeated.
type listFlag []string

func (l *listFlag) String() string     { return strings.Join(*l, ", ") }
func (l *listFlag) Set(s string) error { *l = append(*l, s); return nil }

func (f *initFlags) register(set *flag.FlagSet) {
	set.StringVar(&f.dir, "dir", ".", "the project's `directory`")
	set.StringVar(&f.output, "output", "manifest.yaml", "the manifest to write, a `file` below the directory")
	set.StringVar(&f.graphql, "graphql", "", "the schema `file`, or the URL of a GraphQL endpoint to ask, or none")
	set.Var(&f.openapi, "openapi", "an OpenAPI or Swagger `file`, or a URL to get one from, or none; may be repeated")
	set.StringVar(&f.protos, "proto", "", "the `directory` that imports of the proto files start at, or none")
	set.StringVar(&f.grpc, "grpc", "", "the `host:port` of a gRPC server with reflection to ask")
	set.BoolVar(&f.plaintext, "grpc-plaintext", false, "ask the gRPC server without TLS; loopback is always asked so")
	f.headers = headerFlag{}
	set.Var(f.headers, "header", "a header `Name: value` for the servers asked, may be repeated; its value is never printed")
	set.StringVar(&f.name, "name", "", "the `name` of the API, in snake case")
	set.StringVar(&f.pkg, "package", "", "the name of the SDK's Go `package`")
	set.StringVar(&f.server, "server", "", "generate the server side, too, into this `directory`, such as sdk/server")
	set.StringVar(&f.module, "module", "", "write a go.mod with this module `path` if there is none")
	set.BoolVar(&f.rows, "all", false, "give rows to operations that only one of several contracts has, too")
	set.BoolVar(&f.force, "force", false, "overwrite the manifest, and contract files with what servers answer")
}

// initProject writes a first manifest.
func initProject(ctx context.Context, t *terminal, args []string) int {
	var f initFlags
	set := flag.NewFlagSet("init", flag.ContinueOnError)
	f.register(set)
	if code, done := parse(set, t, args); done {
		return code
	}
	t.secrets = f.headers.values()
	if err := f.free(); err != nil {
		return t.unusable(err)
	}
	files, options, err := f.pulled(ctx)
	if err != nil {
		return t.unusable(err)
	}
	if err := f.goModule(files, &options); err != nil {
		return t.unusable(err)
	}
	result, err := initial.Make(options)
	if err != nil {
		return t.unusable(err)
	}
	maps.Copy(files, result.Files)
	if err := f.unchanged(files); err != nil {
		return t.unusable(err)
	}
	if err := pipeline.WriteFiles(ctx, f.dir, files); err != nil {
		return t.unusable(err)
	}
	f.report(t, files, result)
	return exitClean
}

// free is an error where the manifest exists.
func (f *initFlags) free() error {
	list := &diag.List{}
	if !fs.ValidPath(f.output) || f.output == "." {
		list.Add(diag.Finding{Message: fmt.Sprintf("--output %q is not a file within the project", f.output), Hint: `write it from the project's directory, with forward slashes and without ".."`})
		return list.Err()
	}
	if _, err := os.Lstat(f.at(f.output)); err == nil && !f.force {
		list.Add(diag.Finding{
			Pos:     diag.Pos{File: f.output},
			Message: "there is a manifest already",
			Hint:    "write the new one elsewhere with --output FILE and compare, or overwrite it with --force",
		})
	}
	return list.Err()
}

func (f *initFlags) at(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// pulled asks the servers that the flags name, and makes the options of what they
// say.
func (f *initFlags) pulled(ctx context.Context) (map[string][]byte, initial.Options, error) {
	options := initial.Options{
		Manifest: f.output, GraphQL: f.graphql, OpenAPI: f.openapi, Protos: f.protos,
		Name: f.name, Package: f.pkg, Server: f.server, All: f.rows,
	}
	from := pull.Sources{GRPC: f.grpc, Plaintext: f.plaintext, Headers: f.headers}
	if isURL(f.graphql) {
		from.GraphQL, options.GraphQL = f.graphql, pull.GraphQLFile
		if u, err := url.Parse(f.graphql); err == nil {
			options.GraphQLPath = u.Path
		}
	}
	if i := slices.IndexFunc(f.openapi, isURL); i >= 0 {
		if len(f.openapi) > 1 {
			return nil, options, errors.New("--openapi: a URL stands alone; get the documents first, with sdkgen pull")
		}
		from.OpenAPI, options.OpenAPI = f.openapi[i], []string{pull.OpenAPIFile}
	}
	if f.grpc != "" {
		options.Protos = pull.ProtoDir
		if _, port, err := net.SplitHostPort(f.grpc); err == nil {
			options.GRPCPort, _ = strconv.Atoi(port)
		}
	}
	files := map[string][]byte{}
	if from.GraphQL+from.OpenAPI+from.GRPC != "" {
		got, err := pull.FromServer(ctx, from)
		if err != nil {
			return nil, options, err
		}
		files = got
	}
	options.Pulled = maps.Clone(files)
	options.FS = os.DirFS(f.dir)
	abs, err := filepath.Abs(f.dir)
	options.Dir = filepath.Base(abs)
	return files, options, err
}

func isURL(s string) bool { return strings.Contains(s, "://") }

// goModule finds the import path of the project, or makes its go.mod.
func (f *initFlags) goModule(files map[string][]byte, options *initial.Options) error {
	module, err := pipeline.ModulePath(f.dir)
	if err == nil {
		options.Module = module
		if f.module == "" || f.module == module {
			return nil
		}
		list := &diag.List{}
		list.Add(diag.Finding{Pos: diag.Pos{File: "go.mod"}, Message: "the project is in the module " + module + " already", Hint: "leave --module out"})
		return list.Err()
	}
	if f.module == "" {
		return nil // generating needs one; the report says so
	}
	options.Module = f.module
	files["go.mod"], err = pipeline.NewModule(f.module)
	return err
}

// unchanged is an error where a file exists that is not the manifest and would
// become another one.
func (f *initFlags) unchanged(files map[string][]byte) error {
	list := &diag.List{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		have, err := os.ReadFile(f.at(name))
		if err == nil && name != f.output && !bytes.Equal(have, files[name]) && !f.force {
			list.Add(diag.Finding{Pos: diag.Pos{File: name}, Message: "the file exists and holds something else", Hint: "move it, or overwrite it with --force"})
		}
	}
	return list.Err()
}

// report says what was written and what comes next.
func (f *initFlags) report(t *terminal, files map[string][]byte, r *initial.Result) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(t.out, "wrote   %s\n", name)
	}
	for _, c := range r.Contracts {
		fmt.Fprintf(t.out, "from    %s\n", c)
	}
	fmt.Fprint(t.out, diag.Count(r.Rows, "method"))
	if len(r.Contracts) > 1 {
		fmt.Fprintf(t.out, ": %d certain, %d likely, %d unsure", r.Certain, r.Likely, r.Unsure)
	}
	if r.Commented > 0 {
		fmt.Fprintf(t.out, "; %s without a row, in comments with the reason", diag.Count(r.Commented, "operation"))
	}
	fmt.Fprintln(t.out)
	if r.Decided > 0 {
		fmt.Fprintf(t.out, "%s that the contracts do not agree on: look at what stands under fields\n", diag.Count(r.Decided, "field"))
	}
	if r.Warnings > 0 {
		fmt.Fprintf(t.out, "%s of sdkgen check to decide on: look at what stands under accepted\n", diag.Count(r.Warnings, "warning"))
	}
	_, noModule := pipeline.ModulePath(f.dir)
	if noModule != nil {
		fmt.Fprintln(t.out, "there is no go.mod yet: run go mod init, or sdkgen init with --module PATH")
	}
	if len(r.Left) == 0 {
		fmt.Fprintln(t.out, "next: read it, then run sdkgen generate")
		return
	}
	fmt.Fprintf(t.out, "left to decide before an SDK can be generated: %s\n", diag.Count(len(r.Left), "thing"))
	const many = 10
	for _, finding := range r.Left[:min(len(r.Left), many)] {
		fmt.Fprintf(t.out, "  %s\n", finding.Error())
	}
	if len(r.Left) > many {
		fmt.Fprintf(t.out, "  ... and %d more: sdkgen check lists them all\n", len(r.Left)-many)
	}
	fmt.Fprintln(t.out, "next: mend the contracts and run sdkgen init --force again, or decide it in the manifest")
}
