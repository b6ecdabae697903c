package grpcrt

import (
	"context"
	"sync/atomic"

	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
)

// attempts tell what became of a try whose message is not sent by directCodec.
// Over a connection with dial options of the caller's they are counted:
// interceptors and service configurations may send it more than once, without
// the options of the call, and return before that has ended.
type attempts struct {
	watched            bool
	peer               peer.Peer // if they are not watched: of the only one
	begun, ended, sent atomic.Int32
}

// unsent reports whether all there were certainly had no connection. If there
// were none, nobody can tell whether there will be.
func (a *attempts) unsent() bool {
	if !a.watched {
		return a.peer.Addr == nil
	}
	return a.sent.Load() == 0 && a.begun.Load() > 0 && a.begun.Load() == a.ended.Load()
}

// attemptsKey is where the context of a try has its attempts.
type attemptsKey struct{}

// attemptsHandler is told by grpc-go of each attempt.
type attemptsHandler struct{}

var _ stats.Handler = attemptsHandler{}

// HandleRPC implements [stats.Handler].
func (attemptsHandler) HandleRPC(ctx context.Context, event stats.RPCStats) {
	a, _ := ctx.Value(attemptsKey{}).(*attempts)
	if a == nil { // a stream
		return
	}
	switch event.(type) {
	case *stats.Begin:
		a.begun.Add(1)
	case *stats.OutHeader:
		a.sent.Add(1)
	case *stats.End:
		a.ended.Add(1)
	}
}

// TagRPC implements [stats.Handler].
func (attemptsHandler) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// TagConn implements [stats.Handler].
func (attemptsHandler) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// HandleConn implements [stats.Handler].
func (attemptsHandler) HandleConn(context.Context, stats.ConnStats) {}
