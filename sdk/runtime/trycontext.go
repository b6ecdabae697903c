package runtime

import (
	"context"
	"sync"
	"time"
)

// tryContext is the context of a try, see [deadlines]. Its Deadline is the
// caller's: gRPC tells servers of it, which then set a timer of their own for
// each call, and the end of a try reaches them as well.
type tryContext struct {
	context.Context // of the call
	owner           *deadlines
	prev, next      *tryContext // guarded by the owner

	timeout  time.Duration
	deadline time.Time
	done     chan struct{}
	stop     func() bool // forgets the parent; nil if that never ends

	mu      sync.Mutex
	err     error
	late    bool // the try lasted too long
	hooks   []hook
	backing [2]hook // of hooks
	last    int     // id of the last hook
}

// hook is a function to be called at the end; id is 0 if there is none.
type hook struct {
	id int
	f  func()
}

// tryKey is the key under which a tryContext is found among its children.
type tryKey struct{}

// Done implements [context.Context].
func (t *tryContext) Done() <-chan struct{} { return t.done }

// Err implements [context.Context].
func (t *tryContext) Err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.err
}

// Value implements [context.Context].
func (t *tryContext) Value(key any) any {
	if key == (tryKey{}) {
		return t
	}
	return t.Context.Value(key)
}

// AfterFunc is what package context looks for, to derive contexts without a
// goroutine for each.
func (t *tryContext) AfterFunc(f func()) (stop func() bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		go f()
		return func() bool { return false }
	}
	if t.hooks == nil {
		t.hooks = t.backing[:0]
	}
	t.last++
	id := t.last
	t.hook(id, f)
	return func() bool { return t.unhook(id) }
}

// hook takes the first free place. The lock is held.
func (t *tryContext) hook(id int, f func()) {
	for i := range t.hooks {
		if t.hooks[i].id == 0 {
			t.hooks[i] = hook{id, f}
			return
		}
	}
	t.hooks = append(t.hooks, hook{id, f})
}

func (t *tryContext) unhook(id int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.hooks {
		if t.hooks[i].id == id {
			t.hooks[i] = hook{}
			return true
		}
	}
	return false
}

// end ends the context, once; late tells that it is because of its deadline.
func (t *tryContext) end(err error, late bool) {
	t.mu.Lock()
	if t.err != nil {
		t.mu.Unlock()
		return
	}
	t.err, t.late = err, late
	hooks := t.hooks
	t.hooks = nil
	close(t.done)
	t.mu.Unlock()
	t.owner.remove(t)
	for _, h := range hooks {
		if h.id != 0 {
			h.f()
		}
	}
}

// cancel ends a try that is over.
func (t *tryContext) cancel() {
	if t.stop != nil {
		t.stop()
	}
	t.end(context.Canceled, false)
}

// timedOut is the error of a try that lasted too long, nil if the context ended
// for another reason.
func timedOut(ctx context.Context) error {
	t, ok := ctx.Value(tryKey{}).(*tryContext)
	if !ok {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.late {
		return nil
	}
	return tryTimeoutError{t.timeout}
}
