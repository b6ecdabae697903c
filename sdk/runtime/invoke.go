package runtime

import (
	"context"
	"errors"
)

// Adapter sends a request over one protocol and returns its answer. It never
// returns neither an answer nor an error.
type Adapter[Req, Resp any] func(ctx context.Context, call *Call, req *Req) (*Resp, error)

// Bindings are a method's adapters over HTTP; nil where the protocol does not
// offer it. The adapter over gRPC is found by the method's name.
type Bindings[Req, Resp any] struct {
	// GraphQL and REST are nil where the method is not offered.
	GraphQL, REST Adapter[Req, Resp]
}

// Invoke makes one call. It chooses the protocol (call option, then client
// option, then GraphQL, unless the method has one of its own), refuses what
// that does not offer before anything is sent, and passes the call to the
// adapter. A nil request is a zero request. The error is always an [*Error].
func Invoke[Req, Resp any](ctx context.Context, c *Client, m *Method, b Bindings[Req, Resp], req *Req, opts []CallOption) (*Resp, error) {
	call, err := c.newCall(ctx, m, opts)
	if err != nil {
		return nil, err
	}
	if req == nil {
		req = new(Req)
	}
	ctx, cancel := call.context(ctx)
	defer cancel()
	return tries(ctx, call, b, req)
}

// tries sends the call until it succeeds or must not be sent again.
func tries[Req, Resp any](ctx context.Context, call *Call, b Bindings[Req, Resp], req *Req) (*Resp, error) {
	for {
		call.begin()
		resp, err := try(ctx, call, b, req)
		if err == nil {
			call.succeeded()
			return resp, nil
		}
		if err := call.next(ctx, err); err != nil {
			return nil, err
		}
	}
}

// try sends the call once, within the time of a try, through the interceptors.
func try[Req, Resp any](ctx context.Context, call *Call, b Bindings[Req, Resp], req *Req) (*Resp, error) {
	ctx, own := call.bounded(ctx)
	if own != nil {
		defer own.cancel()
	}
	if len(call.config.around) == 0 {
		return send(ctx, call, b, req)
	}
	return intercepted(ctx, call, b, req)
}

// intercepted makes one try inside the interceptors.
func intercepted[Req, Resp any](ctx context.Context, call *Call, b Bindings[Req, Resp], req *Req) (resp *Resp, err error) {
	err = call.intercept(ctx, func(ctx context.Context) (err error) {
		resp, err = send(ctx, call, b, req)
		return err
	})
	if err != nil {
		return nil, call.asError(err)
	}
	if resp == nil {
		return nil, call.Errorf(CodeInternal, "an interceptor returned no error, but the call was not sent or failed")
	}
	return resp, nil
}

// send makes one try with the credentials of this moment.
func send[Req, Resp any](ctx context.Context, call *Call, b Bindings[Req, Resp], req *Req) (*Resp, error) {
	call.forget()
	if err := call.authorize(ctx); err != nil {
		return nil, err
	}
	adapter := b.GraphQL
	switch call.Protocol() {
	case ProtocolREST:
		adapter = b.REST
	case ProtocolGRPC:
		adapter = overGRPC[Req, Resp]
	}
	if adapter == nil {
		return nil, call.Errorf(CodeUnimplemented, "the method has no binding for %s", call.Protocol())
	}
	resp, err := adapter(ctx, call, req)
	if err != nil {
		e := call.finish(err, req)
		call.processed = call.processed || !call.unprocessed(e)
		return nil, e
	}
	call.processed = true
	return resp, nil
}

// finish makes an *Error of whatever an adapter returned and takes out of its
// text the secrets that a server or a transport may have quoted.
func (c *Call) finish(err error, req any) *Error {
	var e *Error
	if !errors.As(err, &e) {
		e = c.Fail(CodeInternal, err.Error(), err)
	}
	e.scrub(append(secretsIn(req), c.headers.secrets...))
	return e
}

// answer guards the promise that a call never returns nothing at all.
func answer[Resp any](call *Call, resp *Resp) (*Resp, error) {
	if resp == nil {
		return nil, call.Errorf(CodeInternal, "the answer has no result")
	}
	return resp, nil
}
