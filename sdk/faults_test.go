package authorizer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// failsWith checks what a call must be like that cannot succeed: no answer, a
// typed error of one of these kinds, soon.
func failsWith(t *testing.T, name string, call func() (any, error), kinds ...error) {
	t.Helper()
	start := time.Now()
	res, err := call()
	if res != nil && !reflect.ValueOf(res).IsNil() {
		t.Errorf("%s: got an answer: %+v", name, res)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("%s: took %s", name, took)
	}
	e := asError(t, err)
	// A gRPC server may say nothing but a status.
	if e.Message == "" && e.Protocol != authorizer.ProtocolGRPC || e.Method == "" || e.Protocol == "" {
		t.Errorf("%s: the error says too little: %#v", name, e)
	}
	for _, kind := range kinds {
		if errors.Is(err, kind) {
			return
		}
	}
	t.Errorf("%s: got %v, want one of %v", name, err, kinds)
}

// bothKinds calls an idempotent method and one that is not.
func bothKinds(t *testing.T, c *authorizer.Client, name string, kinds []error, opts ...authorizer.CallOption) {
	t.Helper()
	failsWith(t, name+", meta", func() (any, error) { return c.Meta(t.Context(), opts...) }, kinds...)
	failsWith(t, name+", login", func() (any, error) { return c.Login(t.Context(), nil, opts...) }, kinds...)
}

// Answers that no proper server gives.
func TestBrokenAnswers(t *testing.T) {
	internal, unavailable := []error{authorizer.ErrInternal}, []error{authorizer.ErrUnavailable}
	unknown := []error{authorizer.ErrUnknown, authorizer.ErrInternal}
	body := func(status int, kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, text)
		}
	}
	const json, html, page = "application/json", "text/html", "<html>canary</html>"
	ok := map[string]string{"grpc-status": "0"}
	for _, test := range []struct {
		name string
		http http.HandlerFunc
		grpc http.HandlerFunc
		want []error
	}{
		{"truncated", body(200, json, `{"data":{"result":{"version":"canary`), sdktest.GRPCAnswer("application/grpc", sdktest.Frame(1000, []byte("canary")), ok), unknown},
		{"not even a beginning", body(200, json, `{`), sdktest.GRPCAnswer("application/grpc", []byte{0, 0}, ok), unknown},
		{"empty", body(200, json, ``), sdktest.GRPCAnswer("application/grpc", nil, ok), internal},
		{"null", body(200, json, `null`), sdktest.GRPCAnswer("application/grpc", nil, nil), unknown},
		{"garbage", body(200, json, "\x00\xff\xfe canary"), sdktest.GRPCAnswer("application/grpc", sdktest.Frame(7, []byte("\xffcanary")), ok), internal},
		{"another type", body(200, json, `{"data":{"result":[1]},"version":{},"access_token":{}}`), sdktest.GRPCAnswer("application/grpc", sdktest.Frame(2, []byte{0x0a, 0xff}), ok), internal},
		{"wrong content type", body(200, html, page), sdktest.GRPCAnswer(html, []byte(page), ok), unknown},
		{"a page of a gateway", body(502, html, page), body(502, html, page), unavailable},
		{"unavailable", body(503, html, page), body(503, html, page), unavailable},
		{"too many requests", body(429, html, page), body(429, html, page), []error{authorizer.ErrResourceExhausted, authorizer.ErrUnavailable}},
		{"unauthorized by a proxy", body(401, html, page), body(401, html, page), []error{authorizer.ErrUnauthenticated}},
		{"not found", body(404, html, page), body(404, html, page), []error{authorizer.ErrNotFound, authorizer.ErrUnimplemented}},
		{"a status that is none", body(299, json, ``), sdktest.GRPCAnswer("application/grpc", nil, map[string]string{"grpc-status": "nonsense"}), unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			addrHTTP, addrGRPC := sdktest.Raw(t, test.http), sdktest.Raw(t, test.grpc)
			sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
				c := sdktest.NewUser(t, "http://"+addrHTTP, addrGRPC, p, sdktest.QuickRetry(2))
				bothKinds(t, c, test.name, test.want)
				_, err := c.Meta(t.Context())
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the answer is quoted: %v", err)
				}
			})
		})
	}
}

