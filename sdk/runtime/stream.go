package runtime

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
)

// Source is a stream of answers that a call has opened.
type Source[T any] struct{ next func() (*T, error) }

// NewSource makes a source of what an adapter has received and what it receives
// later. first is nil, and then next is never called, if the stream is empty.
// next returns io.EOF at the end.
func NewSource[T any](first *T, next func() (*T, error)) *Source[T] {
	started := false
	return &Source[T]{func() (*T, error) {
		switch {
		case first == nil:
			return nil, io.EOF
		case !started:
			started = true
			return first, nil
		}
		return next()
	}}
}

// Stream makes a call whose answer is a stream, each time that it is iterated
// over: nothing is sent before. What [Invoke] does with a call happens until the
// first message is there: the call may be sent again until then, and never after
// that. An error comes once and last. The call ends with the iteration. The time
// of a try does not bound it, that of the call does.
func Stream[Req, Resp any](ctx context.Context, c *Client, m *Method, b Bindings[Req, Source[Resp]], req *Req, opts []CallOption) iter.Seq2[*Resp, error] {
	return func(yield func(*Resp, error) bool) {
		call, err := c.newCall(ctx, m, opts)
		if err != nil {
			yield(nil, err)
			return
		}
		in := req // which others may iterate with at the same time
		if in == nil {
			in = new(Req)
		}
		ctx, cancel := call.context(ctx)
		defer cancel()
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		own := call.config.clone()
		own.tryTimeout = 0
		call.config = &own
		source, err := tries(ctx, call, b, in)
		if err != nil {
			yield(nil, err)
			return
		}
		for {
			resp, err := source.next()
			switch {
			case err == io.EOF: //nolint:errorlint // as io.Reader has it
				return
			case err != nil:
				yield(nil, call.finish(err, in))
				return
			case !yield(resp, nil):
				return
			}
		}
	}
}

// RESTStream makes an adapter of a builder whose answer is a stream of JSON
// documents, as gRPC gateways write it: {"result": ...} for each message, and
// {"error": ...} as the last one of a stream that failed.
func RESTStream[Req, Body, Out, Resp any](
	path string,
	encode func(*Encoder, *Req) Parts[Body],
	build func(server, target string, body *Body) (*http.Request, error),
	decode func(*Out) *Resp,
) Adapter[Req, Source[Resp]] {
	return func(ctx context.Context, call *Call, req *Req) (*Source[Resp], error) {
		httpReq, err := partsRequest(ctx, call, path, encode(call.Encoder(), req), build)
		if err != nil {
			return nil, err
		}
		lines, err := call.openStream(httpReq)
		if err != nil {
			return nil, err
		}
		next := func() (*Resp, error) {
			out := new(Out)
			if err := lines.read(ctx, out); err != nil {
				return nil, err
			}
			return answer(call, decode(out))
		}
		first, err := next()
		if errors.Is(err, io.EOF) {
			return NewSource[Resp](nil, nil), nil
		}
		if err != nil {
			lines.close() // the call may be sent again, and last long
			return nil, err
		}
		return NewSource(first, next), nil
	}
}
