package authorizer_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// cookieServer behaves as the server does about session cookies: a login sets
// two of the same value, session rotates them, and the old ones are dead.
type cookieServer struct {
	mu      sync.Mutex
	current string
	count   int
}

// attributes are those of the real server's cookies.
const attributes = "; Path=/; Domain=localhost; Max-Age=86400; HttpOnly; Secure; SameSite=None"

func (s *cookieServer) next() *sdktest.Answer {
	s.count++
	s.current = fmt.Sprintf("session-value-%d", s.count)
	return sdktest.SetCookies("cookie_session="+s.current+attributes, "cookie_session_domain="+s.current+attributes)
}

func (s *cookieServer) login(*sdktest.Request) *sdktest.Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.next()
}

// valid refuses what does not come with the current cookie.
func (s *cookieServer) valid(then func() *sdktest.Answer) sdktest.Handler {
	return func(r *sdktest.Request) *sdktest.Answer {
		s.mu.Lock()
		defer s.mu.Unlock()
		if value := r.Cookie("cookie_session"); value == "" || value != s.current || value != r.Cookie("cookie_session_domain") {
			return sdktest.Fail(codes.Unauthenticated, "unauthorized")
		}
		return then()
	}
}

func (s *cookieServer) install(on *sdktest.Server) {
	on.On("login", s.login)
	on.On("session", s.valid(s.next))
	on.On("validatesession", s.valid(func() *sdktest.Answer { return nil }))
	on.On("profile", s.valid(func() *sdktest.Answer { return nil }))
}

// must fails the test at once.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A login, a rotation and a logout with nothing but the SDK.
func TestSessionFromLoginToLogout(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		new(cookieServer).install(s)
		session := authorizer.NewSession()
		c := s.User(t, p).WithSession(session)
		login := func() { _, err := c.Login(t.Context(), nil); must(t, err) }
		login()
		_, err := c.ValidateSession(t.Context(), nil)
		must(t, err)
		before := fmt.Sprint(values(session))
		_, err = c.Session(t.Context(), nil)
		must(t, err)
		if after := fmt.Sprint(values(session)); before != "[session-value-1 session-value-1]" || after != "[session-value-2 session-value-2]" {
			t.Errorf("the cookies were %s and are %s", before, after)
		}
		_, err = c.Profile(t.Context())
		must(t, err)

		// A logout that fails ends nothing.
		s.On("logout", always(sdktest.Fail(codes.Internal, "record not found")))
		if _, err := c.Logout(t.Context()); err == nil || len(session.Cookies()) != 2 {
			t.Errorf("after a logout that failed with %v: %d cookies", err, len(session.Cookies()))
		}
		s.On("logout", nil)
		_, err = c.Logout(t.Context())
		must(t, err)
		if got := s.Calls("logout"); len(session.Cookies()) != 0 || got[len(got)-1].Cookie("cookie_session") == "" {
			t.Errorf("after logout: %d cookies", len(session.Cookies()))
		}
		if _, err := c.Profile(t.Context()); !errors.Is(err, authorizer.ErrUnauthenticated) {
			t.Errorf("after logout: %v", err)
		}
		login()
		_, err = c.DeactivateAccount(t.Context())
		must(t, err)
		if len(session.Cookies()) != 0 {
			t.Errorf("after deactivate_account: %d cookies", len(session.Cookies()))
		}
	})
}

func values(s *authorizer.Session) []string {
	var out []string
	for _, c := range s.Cookies() {
		out = append(out, c.Value)
	}
	return out
}

