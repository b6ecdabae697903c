package authorizer_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// A credential names its user in its value: "alice-bearer".

// fixedSource is a source of tokens that never change.
type fixedSource string

func (f fixedSource) Token(context.Context) (string, error) { return string(f), nil }

// credential is a way to say who a call is made for.
type credential struct {
	name    string
	options func(user string) []authorizer.SharedOption
	// sent is what arrives for the user; empty: nobody's credentials do.
	sent func(user string) []string
}

func oneOption(o authorizer.SharedOption) []authorizer.SharedOption {
	return []authorizer.SharedOption{o}
}

func suffixes(of ...string) func(string) []string {
	return func(user string) []string {
		var out []string
		for _, s := range of {
			out = append(out, user+"-"+s)
		}
		return out
	}
}

// credentials are all options that name a user, and some together. Sessions
// are made once for each user, as programs do.
func credentials(sessions map[string]*authorizer.Session) []credential {
	return []credential{
		{"none", func(string) []authorizer.SharedOption { return nil }, nil},
		{"bearer", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithBearerToken(u + "-bearer"))
		}, suffixes("bearer")},
		{"cookie", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithCookie("cookie_session", u+"-cookie"))
		}, suffixes("cookie")},
		{"header", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithHeader("authorization", "Bearer "+u+"-header"))
		}, suffixes("header")},
		{"cookie header", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithHeaders(map[string]string{"cookie": "cookie_session=" + u + "-raw"}))
		}, suffixes("raw")},
		{"session", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithSession(sessions[u]))
		}, suffixes("session")},
		{"source", func(u string) []authorizer.SharedOption {
			return oneOption(authorizer.WithTokenSource(fixedSource(u + "-source")))
		}, suffixes("source")},
		{"bearer and cookie", func(u string) []authorizer.SharedOption {
			return []authorizer.SharedOption{authorizer.WithBearerToken(u + "-bearer"), authorizer.WithCookie("cookie_session", u+"-cookie")}
		}, suffixes("bearer", "cookie")},
		{"nobody", func(string) []authorizer.SharedOption { return oneOption(authorizer.WithoutUser()) }, suffixes()},
	}
}

// level is one of the places where options are given: client, view, call.
var named = regexp.MustCompile(`\b(alice|bob|carol)-[a-z]+`)

// found are the credentials in all headers of a request.
func found(r *sdktest.Request) []string {
	var out []string
	for _, values := range r.Header {
		out = append(out, named.FindAllString(strings.Join(values, "; "), -1)...)
	}
	slices.Sort(out)
	return out
}

// expected is what the innermost level that says something asks for.
func expected(client, view, call credential) []string {
	for _, level := range []struct {
		user string
		c    credential
	}{{"carol", call}, {"bob", view}, {"alice", client}} {
		if level.c.sent != nil {
			want := level.c.sent(level.user)
			slices.Sort(want)
			return want
		}
	}
	return nil
}

// jarred is an http.Client that a program uses for other things, too: its jar
// holds a cookie for the server, and takes in what the server sets.
func jarred(t *testing.T, s *sdktest.Server) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(u, []*http.Cookie{{Name: "jar", Value: "alice-jar"}})
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	t.Cleanup(transport.CloseIdleConnections)
	// With a timeout of its own: only then net/http may come to look at the jar.
	return &http.Client{Jar: jar, Transport: transport, Timeout: time.Minute}
}

