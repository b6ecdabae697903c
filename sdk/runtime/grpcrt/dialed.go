package grpcrt

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"

	"google.golang.org/grpc"
)

// dialed remembers why a connection cannot be made. grpc-go keeps the text of
// that only, so that callers could not tell a refused connection from another
// failure, as they can over HTTP.
type dialed struct {
	derived bool // nobody set the endpoint

	mu   sync.Mutex
	last error // nil since a connection was made
}

// option is the dial option that makes grpc-go dial through it. There is none
// where a proxy is to be used, which grpc-go asks only with a dialer of its own.
func (d *dialed) option(endpoint string) []grpc.DialOption {
	if proxied(endpoint) {
		return nil
	}
	return []grpc.DialOption{grpc.WithContextDialer(d.dial)}
}

func (d *dialed) dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if err != nil && d.derived {
		d.last = derivedError{err}
	}
	return conn, err
}

// derivedError is why nothing answers at an endpoint that nobody set.
type derivedError struct{ error }

func (e derivedError) Unwrap() error { return e.error }

// advice is the way out where a connection failed for that; often empty.
func advice(dial error) string {
	if !errors.As(dial, new(derivedError)) {
		return ""
	}
	return "; no gRPC endpoint was set, so this is the URL's host with the default port: WithGRPCEndpoint sets another"
}

// err is why there is no connection, as far as it is known.
func (d *dialed) err() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// proxied reports whether grpc-go would ask a proxy for the endpoint.
func proxied(endpoint string) bool {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: endpoint}})
	return proxy != nil || err != nil
}
