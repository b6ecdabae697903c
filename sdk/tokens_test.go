package authorizer_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// tokens answers /oauth/token as the server does: each refresh token is good
// once, and the answer has the next one.
func tokens(expiresIn int) sdktest.Handler {
	return func(r *sdktest.Request) *sdktest.Answer {
		if r.Value("grant_type") != "refresh_token" || r.Value("refresh_token") != fmt.Sprint("refresh-", r.Nth) || r.Value("client_id") != sdktest.ClientID {
			return &sdktest.Answer{Status: 401, Body: `{"error":"invalid_grant","error_description":"the refresh token is invalid"}`}
		}
		return &sdktest.Answer{JSON: map[string]any{
			"access_token": fmt.Sprint("access-", r.Nth+1), "refresh_token": fmt.Sprint("refresh-", r.Nth+1),
			"expires_in": expiresIn, "token_type": "Bearer",
		}}
	}
}

// bearer is the token of a call.
func bearer(r *sdktest.Request) string { return r.Header.Get("Authorization") }

// ended is a token that must be replaced before the first call.
func ended() authorizer.Token {
	return authorizer.Token{Access: "access-1", Refresh: "refresh-1", Expiry: time.Now().Add(-time.Minute)}
}

func TestTokenIsRefreshedThroughOAuth(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("gettoken", tokens(3600))
		c := s.User(t, p)
		renewed := make(chan authorizer.Token, 2)
		view := c.With(authorizer.WithTokenSource(c.TokenSource(ended(), func(next authorizer.Token) { renewed <- next })))
		for range 2 {
			_, err := view.Profile(t.Context())
			must(t, err)
		}
		for _, call := range s.Calls("profile") {
			if bearer(call) != "Bearer access-2" {
				t.Errorf("sent %q", bearer(call))
			}
		}
		if n := len(s.Calls("gettoken")); n != 1 {
			t.Errorf("refreshed %d times, want once", n)
		}
		if call := s.Calls("gettoken")[0]; bearer(call) != "" || call.Protocol != "rest" {
			t.Errorf("the refresh came over %s as %q", call.Protocol, bearer(call))
		}
		next := <-renewed
		if left := time.Until(next.Expiry); next.Access != "access-2" || next.Refresh != "refresh-2" || left < 59*time.Minute || left > time.Hour {
			t.Errorf("told of %s %s, good for %s", next.Access, next.Refresh, left)
		}
	})
}

// The server rotates refresh tokens: the second refresh needs the one that the
// first brought. One that does not rotate keeps the old.
func TestRefreshTokenIsKept(t *testing.T) {
	for name, rotates := range map[string]bool{"rotated": true, "not rotated": false} {
		t.Run(name, func(t *testing.T) {
			s := sdktest.Start(t)
			s.On("gettoken", func(r *sdktest.Request) *sdktest.Answer {
				a := tokens(0)(r)
				if !rotates {
					a = &sdktest.Answer{JSON: map[string]any{"access_token": fmt.Sprint("access-", r.Nth+1), "token_type": "Bearer"}}
				}
				return a
			})
			c := s.User(t, authorizer.ProtocolREST)
			next := ended()
			for range 3 { // as a program that keeps the token between runs
				done := make(chan authorizer.Token, 1)
				next.Expiry = time.Now().Add(-time.Minute)
				source := c.TokenSource(next, func(renewed authorizer.Token) { done <- renewed })
				_, err := source.Token(t.Context())
				must(t, err)
				next = <-done
			}
			want := "refresh-4"
			if !rotates {
				want = "refresh-1"
			}
			if next.Refresh != want || next.Access != "access-4" {
				t.Errorf("kept %s %s, want %s", next.Access, next.Refresh, want)
			}
		})
	}
}

