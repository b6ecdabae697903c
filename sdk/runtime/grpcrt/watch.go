package grpcrt

import (
	"context"
	"errors"
	"net/http"
	"net/textproto"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// watch is the context of a try. It adds the metadata to be sent, and sees
// what comes besides the answer: everything that a try needs in one place, so
// that it is allocated once.
type watch struct {
	context.Context
	outgoing        context.Context // nothing but metadata
	call            *runtime.Call
	header, trailer metadata.MD
	peer            peer.Peer
	streams         bool               // a stream was opened, so there was a connection
	backing         [4]grpc.CallOption // of the options, unless metadata is asked for

	answer decodable // that is read straight from the wire; nil for others
}

func newWatch() *watch { return new(watch) }

// begin makes the watch the context of a try.
func (w *watch) begin(ctx context.Context, call *runtime.Call) (err error) {
	w.Context, w.call = ctx, call
	w.outgoing, err = outgoingMetadata(call)
	return err
}

// options are those of a call that has one answer. They ask for metadata only
// if somebody looks at it.
func (w *watch) options(conn Conn, more ...grpc.CallOption) []grpc.CallOption {
	options := append(append(w.backing[:0], conn.Options...), more...)
	options = append(options, grpc.Peer(&w.peer))
	if w.call.WantsHeader() {
		options = append(options, grpc.Header(&w.header), grpc.Trailer(&w.trailer))
	}
	return options
}

// Value implements [context.Context]. Metadata that the caller's context may
// hold is replaced, since over HTTP it would not be sent either.
func (w *watch) Value(key any) any {
	if v := w.outgoing.Value(key); v != nil {
		return v
	}
	return w.Context.Value(key)
}

// done takes in what came. A try without a peer had no connection, so that its
// request certainly was not processed.
func (w *watch) done(err error) {
	if status.Code(err) == codes.Unavailable && w.peer.Addr == nil && !w.streams {
		w.call.SetUnsent()
	}
	if w.call.WantsHeader() {
		w.call.Received(0, canonical(w.header), canonical(w.trailer))
	}
}

// failed is the error of a try that failed.
func (w *watch) failed(err error, conn Conn) error {
	var own *runtime.Error
	if errors.As(err, &own) {
		return own
	}
	return callError(w.Context, w.call, err, w.dialError(conn))
}

// dialError is why a try had no connection; nil if it had one.
func (w *watch) dialError(conn Conn) error {
	if w.peer.Addr != nil || w.streams {
		return nil
	}
	return conn.dialed.err()
}

// canonical is metadata under the names that HTTP headers have.
func canonical(md metadata.MD) http.Header {
	out := make(http.Header, len(md))
	for key, values := range md {
		out[textproto.CanonicalMIMEHeaderKey(key)] = values
	}
	return out
}
