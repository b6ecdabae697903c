// Command demo makes the same calls over GraphQL, REST and gRPC and shows that
// the answers are the same. Without arguments or environment it starts the
// emulator on loopback. With AUTHORIZER_URL, AUTHORIZER_CLIENT_ID,
// AUTHORIZER_ADMIN_SECRET and, if gRPC is not on port 9091 of the same host,
// AUTHORIZER_GRPC (host:port) it calls that server instead.
//
// Exit codes: 0 all the same, 1 something differs or failed, 2 it could not
// start.
package main

import (
	"context"
	"os"
	"os/signal"

	"github.com/triwire/authorizer-sdk/internal/demo"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return demo.Main(ctx, os.Getenv, os.Stdout, os.Stderr)
}
