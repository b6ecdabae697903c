package runtime

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Tries that share a deadline must each end in their time, wherever in the time
// of joining they begin, and whatever others do.
func TestSharedDeadlineEndsEachTryInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := new(core)
		var wg sync.WaitGroup
		for i := range 500 { // over more than two timeouts
			wg.Go(func() {
				time.Sleep(time.Duration(i) * time.Second / 10)
				timeout := 20 * time.Second
				if i%7 == 0 {
					timeout = time.Second
				}
				call, begin := &Call{core: shared, config: &callConfig{tryTimeout: timeout}}, time.Now()
				try, own := call.bounded(context.Background())
				if own != nil {
					defer own.cancel()
				}
				<-try.Done()
				if got := time.Since(begin); got < timeout || got > timeout+timeout/joining {
					t.Errorf("a try of %v that began after %v s ended after %v", timeout, i/10, got)
				}
			})
		}
		wg.Wait()
	})
}

// The longest timeout there is means that a try never ends, not that it ends at
// once.
func TestSharedDeadlineOfTheLongestTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadlines
		try := d.join(new(joinedContext), context.Background(), math.MaxInt64)
		time.Sleep(time.Second)
		if err := try.Err(); err != nil {
			t.Errorf("the try ended: %v", context.Cause(try))
		}
	})
}

// What is made from the context, as grpc-go and net/http do, must end with it
// and know why, without a goroutine in between.
func TestJoinedContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadlines
		if d.join(new(joinedContext), context.Background(), time.Minute) == nil || d.join(new(joinedContext), context.Background(), time.Second) != nil {
			t.Error("tries of another length must not make more deadlines")
		}
		caller := context.WithValue(context.Background(), tryKeyOfTest{}, "value")
		one := d.join(new(joinedContext), caller, time.Minute)
		other := d.join(new(joinedContext), context.Background(), time.Minute)
		if one.Done() != other.Done() {
			t.Error("two tries that began together do not share their deadline")
		}
		if one.Value(tryKeyOfTest{}) != "value" || other.Value(tryKeyOfTest{}) != nil {
			t.Errorf("values: %v and %v", one.Value(tryKeyOfTest{}), other.Value(tryKeyOfTest{}))
		}
		if _, ok := one.Deadline(); ok {
			t.Error("servers would be told of the deadline of a try")
		}
		child, cancel := context.WithCancel(one)
		defer cancel()
		early, stop := context.WithCancel(other)
		stop()
		time.Sleep(time.Minute - 1)
		if one.Err() != nil || child.Err() != nil || !errors.Is(early.Err(), context.Canceled) {
			t.Errorf("before the deadline: %v, %v, %v", one.Err(), child.Err(), early.Err())
		}
		time.Sleep(2 * time.Minute / joining)
		synctest.Wait()
		if timedOut(one) == nil || timedOut(child) == nil || timedOut(early) != nil {
			t.Errorf("timed out: %v, %v, %v", timedOut(one), timedOut(child), timedOut(early))
		}
		err := (&Call{method: &Method{}}).contextError(child, child.Err())
		if err.Code != CodeDeadlineExceeded || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			t.Errorf("the error of the call: %#v", err)
		}
	})
}

// detached is how contexts were detached before package context had
// WithoutCancel: never done, with the values of one that can be.
type detached struct{ context.Context }

func (detached) Done() <-chan struct{}       { return nil }
func (detached) Err() error                  { return nil }
func (detached) Deadline() (time.Time, bool) { return time.Time{}, false }

// TestJoinedDetached: a caller's context that is never done, but made of one
// that can be cancelled, does not hide why a try ended, nor end it.
func TestJoinedDetached(t *testing.T) {
	inner, cancel := context.WithCancelCause(context.WithValue(t.Context(), detached{}, "kept"))
	cancel(errors.New("another reason"))
	var d deadlines
	ctx := d.join(new(joinedContext), detached{inner}, 10*time.Millisecond)
	child, stop := context.WithCancel(ctx)
	defer stop()
	if ctx.Err() != nil || child.Err() != nil || ctx.Value(detached{}) != "kept" {
		t.Fatalf("the try begins with %v, %v and the value %v", ctx.Err(), child.Err(), ctx.Value(detached{}))
	}
	<-child.Done()
	if timedOut(ctx) == nil || timedOut(child) == nil {
		t.Errorf("the try ended because of %v, %v", context.Cause(ctx), context.Cause(child))
	}
}
