package grpcrt

import (
	"context"

	"google.golang.org/grpc"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Adapter sends one method's request over a connection. The request is a
// pointer to the method's request type, the response to its response type;
// it never returns neither a response nor an error. Errors are [*runtime.Error].
type Adapter func(ctx context.Context, call *runtime.Call, conn Conn, req any) (resp any, err error)

// Conn is a connection, and what is known of it.
type Conn struct {
	grpc.ClientConnInterface
	// Watched tells that somebody between may look at messages: an interceptor,
	// say. Then answers are decoded into the generated ones.
	Watched bool

	dialed *dialed // may be nil
}

// Unary makes an adapter of a method of a generated stub. encode makes the
// message, decode the response; decode returns nil if the answer has no
// result.
func Unary[Req, In, Out, Resp any](
	encode func(*runtime.Encoder, *Req) *In,
	call func(context.Context, grpc.ClientConnInterface, *In, ...grpc.CallOption) (*Out, error),
	decode func(*Out) *Resp,
) Adapter {
	return func(ctx context.Context, c *runtime.Call, conn Conn, req any) (any, error) {
		in, err := encoded(c, req, encode)
		if err != nil {
			return nil, err
		}
		w := new(watch)
		if err := w.begin(ctx, c); err != nil {
			return nil, err
		}
		out, err := call(w, conn, in, w.withPeer(w.options())...)
		return decoded(w, conn, out, err, decode)
	}
}

// encoded is the message of a request.
func encoded[Req, In any](c *runtime.Call, req any, encode func(*runtime.Encoder, *Req) *In) (*In, error) {
	typed, ok := req.(*Req)
	if !ok {
		return nil, c.Errorf(runtime.CodeInternal, "the gRPC adapter was given %T where %T was expected", req, typed)
	}
	in := encode(c.Encoder(), typed)
	return in, c.Refused()
}

// decoded ends a try with the response that a message holds, or an error.
func decoded[Out, Resp any](w *watch, conn Conn, out *Out, err error, decode func(*Out) *Resp) (any, error) {
	if err := w.done(conn, err); err != nil {
		return nil, err
	}
	if out == nil {
		return nil, w.noResult()
	}
	return resulting(w, decode(out))
}

// resulting is a response, which must be one.
func resulting[Resp any](w *watch, resp *Resp) (any, error) {
	if resp == nil {
		return nil, w.noResult()
	}
	return resp, nil
}

// Method makes the function that calls a method, for [Unary]. It is the
// generated client's method without the client, which would have to be made
// for each call.
func Method[In, Out any](name string) func(context.Context, grpc.ClientConnInterface, *In, ...grpc.CallOption) (*Out, error) {
	return func(ctx context.Context, conn grpc.ClientConnInterface, in *In, opts ...grpc.CallOption) (*Out, error) {
		out := new(Out)
		if err := conn.Invoke(ctx, name, in, out, opts...); err != nil {
			return nil, err
		}
		return out, nil
	}
}
