package grpcrt

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
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
	if err != nil && d.derived {
		d.note(derivedError{err})
	} else {
		d.note(err)
	}
	return conn, err
}

func (d *dialed) note(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
}

// handshakes are credentials that note why a connection is not secure: it is
// then none.
type handshakes struct {
	credentials.TransportCredentials
	dialed *dialed
}

// ClientHandshake implements [credentials.TransportCredentials].
func (h handshakes) ClientHandshake(ctx context.Context, authority string, raw net.Conn) (net.Conn, credentials.AuthInfo, error) {
	conn, info, err := h.TransportCredentials.ClientHandshake(ctx, authority, raw)
	h.dialed.note(err)
	return conn, info, err
}

// Clone implements [credentials.TransportCredentials].
func (h handshakes) Clone() credentials.TransportCredentials {
	return handshakes{h.TransportCredentials.Clone(), h.dialed}
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
