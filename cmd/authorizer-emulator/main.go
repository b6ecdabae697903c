// Command authorizer-emulator runs the emulator of package authorizertest for
// programs of any kind: an Authorizer server in memory, on loopback. It prints
// one line with its addresses when it is ready, and stops on SIGINT or SIGTERM,
// after the calls that are under way.
//
// Exit codes: 0 stopped as told, 1 it could not start or stop cleanly, 2 wrong
// arguments.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// grace is how long calls that are under way may take when it stops.
const grace = 10 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}

// options are what the flags say.
type options struct {
	host                                string
	httpPort, grpcPort                  string
	clientID, clientSecret, adminSecret string
	anyAddress                          bool
	settings                            authorizertest.Settings
}

func parse(args []string, env func(string) string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("authorizer-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.host, "host", "127.0.0.1", "address to listen on; another than loopback needs -any-address")
	flags.StringVar(&o.httpPort, "http-port", "8080", "port for GraphQL and REST; 0 is a free one")
	flags.StringVar(&o.grpcPort, "grpc-port", "9091", "port for gRPC; 0 is a free one")
	flags.BoolVar(&o.anyAddress, "any-address", false, "allow to listen elsewhere than on loopback, where others can reach it")
	flags.StringVar(&o.clientID, "client-id", "test-client", "OAuth client id")
	flags.BoolVar(&o.settings.EmailVerification, "email-verification", false, "e-mail addresses must be verified")
	flags.BoolVar(&o.settings.PhoneVerification, "phone-verification", false, "phone numbers must be verified")
	flags.BoolVar(&o.settings.MultiFactor, "multi-factor", false, "users may have a second factor: mail, text message or TOTP")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "authorizer-emulator runs an Authorizer server in memory, for tests.")
		fmt.Fprintln(stderr, "\nThe secrets are test-admin-secret and test-client-secret, unless")
		fmt.Fprintln(stderr, "AUTHORIZER_ADMIN_SECRET and AUTHORIZER_CLIENT_SECRET say otherwise.\n\nFlags:")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		flags.Usage()
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	o.settings.EmailOTP, o.settings.SMSOTP, o.settings.TOTP = o.settings.MultiFactor, o.settings.MultiFactor, o.settings.MultiFactor
	o.adminSecret, o.clientSecret = env("AUTHORIZER_ADMIN_SECRET"), env("AUTHORIZER_CLIENT_SECRET")
	return o, nil
}

// run is the program without the process around it. It runs until the context
// ends and returns the exit code.
func run(ctx context.Context, args []string, env func(string) string, stdout, stderr io.Writer) int {
	o, err := parse(args, env, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "authorizer-emulator:", err)
		return 2
	}
	opts := []authorizertest.Option{
		authorizertest.WithAddresses(net.JoinHostPort(o.host, o.httpPort), net.JoinHostPort(o.host, o.grpcPort)),
		authorizertest.WithCredentials(o.clientID, o.clientSecret, o.adminSecret),
		authorizertest.WithSettings(o.settings),
	}
	if o.anyAddress {
		opts = append(opts, authorizertest.WithAnyAddress())
	}
	s, err := authorizertest.Start(opts...)
	if err != nil {
		fmt.Fprintln(stderr, "authorizer-emulator:", err)
		return 1
	}
	// The line is for programs, too: name=value, no secrets.
	fmt.Fprintf(stdout, "ready: url=%s grpc=%s client_id=%s\n", s.URL, s.GRPCEndpoint, s.ClientID)
	<-ctx.Done()
	stopping, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := s.Shutdown(stopping); err != nil {
		fmt.Fprintln(stderr, "authorizer-emulator: calls were still under way:", err)
		return 1
	}
	fmt.Fprintln(stdout, "stopped")
	return 0
}
