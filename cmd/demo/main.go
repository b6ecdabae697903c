// Command demo makes the same calls over GraphQL, REST and gRPC and shows that
// the answers are the same. Without arguments or environment it starts a server
// of its own on loopback. With AUTHORIZER_URL, AUTHORIZER_CLIENT_ID,
// AUTHORIZER_ADMIN_SECRET and, if gRPC is not on port 9091 of the same host,
// AUTHORIZER_GRPC (host:port) it calls that server instead.
//
// Exit codes: 0 all the same, 1 something differs or failed, 2 it could not
// start.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/triwire/authorizer-sdk/internal/demo"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	schema, err := readUpwards("schema.graphql")
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 2
	}
	return demo.Main(ctx, schema, os.Getenv, os.Stdout, os.Stderr)
}

// readUpwards reads a file of the project from anywhere below its root.
func readUpwards(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, name))
		switch parent := filepath.Dir(dir); {
		case err == nil:
			return string(data), nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", err
		case parent == dir:
			return "", fmt.Errorf("there is no %s here or above: run the demo inside of the project", name)
		default:
			dir = parent
		}
	}
}
