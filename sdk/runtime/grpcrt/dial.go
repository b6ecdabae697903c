package grpcrt

import (
	"context"
	"fmt"
	"maps"
	"math"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// dialOptionsKey is where [WithDialOptions] leaves its values.
type dialOptionsKey struct{}

// WithDialOptions adds options to those that the connection is made with.
// They come last, and so win. Since there may be interceptors among them, which
// look at messages, answers are then decoded into the generated messages first,
// which takes longer.
func WithDialOptions(opts ...grpc.DialOption) runtime.Option {
	return runtime.WithTransportOption(dialOptionsKey{}, append([]grpc.DialOption(nil), opts...))
}

// NewDialer makes the dialer of a service from the adapters of its methods,
// by [runtime.Method] name.
func NewDialer(adapters map[string]Adapter) runtime.GRPCDialer {
	return dialer{maps.Clone(adapters)}
}

type dialer struct{ adapters map[string]Adapter }

// Dial makes the connection, which connects when it is first used.
func (d dialer) Dial(cfg runtime.GRPCConfig) (runtime.GRPCTransport, error) {
	seen, given := &dialed{derived: cfg.Derived}, givenOptions(cfg)
	watched := len(given) > 0 // a dial option does not tell what it is
	opts := append(dialOptions(cfg, seen), seen.option(cfg.Endpoint)...)
	opts = append(opts, grpc.WithDefaultCallOptions(callOptions(cfg, watched)...))
	if watched {
		opts = append(opts, grpc.WithStatsHandler(attemptsHandler{}))
	}
	conn, err := grpc.NewClient("dns:///"+cfg.Endpoint, append(opts, given...)...)
	if err != nil {
		return nil, fmt.Errorf("endpoint %s: %w", cfg.Endpoint, err)
	}
	return &transport{d.adapters, Conn{conn, watched, seen}, conn, cfg.UserAgent}, nil
}

// callOptions are those of every call over the connection.
func callOptions(cfg runtime.GRPCConfig, watched bool) []grpc.CallOption {
	limit := int(min(cfg.MaxResponseBytes, math.MaxInt32))
	options := []grpc.CallOption{grpc.StaticMethod(), grpc.MaxCallRecvMsgSize(limit)}
	if !watched {
		options = append(options, grpc.ForceCodecV2(newDirectCodec()))
	}
	return options
}

// givenOptions are the caller's own.
func givenOptions(cfg runtime.GRPCConfig) []grpc.DialOption {
	var given []grpc.DialOption
	for _, value := range cfg.Values(dialOptionsKey{}) {
		if more, ok := value.([]grpc.DialOption); ok {
			given = append(given, more...)
		}
	}
	return given
}

// Firewalls and load balancers forget connections without a word, and the calls of
// a client have one connection in common. Left alone, calls over it time out until
// the system gives it up, after a quarter of an hour and more. Where the system can
// be told, it does so once what was sent is not acknowledged for lostAfter. Pings
// are for the others: servers refuse those that come more often than every five
// minutes.
const (
	pingAfter = 6 * time.Minute
	lostAfter = 20 * time.Second
)

// dialOptions are the options that the configuration asks for. Service
// configurations from DNS are not asked for: they would let a name server
// decide about retries.
func dialOptions(cfg runtime.GRPCConfig, seen *dialed) []grpc.DialOption {
	creds := insecure.NewCredentials()
	if cfg.TLS != nil {
		creds = handshakes{credentials.NewTLS(cfg.TLS), seen}
	}
	opts := []grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithDisableServiceConfig(),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingAfter, Timeout: lostAfter}),
	}
	if cfg.UserAgent != "" {
		opts = append(opts, grpc.WithUserAgent(cfg.UserAgent))
	}
	return opts
}

// transport is one connection and what can be called over it.
type transport struct {
	adapters  map[string]Adapter
	calls     Conn // conn, to make calls over
	conn      *grpc.ClientConn
	userAgent string
}

// Invoke implements [runtime.GRPCTransport].
func (t *transport) Invoke(ctx context.Context, call *runtime.Call, req any) (any, error) {
	adapter := t.adapters[call.Method().Name]
	if adapter == nil {
		return nil, call.Errorf(runtime.CodeUnimplemented, "the method has no binding for grpc")
	}
	if call.UserAgent() != t.userAgent {
		return nil, call.Errorf(runtime.CodeInvalidArgument,
			"header User-Agent belongs to the connection over grpc: set it on the client; works per call over graphql, rest")
	}
	if call.Attempt() > 1 {
		t.reconnect(ctx)
	}
	return adapter(ctx, call, t.calls, req)
}

// reconnectWait bounds how long a try waits for a new connection.
const reconnectWait = 250 * time.Millisecond

// reconnect dials at once where there is no connection. Left alone, gRPC waits
// for a second and more before it dials again, longer than the tries of a call
// last.
func (t *transport) reconnect(ctx context.Context) {
	if t.conn.GetState() != connectivity.TransientFailure {
		return
	}
	t.conn.ResetConnectBackoff()
	ctx, cancel := context.WithTimeout(ctx, reconnectWait)
	defer cancel()
	t.conn.WaitForStateChange(ctx, connectivity.TransientFailure)
}

// Close ends the connection, and with it the calls under way.
func (t *transport) Close() error { return t.conn.Close() }
