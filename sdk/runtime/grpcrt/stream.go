package grpcrt

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// ServerStream makes an adapter as [Unary] does, of a method whose answer is a
// stream of messages. The call is made when its first message is
// there, or the stream ends without one.
func ServerStream[Req, In, Out, Resp any](
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
		source, err := firstOf(w, conn, name, in, decode)
		if err := w.done(conn, err); err != nil {
			return nil, err
		}
		return source, nil
	}
}

// firstOf opens a stream and waits for its first message.
func firstOf[In, Out, Resp any](w *watch, conn Conn, name string, in *In, decode func(*Out) *Resp) (*runtime.Source[Resp], error) {
	s, err := openStream(w, conn, name, in)
	if err != nil {
		return nil, err
	}
	next := func() (*Resp, error) {
		out := new(Out)
		if err := s.RecvMsg(out); err != nil {
			return nil, err
		}
		resp := decode(out)
		if resp == nil {
			return nil, w.call.Errorf(runtime.CodeInternal, "a message of the stream has no result")
		}
		return resp, nil
	}
	first, err := next()
	if w.call.WantsHeader() {
		header, _ := s.Header()
		w.came = &metadatas{header, s.Trailer()}
	}
	switch {
	case errors.Is(err, io.EOF):
		return runtime.NewSource[Resp](nil, nil), nil
	case err != nil:
		return nil, err
	}
	return runtime.NewSource(first, later(w, conn, s, next)), nil
}

// openStream sends the request.
func openStream(w *watch, conn Conn, name string, in any) (grpc.ClientStream, error) {
	// Options that write to the watch would do so from another goroutine.
	s, err := conn.NewStream(w, &grpc.StreamDesc{ServerStreams: true}, name)
	if err != nil {
		return nil, err
	}
	w.sent = true
	// At io.EOF the stream has ended; receiving tells why.
	if err := s.SendMsg(in); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return s, s.CloseSend()
}

// later receives the messages after the first.
func later[Resp any](w *watch, conn Conn, s grpc.ClientStream, next func() (*Resp, error)) func() (*Resp, error) {
	return func() (*Resp, error) {
		resp, err := next()
		if err == nil {
			return resp, nil
		}
		if w.call.WantsHeader() {
			w.call.ReceivedTrailer(canonical(s.Trailer()))
		}
		if errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, w.failed(err, conn)
	}
}
