package grpcrt

import (
	"context"

	"google.golang.org/grpc"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Adapter sends one method's request over a connection. The request is a
// pointer to the method's request type, the response to its response type;
// it never returns neither a response nor an error. Errors are [*runtime.Error].
type Adapter func(ctx context.Context, call *runtime.Call, conn grpc.ClientConnInterface, req any) (resp any, err error)

// Unary makes an adapter of a method of a generated stub. encode makes the
// message, decode the response; decode returns nil if the answer has no
// result.
func Unary[Req, In, Out, Resp any](
	encode func(*runtime.Encoder, *Req) *In,
	call func(context.Context, grpc.ClientConnInterface, *In, ...grpc.CallOption) (*Out, error),
	decode func(*Out) *Resp,
) Adapter {
	return func(ctx context.Context, c *runtime.Call, conn grpc.ClientConnInterface, req any) (any, error) {
		typed, ok := req.(*Req)
		if !ok {
			return nil, c.Errorf(runtime.CodeInternal, "the gRPC adapter was given %T where %T was expected", req, typed)
		}
		in := encode(c.Encoder(), typed)
		if err := c.Refused(); err != nil {
			return nil, err
		}
		w, err := newWatch(ctx, c)
		if err != nil {
			return nil, err
		}
		out, err := call(w, conn, in, w.options...)
		w.done(err)
		if err != nil {
			return nil, callError(ctx, c, err)
		}
		if out == nil {
			return nil, noResult(c)
		}
		resp := decode(out)
		if resp == nil {
			return nil, noResult(c)
		}
		return resp, nil
	}
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

// noResult is the error for an answer that says nothing.
func noResult(c *runtime.Call) error {
	return c.Errorf(runtime.CodeInternal, "the answer has no result")
}