// An answer that never comes, or never ends, is given up after the time of a try.
func TestSlowAnswers(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		t.Parallel()
		deadline := []error{authorizer.ErrDeadlineExceeded}
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p, sdktest.QuickRetry(2), authorizer.WithTryTimeout(150*time.Millisecond))
		s.On("", hang(nil))
		bothKinds(t, c, "slow headers", deadline)
		if n := len(s.Calls("login")); n != 1 {
			t.Errorf("slow headers: login was sent %d times", n)
		}
		stalling := func(a *sdktest.Answer) sdktest.Handler {
			return func(*sdktest.Request) *sdktest.Answer { proxy.StallAfter(1000); return a }
		}
		s.On("login", stalling(large()))
		s.On("meta", stalling(&sdktest.Answer{Result: &authorizerv1.Meta{Version: strings.Repeat("v", 256<<10)}}))
		s.Forget()
		bothKinds(t, c, "slow body", deadline)
		if n := len(s.Calls("login")); n != 1 {
			t.Errorf("slow body: login was sent %d times", n)
		}
	})
}

// A connection that is reset as soon as it is there.
func TestResetAtOnce(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p, sdktest.QuickRetry(2))
		proxy.Refuse(1000)
		bothKinds(t, c, "reset", []error{authorizer.ErrUnavailable})
		if n := len(s.Calls("")); n != 0 {
			t.Errorf("%d calls arrived", n)
		}
		proxy.Refuse(0)
		if _, err := c.Meta(t.Context(), sdktest.QuickRetry(20)); err != nil {
			t.Errorf("when the server is back: %v", err)
		}
	})
}

// Servers close connections that nobody uses. The next call must not suffer,
// and must not be processed twice.
func TestServerClosesIdleConnections(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p)
		for round := range 10 {
			proxy.Close()
			if _, err := c.Meta(t.Context()); err != nil {
				t.Errorf("round %d, meta: %v", round, err)
			}
			proxy.Close()
			// The end of the connection may cross the request on the way; then
			// nobody knows whether that was processed.
			s.Forget()
			if _, err := c.Login(t.Context(), nil); err != nil && !errors.Is(err, authorizer.ErrUnavailable) || len(s.Calls("login")) > 1 {
				t.Errorf("round %d, login: %v after %d calls", round, err, len(s.Calls("login")))
			}
		}
	})
}

// Everybody gets their own answer.
func TestManyConcurrentCallers(t *testing.T) {
	const callers = 1000
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", func(r *sdktest.Request) *sdktest.Answer {
			return &sdktest.Answer{Result: &authorizerv1.Meta{Version: bearer(r)}}
		})
		c := s.User(t, p)
		errs := make(chan error, callers)
		var wg sync.WaitGroup
		for i := range callers {
			wg.Go(func() {
				token := fmt.Sprint("token-of-", i)
				meta, err := c.Meta(t.Context(), authorizer.WithBearerToken(token))
				switch {
				case err != nil:
					errs <- err
				case meta.Version != "Bearer "+token:
					errs <- fmt.Errorf("%s got the answer of %s", token, meta.Version)
				}
			})
		}
		wg.Wait()
		close(errs)
		failed := 0
		for err := range errs {
			if failed++; failed < 5 {
				t.Error(err)
			}
		}
		if n := len(s.Calls("meta")); failed > 0 || n != callers {
			t.Errorf("%d of %d failed, %d calls arrived", failed, callers, n)
		}
	})
}

// Whatever fails, calls and clients leave nothing behind.
func TestNothingIsLeftBehind(t *testing.T) {
	sdktest.NoLeaks(t) // last, after the server is gone
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p, sdktest.QuickRetry(2), authorizer.WithMaxResponseBytes(64<<10))
		s.On("login", always(large())) // more than the limit
		s.On("profile", hang(nil))     // cancelled
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
				_, _ = c.Profile(ctx)
				_, _ = c.Login(t.Context(), nil, authorizer.WithTryTimeout(0)) // nothing but the SDK ends it
				if _, err := c.Meta(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		source := c.TokenSource(ended(), nil)
		_, _ = c.Meta(t.Context(), authorizer.WithTokenSource(source))
		must(t, c.Close())
		must(t, c.Close())
		if _, err := c.Meta(t.Context()); !errors.Is(err, authorizer.ErrFailedPrecondition) {
			t.Errorf("after Close: %v", err)
		}
		for range 100 {
			if proxy.Open() == 0 {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("%d connections are still open after Close", proxy.Open())
	})
}

// Calls that fail give their connection back.
func TestFailuresReuseConnections(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		c, proxy := s.Proxied(t, p, authorizer.WithoutRetry())
		for _, a := range []*sdktest.Answer{
			{Status: 503, Body: strings.Repeat("<html>", 1000)}, sdktest.Fail(13, "record not found"), {Status: 429, Body: "{"},
		} {
			s.On("login", always(a))
			for range 5 {
				if _, err := c.Login(t.Context(), nil); err == nil {
					t.Error("no error")
				}
			}
		}
		if n := proxy.Accepted(); n != 1 {
			t.Errorf("%d connections for calls one after the other", n)
		}
	})
}
