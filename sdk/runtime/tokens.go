package runtime

import (
	"context"
	"errors"
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
	// Access is the token for calls in the name of the user, Refresh the one to get
	// the next token with; empty: there is none. Both are secret.
	Access, Refresh string
	// Expiry is when Access ends; zero: never.
	Expiry time.Time
}

// NewToken makes a token of what a login answers. expiresIn is in seconds from
// now, a year at the most; 0 or less means that the token does not end.
func NewToken(access, refresh string, expiresIn int64) Token {
	t := Token{Access: access, Refresh: refresh}
	if expiresIn > 0 {
		t.Expiry = time.Now().Add(time.Duration(min(expiresIn, maxRetryAfter)) * time.Second)
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

// refreshPause is how long a source whose token is still good waits after a
// refresh that failed: a server in trouble is not asked with every call.
const refreshPause = time.Second

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
	notYet   time.Time // before that, no refresh that nobody has to wait for
	inFlight *refreshing
	untold   []Token // new tokens that renewed has to be told of
	telling  bool    // somebody is at it
}

// refreshing is one refresh that callers wait for.
type refreshing struct {
	done  chan struct{}
	token Token
	err   error
}

// NewRefreshingSource makes a source that starts with a token. refresh gets
// the next one; renewed, which may be nil, is told of each new token, to keep
// it elsewhere: servers that rotate refresh tokens do not take the old again.
// Calls do not wait for renewed, and it may make calls itself.
func NewRefreshingSource(start Token, refresh func(ctx context.Context, old Token) (Token, error), renewed func(Token)) *RefreshingSource {
	s := &RefreshingSource{refresh: refresh, renewed: renewed}
	s.set(start, time.Now())
	return s
}

func (s *RefreshingSource) set(t Token, now time.Time) {
	s.token = t
	s.ahead = min(refreshAhead, max(0, t.Expiry.Sub(now)/10))
}

// Token is the current token. If it is about to end, it is replaced in the
// background; if it has ended, callers wait for that. The context ends the
// waiting, not the refresh. A refresh that failed is tried again by the next
// call, after a second if the token is still good.
func (s *RefreshingSource) Token(ctx context.Context) (string, error) {
	if s == nil || s.refresh == nil {
		return "", errors.New("the source of tokens was not made by NewRefreshingSource")
	}
	s.mu.Lock()
	now := time.Now()
	good := s.goodFor(now, 0)
	if good && (s.goodFor(now, s.ahead) || now.Before(s.notYet)) {
		defer s.mu.Unlock()
		return s.token.Access, nil
	}
	r := s.inFlight
	if r == nil {
		r = &refreshing{done: make(chan struct{})}
		s.inFlight = r
		go s.run(context.WithoutCancel(ctx), r, s.token)
	}
	current := s.token.Access
	s.mu.Unlock()
	if good {
		return current, nil
	}
	select {
	case <-r.done:
		return r.token.Access, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// goodFor reports whether the token lasts that much longer.
func (s *RefreshingSource) goodFor(now time.Time, d time.Duration) bool {
	return s.token.Access != "" && (s.token.Expiry.IsZero() || s.token.Expiry.After(now.Add(d)))
}

// run refreshes once, wakes everybody who waits, and then tells of the new
// token: one after the other, in order.
func (s *RefreshingSource) run(ctx context.Context, r *refreshing, old Token) {
	r.err = errors.New("the refresh did not return")
	defer func() { // even if the goroutine was ended
		s.finish(r)
		s.tellAll()
	}()
	r.token, r.err = s.next(ctx, old)
}

// finish takes the result in and wakes everybody who waits for it.
func (s *RefreshingSource) finish(r *refreshing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.err != nil {
		s.notYet = time.Now().Add(refreshPause)
	} else {
		s.set(r.token, time.Now())
		if s.renewed != nil {
			s.untold = append(s.untold, r.token)
		}
	}
	s.inFlight = nil
	close(r.done)
}

func (s *RefreshingSource) tellAll() {
	for s.tell() {
	}
}

// tell tells of the oldest token that was not told of, unless somebody else is
// at it, and reports whether it did.
func (s *RefreshingSource) tell() bool {
	s.mu.Lock()
	if s.telling || len(s.untold) == 0 {
		s.mu.Unlock()
		return false
	}
	next := s.untold[0]
	s.untold, s.telling = s.untold[1:], true
	s.mu.Unlock()
	returned := false
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.telling = false
		if !returned { // renewed ended the goroutine
			go s.tellAll()
		}
	}()
	s.renewed(next)
	returned = true
	return true
}

// next calls the caller's function; what panics in it is an error here, since
// nobody could recover it. Its errors are rid of the tokens that it was given.
func (s *RefreshingSource) next(ctx context.Context, old Token) (t Token, err error) {
	ctx, cancel := context.WithTimeout(ctx, refreshTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the refresh panicked: %v", p)
		}
		err = withoutSecrets(err, old.Access, old.Refresh)
	}()
	t, err = s.refresh(ctx, old)
	if err == nil && t.Access == "" {
		err = errors.New("the refresh gave no token")
	}
	return t, err
}

// Format writes no token, whatever the verb.
func (s *RefreshingSource) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprint(w, "RefreshingSource{}")
}
