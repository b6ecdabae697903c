package grpcrt

import (
	"context"
	"errors"
	"net/http"
	"net/textproto"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// watch is the context of a try. It adds the metadata to be sent, and sees
// what comes besides the answer: everything that a try needs in one place, so
// that it is allocated once.
type watch struct {
	context.Context
	outgoing context.Context // nothing but metadata
	call     *runtime.Call
	came     *metadatas // if somebody looks at them
	attempts *attempts  // nil where directCodec or a stream tells of the connection
	sent     bool       // there was a connection to send the request over
}

// metadatas are those of an answer.
type metadatas struct{ header, trailer metadata.MD }

// begin makes the watch the context of a try.
func (w *watch) begin(ctx context.Context, call *runtime.Call) (err error) {
	w.Context, w.call = ctx, call
	w.outgoing, err = outgoingMetadata(call)
	return err
}

// options are those of a call that has one answer. They ask for metadata only
// if somebody looks at it. None at all is best: grpc-go copies the options of a
// call behind those of the connection.
func (w *watch) options() []grpc.CallOption {
	if !w.call.WantsHeader() {
		return nil
	}
	w.came = new(metadatas)
	return []grpc.CallOption{grpc.Header(&w.came.header), grpc.Trailer(&w.came.trailer)}
}

// noticed sees to it that it is known whether there was a connection.
func (w *watch) noticed(conn Conn, options []grpc.CallOption) []grpc.CallOption {
	w.attempts = &attempts{watched: conn.watched}
	if conn.watched {
		return options
	}
	return append(options, grpc.Peer(&w.attempts.peer))
}

// Value implements [context.Context]. Metadata that the caller's context may
// hold is replaced, since over HTTP it would not be sent either.
func (w *watch) Value(key any) any {
	if key == (attemptsKey{}) {
		return w.attempts
	}
	if v := w.outgoing.Value(key); v != nil {
		return v
	}
	return w.Context.Value(key)
}

// done takes in what came, and makes an error of the call of one of gRPC. The
// request of a try that had no connection certainly was not processed.
func (w *watch) done(conn Conn, err error) error {
	if w.came != nil {
		w.call.Received(0, canonical(w.came.header), canonical(w.came.trailer))
	}
	if err == nil {
		return nil
	}
	if !w.connected() && status.Code(err) == codes.Unavailable {
		w.call.SetUnsent()
	}
	return w.failed(err, conn)
}

// connected reports whether the try had a connection, or may have one yet.
func (w *watch) connected() bool {
	if w.attempts != nil {
		return !w.attempts.unsent()
	}
	return w.sent
}

// noResult is the error for an answer without a result.
func (w *watch) noResult() error {
	return w.call.Errorf(runtime.CodeInternal, "the answer has no result")
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
	if w.connected() {
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
