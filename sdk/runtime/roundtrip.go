package runtime

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// do is [http.Client.Do] without what that prepares for redirects, such as a
// copy of all headers, which nearly no call needs. What is not a plain answer
// is handed to the client after all, so that redirects and errors are its own.
// once is for requests that must not be sent again.
func (c *core) do(req *http.Request, once bool) (*http.Response, error) {
	transport := c.http.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if once && !c.http2.Load() { // HTTP/2 repeats only what the server did not process
		transport = onceOnly{transport}
	}
	if c.http.Timeout > 0 {
		client := *c.http
		client.Transport = transport
		return client.Do(req)
	}
	resp, err := transport.RoundTrip(req)
	if err == nil && resp != nil && resp.Body != nil && resp.StatusCode/100 != 3 {
		return resp, nil
	}
	client := *c.http
	client.Transport = &replay{next: transport, resp: resp, err: err}
	return client.Do(req)
}

// replay gives the client what came of its first request, which has been sent
// already. It serves one call.
type replay struct {
	next     http.RoundTripper
	replayed bool
	resp     *http.Response
	err      error
}

// RoundTrip implements [http.RoundTripper].
func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.replayed {
		return r.next.RoundTrip(req)
	}
	r.replayed = true
	return r.resp, r.err
}

// onceOnly keeps net/http from sending a GET again by itself when a connection
// breaks before the answer is there. net/http takes every GET for idempotent,
// and knows nothing of retries that were switched off. It never repeats a
// request whose body it cannot read again; an empty one is not sent over HTTP/1.
type onceOnly struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (o onceOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || req.Body != nil {
		return o.next.RoundTrip(req)
	}
	with := *req // a RoundTripper must not change what it is given
	with.Body = emptyBody{}
	return o.next.RoundTrip(&with)
}

// emptyBody is one that net/http does not know to be empty, as [http.NoBody].
type emptyBody struct{}

func (emptyBody) Read([]byte) (int, error) { return 0, io.EOF }
func (emptyBody) Close() error             { return nil }

// connection notes whether there was one to send a request over. A transport of
// the caller's may send a request more than once, and fail to connect only when
// it may have been processed already.
type connection struct{ had atomic.Bool }

// made reports whether there was one; it is nil if nobody looked.
func (c *connection) made() bool { return c != nil && c.had.Load() }

// watch is the context of a request to be watched.
func (c *connection) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { c.had.Store(true) },
	})
}

// isDialError reports whether no connection came about.
func isDialError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
