package runtime

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// TokenSource gives the bearer token of a user for each call.
type TokenSource interface {
	// Token is a token that is good now. It is called before every try of a
	// call, from many goroutines.
	Token(ctx context.Context) (string, error)
}

// Token is an access token with what is needed to get the next one.
type Token struct {
	Access, Refresh string
	// Expiry is when Access ends; zero: never.
	Expiry time.Time
}

// NewToken makes a token of what a login answers. expiresIn is in seconds from
// now; 0 or less means that the token does not end.
func NewToken(access, refresh string, expiresIn int64) Token {
	t := Token{Access: access, Refresh: refresh}
	if expiresIn > 0 {
		t.Expiry = time.Now().Add(time.Duration(expiresIn) * time.Second)
	}
	return t
}

// NextToken is the token after a refresh; a server that does not rotate refresh
// tokens answers without one, and the old stays good.
func NextToken(old Token, access, refresh string, expiresIn int64) (Token, error) {
	if access == "" {
		return Token{}, &Error{Code: CodeInternal, Message: "the refresh answered without an access token"}
	}
	if refresh == "" {
		refresh = old.Refresh
	}
	return NewToken(access, refresh, expiresIn), nil
}

// Format writes when the token ends, and no more, whatever the verb.
func (t Token) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "Token{Access:%s Refresh:%s Expiry:%s}", masked(t.Access, true), masked(t.Refresh, true), t.Expiry.Format(time.RFC3339))
}

// LogValue is the token without its secrets.
func (t Token) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(t)) }

// refreshAhead is how long before its end a token is replaced: longer than
// most calls take, but never more than a tenth of its life.
const refreshAhead = 30 * time.Second

// refreshTimeout bounds a refresh, which no caller's context ends.
const refreshTimeout = 30 * time.Second

// RefreshingSource is a [TokenSource] that replaces its token before it ends:
// once, however many callers wait for it.
type RefreshingSource struct {
	refresh  func(ctx context.Context, old Token) (Token, error)
	renewed  func(Token)
	mu       sync.Mutex
	token    Token
	ahead    time.Duration
	inFlight *refreshing
}

// refreshing is one refresh that callers wait for.
type refreshing struct {
	done chan struct{}
	err  error
}

// NewRefreshingSource makes a source that starts with a token. refresh gets
// the next one; renewed, which may be nil, is told of each new token, to keep
// it elsewhere: servers that rotate refresh tokens do not take the old again.
func NewRefreshingSource(start Token, refresh func(ctx context.Context, old Token) (Token, error), renewed func(Token)) *RefreshingSource {
	s := &RefreshingSource{refresh: refresh, renewed: renewed}
	s.set(start, time.Now())
	return s
}

func (s *RefreshingSource) set(t Token, now time.Time) {
	s.token = t
	s.ahead = min(refreshAhead, max(0, t.Expiry.Sub(now)/10))
}

// Token is the current token, after a refresh if it is about to end. The
// context ends the waiting, not the refresh. If that fails while the token is
// still good, the token is returned and the refresh tried again next time.
func (s *RefreshingSource) Token(ctx context.Context) (string, error) {
	s.mu.Lock()
	now := time.Now()
	if s.goodFor(now, s.ahead) {
		defer s.mu.Unlock()
		return s.token.Access, nil
	}
	r := s.inFlight
	if r == nil {
		r = &refreshing{done: make(chan struct{})}
		s.inFlight = r
		go s.run(context.WithoutCancel(ctx), r, s.token)
	}
	s.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.err != nil && !s.goodFor(time.Now(), 0) {
		return "", r.err
	}
	return s.token.Access, nil
}

// goodFor reports whether the token lasts that much longer.
func (s *RefreshingSource) goodFor(now time.Time, d time.Duration) bool {
	return s.token.Access != "" && (s.token.Expiry.IsZero() || s.token.Expiry.After(now.Add(d)))
}

// run refreshes once and wakes everybody who waits.
func (s *RefreshingSource) run(ctx context.Context, r *refreshing, old Token) {
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	next, err := s.refresh(ctx, old)
	if err == nil && s.renewed != nil {
		s.renewed(next)
	}
	s.mu.Lock()
	if err == nil {
		s.set(next, time.Now())
	}
	r.err, s.inFlight = err, nil
	s.mu.Unlock()
	close(r.done)
}

// Format writes no token, whatever the verb.
func (s *RefreshingSource) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprint(w, "RefreshingSource{}")
}
