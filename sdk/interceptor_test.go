package authorizer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// noting writes down when it is entered and left.
func noting(log *[]string, name string) authorizer.Interceptor {
	return func(ctx context.Context, call authorizer.CallInfo, next func(context.Context) error) error {
		*log = append(*log, fmt.Sprintf("%s>%s %s %s %d", name, call.Service, call.Method, call.Protocol, call.Attempt))
		err := next(ctx)
		*log = append(*log, name+"<"+fmt.Sprint(err == nil))
		return err
	}
}

func TestInterceptorsAroundEveryTry(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", passing(1, &sdktest.Answer{Status: 503, Code: codes.Unavailable}))
		var log []string
		c := s.User(t, p, sdktest.QuickRetry(2), authorizer.WithInterceptor(noting(&log, "a"), noting(&log, "b")))
		_, err := c.With(authorizer.WithInterceptor(noting(&log, "v"))).Meta(t.Context(), authorizer.WithInterceptor(noting(&log, "c")))
		must(t, err)
		var want []string
		for attempt := 1; attempt <= 2; attempt++ {
			for _, name := range []string{"a", "b", "v", "c"} {
				want = append(want, fmt.Sprintf("%s>user meta %s %d", name, p, attempt))
			}
			for _, name := range []string{"c", "v", "b", "a"} {
				want = append(want, name+"<"+fmt.Sprint(attempt == 2))
			}
		}
		if fmt.Sprint(log) != fmt.Sprint(want) {
			t.Errorf("got  %v\nwant %v", log, want)
		}
		log = nil
		_, err = c.Meta(t.Context())
		must(t, err)
		if strings.Contains(fmt.Sprint(log), "v>") || strings.Contains(fmt.Sprint(log), "c>") {
			t.Errorf("the client took over what was the call's: %v", log)
		}
	})
}

// contextKey is of a value that an interceptor hands on.
type contextKey struct{}

func TestInterceptorAndContext(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		var got any
		outer := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			if ctx.Value(contextKey{}) != "of the caller" {
				t.Errorf("the caller's value is %v", ctx.Value(contextKey{}))
			}
			return next(context.WithValue(ctx, contextKey{}, "of the interceptor"))
		}
		inner := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			got = ctx.Value(contextKey{})
			return next(ctx)
		}
		c := s.User(t, p, authorizer.WithInterceptor(outer, inner))
		_, err := c.Meta(context.WithValue(t.Context(), contextKey{}, "of the caller"))
		must(t, err)
		if got != "of the interceptor" {
			t.Errorf("got %v", got)
		}
		// The context that an interceptor hands on is the one that is sent with.
		stopping := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			stopped, cancel := context.WithCancel(ctx)
			cancel()
			return next(stopped)
		}
		s.Forget()
		_, err = c.Meta(context.WithValue(t.Context(), contextKey{}, "of the caller"), authorizer.WithInterceptor(stopping))
		if !errors.Is(err, context.Canceled) || len(s.Calls("")) != 0 {
			t.Errorf("got %v after %d calls", err, len(s.Calls("")))
		}
	})
}

func TestInterceptorThatDoesNotCallNext(t *testing.T) {
	own := errors.New("not on my watch")
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		refuse := func(context.Context, authorizer.CallInfo, func(context.Context) error) error { return own }
		res, err := s.User(t, p, authorizer.WithInterceptor(refuse)).Meta(t.Context())
		if e := asError(t, err); res != nil || !errors.Is(err, own) || e.Method != "meta" || len(s.Calls("")) != 0 {
			t.Errorf("got %v, %v after %d calls", res, err, len(s.Calls("")))
		}
		silent := func(context.Context, authorizer.CallInfo, func(context.Context) error) error { return nil }
		res, err = s.User(t, p, authorizer.WithInterceptor(silent)).Meta(t.Context())
		if res != nil || !errors.Is(err, authorizer.ErrInternal) || !strings.Contains(err.Error(), "interceptor") {
			t.Errorf("neither call nor error: got %v, %v", res, err)
		}
		// A failure that an interceptor hides is still no answer.
		s.On("meta", always(sdktest.Fail(codes.Unauthenticated, "unauthorized")))
		hide := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			_ = next(ctx)
			return nil
		}
		res, err = s.User(t, p, authorizer.WithInterceptor(hide)).Meta(t.Context())
		if res != nil || !errors.Is(err, authorizer.ErrInternal) || !strings.Contains(err.Error(), "interceptor") {
			t.Errorf("a hidden failure: got %v, %v", res, err)
		}
		// An error can be wrapped, and stays what it is.
		wrap := func(ctx context.Context, _ authorizer.CallInfo, next func(context.Context) error) error {
			return fmt.Errorf("on the way: %w", next(ctx))
		}
		_, err = s.User(t, p, authorizer.WithInterceptor(wrap)).Meta(t.Context())
		if asError(t, err).Code != authorizer.CodeUnauthenticated || !errors.Is(err, authorizer.ErrUnauthenticated) {
			t.Errorf("wrapped: %v", err)
		}
	})
}

func TestLogger(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", passing(1, &sdktest.Answer{Status: 503, Code: codes.Unavailable, Message: "later"}))
		var out bytes.Buffer
		logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		_, err := s.User(t, p, sdktest.QuickRetry(2), authorizer.WithLogger(logger)).Meta(t.Context())
		must(t, err)
		type record struct {
			Level, Msg, Service, Method, Protocol, Code, Error string
			Attempt                                            int
			Duration                                           time.Duration
		}
		var got []record
		for line := range bytes.Lines(out.Bytes()) {
			var r record
			must(t, json.Unmarshal(line, &r))
			if r.Duration <= 0 || r.Duration > time.Minute {
				t.Errorf("a try took %s", r.Duration)
			}
			r.Duration = 0
			got = append(got, r)
		}
		if len(got) != 2 {
			t.Fatalf("logged %s", out.String())
		}
		first := record{Level: "WARN", Msg: "call", Service: "user", Method: "meta", Protocol: string(p), Code: "unavailable", Error: got[0].Error, Attempt: 1}
		second := record{Level: "DEBUG", Msg: "call", Service: "user", Method: "meta", Protocol: string(p), Code: "ok", Attempt: 2}
		if got[0] != first || got[1] != second || got[0].Error == "" {
			t.Errorf("logged %+v", got)
		}
		// A call that has no token is logged as well.
		out.Reset()
		_, err = s.User(t, p, authorizer.WithLogger(logger), authorizer.WithTokenSource(failingSource{errors.New("sealed")})).Meta(t.Context())
		if err == nil || !strings.Contains(out.String(), "unauthenticated") {
			t.Errorf("%v was logged as %q", err, out.String())
		}
	})
}
