package main

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/pipeline"
	"github.com/triwire/authorizer-sdk/internal/pull"
)

// pullContracts writes the contract files from what a server says.
func pullContracts(ctx context.Context, t *terminal, args []string) int {
	var from, dir string
	var sources pull.Sources
	set := flag.NewFlagSet("pull", flag.ContinueOnError)
	set.StringVar(&dir, "dir", ".", "the `directory` to write to")
	set.StringVar(&from, "from", "", "a `directory` with saved answers: graphql-introspection.json, openapi2.json, descriptors.binpb")
	set.StringVar(&sources.GraphQL, "graphql", "", "the `URL` of the GraphQL endpoint")
	set.StringVar(&sources.OpenAPI, "openapi", "", "the `URL` of the OpenAPI document")
	set.StringVar(&sources.GRPC, "grpc", "", "the `host:port` of the gRPC server, which must offer reflection")
	set.BoolVar(&sources.Plaintext, "grpc-plaintext", false, "ask the gRPC server without TLS; loopback is always asked so")
	if code, done := parse(set, t, args); done {
		return code
	}
	live := sources.GraphQL != "" || sources.OpenAPI != "" || sources.GRPC != ""
	if live == (from != "") {
		fmt.Fprintln(t.err, "sdkgen pull: give either --from DIR, or any of --graphql URL, --openapi URL and --grpc HOST:PORT")
		return exitUnusable
	}
	var files map[string][]byte
	var err error
	step, stop := t.progress()
	step("asking the server")
	if from != "" {
		files, err = pull.FromDir(ctx, from)
	} else {
		files, err = pull.FromServer(ctx, sources)
	}
	if err == nil {
		err = pipeline.WriteFiles(ctx, dir, files)
	}
	stop()
	if err != nil {
		return t.unusable(err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintln(t.out, name)
	}
	return exitClean
}
