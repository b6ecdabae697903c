package runtime

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"time"
)

// RetryPolicy says how a call that failed is tried again: methods that the
// manifest marks as idempotent after passing failures, others only if the
// request certainly was not processed (no connection, or a server that turned
// it away: HTTP 429, over gRPC RESOURCE_EXHAUSTED with RetryInfo). Waits are
// random between nothing and BaseDelay doubled with each try (full jitter), and
// at least what the server asks for with Retry-After or RetryInfo. If that is
// more than MaxDelay, or than is left of the context, the call fails at once.
type RetryPolicy struct {
	// MaxAttempts is how often a call is sent at the most; 1 is never again. Zero is
	// refused: it could mean either that or the default.
	MaxAttempts int
	// BaseDelay bounds the first wait, MaxDelay every wait. Zero is the default, see
	// [DefaultRetryPolicy].
	BaseDelay, MaxDelay time.Duration
}

// DefaultRetryPolicy is three tries, waiting up to 100 ms and up to 200 ms, or
// up to 30 seconds if the server asks for it.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, BaseDelay: 100 * time.Millisecond, MaxDelay: 30 * time.Second}
}

// DefaultTryTimeout bounds each try of a call: 30 seconds.
const DefaultTryTimeout = 30 * time.Second

// WithRetry sets how calls are tried again. The default is [DefaultRetryPolicy].
func WithRetry(p RetryPolicy) SharedOption {
	return sharedOption(func(c *callConfig) error {
		usual := DefaultRetryPolicy()
		p.BaseDelay, p.MaxDelay = cmp.Or(p.BaseDelay, usual.BaseDelay), cmp.Or(p.MaxDelay, usual.MaxDelay)
		switch {
		case p.MaxAttempts < 1:
			return fmt.Errorf("WithRetry: MaxAttempts is %d: expected at least 1, which sends a call once", p.MaxAttempts)
		case p.BaseDelay < 0 || p.MaxDelay < p.BaseDelay:
			return fmt.Errorf("WithRetry: BaseDelay is %s and MaxDelay %s: expected no negative delay, and a MaxDelay that is not below BaseDelay", p.BaseDelay, p.MaxDelay)
		}
		c.retry = p
		return nil
	})
}

// WithoutRetry sends each call once.
func WithoutRetry() SharedOption { return WithRetry(RetryPolicy{MaxAttempts: 1}) }

// WithTryTimeout bounds each try of a call; the default is
// [DefaultTryTimeout], and zero means no bound. A try may last a hundredth
// longer, since tries share their timers. [WithTimeout] and the context's
// deadline bound all tries together.
func WithTryTimeout(d time.Duration) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if d < 0 {
			return fmt.Errorf("WithTryTimeout: %s is negative", d)
		}
		c.tryTimeout = d
		return nil
	})
}

// begin starts a try.
func (c *Call) begin() {
	c.attempt++
	c.forget()
	if info := c.config.info; info != nil {
		*info = ResponseInfo{Protocol: c.Protocol(), Attempts: c.Attempt()}
	}
}

// forget forgets what is known of the request that was sent last. Interceptors
// may send more than one within a try.
func (c *Call) forget() {
	c.retryAfter, c.unsent, c.turnedAway = 0, false, false
	c.encoder = Encoder{protocol: c.encoder.protocol}
}

// succeeded does what is due after the answer is there.
func (c *Call) succeeded() {
	if c.method.EndsSession && c.config.session != nil {
		c.config.session.Clear()
	}
}

// bounded bounds a try. The context that has to be cancelled when the try is
// over is nil if there is none.
func (c *Call) bounded(ctx context.Context) (context.Context, *tryContext) {
	d := c.config.tryTimeout
	if d == 0 || endsWithin(ctx, d) {
		return ctx, nil
	}
	if ctx.Done() == nil {
		room := &c.first
		if c.attempt > 1 { // somebody may still hold that of the first try
			room = new(joinedContext)
		}
		if joined := c.core.deadlines.join(room, ctx, d); joined != nil {
			return joined, nil
		}
	}
	own := new(tryContext)
	return c.core.deadlines.start(own, ctx, d), own
}

// endsWithin reports whether the context ends that soon anyhow, so that a bound
// of a try would add nothing but work.
func endsWithin(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

// next waits until the call may be sent again. If that cannot be, it is the
// error of the call.
func (c *Call) next(ctx context.Context, err error) error {
	wait, again := c.again(ctx, err)
	if !again {
		return err
	}
	return c.sleep(ctx, wait, err)
}

// again decides whether the call is sent once more, and after how long.
func (c *Call) again(ctx context.Context, err error) (time.Duration, bool) {
	e := c.asError(err)
	policy := c.config.retry
	if c.Attempt() >= policy.MaxAttempts || ctx.Err() != nil || !c.retryable(e) {
		return 0, false
	}
	if c.retryAfter > policy.MaxDelay {
		return 0, false
	}
	ceiling := min(policy.MaxDelay, math.MaxInt64-1)
	if shift := c.attempt - 1; policy.BaseDelay < ceiling>>shift {
		ceiling = policy.BaseDelay << shift
	}
	wait := max(rand.N(ceiling+1), c.retryAfter)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return 0, false
	}
	return wait, true
}

// retryable reports whether sending again can help and cannot harm.
func (c *Call) retryable(e *Error) bool {
	switch {
	case !c.method.Idempotent:
		return !c.processed && c.unprocessed(e)
	case c.turnedAway, e.Code == CodeUnavailable, e.Code == CodeDeadlineExceeded:
		return true
	}
	return c.unprocessed(e)
}

// unprocessed reports whether the request that was sent last certainly was not
// processed.
func (c *Call) unprocessed(e *Error) bool {
	return c.unsent || e.HTTPStatus == http.StatusTooManyRequests || c.turnedAway && c.retryAfter > 0
}

// sleep waits for the next try, unless the call is over before: its context, or
// its client.
func (c *Call) sleep(ctx context.Context, d time.Duration, last error) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return c.contextError(ctx, last)
	case <-c.core.closing:
	}
	if c.Closed() {
		return c.Errorf(CodeFailedPrecondition, "the client was closed while the call waited to be sent again: %w", last)
	}
	return nil
}
