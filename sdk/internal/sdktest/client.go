package sdktest

import (
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	_ "github.com/triwire/authorizer-sdk/sdk/grpc" // links gRPC
)

// What the clients of tests are constructed with.
const (
	ClientID    = "client-1"
	AdminSecret = "admin-secret-0123456789"
)

// Each runs a test over every protocol.
func Each(t *testing.T, test func(t *testing.T, p authorizer.Protocol)) {
	t.Helper()
	for _, p := range Protocols() {
		t.Run(string(p), func(t *testing.T) { test(t, p) })
	}
}

// Protocols are all protocols.
func Protocols() []authorizer.Protocol {
	return []authorizer.Protocol{authorizer.ProtocolGraphQL, authorizer.ProtocolREST, authorizer.ProtocolGRPC}
}

// QuickRetry tries again soon, as often as it is told.
func QuickRetry(attempts int) authorizer.SharedOption {
	return authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: attempts, BaseDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond})
}

// User is a client for users of the server, closed when the test ends.
func (s *Server) User(t testing.TB, p authorizer.Protocol, opts ...authorizer.Option) *authorizer.Client {
	t.Helper()
	return NewUser(t, s.URL(), s.GRPCAddr(), p, opts...)
}

// Admin is a client for administrators of the server, closed when the test ends.
func (s *Server) Admin(t testing.TB, p authorizer.Protocol, opts ...authorizer.Option) *authorizer.AdminClient {
	t.Helper()
	opts = append([]authorizer.Option{authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(s.GRPCAddr())}, opts...)
	c, err := authorizer.NewAdmin(s.URL(), AdminSecret, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// Proxied is a client for users that reaches the server through a proxy.
func (s *Server) Proxied(t testing.TB, p authorizer.Protocol, opts ...authorizer.Option) (*authorizer.Client, *Proxy) {
	t.Helper()
	target := s.HTTPAddr()
	if p == authorizer.ProtocolGRPC {
		target = s.GRPCAddr()
	}
	proxy := NewProxy(t, target)
	return NewUser(t, "http://"+proxy.Addr(), proxy.Addr(), p, opts...), proxy
}

// NewUser is a client for users of any server, closed when the test ends.
func NewUser(t testing.TB, url, grpcAddr string, p authorizer.Protocol, opts ...authorizer.Option) *authorizer.Client {
	t.Helper()
	opts = append([]authorizer.Option{authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(grpcAddr)}, opts...)
	c, err := authorizer.New(url, ClientID, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}