// Every combination of who a client, a view and a call are for: no request
// carries what belongs to two users, the second try of a call neither.
func TestTwoUsersNeverOnOneCall(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		seen := watchUsers(s)
		sessions := map[string]*authorizer.Session{}
		for _, u := range []string{"alice", "bob", "carol"} {
			sessions[u] = authorizer.NewSession(&http.Cookie{Name: "cookie_session", Value: u + "-session"})
		}
		hc := jarred(t, s)
		all := credentials(sessions)
		want := map[string][]string{}
		var calls []func() error
		for _, forClient := range all {
			opts := []authorizer.Option{authorizer.WithHTTPClient(hc), sdktest.QuickRetry(2)}
			for _, o := range forClient.options("alice") {
				opts = append(opts, o)
			}
			c := s.User(t, p, opts...)
			for _, forView := range all {
				view := c.With(callOptions(forView.options("bob"))...)
				for _, forCall := range all {
					id := fmt.Sprintf("%s, %s, %s", forClient.name, forView.name, forCall.name)
					want[id] = expected(forClient, forView, forCall)
					opts := append(callOptions(forCall.options("carol")), authorizer.WithHeader("x-case", id))
					calls = append(calls, func() error { _, err := view.Meta(t.Context(), opts...); return err })
				}
			}
		}
		atOnce(t, calls)
		for id, want := range want {
			for _, got := range seen(id) {
				if !slices.Equal(got, want) {
					t.Errorf("%s: sent %v, want %v", id, got, want)
				}
			}
			if n := len(seen(id)); n != 2 {
				t.Errorf("%s: sent %d times, want twice", id, n)
			}
		}
		for user, session := range sessions {
			for _, cookie := range session.Cookies() {
				if !strings.HasPrefix(cookie.Value, user) {
					t.Errorf("the session of %s holds %s", user, cookie.Value)
				}
			}
		}
	})
}

func callOptions(shared []authorizer.SharedOption) []authorizer.CallOption {
	var out []authorizer.CallOption
	for _, o := range shared {
		out = append(out, o)
	}
	return out
}

// watchUsers makes a server fail the first try of each call, and set a cookie
// for whoever called. What it returns gives the credentials that arrived for
// one case.
func watchUsers(s *sdktest.Server) func(id string) [][]string {
	var mu sync.Mutex
	seen := map[string][][]string{}
	s.On("meta", func(r *sdktest.Request) *sdktest.Answer {
		mu.Lock()
		defer mu.Unlock()
		id, who := r.Header.Get("X-Case"), found(r)
		seen[id] = append(seen[id], who)
		a := &sdktest.Answer{Header: http.Header{}}
		if len(who) > 0 {
			user, _, _ := strings.Cut(who[0], "-")
			a.Header.Set("Set-Cookie", "cookie_session="+user+"-session; Max-Age=100")
		}
		if len(seen[id]) == 1 {
			a.Status, a.Code = 503, codes.Unavailable
		}
		return a
	})
	return func(id string) [][]string {
		mu.Lock()
		defer mu.Unlock()
		return seen[id]
	}
}

// atOnce makes calls from several goroutines.
func atOnce(t *testing.T, calls []func() error) {
	t.Helper()
	queue := make(chan func() error)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for call := range queue {
				if err := call(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for _, call := range calls {
		queue <- call
	}
	close(queue)
	wg.Wait()
}

// WithBearer and WithSession make views whose users are apart, over the same
// connections.
func TestViewsShareConnections(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", func(r *sdktest.Request) *sdktest.Answer {
			return sdktest.SetCookies("cookie_session=of-" + r.Cookie("cookie_session") + "; Max-Age=100")
		})
		c := s.User(t, p, authorizer.WithBearerToken("alice-bearer"))
		session := authorizer.NewSession(&http.Cookie{Name: "cookie_session", Value: "carol-session"})
		bob, carol := c.WithBearer("bob-bearer"), c.WithSession(session)
		remotes := map[string]bool{}
		for _, test := range []struct {
			c    *authorizer.Client
			want string
		}{{c, "[alice-bearer]"}, {bob, "[bob-bearer]"}, {carol, "[carol-session]"}, {c, "[alice-bearer]"}} {
			s.Forget()
			if _, err := test.c.Meta(t.Context()); err != nil {
				t.Fatal(err)
			}
			call := s.Calls("meta")[0]
			remotes[call.Remote] = true
			if got := fmt.Sprint(found(call)); got != test.want {
				t.Errorf("sent %s, want %s", got, test.want)
			}
		}
		if len(remotes) != 1 {
			t.Errorf("%d connections, want one", len(remotes))
		}
		if err := carol.Close(); err != nil {
			t.Error(err)
		}
		if _, err := c.Meta(t.Context()); err != nil {
			t.Errorf("closing a view closed the client: %v", err)
		}
	})
}
