package runtime

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Call is one call on its way: what an adapter needs to know to send it.
// It lives as long as the call, over all its tries, and is used by one
// goroutine.
type Call struct {
	core    *core
	closed  *atomic.Bool // of the client or view
	method  *Method
	config  *callConfig
	headers *headerSet
	encoder Encoder       // knows the protocol
	first   joinedContext // of the first try

	epoch      int           // of the session, when its cookies were taken
	retryAfter time.Duration // what the last answer asked for
	attempt    int32         // counted from 1
	unsent     bool          // what was sent last certainly did not reach the server
	turnedAway bool          // the server said that it takes no more for now
	processed  bool          // the server may have processed the call
}

// newCall lays the options of the call over the client's and checks that the
// call can be made at all.
func (c *Client) newCall(ctx context.Context, m *Method, opts []CallOption) (*Call, error) {
	if c == nil || c.core == nil {
		return nil, &Error{Code: CodeFailedPrecondition, Method: m.Name, Message: "the client was not made by its constructor"}
	}
	cfg, problems := c.call, c.problems
	if len(opts) > 0 {
		own := c.call.clone()
		cfg = &own
		problems = append(problems[:len(problems):len(problems)], cfg.apply(opts)...)
	}
	p := m.choose(cfg)
	if cfg.info != nil {
		*cfg.info = ResponseInfo{Protocol: p} // not that of a call before
	}
	call := &Call{core: c.core, closed: &c.closed, method: m, config: cfg, headers: c.sets[p], encoder: Encoder{protocol: p}}
	if len(opts) > 0 {
		call.headers = c.core.headers.set(p, cfg)
	}
	return call, call.check(ctx, problems)
}

// check finds what stops a call before its request is looked at.
func (c *Call) check(ctx context.Context, problems []error) error {
	switch {
	case ctx == nil:
		return c.Errorf(CodeInvalidArgument, "the context is nil: expected context.Background() or one made from it")
	case len(problems) > 0:
		return c.Fail(CodeInvalidArgument, errors.Join(problems...).Error(), nil)
	case c.Closed():
		return c.Errorf(CodeFailedPrecondition, "the client is closed")
	case !c.method.offers(c.Protocol()):
		return c.Errorf(CodeUnimplemented, "the method is not offered over %s%s", c.Protocol(), worksOver(c.method.Protocols))
	case ctx.Err() != nil:
		return c.contextError(ctx, nil)
	}
	return nil
}

// context bounds the context by the call's timeout.
func (c *Call) context(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.config.timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.config.timeout)
}

// Closed reports whether the client of the call, or the view, was closed.
func (c *Call) Closed() bool { return c.closed.Load() || c.core.closed.Load() }

// Method is the method that is called.
func (c *Call) Method() *Method { return c.method }

// Protocol is the protocol of the call, after every option and rule.
func (c *Call) Protocol() Protocol { return c.encoder.protocol }

// Attempt counts the tries of the call from 1.
func (c *Call) Attempt() int { return int(c.attempt) }

// Encoder collects what the protocol cannot express of the request.
func (c *Call) Encoder() *Encoder { return &c.encoder }

// MetadataAs is what convert makes of the call's final headers as gRPC has
// them: lower-case names, one value each. It is made once for all calls that
// have the same headers, and shared by them.
func (c *Call) MetadataAs(convert func(map[string][]string) any) any {
	h := c.headers
	h.madeOnce.Do(func() { h.made = convert(h.metadata) })
	return h.made
}

// UserAgent is the call's User-Agent header; empty if it is not set.
func (c *Call) UserAgent() string { return c.headers.userAgent }

// ErrorTable says how the server names its failures.
func (c *Call) ErrorTable() *ErrorTable { return &c.core.api.Errors }

// Fail makes an error of this call. The cause, which may be nil, is for
// errors.Is and errors.As; its text is not shown.
func (c *Call) Fail(code Code, message string, cause error) *Error {
	return &Error{Code: code, Message: shorten(message), Method: c.method.Name, Protocol: c.Protocol(), cause: cause}
}

// Errorf is [Call.Fail] with a format; what %w wraps is the cause.
func (c *Call) Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	if errors.Unwrap(err) == nil {
		return c.Fail(code, err.Error(), nil)
	}
	return c.Fail(code, err.Error(), err)
}

// Refused is the error for a request that the protocol cannot express, with
// every violation that the encoder collected; nil if there are none.
func (c *Call) Refused() error {
	if len(c.encoder.violations) == 0 {
		return nil
	}
	e := c.Errorf(CodeInvalidArgument, "the request cannot be sent over %s", c.Protocol())
	e.Violations = c.encoder.told(c.method.Protocols)
	return e
}

// Ended is the error of a call whose context is over, nil if it is not.
func (c *Call) Ended(ctx context.Context, cause error) error {
	if ctx.Err() == nil {
		return nil
	}
	return c.contextError(ctx, cause)
}

// contextError keeps the context's error recognisable, and with it the cause
// that was given to the context and what the transport said.
func (c *Call) contextError(ctx context.Context, cause error) *Error {
	if late := timedOut(ctx); late != nil {
		// What the transport said is that it was cancelled, which nobody did.
		return c.Fail(CodeDeadlineExceeded, late.Error(), errors.Join(context.DeadlineExceeded, late))
	}
	code := CodeCanceled
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		code = CodeDeadlineExceeded
	}
	reason := context.Cause(ctx)
	message := ctx.Err().Error()
	return c.Fail(code, message, errors.Join(ctx.Err(), reason, cause))
}

// Format writes what is called, and nothing that can be secret, whatever the
// verb.
func (c *Call) Format(s fmt.State, _ rune) {
	if c == nil || c.method == nil {
		_, _ = fmt.Fprint(s, "Call{}")
		return
	}
	_, _ = fmt.Fprintf(s, "Call{Method:%s Protocol:%s}", c.method.Name, c.Protocol())
}
