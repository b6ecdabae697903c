package runtime

import (
	"fmt"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"time"
)

// Session keeps the cookies of one user of one server, as a browser would:
// those that answers set are sent with later calls, until they end or a
// method that ends the session succeeds. Cookies of gRPC answers, which come
// as metadata, count too. It is safe for concurrent use.
type Session struct {
	mu      sync.Mutex
	cookies map[string]sessionCookie
}

// sessionCookie is what must be known of a cookie of a single server.
type sessionCookie struct {
	value   string
	expires time.Time // zero: with the session
	secure  bool
}

// NewSession makes a session without cookies, or with cookies that an earlier
// one had ([Session.Cookies]).
func NewSession(cookies ...*http.Cookie) *Session {
	s := &Session{cookies: map[string]sessionCookie{}}
	s.store(cookies, time.Now())
	return s
}

// Cookies are the cookies that have not ended, by name, for keeping them
// elsewhere. They are credentials.
func (s *Session) Cookies() []*http.Cookie {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*http.Cookie
	now := time.Now()
	for name, c := range s.cookies {
		if !c.ended(now) {
			out = append(out, &http.Cookie{Name: name, Value: c.value, Expires: c.expires, Secure: c.secure})
		}
	}
	slices.SortFunc(out, func(a, b *http.Cookie) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Clear forgets all cookies.
func (s *Session) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.cookies)
}

// Format writes how many cookies there are, and no more, whatever the verb.
func (s *Session) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "Session{%d cookies}", len(s.Cookies()))
}

// StoreHeader takes in the Set-Cookie headers of an answer.
func (s *Session) storeHeader(header http.Header) {
	if values := header[textproto.CanonicalMIMEHeaderKey("Set-Cookie")]; len(values) > 0 {
		s.store((&http.Response{Header: http.Header{"Set-Cookie": values}}).Cookies(), time.Now())
	}
}

// store takes cookies in; one that has ended removes what was there.
func (s *Session) store(cookies []*http.Cookie, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range cookies {
		kept := sessionCookie{value: c.Value, expires: c.Expires, secure: c.Secure}
		switch {
		case c.MaxAge > 0:
			kept.expires = now.Add(time.Duration(c.MaxAge) * time.Second)
		case c.MaxAge < 0:
			kept.expires = now
		}
		if kept.value == "" || kept.ended(now) {
			delete(s.cookies, c.Name)
			continue
		}
		s.cookies[c.Name] = kept
	}
}

func (c sessionCookie) ended(now time.Time) bool {
	return !c.expires.IsZero() && !c.expires.After(now)
}

// fields are the cookies to send; secure ones only over a safe connection.
func (s *Session) fields(safe bool) []field {
	var out []field
	for _, c := range s.Cookies() {
		if safe || !c.Secure {
			out = append(out, field{c.Name, c.Value})
		}
	}
	return out
}
