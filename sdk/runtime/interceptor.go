package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"
)

// CallInfo is what interceptors are told of a try of a call.
type CallInfo struct {
	// Service and Method are names in the manifest.
	Service, Method string
	// Protocol is the one that the call takes.
	Protocol Protocol
	// Attempt counts the tries from 1.
	Attempt int
}

// Interceptor is called around every try of a call. next sends it, with the
// context that it is given; its error is an [*Error] without secrets. An
// interceptor that does not call next, or whose last next failed, must return an
// error: without one the call fails with [CodeInternal]. One that calls next more
// than once sends the call as often, and has to wait for it each time. A stream
// lives no longer than the context that next was given.
type Interceptor func(ctx context.Context, call CallInfo, next func(context.Context) error) error

// WithInterceptor adds interceptors; the first one given is the outermost.
func WithInterceptor(interceptors ...Interceptor) SharedOption {
	return sharedOption(func(c *callConfig) error {
		for _, i := range interceptors {
			if i == nil {
				return errors.New("WithInterceptor: an interceptor is nil")
			}
		}
		c.around = append(c.around, interceptors...)
		return nil
	})
}

// WithLogger logs every try of a call: at debug level if it succeeded, at warn
// level if not, with method, protocol, attempt, duration and status code.
// Nothing that is logged holds a secret.
func WithLogger(logger *slog.Logger) SharedOption {
	if logger == nil {
		return sharedOption(func(*callConfig) error { return errors.New("WithLogger: the logger is nil") })
	}
	return WithInterceptor(func(ctx context.Context, call CallInfo, next func(context.Context) error) error {
		start := time.Now()
		err := next(ctx)
		attrs := []slog.Attr{
			slog.String("service", call.Service), slog.String("method", call.Method),
			slog.String("protocol", string(call.Protocol)), slog.Int("attempt", call.Attempt),
			slog.Duration("duration", time.Since(start)), slog.String("code", codeOf(err).String()),
		}
		level := slog.LevelDebug
		if err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.String("error", err.Error()))
		}
		logger.LogAttrs(ctx, level, "call", attrs...)
		return err
	})
}

func codeOf(err error) Code {
	if err == nil {
		return CodeOK
	}
	return codeOr(err, CodeUnknown)
}

// codeOr is the code of an error that is not nil, which may be one of package
// context or of a connection; other is that of all others.
func codeOr(err error, other Code) Code {
	var e *Error
	var connection net.Error
	switch {
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.DeadlineExceeded):
		return CodeDeadlineExceeded
	case errors.Is(err, context.Canceled):
		return CodeCanceled
	case errors.As(err, &connection):
		return CodeUnavailable
	}
	return other
}

// intercept runs send inside the interceptors.
func (c *Call) intercept(ctx context.Context, send func(context.Context) error) error {
	info := CallInfo{Service: c.method.Service, Method: c.method.Name, Protocol: c.Protocol(), Attempt: c.Attempt()}
	next := send
	for i := len(c.config.around) - 1; i >= 0; i-- {
		around, inner := c.config.around[i], next
		next = func(ctx context.Context) error { return around(ctx, info, inner) }
	}
	return next(ctx)
}

// asError makes an *Error of what an interceptor or a token source returned.
func (c *Call) asError(err error) *Error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // only the error itself; what wraps it is kept
		return e
	}
	e := c.Fail(codeOf(err), err.Error(), err)
	var inner *Error
	if errors.As(err, &inner) {
		e.HTTPStatus, e.ServerCode, e.Violations = inner.HTTPStatus, inner.ServerCode, inner.Violations
	}
	return e
}

// WithFallback names protocols to take, in this order, for methods that the
// selected protocol does not offer. Without it such a call fails.
func WithFallback(protocols ...Protocol) SharedOption {
	return sharedOption(func(c *callConfig) error {
		var list []Protocol
		for _, p := range protocols {
			known, err := ParseProtocol(string(p))
			if err != nil {
				return fmt.Errorf("WithFallback: %w", err)
			}
			list = append(list, known)
		}
		c.fallback = list
		return nil
	})
}
