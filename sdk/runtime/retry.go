package runtime

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

// RetryPolicy says how a call that failed is tried again: methods that the
// manifest marks as idempotent after passing failures, others only if the
// request certainly was not processed (no connection, HTTP 429, or a server
// that says when to come back over gRPC). Waits are random between nothing and
// BaseDelay doubled with each try (full jitter), and at least what the server
// asks for with Retry-After or RetryInfo.
type RetryPolicy struct {
	// MaxAttempts is how often a call is sent at the most; 1 is never again.
	MaxAttempts int
	// BaseDelay bounds the first wait, MaxDelay every wait.
	BaseDelay, MaxDelay time.Duration
}

// DefaultRetryPolicy is three tries, waiting up to 100 ms and up to 200 ms.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, BaseDelay: 100 * time.Millisecond, MaxDelay: 5 * time.Second}
}

// DefaultTryTimeout bounds each try of a call: 30 seconds.
const DefaultTryTimeout = 30 * time.Second

// WithRetry sets how calls are tried again. The default is [DefaultRetryPolicy].
func WithRetry(p RetryPolicy) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if p.MaxAttempts < 1 || p.BaseDelay < 0 || p.MaxDelay < 0 {
			return fmt.Errorf("WithRetry: expected at least one attempt and no negative delays")
		}
		c.retry = p
		return nil
	})
}

// WithoutRetry sends each call once.
func WithoutRetry() SharedOption { return WithRetry(RetryPolicy{MaxAttempts: 1}) }

// WithTryTimeout bounds each try of a call; the default is
// [DefaultTryTimeout], and zero means no bound. [WithTimeout] and the
// context's deadline bound all tries together.
func WithTryTimeout(d time.Duration) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if d < 0 {
			return fmt.Errorf("WithTryTimeout: %s is negative", d)
		}
		c.tryTimeout = d
		return nil
	})
}

// tries sends the call until it succeeds or must not be sent again.
func tries[Resp any](ctx context.Context, call *Call, send func(context.Context) (*Resp, error)) (*Resp, error) {
	for {
		call.begin()
		resp, err := try(ctx, call, send)
		if err == nil {
			call.succeeded()
			return resp, nil
		}
		wait, again := call.again(ctx, err)
		if !again || !sleep(ctx, wait) {
			return nil, err
		}
	}
}

// begin starts a try.
func (c *Call) begin() {
	c.attempt++
	c.retryAfter, c.unsent = 0, false
	c.encoder = Encoder{protocol: c.protocol}
}

// succeeded does what is due after the answer is there.
func (c *Call) succeeded() {
	if c.method.EndsSession && c.config.session != nil {
		c.config.session.Clear()
	}
}

// try sends the call once, within the time of a try, with the credentials of
// this moment, through the interceptors.
func try[Resp any](ctx context.Context, call *Call, send func(context.Context) (*Resp, error)) (resp *Resp, err error) {
	if d := call.config.tryTimeout; d > 0 {
		bounded, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		ctx = bounded
	}
	if err := call.authorize(ctx); err != nil {
		return nil, err
	}
	if len(call.config.around) == 0 {
		return send(ctx)
	}
	err = call.intercept(ctx, func(ctx context.Context) (err error) {
		resp, err = send(ctx)
		return err
	})
	if err != nil {
		return nil, call.asError(err)
	}
	return answer(call, resp)
}

// again decides whether the call is sent once more, and after how long.
func (c *Call) again(ctx context.Context, err error) (time.Duration, bool) {
	e := c.asError(err)
	policy := c.config.retry
	if c.attempt >= policy.MaxAttempts || ctx.Err() != nil || !c.retryable(e) {
		return 0, false
	}
	ceiling := policy.MaxDelay
	if shift := c.attempt - 1; shift < 30 && policy.BaseDelay<<shift < ceiling {
		ceiling = policy.BaseDelay << shift
	}
	wait := time.Duration(0)
	if ceiling > 0 {
		wait = rand.N(ceiling + 1)
	}
	wait = max(wait, c.retryAfter)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, true
}

// retryable reports whether sending again can help and cannot harm.
func (c *Call) retryable(e *Error) bool {
	switch {
	case c.unsent, e.HTTPStatus == http.StatusTooManyRequests:
		return true
	case c.protocol == ProtocolGRPC && c.retryAfter > 0:
		return true
	case !c.method.Idempotent:
		return false
	}
	return e.Code == CodeUnavailable || e.Code == CodeDeadlineExceeded
}

// sleep waits, and reports whether the context lasted.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
