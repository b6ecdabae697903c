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

	// watched: somebody between may look at messages: an interceptor, say. Then
	// answers are decoded into the generated ones.
	watched bool
	dialed  *dialed // may be nil
}

// Unary makes an adapter of a method by its full name, "/shelf.v1.Shelf/GetBook".
// encode makes the message, decode the response; decode returns nil if the answer
// has no result.
func Unary[Req, In, Out, Resp any](
	encode func(*runtime.Encoder, *Req) *In,
	name string,
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
		return generated(w, conn, name, in, decode)
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

// generated makes a try whose answer is decoded into the generated message.
func generated[Out, Resp any](w *watch, conn Conn, name string, in any, decode func(*Out) *Resp) (any, error) {
	out := new(Out)
	err := conn.Invoke(w, name, in, out, w.noticed(conn, w.options())...)
	if err := w.done(conn, err); err != nil {
		return nil, err
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
