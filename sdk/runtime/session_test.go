package runtime

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func cookieNames(s *Session) string {
	var names []string
	for _, c := range s.Cookies() {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

func setCookies(s *Session, values ...string) {
	_, epoch, _ := s.fields("http://a", true)
	s.storeHeader(http.Header{"Set-Cookie": values}, "http://a", epoch)
}

func TestSessionCookiesEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSession()
		in := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
		setCookies(s, "a=1; Max-Age=10", "b=1; Expires="+in(20*time.Second), "c=1", "d=1; Max-Age=30; Expires="+in(5*time.Second))
		for _, step := range []struct {
			after time.Duration
			want  string
		}{{0, "a b c d"}, {9 * time.Second, "a b c d"}, {2 * time.Second, "b c d"}, {10 * time.Second, "c d"}, {10 * time.Second, "c"}, {1000 * time.Hour, "c"}} {
			time.Sleep(step.after)
			if got := cookieNames(s); got != step.want {
				t.Errorf("at %s: %q, want %q", time.Now(), got, step.want)
			}
			sent, _, err := s.fields("http://a", true)
			var names []string
			for _, f := range sent {
				names = append(names, f.name)
			}
			if err != nil || strings.Join(names, " ") != step.want {
				t.Errorf("at %s: sends %v, %v", time.Now(), names, err)
			}
		}
	})
}

func TestSessionAfterClear(t *testing.T) {
	s := NewSession(&http.Cookie{Name: "a", Value: "1"}, nil, &http.Cookie{Name: "empty"})
	if got := cookieNames(s); got != "a" {
		t.Errorf("starts with %q", got)
	}
	_, epoch, _ := s.fields("http://a", true)
	s.Clear()
	s.storeHeader(http.Header{"Set-Cookie": {"late=1"}}, "http://a", epoch)
	if got := cookieNames(s); got != "" {
		t.Errorf("an answer from before brought back %q", got)
	}
	setCookies(s, "b=1")
	if got := cookieNames(s); got != "b" {
		t.Errorf("after a new login: %q", got)
	}
	var zero Session
	setCookies(&zero, "c=1")
	if got := cookieNames(&zero); got != "c" {
		t.Errorf("a zero session holds %q", got)
	}
}

func TestSessionOfAnotherServer(t *testing.T) {
	s := NewSession()
	setCookies(s, "a=1")
	if _, _, err := s.fields("http://b", true); err == nil {
		t.Error("the cookie of one server goes to another")
	}
	s.Clear()
	if _, _, err := s.fields("http://b", true); err != nil {
		t.Errorf("after Clear: %v", err)
	}
}

func TestSessionIsSafeForConcurrentUse(t *testing.T) {
	s := NewSession()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			setCookies(s, fmt.Sprintf("c%d=1", i))
			_, _, _ = s.fields("http://a", true)
			_ = fmt.Sprint(s)
			if i%10 == 0 {
				s.Clear()
			}
		})
	}
	wg.Wait()
}