// A session can be kept and taken up again, over another protocol as well.
func TestSessionIsKeptElsewhere(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		new(cookieServer).install(s)
		first := authorizer.NewSession()
		c := s.User(t, p)
		_, err := c.Login(t.Context(), nil, authorizer.WithSession(first))
		must(t, err)
		kept := first.Cookies()
		for _, cookie := range kept {
			if left := time.Until(cookie.Expires); left < 23*time.Hour || left > 24*time.Hour || !cookie.Secure {
				t.Errorf("%s: ends in %s, secure %t", cookie.Name, left, cookie.Secure)
			}
		}
		second := authorizer.NewSession(kept...)
		for _, p := range sdktest.Protocols() {
			_, err = c.WithSession(second).Profile(t.Context(), authorizer.WithProtocol(p))
			must(t, err)
		}
	})
}

// A second step of a login is bound to a cookie that the first step sets.
func TestMFAIsFinishedWithTheSDKAlone(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("login", always(sdktest.SetCookies("mfa_session=mfa-value-1"+attributes)))
		s.On("verifyotp", func(r *sdktest.Request) *sdktest.Answer {
			if r.Cookie("mfa_session") != "mfa-value-1" {
				return sdktest.Fail(codes.Unauthenticated, "invalid session")
			}
			return sdktest.SetCookies("mfa_session=; Max-Age=0", "cookie_session=session-value-1"+attributes)
		})
		session := authorizer.NewSession()
		c := s.User(t, p).WithSession(session)
		_, err := c.Login(t.Context(), nil)
		must(t, err)
		_, err = c.VerifyOTP(t.Context(), &authorizer.VerifyOTPRequest{OTP: "123456"})
		must(t, err)
		if got := fmt.Sprint(values(session)); got != "[session-value-1]" {
			t.Errorf("the session holds %s", got)
		}
	})
}

// Cookies end as they say, whichever way they say it.
func TestCookiesEnd(t *testing.T) {
	past, future := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		for name, test := range map[string]struct {
			set  string
			want int
		}{
			"for the session": {"c=new", 1}, "Max-Age": {"c=new; Max-Age=60", 1}, "Expires": {"c=new; Expires=" + future, 1},
			"Max-Age 0": {"c=new; Max-Age=0", 0}, "Max-Age below 0": {"c=new; Max-Age=-1", 0}, "Expires in the past": {"c=new; Expires=" + past, 0},
			"Max-Age wins": {"c=new; Max-Age=60; Expires=" + past, 1}, "Max-Age 0 wins": {"c=new; Max-Age=0; Expires=" + future, 0},
			"emptied": {"c=", 0}, "for ever": {"c=new; Max-Age=9300000000", 1},
		} {
			s.On("meta", always(sdktest.SetCookies(test.set)))
			session := authorizer.NewSession(&http.Cookie{Name: "c", Value: "old"})
			_, err := s.User(t, p).WithSession(session).Meta(t.Context())
			must(t, err)
			if got := values(session); len(got) != test.want || test.want == 1 && got[0] != "new" {
				t.Errorf("%s: the session holds %v", name, got)
			}
		}
	})
}

// The value of the admin cookie is escaped over GraphQL and not over the
// others. It goes back as it came.
func TestAdminCookieGoesBackAsItCame(t *testing.T) {
	raw := "$2a$10$abc/def.=+ghi"
	escaped := "%242a%2410%24abc%2Fdef.%3D%2Bghi"
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		value := raw
		if p == authorizer.ProtocolGraphQL {
			value = escaped
		}
		s := sdktest.Start(t)
		set := "authorizer-admin=" + value + "; Path=/; Domain=localhost; Max-Age=3600; HttpOnly; Secure; SameSite=Strict"
		s.On("adminlogin", always(sdktest.SetCookies(set)))
		session := authorizer.NewSession()
		c := s.Admin(t, p).WithSession(session)
		_, err := c.AdminLogin(t.Context(), &authorizer.AdminLoginRequest{AdminSecret: sdktest.AdminSecret})
		must(t, err)
		_, err = c.AdminSession(t.Context())
		must(t, err)
		if got := s.Calls("adminsession")[0].Header.Get("Cookie"); got != "authorizer-admin="+value {
			t.Errorf("sent %q, want the value %q", got, value)
		}
		s.On("adminlogout", always(sdktest.Fail(codes.Internal, "record not found")))
		if _, err := c.AdminLogout(t.Context()); err == nil || len(session.Cookies()) != 1 {
			t.Errorf("after a logout that failed with %v: %d cookies", err, len(session.Cookies()))
		}
		s.On("adminlogout", nil)
		if _, err := c.AdminLogout(t.Context()); err != nil || len(session.Cookies()) != 0 {
			t.Errorf("after admin_logout, %v: %d cookies", err, len(session.Cookies()))
		}
	})
}

