package runtime

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// life is how long the tokens of these tests are good for.
const life = 10 * time.Minute

// refresher counts refreshes and makes tokens "access-2", "access-3", ... It
// takes a second for each, or fails while told to.
type refresher struct {
	n       atomic.Int32
	failing atomic.Bool
	life    time.Duration
}

func (r *refresher) next(context.Context, Token) (Token, error) {
	n := r.n.Add(1)
	time.Sleep(time.Second)
	if r.failing.Load() {
		return Token{}, errors.New("the server is away")
	}
	return Token{Access: fmt.Sprint("access-", n+1), Expiry: time.Now().Add(r.life)}, nil
}

// take is a token, and how long it took to get it.
func take(t *testing.T, s *RefreshingSource) (string, time.Duration) {
	t.Helper()
	start := time.Now()
	token, err := s.Token(t.Context())
	if err != nil {
		token = err.Error()
	}
	return token, time.Since(start)
}

func startToken(life time.Duration) Token {
	return Token{Access: "access-1", Expiry: time.Now().Add(life)}
}

func TestTokenIsReplacedAheadOfItsEnd(t *testing.T) {
	for _, test := range []struct{ life, ahead time.Duration }{
		{life, refreshAhead}, {time.Minute, 6 * time.Second}, {24 * time.Hour, refreshAhead},
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &refresher{life: test.life}
			s := NewRefreshingSource(startToken(test.life), r.next, nil)
			time.Sleep(test.life - test.ahead - time.Second)
			if token, _ := take(t, s); token != "access-1" || r.n.Load() != 0 {
				t.Errorf("before: %s after %d refreshes", token, r.n.Load())
			}
			time.Sleep(2 * time.Second)
			// Nobody waits while the old one is still good.
			if token, took := take(t, s); token != "access-1" || took != 0 {
				t.Errorf("about to end: %s after %s", token, took)
			}
			time.Sleep(2 * time.Second)
			if token, took := take(t, s); token != "access-2" || took != 0 || r.n.Load() != 1 {
				t.Errorf("afterwards: %s after %s and %d refreshes", token, took, r.n.Load())
			}
		})
	}
}

func TestTokenThatHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &refresher{life: life}
		s := NewRefreshingSource(startToken(life), r.next, nil)
		time.Sleep(life)
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if token, err := s.Token(ctx); token != "" || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who cannot wait got %q, %v", token, err)
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if token, took := take(t, s); token != "access-2" || took > time.Second {
					t.Errorf("got %s after %s", token, took)
				}
			})
		}
		wg.Wait()
		if n := r.n.Load(); n != 1 {
			t.Errorf("%d refreshes, want one", n)
		}
	})
}

func TestRefreshThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &refresher{life: life}
		r.failing.Store(true)
		s := NewRefreshingSource(startToken(life), r.next, nil)
		time.Sleep(life - 10*time.Second)
		for range 3 {
			if token, _ := take(t, s); token != "access-1" {
				t.Errorf("still good: got %s", token)
			}
			time.Sleep(2 * time.Second)
		}
		time.Sleep(10 * time.Second)
		if token, _ := take(t, s); token != "the server is away" {
			t.Errorf("ended: got %s", token)
		}
		r.failing.Store(false)
		if token, _ := take(t, s); token != "access-6" { // the fifth refresh
			t.Errorf("when the server is back: got %s", token)
		}
	})
}

// A server in trouble is asked once a second, however many calls there are.
func TestRefreshThatFailsIsNotTriedWithEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n int
		s := NewRefreshingSource(startToken(life), func(context.Context, Token) (Token, error) {
			n++
			return Token{}, errors.New("the server is away")
		}, nil)
		time.Sleep(life - 10*time.Second)
		for range 500 { // in five seconds
			if token, _ := take(t, s); token != "access-1" {
				t.Fatalf("got %s", token)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if n != 5 {
			t.Errorf("%d refreshes in five seconds", n)
		}
	})
}

func TestTokenWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &refresher{}
		s := NewRefreshingSource(NewToken("access-1", "", 0), r.next, nil)
		time.Sleep(100 * 24 * time.Hour)
		if token, _ := take(t, s); token != "access-1" || r.n.Load() != 0 {
			t.Errorf("got %s after %d refreshes", token, r.n.Load())
		}
		long := NewToken("a", "", math.MaxInt64)
		if left := time.Until(long.Expiry); left < 24*time.Hour {
			t.Errorf("a token for ever ends in %s", left)
		}
	})
}

// What is told of new tokens may be slow, and may ask for tokens itself.
func TestNobodyWaitsForRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &refresher{life: time.Minute}
		var s *RefreshingSource
		var told []string
		var busy atomic.Int32
		s = NewRefreshingSource(startToken(-time.Second), r.next, func(next Token) {
			if busy.Add(1) != 1 {
				t.Error("told of two tokens at once")
			}
			defer busy.Add(-1)
			time.Sleep(150 * time.Second) // longer than tokens live
			var err error
			if len(told) < 3 {
				_, err = s.Token(context.Background())
			}
			told = append(told, fmt.Sprint(next.Access, err))
		})
		for range 5 {
			if _, took := take(t, s); took > time.Second {
				t.Errorf("a caller waited for %s", took)
			}
			time.Sleep(61 * time.Second)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := len(told); n < 5 || told[0] != "access-2<nil>" || told[1] != "access-3<nil>" || told[2] != "access-4<nil>" {
			t.Errorf("told of %v", told)
		}
	})
}

// TestTellingEnds: who is told of a token may end the goroutine, as a test that
// fails does, and is told of the next one all the same.
func TestTellingEnds(t *testing.T) {
	told := make(chan string, 1)
	next := 0
	s := NewRefreshingSource(startToken(-time.Minute), func(context.Context, Token) (Token, error) {
		next++
		return Token{Access: fmt.Sprint("access-", next), Expiry: time.Now().Add(-time.Minute)}, nil
	}, func(token Token) {
		told <- token.Access
		runtime.Goexit()
	})
	for _, want := range []string{"access-1", "access-2"} {
		if _, err := s.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case got := <-told:
			if got != want {
				t.Errorf("told of %s, want %s", got, want)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("never told of %s", want)
		}
	}
}

func TestSourceThatCannotWork(t *testing.T) {
	start := startToken(-time.Minute)
	for name, s := range map[string]*RefreshingSource{
		"nil":       nil,
		"zero":      {},
		"panics":    NewRefreshingSource(start, func(context.Context, Token) (Token, error) { panic("oh") }, nil),
		"goes away": NewRefreshingSource(start, func(context.Context, Token) (Token, error) { runtime.Goexit(); return Token{}, nil }, nil),
		"no token":  NewRefreshingSource(start, func(context.Context, Token) (Token, error) { return Token{}, nil }, nil),
	} {
		if token, err := s.Token(t.Context()); token != "" || err == nil {
			t.Errorf("%s: got %q, %v", name, token, err)
		}
	}
	start.Refresh = "refresh-secret"
	for name, refresh := range map[string]func(context.Context, Token) (Token, error){
		"panics": func(_ context.Context, old Token) (Token, error) { panic("cannot use " + old.Refresh) },
		"fails": func(_ context.Context, old Token) (Token, error) {
			return Token{}, fmt.Errorf("%s: %w", old.Refresh, context.Canceled)
		},
	} {
		_, err := NewRefreshingSource(start, refresh, nil).Token(t.Context())
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), start.Refresh) || (name == "fails") != errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := NextToken(start, "", "r", 1); err == nil {
		t.Error("a refresh without a token is no error")
	}
}
