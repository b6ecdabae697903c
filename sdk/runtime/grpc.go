package runtime

import (
	"context"
	"crypto/tls"
	"fmt"
	"slices"
)

// GRPCDialer is the linked gRPC half. Dial does no I/O: it makes a transport
// that connects when it is first used.
type GRPCDialer interface {
	// Dial prepares the connection of a client; nothing is sent yet.
	Dial(cfg GRPCConfig) (GRPCTransport, error)
}

// GRPCTransport is one connection, shared by all calls and views of a client.
// Invoke takes a pointer to the method's request and returns a pointer to its
// response; its errors are [*Error].
type GRPCTransport interface {
	// Invoke makes one try of a call.
	Invoke(ctx context.Context, call *Call, req any) (resp any, err error)
	// Close ends the connection, and calls that are under way.
	Close() error
}

// GRPCConfig is what a client's options say about gRPC.
type GRPCConfig struct {
	// Endpoint is host:port.
	Endpoint string
	// Derived: nobody set the endpoint, so that it is the URL's host with the API's
	// port.
	Derived bool
	// TLS is the configuration of the connection; nil means plaintext.
	TLS *tls.Config
	// MaxResponseBytes is the largest answer to be read.
	MaxResponseBytes int64
	// UserAgent is the client's User-Agent header, which over gRPC belongs to
	// the connection; empty if none was set.
	UserAgent string

	options map[any][]any
	open    bool // others can read what is sent
}

// Values are the values given by [WithTransportOption] under a key, in order.
func (g GRPCConfig) Values(key any) []any { return g.options[key] }

// Format writes where the connection goes, and nothing that can be secret.
func (g GRPCConfig) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "GRPCConfig{Endpoint:%s TLS:%t}", g.Endpoint, g.TLS != nil)
}

// newGRPCConfig derives the configuration from URL and options: TLS exactly
// when the URL is https.
func newGRPCConfig(api *API, base baseURL, headers *headerSource, cfg *config) GRPCConfig {
	g := GRPCConfig{
		Endpoint:         cfg.grpcEndpoint,
		MaxResponseBytes: cfg.maxBytes,
		UserAgent:        headers.set(ProtocolGRPC, &cfg.call).userAgent,
		options:          cfg.cloneTransport(),
	}
	if g.Endpoint == "" {
		g.Endpoint, g.Derived = base.grpcEndpoint(api.GRPCPort), true
	}
	if base.scheme == "https" {
		g.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		if cfg.tls != nil {
			g.TLS = cfg.tls.Clone()
		}
	}
	g.open = g.TLS == nil && !isLoopback(g.Endpoint)
	return g
}

// notLinked says how to link gRPC.
func notLinked(api *API) string {
	return fmt.Sprintf("gRPC is not linked into this program: add the import _ %q", api.GRPCImport)
}

// overGRPC is the adapter of every method over gRPC.
func overGRPC[Req, Resp any](ctx context.Context, call *Call, req *Req) (*Resp, error) {
	transport, err := call.grpcTransport(req)
	if err != nil {
		return nil, err
	}
	resp, err := transport.Invoke(ctx, call, req)
	if err != nil {
		return nil, err
	}
	typed, ok := resp.(*Resp)
	if resp != nil && !ok {
		return nil, call.Errorf(CodeInternal, "the gRPC adapter returned %T where %T was expected", resp, typed)
	}
	return answer(call, typed)
}

// grpcTransport is the client's connection, made by the first call. The call
// is refused if its credential, or a secret of its request, would travel in the
// open.
func (c *Call) grpcTransport(req any) (GRPCTransport, error) {
	core := c.core
	dialer := core.api.dialer()
	if dialer == nil {
		return nil, c.Fail(CodeFailedPrecondition, notLinked(core.api), nil)
	}
	exposed := core.grpcConfig.open && !core.insecureGRPC
	if exposed && (c.headers.credential || slices.ContainsFunc(secretsIn(req), func(s string) bool { return s != "" })) {
		return nil, c.Errorf(CodeFailedPrecondition,
			"a credential would be sent without TLS to %s: use an https URL, or allow it with WithInsecureGRPC", core.grpcConfig.Endpoint)
	}
	if transport := core.grpc.Load(); transport != nil {
		return *transport, nil
	}
	return c.dial(dialer)
}

// dial makes the client's connection, unless somebody else just did.
func (c *Call) dial(dialer GRPCDialer) (GRPCTransport, error) {
	core := c.core
	core.mu.Lock()
	defer core.mu.Unlock()
	if core.closed.Load() {
		return nil, c.Errorf(CodeFailedPrecondition, "the client is closed")
	}
	if transport := core.grpc.Load(); transport != nil {
		return *transport, nil
	}
	transport, err := dialer.Dial(core.grpcConfig)
	if err != nil {
		return nil, c.Errorf(CodeInvalidArgument, "gRPC cannot be set up: %w", err)
	}
	core.grpc.Store(&transport)
	return transport, nil
}
