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
	var server serverFlags
	set := flag.NewFlagSet("pull", flag.ContinueOnError)
	set.StringVar(&dir, "dir", ".", "the `directory` to write to")
	set.StringVar(&from, "from", "", "a `directory` with saved answers: graphql-introspection.json, openapi2.json, descriptors.binpb")
	server.register(set)
	if code, done := parse(set, t, args); done {
		return code
	}
	t.secrets = server.secrets()
	if server.given() == (from != "") {
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
		files, err = pull.FromServer(ctx, server.sources())
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
