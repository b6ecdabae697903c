package runtime

import (
	"context"
	"math"
	"time"
)

// sharedDeadline ends all tries that began within a short while, if they last
// too long. Only tries that end for no other reason can share it: those whose
// caller's context is never done, as [context.Background]. A context of its own
// for each try, with the channel and the children that package context and
// grpc-go hang on it, is half of what the SDK allocates for a small call.
type sharedDeadline struct {
	context.Context
	timeout time.Duration
	full    time.Time // tries that begin later need another one
}

// joining is the part of its timeout by which a try may last longer, since it
// shares its deadline with the one that began last.
const joining = 100

// join begins a try whose caller's context is never done: its context ends
// after the timeout, at the latest when a hundredth of that more has passed.
// There is nothing to cancel when the try is over. It is nil while tries of
// another length share a deadline: else there could be as many as there are
// calls, all of which stay until their time has passed.
func (d *deadlines) join(c *joinedContext, caller context.Context, timeout time.Duration) context.Context {
	now := time.Now()
	s := d.shared.Load()
	switch {
	case s == nil || !now.Before(s.full):
		s = newSharedDeadline(now, timeout)
		d.shared.Store(s)
	case s.timeout != timeout:
		return nil
	}
	c.Context, c.caller = s.Context, caller
	return c
}

func newSharedDeadline(now time.Time, timeout time.Duration) *sharedDeadline {
	ctx, end := context.WithCancelCause(context.Background())
	more := min(timeout/joining, math.MaxInt64-timeout)
	time.AfterFunc(timeout+more, func() { end(tryTimeoutError{timeout}) })
	return &sharedDeadline{Context: ctx, timeout: timeout, full: now.Add(more)}
}

// joinedContext is the context of a try: a shared deadline, and the values of
// the caller's context, which is never done.
type joinedContext struct {
	context.Context
	caller context.Context
}

// Value implements [context.Context]. The shared deadline has no values but what
// package context asks for to know why and when a context ends: the caller's may
// be made of one that can end, and must not answer that.
func (c *joinedContext) Value(key any) any {
	if v := c.Context.Value(key); v != nil {
		return v
	}
	return c.caller.Value(key)
}
