package runtime

import (
	"crypto/tls"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// core is what a client and its views share: the connections and everything
// that never changes.
type core struct {
	api      *API
	base     baseURL
	headers  *headerSource
	maxBytes int64

	graphqlURL string
	restBase   string // what REST paths are resolved against

	http    *http.Client
	ownHTTP bool        // the transport is ours to close
	http2   atomic.Bool // the last answer came over it
	buffers sync.Pool   // of *buffer, for answers
	json    []string    // a header's values, shared by all requests

	grpcConfig   GRPCConfig
	insecureGRPC bool
	mu           sync.Mutex                    // held while the connection is made, and ended
	grpc         atomic.Pointer[GRPCTransport] // made on first use

	deadlines deadlines // of tries

	closed  atomic.Bool
	closing chan struct{} // closed by close
}

// newCore builds the connections' configuration; nothing is dialled.
func newCore(api *API, base baseURL, headers *headerSource, cfg config) *core {
	c := &core{
		api: api, base: base, headers: headers,
		graphqlURL: base.text + api.GraphQLPath, restBase: base.text + "/",
		maxBytes: cfg.maxBytes, insecureGRPC: cfg.insecureGRPC,
		json: []string{jsonType}, closing: make(chan struct{}),
	}
	c.buffers.New = func() any { return new(buffer) }
	c.http, c.ownHTTP = newHTTPClient(&cfg)
	c.grpcConfig = newGRPCConfig(api, base, headers, &cfg)
	return c
}

// newHTTPClient copies the caller's client, or makes one whose transport is
// the core's own.
func newHTTPClient(cfg *config) (hc *http.Client, own bool) {
	if cfg.httpClient != nil {
		shallow := *cfg.httpClient
		shallow.Jar = nil // would send one user's cookies with another's calls
		shallow.CheckRedirect = redirectPolicy(shallow.CheckRedirect)
		return &shallow, false
	}
	return &http.Client{Transport: newTransport(cfg.tls, pingAfter), CheckRedirect: redirectPolicy(nil)}, true
}

// idlePerHost is how many idle connections are kept. All calls go to one
// host, so the default of net/http, two, would dial anew for nearly every
// call of a busy program.
const idlePerHost = 100

// pingAfter is how long a connection of HTTP/2 may be silent before the server is
// asked whether it is still there. Firewalls and load balancers forget connections
// without a word. Over HTTP/1 a try that times out ends its connection; the one of
// HTTP/2 would stay, for all calls, until the system gives it up.
const pingAfter = 15 * time.Second

// newTransport starts from the default transport, for its proxy settings and
// timeouts. A program may have replaced that by something else.
func newTransport(t *tls.Config, pingAfter time.Duration) *http.Transport {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true}
	if d, ok := http.DefaultTransport.(*http.Transport); ok {
		transport = d.Clone()
	}
	transport.MaxIdleConnsPerHost = idlePerHost
	if transport.HTTP2 == nil {
		transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingAfter}
	}
	if t != nil {
		transport.TLSClientConfig = t.Clone()
	}
	return transport
}

// close ends the connections. Calls under way may finish over HTTP.
func (c *core) close() error {
	if !c.closed.Swap(true) {
		close(c.closing)
	}
	if c.ownHTTP {
		c.http.CloseIdleConnections()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if transport := c.grpc.Swap(nil); transport != nil {
		return (*transport).Close()
	}
	return nil
}
