package runtime

import (
	"context"
	"errors"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// retrying is a call of an idempotent method that has been tried so often.
func retrying(p RetryPolicy, attempt int) *Call {
	m := methodAsk()
	m.Idempotent = true
	return &Call{core: &core{api: testAPI()}, method: m, encoder: Encoder{protocol: ProtocolREST}, config: &callConfig{retry: p}, attempt: int32(attempt)}
}

// Full jitter: anything between nothing and the bound, which doubles.
func TestWaitsAreWithinTheirBounds(t *testing.T) {
	p := RetryPolicy{MaxAttempts: 1000, BaseDelay: 100 * time.Millisecond, MaxDelay: time.Second}
	for attempt, bound := range map[int]time.Duration{
		1: 100 * time.Millisecond, 2: 200 * time.Millisecond, 3: 400 * time.Millisecond, 4: 800 * time.Millisecond,
		5: time.Second, 6: time.Second, 29: time.Second, 30: time.Second, 31: time.Second, 63: time.Second, 64: time.Second, 65: time.Second, 999: time.Second,
	} {
		checkWaits(t, retrying(p, attempt), bound)
	}
	long := RetryPolicy{MaxAttempts: 1000, BaseDelay: time.Hour, MaxDelay: 100 * time.Hour}
	for _, attempt := range []int{8, 20, 29, 30, 31, 60} {
		checkWaits(t, retrying(long, attempt), 100*time.Hour)
	}
	checkWaits(t, retrying(RetryPolicy{MaxAttempts: 2, BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64}, 1), math.MaxInt64)
}

func checkWaits(t *testing.T, c *Call, bound time.Duration) {
	t.Helper()
	low, high := bound, time.Duration(0)
	for range 500 {
		wait, again := c.again(t.Context(), c.Fail(CodeUnavailable, "later", nil))
		if !again || wait < 0 || wait > bound {
			t.Fatalf("after try %d: %t after %s, want at most %s", c.attempt, again, wait, bound)
		}
		low, high = min(low, wait), max(high, wait)
	}
	// Of 500 draws none in the lowest or the highest fifth is out of the question.
	if low > bound/5 || high < bound-bound/5 {
		t.Errorf("after try %d: between %s and %s, want up to %s", c.attempt, low, high, bound)
	}
}

func TestWaitsAreAtLeastWhatTheServerAsksFor(t *testing.T) {
	p := RetryPolicy{MaxAttempts: 3, BaseDelay: time.Millisecond, MaxDelay: 10 * time.Second}
	c := retrying(p, 1)
	failure := c.Fail(CodeUnavailable, "later", nil)
	for header, want := range map[string]time.Duration{
		"2": 2 * time.Second, "10": 10 * time.Second, "0": 0, "-5": 0, "-99999999999999999999": 0, "soon": 0, "": 0, "1.5": 0,
		time.Now().Add(5 * time.Second).UTC().Format(http.TimeFormat): 3 * time.Second,
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):      0,
	} {
		c.SetRetryAfter(retryAfterHeader(header, time.Now()))
		if wait, again := c.again(t.Context(), failure); !again || wait < want || wait > max(want+2*time.Second, time.Millisecond) {
			t.Errorf("Retry-After %q: %t after %s, want %s", header, again, wait, want)
		}
	}
	for _, header := range []string{"11", "99999999999", "9223372036854775807", "99999999999999999999", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)} {
		c.SetRetryAfter(retryAfterHeader(header, time.Now()))
		if wait, again := c.again(t.Context(), failure); again {
			t.Errorf("Retry-After %q: waits for %s", header, wait)
		}
	}
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	c.SetRetryAfter(2 * time.Second)
	if _, again := c.again(short, failure); again {
		t.Error("waits for longer than the context lasts")
	}
}

func TestPoliciesThatAreRefused(t *testing.T) {
	for _, p := range []RetryPolicy{
		{}, {MaxAttempts: -1}, {MaxAttempts: 1, BaseDelay: -1}, {MaxAttempts: 1, MaxDelay: -1}, {MaxAttempts: 2, BaseDelay: time.Minute, MaxDelay: time.Second},
	} {
		if _, err := NewClient(testAPI(), "http://localhost", testSettings(), WithRetry(p)); err == nil {
			t.Errorf("%+v was accepted", p)
		}
	}
	if _, err := NewClient(testAPI(), "http://localhost", testSettings(), WithTryTimeout(-1)); err == nil {
		t.Error("a negative try timeout was accepted")
	}
}

// Closing the client ends the waits of its calls.
func TestCloseEndsTheWaitForATry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := roundTripFunc(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {"20"}}, Body: http.NoBody, Request: r}, nil
		})
		c, err := NewClient(testAPI(), "http://localhost", testSettings(), WithHTTPClient(&http.Client{Transport: transport}), WithProtocol(ProtocolREST))
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		m := methodAsk()
		m.Idempotent = true
		go func() {
			_, err := Invoke(t.Context(), c, m, bindingsAsk(), nil, nil)
			done <- err
		}()
		time.Sleep(5 * time.Second) // into the wait
		start := time.Now()
		_ = c.Close()
		err = <-done
		if took := time.Since(start); took > time.Second || !errors.Is(err, ErrFailedPrecondition) || !errors.Is(err, ErrUnavailable) {
			t.Errorf("after %s: %v", took, err)
		}
	})
}

type roundTripFunc func(*http.Request) (*http.Response, error)

func (f roundTripFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