// elsewhere are options by which a name that is not loopback leads to the
// server.
func elsewhere(s *sdktest.Server) []authorizer.Option {
	return []authorizer.Option{
		authorizer.WithHTTPClient(&http.Client{Transport: &http.Transport{
			DisableKeepAlives: true,
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", s.HTTPAddr())
			},
		}}),
		authorizergrpc.WithDialOptions(grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", s.GRPCAddr())
		})),
	}
}

// far is an endpoint that is not loopback, and resolved without asking anyone.
const far = "192.0.2.1"

func TestSecureCookiesNeedASecureConnection(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		open := &http.Cookie{Name: "open", Value: "open-value"}
		secure := &http.Cookie{Name: "guarded", Value: "guarded-value", Secure: true}
		allow := []authorizer.Option{}
		if p == authorizer.ProtocolGRPC {
			allow = append(allow, authorizer.WithInsecureGRPC())
		}
		remote := sdktest.NewUser(t, "http://"+far, far+":9091", p, append(elsewhere(s), allow...)...)
		local := s.User(t, p)

		_, err := local.WithSession(authorizer.NewSession(open, secure)).Meta(t.Context())
		must(t, err)
		if got := s.Calls("meta")[0].Header.Get("Cookie"); !strings.Contains(got, "guarded=guarded-value") || !strings.Contains(got, "open=open-value") {
			t.Errorf("to loopback: sent %q", got)
		}
		s.Forget()
		_, err = remote.WithSession(authorizer.NewSession(open)).Meta(t.Context())
		must(t, err)
		if got := s.Calls("meta")[0].Header.Get("Cookie"); got != "open=open-value" {
			t.Errorf("in the open: sent %q", got)
		}
		if p == authorizer.ProtocolGRPC {
			return // whoever allows the rest has allowed this
		}
		s.Forget()
		_, err = remote.WithSession(authorizer.NewSession(secure)).Meta(t.Context())
		for _, call := range s.Calls("") {
			if strings.Contains(call.Header.Get("Cookie"), "guarded") {
				t.Errorf("a secure cookie was sent in the open")
			}
		}
		if !errors.Is(err, authorizer.ErrFailedPrecondition) || len(s.Calls("")) != 0 {
			t.Errorf("got %v after %d calls", err, len(s.Calls("")))
		}
		_, err = remote.WithSession(authorizer.NewSession(secure)).Meta(t.Context(), authorizer.WithInsecureCookies())
		if err != nil || s.Calls("meta")[0].Cookie("guarded") != "guarded-value" {
			t.Errorf("allowed: %v", err)
		}
	})
}

