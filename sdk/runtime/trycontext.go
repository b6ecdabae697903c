package runtime

import (
	"context"
	"errors"
	"time"
)

// tryContext is the context of a try, see [deadlines]. It is a plain context
// that can be cancelled, since package context needs a goroutine for each
// context that is made from one of another kind, as grpc-go does. Its Deadline
// is the caller's: gRPC tells servers of it, which then set a timer of their own
// for each call, and the end of a try reaches them as well. Ended by the timer,
// its error is [context.Canceled], and the cause says that it was late.
type tryContext struct {
	context.Context
	stop       context.CancelCauseFunc
	owner      *deadlines
	prev, next *tryContext // guarded by the owner

	timeout  time.Duration
	deadline time.Time
}

// late ends a try that lasts too long.
func (t *tryContext) late() { t.stop(tryTimeoutError{t.timeout}) }

// cancel ends a try that is over.
func (t *tryContext) cancel() {
	t.owner.remove(t)
	t.stop(nil)
}

// timedOut is the error of a try that lasted too long, nil if the context ended
// for another reason.
func timedOut(ctx context.Context) error {
	var late tryTimeoutError
	if errors.As(context.Cause(ctx), &late) {
		return late
	}
	return nil
}
