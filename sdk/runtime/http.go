package runtime

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// reply is an answer over HTTP that has been read completely.
type reply struct {
	status      int
	contentType string // the media type alone, "application/json"
	body        []byte // valid until release
	buf         *buffer
	pool        *sync.Pool
}

// buffer is where an answer is read to, and how much of it.
type buffer struct {
	bytes.Buffer
	limited io.LimitedReader
}

// release gives the body's memory back. What was decoded from it stays valid,
// since decoding copies.
func (r *reply) release() {
	if r.buf != nil && r.buf.Cap() <= keepBuffer {
		r.buf.Reset()
		r.pool.Put(r.buf)
	}
	r.body, r.buf = nil, nil
}

// ok reports whether the status says success.
func (r *reply) ok() bool { return r.status >= 200 && r.status < 300 }

// String says what came, without what it says.
func (r *reply) String() string {
	kind := r.contentType
	if kind == "" {
		kind = "no content type"
	}
	return fmt.Sprintf("HTTP %d, %s, %d bytes", r.status, kind, len(r.body))
}

// send sends a request and reads its answer.
func (c *Call) send(req *http.Request) (*reply, error) {
	resp, err := c.open(req)
	if err != nil {
		return nil, err
	}
	return c.read(req.Context(), resp)
}

// open is the one path over which every HTTP request goes out. Headers that the
// request has of its own stay.
func (c *Call) open(req *http.Request) (*http.Response, error) {
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	for name, values := range c.headers.values {
		if _, own := req.Header[name]; !own {
			req.Header[name] = values
		}
	}
	req.Header["Accept"] = c.core.json
	if req.Header.Get("Content-Type") == "" && req.Method != http.MethodGet {
		req.Header["Content-Type"] = c.core.json
	}
	resp, err := c.roundTrip(req)
	if err != nil {
		return nil, c.transportError(req.Context(), resp, err)
	}
	c.Received(resp.StatusCode, resp.Header, nil)
	return resp, nil
}

// roundTrip sends a request, and notes if it certainly did not arrive.
func (c *Call) roundTrip(req *http.Request) (*http.Response, error) {
	var conn *connection
	if !c.core.ownHTTP && !c.method.Idempotent {
		conn = new(connection)
		req = req.WithContext(conn.watch(req.Context()))
	}
	resp, err := c.core.do(req, !c.method.Idempotent || c.config.retry.MaxAttempts == 1)
	if err != nil {
		c.unsent = isDialError(err) && !conn.made()
		return resp, err
	}
	if http2 := resp.ProtoMajor > 1; http2 != c.core.http2.Load() {
		c.core.http2.Store(http2)
	}
	return resp, nil
}

// read takes the whole body in, up to the limit.
func (c *Call) read(ctx context.Context, resp *http.Response) (*reply, error) {
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// The body is the connection, which does not end with the context.
		return &reply{status: resp.StatusCode}, nil
	}
	limit := c.core.maxBytes
	if resp.ContentLength > limit {
		return nil, c.tooLarge(resp.StatusCode)
	}
	buf, _ := c.core.buffers.Get().(*buffer)
	r := &reply{
		status: resp.StatusCode, contentType: mediaType(resp.Header.Get("Content-Type")),
		buf: buf, pool: &c.core.buffers,
	}
	// One byte more than allowed tells a full answer from one that is too large.
	buf.limited = io.LimitedReader{R: resp.Body, N: limit + 1}
	n, err := buf.ReadFrom(&buf.limited)
	buf.limited.R = nil
	if err == nil && n > limit {
		r.release()
		return nil, c.tooLarge(resp.StatusCode)
	}
	if err != nil {
		r.release()
		return nil, c.transportError(ctx, resp, err)
	}
	r.body = buf.Bytes()
	return r, nil
}

// jsonType is the media type of requests and answers.
const jsonType = "application/json"

// keepBuffer is the largest buffer kept for the next answer.
const keepBuffer = 1 << 20

// mediaType is the content type without parameters. What is not one is shown
// as it came, but short.
func mediaType(header string) string {
	switch header { // what nearly every answer has, without parsing it
	case jsonType, jsonType + "; charset=utf-8":
		return jsonType
	}
	kind, _, err := mime.ParseMediaType(header)
	if err == nil || header == "" {
		return kind
	}
	return "malformed content type"
}

// tooLarge names the limit and the option that raises it.
func (c *Call) tooLarge(status int) *Error {
	e := c.Errorf(CodeResourceExhausted, "the answer is larger than the limit of %d bytes (see WithMaxResponseBytes)", c.core.maxBytes)
	e.HTTPStatus = status
	return e
}

// transportError is the error of a request that got no answer, or only part
// of one.
func (c *Call) transportError(ctx context.Context, resp *http.Response, err error) *Error {
	var e *Error
	var refused *redirectError
	cause := withoutQuery(err)
	switch {
	case ctx.Err() != nil:
		e = c.contextError(ctx, cause)
	case errors.As(err, &refused):
		e = c.Fail(CodeFailedPrecondition, refused.Error(), cause)
	case errors.Is(err, context.DeadlineExceeded): // the timeout of a caller's client
		e = c.Fail(CodeDeadlineExceeded, cause.Error(), cause)
	case errors.Is(err, context.Canceled):
		e = c.Fail(CodeCanceled, cause.Error(), cause)
	default:
		e = c.Fail(CodeUnavailable, cause.Error(), cause)
	}
	if resp != nil {
		e.HTTPStatus = resp.StatusCode
	}
	return e
}

// withoutQuery takes the query out of the URL that net/http puts into its
// errors, since a server may have redirected to one that holds a token.
func withoutQuery(err error) error {
	var u *url.Error
	if !errors.As(err, &u) {
		return err
	}
	clean := *u
	clean.URL = "the server"
	if strings.Contains(u.Err.Error(), "Location header") { // quotes it, with its query
		clean.Err = errors.New("the answer redirects to a location that cannot be parsed")
	}
	if parsed, perr := url.Parse(u.URL); perr == nil {
		clean.URL = originOf(parsed) + parsed.EscapedPath()
	}
	return &clean
}