func TestResponseInfo(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("meta", func(r *sdktest.Request) *sdktest.Answer {
			a := sdktest.SetCookies("cookie_session=info-value-1; Max-Age=100")
			a.Header.Set("X-Request-Id", fmt.Sprint("request-", r.Nth))
			if r.Nth == 1 {
				a.Status, a.Code = 503, codes.Unavailable
			}
			return a
		})
		var info authorizer.ResponseInfo
		_, err := s.User(t, p, sdktest.QuickRetry(2)).Meta(t.Context(), authorizer.WithResponseInfo(&info))
		must(t, err)
		status := 200
		if p == authorizer.ProtocolGRPC {
			status = 0
		}
		if info.Protocol != p || info.Attempts != 2 || info.HTTPStatus != status || info.Header.Get("X-Request-Id") != "request-2" {
			t.Errorf("got %+v with %v", info, info.Header)
		}
		if cookies := info.Cookies(); len(cookies) != 1 || cookies[0].Value != "info-value-1" || cookies[0].MaxAge != 100 {
			t.Errorf("cookies: %v", cookies)
		}

		s.On("meta", always(&sdktest.Answer{Code: codes.Unauthenticated, Message: "unauthorized", Header: http.Header{"X-Request-Id": {"failed"}}}))
		if _, err := s.User(t, p).Meta(t.Context(), authorizer.WithResponseInfo(&info)); err == nil || info.Header.Get("X-Request-Id") != "failed" || info.Attempts != 1 {
			t.Errorf("of a failure: %v, %+v with %v", err, info, info.Header)
		}
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.User(t, p).Meta(over, authorizer.WithResponseInfo(&info)); err == nil || info.Protocol != p || info.Attempts != 0 || info.Header != nil {
			t.Errorf("of a call that was not sent: %v, %+v with %v", err, info, info.Header)
		}
	})
}

// A cookie goes back as it came, whatever its value: with blanks, in quotes.
func TestCookiesGoBackAsTheyCame(t *testing.T) {
	const first, second = `a="canary-1 canary-2"; b=canary-3 canary-4; c="canary-5"; d=e,f`, `b=canary-3 canary-4; c="canary-5"; d=e,f`
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		s := sdktest.Start(t)
		s.On("login", func(*sdktest.Request) *sdktest.Answer { return sdktest.SetCookies(strings.Split(first, "; ")...) })
		s.On("profile", func(r *sdktest.Request) *sdktest.Answer {
			answer := sdktest.Fail(codes.Internal, "cannot read canary-3 canary-4 and canary-5")
			if r.Nth == 2 {
				answer.Header = http.Header{"Set-Cookie": {"a=; Max-Age=0"}}
			}
			return answer
		})
		session := authorizer.NewSession()
		c := s.User(t, p).WithSession(session)
		_, err := c.Login(t.Context(), nil)
		must(t, err)
		elsewhere := s.User(t, p).WithSession(authorizer.NewSession(session.Cookies()...))
		for i, c := range []*authorizer.Client{c, elsewhere, elsewhere} {
			_, err = c.Profile(t.Context())
			if !strings.Contains(err.Error(), "cannot read [redacted] and [redacted]") {
				t.Fatalf("call %d: %v", i+1, err)
			}
		}
		for i, want := range []string{first, first, second} {
			if got := s.Calls("profile")[i].Header.Get("Cookie"); got != want {
				t.Errorf("call %d sent %s, want %s", i+1, got, want)
			}
		}
	})
}

// Two servers answer the first calls of one session at the same time: it becomes
// that of one of them, and no cookie goes to the other.
func TestSessionOfTwoServersAtOnce(t *testing.T) {
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		a, b := sdktest.Start(t), sdktest.Start(t)
		session := authorizer.NewSession()
		toA, toB := a.User(t, p).WithSession(session), b.User(t, p).WithSession(session)
		a.On("login", func(*sdktest.Request) *sdktest.Answer { return sdktest.SetCookies("a=1") })
		b.On("login", func(r *sdktest.Request) *sdktest.Answer {
			if _, err := toA.Login(r.Context, nil); err != nil {
				t.Error(err)
			}
			return sdktest.SetCookies("b=2")
		})
		_, err := toB.Login(t.Context(), nil)
		must(t, err)
		if _, err := toB.Profile(t.Context()); !errors.Is(err, authorizer.ErrFailedPrecondition) || len(b.Calls("profile")) != 0 {
			t.Errorf("to the other server: %v after %d calls", err, len(b.Calls("profile")))
		}
		_, err = toA.Profile(t.Context())
		must(t, err)
		if got := a.Calls("profile")[0].Header.Get("Cookie"); got != "a=1" {
			t.Errorf("sent %q, want a=1", got)
		}
	})
}
