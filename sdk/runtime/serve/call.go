package serve

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Interceptor is called around every call, the same on every protocol: the
// first one outermost. next answers the call with the context that it is given;
// an interceptor that does not call it answers in its place, with an error or by
// setting the request's Answer; a stream by sending its messages.
type Interceptor func(ctx context.Context, req *Request, next func(context.Context) error) error

// call answers one call: through the interceptors to the implementation. The
// answer is a pointer to the method's flat answer, nil if it has none.
func (s *Server) call(ctx context.Context, m *method, req *Request, in any) (out any, err error) {
	if err := m.checkChoices(req.Protocol, in); err != nil {
		return nil, err
	}
	req.Method, req.Service, req.Message, req.method = m.Name, m.Service, in, m
	ctx = context.WithValue(ctx, requestKey{}, req)
	defer func() {
		if p := recover(); p != nil {
			s.log.ErrorContext(ctx, "a method panicked", slog.String("method", m.Name), slog.String("protocol", string(req.Protocol)),
				slog.String("panic", fmt.Sprintf("%T", p)), slog.String("stack", string(debug.Stack())))
			out, err = nil, Errorf(runtime.CodeInternal, "internal error")
		}
	}()
	next := func(ctx context.Context) (err error) {
		req.Answer, err = m.Handler.call(ctx, in, req.Send)
		return err
	}
	for _, around := range slices.Backward(s.interceptors) {
		inner := next
		next = func(ctx context.Context) error { return around(ctx, req, inner) }
	}
	if err := next(ctx); err != nil {
		return nil, err
	}
	if m.Handler.streams {
		return nil, nil
	}
	return req.Answer, m.checkAnswer(req.Protocol, req.Answer)
}

// checkAnswer refuses what is not the answer of the method.
func (m *method) checkAnswer(p runtime.Protocol, out any) error {
	switch {
	case m.Handler.response == nil:
		return nil
	case out == nil:
		return Errorf(runtime.CodeInternal, "method %s returned neither an answer nor an error", m.Name)
	case reflect.TypeOf(out) != reflect.PointerTo(m.Handler.response):
		return Errorf(runtime.CodeInternal, "method %s was answered with a %T", m.Name, out)
	}
	return m.checkAnswerChoices(p, out)
}
