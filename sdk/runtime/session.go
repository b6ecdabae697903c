package runtime

import (
	"errors"
	"fmt"
	"net/http"
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
	// origin is the server that the cookies are of, once there are any from one.
	origin string
	// epoch counts how often the session was cleared, so that an answer to a
	// call from before cannot bring it back.
	epoch int
}

// sessionCookie is what must be known of a cookie of a single server.
type sessionCookie struct {
	value   string
	quoted  bool
	expires time.Time // zero: with the session
	secure  bool
}

// NewSession makes a session without cookies, or with cookies that an earlier
// one had ([Session.Cookies]).
func NewSession(cookies ...*http.Cookie) *Session {
	s := &Session{}
	s.store(cookies, time.Now())
	return s
}

// Cookies are the cookies that have not ended, by name, for keeping them
// elsewhere. They are credentials.
func (s *Session) Cookies() []*http.Cookie {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current()
}

// current is [Session.Cookies] of a session that is locked.
func (s *Session) current() []*http.Cookie {
	var out []*http.Cookie
	now := time.Now()
	for name, c := range s.cookies {
		if !c.ended(now) {
			out = append(out, &http.Cookie{Name: name, Value: c.value, Quoted: c.quoted, Expires: c.expires, Secure: c.secure})
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
	s.origin = ""
	s.epoch++
}

// Format writes how many cookies there are, and no more, whatever the verb.
func (s *Session) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "Session{%d cookies}", len(s.Cookies()))
}

// storeHeader takes in the Set-Cookie headers of an answer, unless the session
// was cleared since its request was made, or has become one of another server.
func (s *Session) storeHeader(header http.Header, origin string, epoch int) {
	cookies := (&http.Response{Header: header}).Cookies()
	if len(cookies) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.epoch == epoch && (!s.foreign(origin) || len(s.current()) == 0) {
		s.origin = origin
		s.store(cookies, time.Now())
	}
}

// foreign reports whether the cookies are those of another server. The session
// is locked.
func (s *Session) foreign(origin string) bool { return s.origin != "" && s.origin != origin }

// store takes cookies in; one that has ended removes what was there. The
// session is locked, or not yet known to anybody else.
func (s *Session) store(cookies []*http.Cookie, now time.Time) {
	if s.cookies == nil {
		s.cookies = map[string]sessionCookie{}
	}
	for _, c := range cookies {
		if c == nil {
			continue
		}
		kept := sessionCookie{value: c.Value, quoted: c.Quoted, expires: c.Expires, secure: c.Secure}
		switch {
		case c.MaxAge > 0:
			kept.expires = now.Add(time.Duration(min(c.MaxAge, maxRetryAfter)) * time.Second)
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

// fields are the cookies to send to a server, and the epoch they are of.
// Cookies of another server are refused, and secure ones where others could
// read them.
func (s *Session) fields(origin string, private bool) (fields []field, epoch int, err error) {
	s.mu.Lock()
	// Together, or the cookies could be those of another answer than the origin.
	cookies, epoch, foreign := s.current(), s.epoch, s.foreign(origin)
	s.mu.Unlock()
	for _, c := range cookies {
		f, err := receivedCookie(c)
		switch {
		case err != nil:
			return nil, epoch, err
		case foreign:
			return nil, epoch, errors.New("the session is one of another server")
		case c.Secure && !private:
			return nil, epoch, fmt.Errorf("the session's cookie %s is for secure connections only, and others could read it on the way: use an https URL, or allow it with WithInsecureCookies", c.Name)
		}
		fields = append(fields, f)
	}
	return fields, epoch, nil
}
