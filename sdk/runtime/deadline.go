package runtime

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// tryTimeoutError is why a try ended.
type tryTimeoutError struct{ d time.Duration }

func (e tryTimeoutError) Error() string {
	return "no answer within " + e.d.String() + " (see WithTryTimeout)"
}

// deadlines ends the tries of a client that last too long. A timer of its own
// for each try, as [context.WithTimeout] has it, costs more than the rest of
// what the SDK does for a small call: to set one often wakes a thread. Here one
// timer serves all tries, and is set again only when it has fired. Tries whose
// caller cannot cancel them do not even have a context of their own, see
// [sharedDeadline].
type deadlines struct {
	shared atomic.Pointer[sharedDeadline] // the latest

	mu    sync.Mutex
	first *tryContext // of the tries under way, in no order
	timer *time.Timer
	at    time.Time // when the timer fires; zero: it is not set
}

// start begins a try: its context ends after the timeout, or with its parent.
// The caller cancels it when the try is over.
func (d *deadlines) start(t *tryContext, parent context.Context, timeout time.Duration) context.Context {
	t.Context, t.stop = context.WithCancelCause(parent)
	t.owner, t.timeout, t.deadline = d, timeout, time.Now().Add(timeout)
	d.add(t)
	return t.Context
}

func (d *deadlines) add(t *tryContext) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t.next = d.first
	if t.next != nil {
		t.next.prev = t
	}
	d.first = t
	if d.at.IsZero() || t.deadline.Before(d.at) {
		d.set(t.deadline)
	}
}

func (d *deadlines) remove(t *tryContext) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.next != nil {
		t.next.prev = t.prev
	}
	if t.prev != nil {
		t.prev.next = t.next
	} else {
		d.first = t.next
	}
	t.prev, t.next = nil, nil
}

// set sets the timer. The lock is held.
func (d *deadlines) set(at time.Time) {
	d.at = at
	if d.timer == nil {
		d.timer = time.AfterFunc(time.Until(at), d.fire)
		return
	}
	d.timer.Reset(time.Until(at))
}

// fire ends the tries that are due.
func (d *deadlines) fire() {
	for _, t := range d.due(time.Now()) {
		t.late()
	}
}

// due lists the tries that are due, and sets the timer for the next one.
func (d *deadlines) due(now time.Time) []*tryContext {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []*tryContext
	var next time.Time
	for t := d.first; t != nil; t = t.next {
		if !t.deadline.After(now) {
			found = append(found, t)
		} else if next.IsZero() || t.deadline.Before(next) {
			next = t.deadline
		}
	}
	d.at = time.Time{}
	if !next.IsZero() {
		d.set(next)
	}
	return found
}
