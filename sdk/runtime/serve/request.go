package serve

import (
	"context"
	"net/http"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Request is what an implementation can know of the call that it answers. It
// belongs to the call: it must not be used after the method has returned, nor
// by several goroutines at once.
type Request struct {
	// Protocol over which the call came.
	Protocol runtime.Protocol
	// Service and Method are the names in the manifest.
	Service, Method string
	// Header holds the HTTP headers, or the metadata of a gRPC call under
	// canonical names. It is only to be read.
	Header http.Header
	// Host is the host that was called, RemoteAddr the caller's ip:port.
	Host, RemoteAddr string
	// Message is a pointer to the flat request; nil for a method without one.
	// Answer is a pointer to the flat answer once the method has returned; an
	// interceptor may put another one of that type in its place. It is nil where the
	// answer is a stream, whose messages are sent by Send.
	Message, Answer any
	// HTTP is the HTTP request, whose body is read already; nil over gRPC.
	HTTP *http.Request

	answer func(name, value string, add bool)
	// method is what is called; send writes one message of a stream.
	method *method
	send   func(answer any) error
}

// Cookie is the value of a cookie that came along, over gRPC in the metadata.
func (r *Request) Cookie(name string) (string, bool) {
	c, err := (&http.Request{Header: r.Header}).Cookie(name)
	if err != nil {
		return "", false
	}
	return c.Value, true
}

// SetCookie adds a Set-Cookie header to the answer; over gRPC it is header
// metadata. A cookie whose name is not valid is not sent, as with
// [http.SetCookie].
func (r *Request) SetCookie(c *http.Cookie) {
	if value := c.String(); value != "" {
		r.answer("Set-Cookie", value, true)
	}
}

// SetHeader sets a header of the answer; over gRPC it is header metadata. Once
// the first message of a stream is sent, it is too late.
func (r *Request) SetHeader(name, value string) { r.answer(name, value, false) }

// Send sends one message of an answer that is a stream: a pointer to the flat
// answer, as methods give it to their function send. It is for interceptors that
// answer in the place of a method.
func (r *Request) Send(answer any) error {
	if r.method == nil || !r.method.Handler.streams {
		return Errorf(runtime.CodeInternal, "the answer of method %s is no stream", r.Method)
	}
	if err := r.method.checkAnswer(r.Protocol, answer); err != nil {
		return err
	}
	return r.send(answer)
}

type requestKey struct{}

// FromContext is the call that a method answers; nil outside of one.
func FromContext(ctx context.Context) *Request {
	r, _ := ctx.Value(requestKey{}).(*Request)
	return r
}

// overHTTP are the facts of a call over HTTP.
func overHTTP(p runtime.Protocol, w http.ResponseWriter, r *http.Request) *Request {
	return &Request{
		Protocol: p, Header: r.Header, Host: r.Host, RemoteAddr: r.RemoteAddr, HTTP: r,
		answer: func(name, value string, add bool) {
			if add {
				w.Header().Add(name, value)
				return
			}
			w.Header().Set(name, value)
		},
	}
}
