package grpcrt_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
	"github.com/triwire/authorizer-sdk/sdk/runtime/grpcrt"
)

func TestCall(t *testing.T) {
	a := serve(t, echo)
	c := newClient(t, "http://localhost:8080", a.addr)
	got, err := ask(context.Background(), c, &askRequest{Text: "hi"})
	if err != nil || got.Text != "hi" {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err = ask(context.Background(), c, nil); err != nil || got.Text != "" {
		t.Errorf("nil request: got %v, %v", got, err)
	}
}

// One connection serves all calls and views of a client.
func TestOneConnection(t *testing.T) {
	a := serve(t, echo)
	c := newClient(t, "http://localhost:8080", a.addr)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			text := fmt.Sprint(i)
			got, err := ask(context.Background(), c.With(runtime.WithBearerToken(text)), &askRequest{Text: text}, runtime.WithTimeout(0))
			if err != nil || got.Text != text {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	wg.Wait()
	if n := a.conns.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestMetadata(t *testing.T) {
	a := serve(t, echo)
	c := newClient(t, "http://localhost:8080/base/", a.addr, runtime.WithSetting("admin_secret", canary),
		runtime.WithHeader("X-Client", "1"), runtime.WithCookie("a", "1"), runtime.WithHeader("User-Agent", "mine/1"))
	// What the caller's context holds is for another service.
	ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer stranger", "x-stranger", "1")
	if _, err := ask(ctx, c, nil, runtime.WithBearerToken("token"), runtime.WithCookie("b", "2")); err != nil {
		t.Fatal(err)
	}
	md := a.last(t)
	for key, want := range map[string]string{
		"x-service-url": "http://localhost:8080/base", "x-admin-secret": canary, "x-client": "1", "cookie": "b=2",
		"authorization": "Bearer token", "origin": "", "x-stranger": "", "accept": "",
	} {
		if got := strings.Join(md.Get(key), "|"); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if got := md.Get("user-agent"); len(got) != 1 || !strings.HasPrefix(got[0], "mine/1 ") {
		t.Errorf("user-agent: got %v", got)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	a := serve(t, echo)
	c := newClient(t, "http://localhost:8080", a.addr)
	cases := []struct {
		name, method string
		req          *askRequest
		opts         []runtime.CallOption
		want         string
	}{
		{"violation", "ask", &askRequest{Text: "\xff"}, nil, "ask over grpc: invalid_argument: the request cannot be sent over grpc: text: is not valid UTF-8"},
		{"grpc's own header", "ask", nil, []runtime.CallOption{runtime.WithHeader("Grpc-Timeout", "1S")}, "ask over grpc: invalid_argument: header Grpc-Timeout cannot be sent over grpc; works over graphql, rest"},
		{"header that is not ASCII", "ask", nil, []runtime.CallOption{runtime.WithHeader("X-A", "é")}, "ask over grpc: invalid_argument: header X-A cannot be sent over grpc; works over graphql, rest"},
		{"header name", "ask", nil, []runtime.CallOption{runtime.WithHeader("X!", "1")}, "ask over grpc: invalid_argument: header X! cannot be sent over grpc; works over graphql, rest"},
		{"user agent of a call", "ask", nil, []runtime.CallOption{runtime.WithHeader("User-Agent", "mine/1")},
			"ask over grpc: invalid_argument: header User-Agent belongs to the connection over grpc: set it on the client; works per call over graphql, rest"},
		{"no adapter", "ask_nobody", nil, nil, "ask_nobody over grpc: unimplemented: the method has no binding for grpc"},
		{"another request type", "ask_other", nil, nil, "ask_other over grpc: internal: the gRPC adapter was given *grpcrt_test.askRequest where *string was expected"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got, err := askAs(context.Background(), c, tc.method, tc.req, tc.opts...)
			if got != nil || err == nil || err.Error() != tc.want {
				t.Errorf("got  %v, %v\nwant %s", got, err, tc.want)
			}
		})
	}
	if n := a.conns.Load(); n != 0 || len(a.md) != 0 {
		t.Errorf("%d connections, %d calls", n, len(a.md))
	}
	_, err := askAs(context.Background(), c, "ask_wrong", nil)
	if e := asError(t, err); e.Code != runtime.CodeInternal || e.Message != "the gRPC adapter returned *string where *grpcrt_test.askAnswer was expected" {
		t.Errorf("got %v", err)
	}
}

// tlsServer is a gRPC server with a certificate, and the configuration of a
// client that trusts it.
func tlsServer(t *testing.T) (*asker, runtime.Option) {
	t.Helper()
	pair := httptest.NewTLSServer(nil)
	t.Cleanup(pair.Close)
	return serve(t, echo, grpc.Creds(credentials.NewServerTLSFromCert(&pair.TLS.Certificates[0]))), trustOption(pair)
}

// trustOption makes a client trust the certificate of a test server.
func trustOption(srv *httptest.Server) runtime.Option {
	transport, _ := srv.Client().Transport.(*http.Transport)
	return runtime.WithTLSConfig(transport.TLSClientConfig)
}

func TestTLS(t *testing.T) {
	a, trust := tlsServer(t)
	c := newClient(t, "https://127.0.0.1", a.addr, trust, runtime.WithBearerToken(canary))
	if _, err := ask(context.Background(), c, nil); err != nil {
		t.Errorf("with the server's root: %v", err)
	}
	c = newClient(t, "https://127.0.0.1", a.addr)
	if _, err := ask(context.Background(), c, nil); !errors.Is(err, runtime.ErrUnavailable) {
		t.Errorf("with an unknown root: got %v", err)
	}
	c = newClient(t, "http://127.0.0.1", a.addr)
	if _, err := ask(context.Background(), c, nil); !errors.Is(err, runtime.ErrUnavailable) {
		t.Errorf("plaintext to a TLS server: got %v", err)
	}
}

// toServer dials the server whatever the endpoint is.
func toServer(a *asker) runtime.Option {
	return grpcrt.WithDialOptions(grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", a.addr)
	}))
}

func TestCredentialsNeedTLS(t *testing.T) {
	const faraway = "192.0.2.1:9091" // reserved for documentation
	credentials := map[string][]runtime.Option{
		"none": nil, "bearer": {runtime.WithBearerToken(canary)}, "cookie": {runtime.WithCookie("a", canary)},
		"secret setting": {runtime.WithSetting("admin_secret", canary)}, "header made of a secret": {runtime.WithHeader("X-Partial", "by hand")}, "secret header by hand": {runtime.WithHeader("X-Admin-Secret", canary)},
		"harmless header": {runtime.WithHeader("X-A", canary)},
	}
	for name, opts := range credentials {
		t.Run(name, func(t *testing.T) {
			a := serve(t, echo)
			opts = append(opts, toServer(a))
			_, err := ask(context.Background(), newClient(t, "http://192.0.2.1", "", opts...), nil)
			if name == "none" || name == "harmless header" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			want := "a credential would be sent without TLS to 192.0.2.1:9091: use an https URL, or allow it with WithInsecureGRPC"
			if e := asError(t, err); e.Code != runtime.CodeFailedPrecondition || e.Message != want {
				t.Errorf("got %v", err)
			}
			if n := a.conns.Load(); n != 0 {
				t.Errorf("%d connections", n)
			}
			if _, err := ask(context.Background(), newClient(t, "http://h", faraway, append(opts, runtime.WithInsecureGRPC())...), nil); err != nil {
				t.Errorf("allowed: got %v", err)
			}
			if _, err := ask(context.Background(), newClient(t, "http://192.0.2.1", a.addr, opts...), nil); err != nil {
				t.Errorf("loopback: got %v", err)
			}
		})
	}
}

func TestDefaultEndpoint(t *testing.T) {
	for url, want := range map[string]string{"http://localhost:8080/x": "127.0.0.1:9091", "http://[::1]:8080": "[::1]:9091"} {
		var dialled []string
		spy := grpcrt.WithDialOptions(grpc.WithContextDialer(func(_ context.Context, addr string) (net.Conn, error) {
			dialled = append(dialled, addr)
			return nil, errors.New("not today")
		}), grpc.WithNoProxy())
		_, err := ask(context.Background(), newClient(t, url, "", spy), nil)
		if !errors.Is(err, runtime.ErrUnavailable) || !slices.Contains(dialled, want) {
			t.Errorf("%s: dialled %v, want %s: %v", url, dialled, want, err)
		}
	}
}

func TestIPv6(t *testing.T) {
	lis, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 on this machine")
	}
	a := serveOn(t, lis, echo)
	if _, err := ask(context.Background(), newClient(t, "http://localhost", a.addr, runtime.WithBearerToken(canary)), nil); err != nil {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	a := serve(t, echo)
	c := newClient(t, "http://localhost", a.addr)
	view := c.With(runtime.WithTimeout(0))
	if _, err := ask(context.Background(), view, nil); err != nil {
		t.Fatal(err)
	}
	if err := view.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ask(context.Background(), c, nil); err != nil {
		t.Errorf("closing a view closed its client: %v", err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for start := time.Now(); a.open.Load() > 0 && time.Since(start) < 5*time.Second; {
		time.Sleep(5 * time.Millisecond)
	}
	if n := a.open.Load(); n != 0 {
		t.Errorf("%d connections are open", n)
	}
	if _, err := ask(context.Background(), c, nil); !errors.Is(err, runtime.ErrFailedPrecondition) {
		t.Errorf("got %v", err)
	}
	if err := newClient(t, "http://localhost", "").Close(); err != nil {
		t.Errorf("a client that never dialled: %v", err)
	}
}

// An interceptor may return any error.
func TestInterceptorErrors(t *testing.T) {
	refuse := func(context.Context, string, any, any, *grpc.ClientConn, grpc.UnaryInvoker, ...grpc.CallOption) error {
		return errors.New("not a status")
	}
	c := newClient(t, "http://localhost", "", grpcrt.WithDialOptions(grpc.WithUnaryInterceptor(refuse)))
	if _, err := ask(context.Background(), c, nil); err == nil || err.Error() != "ask over grpc: unknown: not a status" {
		t.Errorf("got %v", err)
	}
}

func TestBadDialOptionIsAnError(t *testing.T) {
	c := newClient(t, "http://localhost", "", grpcrt.WithDialOptions(grpc.WithDefaultServiceConfig("{")))
	for range 2 {
		_, err := ask(context.Background(), c, nil)
		if e := asError(t, err); e.Code != runtime.CodeInvalidArgument || !strings.HasPrefix(e.Message, "gRPC cannot be set up: endpoint localhost:9091: ") {
			t.Errorf("got %v", err)
		}
	}
}
