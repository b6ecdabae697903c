package authorizerserver_test

import (
	"context"
	"net"
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// running is a server on loopback ports.
type running struct{ url, grpcAddr string }

// start serves implementations until the test ends.
func start(t testing.TB, services authorizerserver.Services, opts ...serve.Option) running {
	t.Helper()
	srv, err := authorizerserver.New(services, opts...)
	if err != nil {
		t.Fatal(err)
	}
	overHTTP, overGRPC := listen(t), listen(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, overHTTP, overGRPC) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return running{"http://" + overHTTP.Addr().String(), overGRPC.Addr().String()}
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// user and admin are clients of the server, closed when the test ends.
func (r running) user(t testing.TB, p authorizer.Protocol, opts ...authorizer.Option) *authorizer.Client {
	t.Helper()
	return sdktest.NewUser(t, r.url, r.grpcAddr, p, append(opts, authorizer.WithoutRetry())...)
}

func (r running) admin(t testing.TB, p authorizer.Protocol) *authorizer.AdminClient {
	t.Helper()
	c, err := authorizer.NewAdmin(r.url, sdktest.AdminSecret, authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(r.grpcAddr),
		authorizer.WithoutRetry(), authorizer.WithTimeout(10*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