// Many callers, one refresh; a caller who gives up takes nobody with them.
func TestOneRefreshForManyCallers(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		asked, go_ := make(chan struct{}), make(chan struct{})
		answer := tokens(3600)
		s.On("gettoken", func(r *sdktest.Request) *sdktest.Answer {
			if r.Nth == 1 {
				close(asked)
				<-go_
			}
			return answer(r)
		})
		c := s.User(t, p)
		view := c.With(authorizer.WithTokenSource(c.TokenSource(ended(), nil)))

		// The caller that starts the refresh gives up.
		ctx, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() { _, err := view.Profile(ctx); gone <- err }()
		<-asked
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) || !errors.Is(err, authorizer.ErrCanceled) {
			t.Errorf("who gave up got %v", err)
		}
		var failures atomic.Int32
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if _, err := view.Profile(t.Context()); err != nil {
					failures.Add(1)
				}
			})
		}
		time.Sleep(20 * time.Millisecond) // most of them wait by now; it matters little
		close(go_)
		wg.Wait()
		if n := len(s.Calls("gettoken")); n != 1 || failures.Load() != 0 || len(s.Calls("profile")) != 100 {
			t.Errorf("%d refreshes, %d failures, %d calls", n, failures.Load(), len(s.Calls("profile")))
		}
	})
}

func TestRefreshFails(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("gettoken", always(&sdktest.Answer{Status: 401, Body: `{"error":"invalid_grant","error_description":"the token refresh-1 is gone"}`}))
		c := s.User(t, p)
		as := func(left time.Duration) *authorizer.Client {
			start := authorizer.Token{Access: "access-1", Refresh: "refresh-1", Expiry: time.Now().Add(left)}
			return c.With(authorizer.WithTokenSource(c.TokenSource(start, nil)))
		}
		_, err := as(-time.Minute).Profile(t.Context())
		e := asError(t, err)
		if e.Code != authorizer.CodeUnauthenticated || e.Method != "profile" || len(s.Calls("profile")) != 0 {
			t.Errorf("ended: got %v after %d calls", err, len(s.Calls("profile")))
		}
		if n := len(s.Calls("gettoken")); n != 1 {
			t.Errorf("asked for a token %d times", n)
		}
		if _, err := as(time.Hour).Profile(t.Context()); err != nil {
			t.Errorf("still good: %v", err)
		}

		s.On("gettoken", always(&sdktest.Answer{Status: 503}))
		if _, err := as(-time.Minute).Profile(t.Context(), authorizer.WithoutRetry()); !errors.Is(err, authorizer.ErrUnavailable) {
			t.Errorf("a passing failure of the refresh: %v", err)
		}
	})
}

// Who asks a source for a token while the source refreshes would wait for ever.
func TestRefreshDoesNotAskItself(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("gettoken", tokens(3600))
		c := s.User(t, p)
		first := c.With(authorizer.WithTokenSource(c.TokenSource(ended(), nil)))
		// A source of a client that has a source.
		second := first.With(authorizer.WithTokenSource(first.TokenSource(ended(), nil)))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := second.Profile(ctx)
		must(t, err)
		if n := len(s.Calls("gettoken")); n != 1 {
			t.Errorf("refreshed %d times, want once", n)
		}
	})
}

// Each try asks for the token again: the one of the first may have ended.
func TestEachTryHasItsToken(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", passing(1, &sdktest.Answer{Status: 503, Code: codes.Unavailable}))
		source := new(countingSource)
		_, err := s.User(t, p, sdktest.QuickRetry(2), authorizer.WithTokenSource(source)).Meta(t.Context())
		must(t, err)
		calls := s.Calls("meta")
		if bearer(calls[0]) != "Bearer token-number-1" || bearer(calls[1]) != "Bearer token-number-2" {
			t.Errorf("sent %q and %q", bearer(calls[0]), bearer(calls[1]))
		}
	})
}

type countingSource struct{ n atomic.Int32 }

func (s *countingSource) Token(context.Context) (string, error) {
	return fmt.Sprint("token-number-", s.n.Add(1)), nil
}

// A source of the program's own can fail, or give what cannot be sent.
func TestSourceFails(t *testing.T) {
	own := errors.New("the vault is sealed")
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		for _, test := range []struct {
			source authorizer.TokenSource
			cause  error
		}{{failingSource{own}, own}, {fixedSource(""), nil}, {fixedSource("a\nb"), nil}} {
			_, err := s.User(t, p, authorizer.WithTokenSource(test.source)).Meta(t.Context())
			if !errors.Is(err, authorizer.ErrUnauthenticated) || test.cause != nil && !errors.Is(err, test.cause) || len(s.Calls("")) != 0 {
				t.Errorf("got %v after %d calls", err, len(s.Calls("")))
			}
		}
	})
}

type failingSource struct{ err error }

func (s failingSource) Token(context.Context) (string, error) { return "", s.err }
