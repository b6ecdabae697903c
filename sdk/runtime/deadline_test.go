package runtime

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A try's context must behave as one of context.WithTimeout, but that it says it
// was cancelled, because it was late.
func TestTryContext(t *testing.T) {
	cause, late := errors.New("the caller's reason"), tryTimeoutError{time.Minute}
	for _, tc := range []struct {
		name  string
		end   func(stop context.CancelCauseFunc, try *tryContext)
		err   error
		cause error // of a context made from it
		late  bool
	}{
		{"under way", func(context.CancelCauseFunc, *tryContext) { time.Sleep(time.Minute - 1) }, nil, nil, false},
		{"too long", func(context.CancelCauseFunc, *tryContext) { time.Sleep(time.Minute) }, context.Canceled, late, true},
		{"over", func(_ context.CancelCauseFunc, try *tryContext) { try.cancel() }, context.Canceled, context.Canceled, false},
		{"over, then too long", func(_ context.CancelCauseFunc, try *tryContext) { try.cancel(); time.Sleep(time.Hour) }, context.Canceled, context.Canceled, false},
		{"cancelled by the caller", func(stop context.CancelCauseFunc, _ *tryContext) { stop(cause) }, context.Canceled, cause, false},
		{"too long, then cancelled", func(stop context.CancelCauseFunc, _ *tryContext) {
			time.Sleep(time.Minute)
			synctest.Wait()
			stop(cause)
		}, context.Canceled, late, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				parent, stop := context.WithCancelCause(context.WithValue(t.Context(), tryKeyOfTest{}, "value"))
				defer stop(nil)
				var d deadlines
				try := d.try(parent, time.Minute)
				defer try.cancel()
				child, cancel := context.WithCancel(try)
				defer cancel()
				tc.end(stop, try)
				synctest.Wait()
				if try.Err() != tc.err || child.Err() != tc.err || (timedOut(child) != nil) != tc.late {
					t.Errorf("got %v, of the child %v, timed out: %v", try.Err(), child.Err(), timedOut(child))
				}
				if tc.late { // and not cancelled, which nobody did
					err := (&Call{method: &Method{}}).contextError(child, child.Err())
					if err.Code != CodeDeadlineExceeded || !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
						t.Errorf("the error of the call: %#v", err)
					}
				}
				if got := context.Cause(child); got != tc.cause {
					t.Errorf("cause: got %v, want %v", got, tc.cause)
				}
				if closed := isClosed(try.Done()); closed != (tc.err != nil) {
					t.Errorf("done: got %t", closed)
				}
				if child.Value(tryKeyOfTest{}) != "value" {
					t.Error("the caller's value is lost")
				}
			})
		})
	}
}

type tryKeyOfTest struct{}

func (d *deadlines) try(parent context.Context, timeout time.Duration) *tryContext {
	t := new(tryContext)
	d.start(t, parent, timeout)
	return t
}

func isClosed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// One timer serves tries of different lengths, and those that come after it
// has fired.
func TestDeadlinesEndEachTryInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d deadlines
		start := time.Now()
		var wg sync.WaitGroup
		for _, timeout := range []time.Duration{3 * time.Second, time.Second, 2 * time.Second, time.Second} {
			wg.Go(func() {
				time.Sleep(timeout / 2)
				try := d.try(context.Background(), timeout)
				defer try.cancel()
				<-try.Done()
				if got := time.Since(start); got != timeout+timeout/2 {
					t.Errorf("a try of %v ended after %v", timeout, got)
				}
			})
		}
		wg.Wait()
		time.Sleep(time.Hour)
		try := d.try(context.Background(), time.Second)
		defer try.cancel()
		synctest.Wait()
		if try.Err() != nil {
			t.Error("a try ended by the timer of others")
		}
		<-try.Done()
	})
	var d deadlines
	for range 3 {
		d.try(context.Background(), time.Hour).cancel()
	}
	if d.first != nil {
		t.Error("tries that are over are still listed")
	}
}
