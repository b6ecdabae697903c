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
	// Options are those of each call.
	Options []grpc.CallOption
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
	return adapter(encode, newWatch, func(w *watch, conn Conn, in *In) (*Resp, error) {
		out, err := call(w, conn, in, w.options(conn)...)
		if err != nil || out == nil {
			return nil, err
		}
		return decode(out), nil
	})
}

// adapter is what all adapters do, around the sending. room makes the watch of
// a try.
func adapter[Req, In, Resp any](encode func(*runtime.Encoder, *Req) *In, room func() *watch, send func(*watch, Conn, *In) (*Resp, error)) Adapter {
	return func(ctx context.Context, c *runtime.Call, conn Conn, req any) (any, error) {
		typed, ok := req.(*Req)
		if !ok {
			return nil, c.Errorf(runtime.CodeInternal, "the gRPC adapter was given %T where %T was expected", req, typed)
		}
		in := encode(c.Encoder(), typed)
		if err := c.Refused(); err != nil {
			return nil, err
		}
		w := room()
		if err := w.begin(ctx, c); err != nil {
			return nil, err
		}
		resp, err := send(w, conn, in)
		w.done(err)
		switch {
		case err != nil:
			return nil, w.failed(err, conn)
		case resp == nil:
			return nil, c.Errorf(runtime.CodeInternal, "the answer has no result")
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
