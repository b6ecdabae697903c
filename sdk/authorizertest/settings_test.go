package authorizertest_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

func TestSettings(t *testing.T) {
	const phone = "+14155550100"
	byPhone := func(c *authorizer.Client) error {
		_, err := c.Signup(t.Context(), &authorizer.SignupRequest{PhoneNumber: authorizer.Ptr(phone), Password: password, ConfirmPassword: password})
		return err
	}
	byEmail := func(roles ...string) func(c *authorizer.Client) error {
		return func(c *authorizer.Client) error {
			_, err := c.Signup(t.Context(), &authorizer.SignupRequest{Email: authorizer.Ptr(zoe), Password: password, ConfirmPassword: password, Roles: roles})
			return err
		}
	}
	weak := func(c *authorizer.Client) error {
		_, err := c.Signup(t.Context(), &authorizer.SignupRequest{Email: authorizer.Ptr(zoe), Password: "simple", ConfirmPassword: "simple"})
		return err
	}
	magicLink := func(c *authorizer.Client) error {
		_, err := c.MagicLinkLogin(t.Context(), &authorizer.MagicLinkLoginRequest{Email: zoe})
		return err
	}
	for name, test := range map[string]struct {
		settings authorizertest.Settings
		call     func(*authorizer.Client) error
		message  string // empty: it works
	}{
		"no sign-up":           {authorizertest.Settings{NoSignUp: true}, byEmail(), "signup is disabled for this instance"},
		"no basic auth":        {authorizertest.Settings{NoBasicAuth: true}, byEmail(), "basic authentication is disabled for this instance"},
		"but by phone":         {authorizertest.Settings{NoBasicAuth: true}, byPhone, ""},
		"no mobile basic auth": {authorizertest.Settings{NoMobileBasicAuth: true}, byPhone, "mobile basic authentication is disabled for this instance"},
		"no magic link":        {authorizertest.Settings{NoMagicLink: true}, magicLink, "magic link login is disabled for this instance"},
		"a weak password":      {authorizertest.Settings{}, weak, "password is not valid. It needs to be at least 6 characters long and contain at least one number, one uppercase letter, one lowercase letter and one special character"},
		"which is allowed":     {authorizertest.Settings{NoStrongPassword: true}, weak, ""},
		"an unknown role":      {authorizertest.Settings{}, byEmail("editor"), "invalid roles"},
		"which is known":       {authorizertest.Settings{Roles: []string{"user", "editor"}}, byEmail("editor"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.call(user(t, authorizertest.New(t, authorizertest.WithSettings(test.settings)), "rest"))
			if (err == nil) != (test.message == "") || err != nil && !strings.Contains(err.Error(), test.message) {
				t.Errorf("error is %v, want %q", err, test.message)
			}
		})
	}
}

func TestAdminSecretHeaderCanBeOff(t *testing.T) {
	overEach(t, authorizertest.Settings{NoAdminSecretHeader: true}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		a := admin(t, srv, protocol)
		_, err := a.AdminMeta(t.Context())
		wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
		logged := a.WithSession(authorizer.NewSession())
		if _, err := logged.AdminLogin(t.Context(), &authorizer.AdminLoginRequest{AdminSecret: srv.AdminSecret}); err != nil {
			t.Fatal(err)
		}
		if _, err := logged.AdminMeta(t.Context()); err != nil {
			t.Errorf("with the cookie: %v", err)
		}
	})
}

// Only pages of allowed origins may change anything.
func TestOrigins(t *testing.T) {
	own := authorizertest.New(t)
	wildcard := authorizertest.New(t, authorizertest.WithSettings(authorizertest.Settings{AllowedOrigins: []string{"*.example.com", "http://localhost:3000"}}))
	for _, c := range []struct {
		srv    *authorizertest.Server
		origin string
		status int
	}{
		{own, own.URL, http.StatusBadRequest}, // past the check, the request is an empty one
		{own, "", http.StatusForbidden},
		{own, "https://app.example.com", http.StatusForbidden},
		{wildcard, "https://app.example.com", http.StatusBadRequest},
		{wildcard, "https://a.b.example.com", http.StatusBadRequest},
		{wildcard, "https://example.com", http.StatusForbidden},
		{wildcard, "https://app.example.com.evil.org", http.StatusForbidden},
		{wildcard, "https://appXexample.com", http.StatusForbidden},
		{wildcard, "http://localhost:3000", http.StatusBadRequest},
		{wildcard, "http://localhost:4000", http.StatusForbidden},
		{wildcard, "http://evillocalhost:3000", http.StatusForbidden},
	} {
		req, err := http.NewRequest(http.MethodPost, c.srv.URL+"/v1/login", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if c.origin != "" {
			req.Header.Set("Origin", c.origin)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		closed(t, res.Body.Close())
		if res.StatusCode != c.status {
			t.Errorf("origin %q: status %d, want %d", c.origin, res.StatusCode, c.status)
		}
	}
}

func TestResetPasswordByPhone(t *testing.T) {
	const phone = "+14155550100"
	srv := authorizertest.New(t)
	c := user(t, srv, "grpc").WithSession(authorizer.NewSession())
	if _, err := c.Signup(t.Context(), &authorizer.SignupRequest{PhoneNumber: authorizer.Ptr(phone), Password: password, ConfirmPassword: password}); err != nil {
		t.Fatal(err)
	}
	if res, err := c.ForgotPassword(t.Context(), &authorizer.ForgotPasswordRequest{PhoneNumber: authorizer.Ptr(phone)}); err != nil || !res.ShouldShowMobileOTPScreen {
		t.Fatalf("%v", err)
	}
	reset := &authorizer.ResetPasswordRequest{PhoneNumber: authorizer.Ptr(phone), OTP: authorizer.Ptr("000000"), Password: "Other@1234", ConfirmPassword: "Other@1234"}
	_, err := c.ResetPassword(t.Context(), reset)
	wantError(t, err, authorizer.CodeInvalidArgument, "invalid otp")
	reset.OTP = authorizer.Ptr(lastMail(t, srv, phone).OTP)
	_, err = user(t, srv, "grpc").ResetPassword(t.Context(), reset, authorizer.WithCookie("mfa_session", "of-another-login"))
	wantError(t, err, authorizer.CodeUnauthenticated, "invalid session")
	if _, err := c.ResetPassword(t.Context(), reset); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Login(t.Context(), &authorizer.LoginRequest{PhoneNumber: authorizer.Ptr(phone), Password: "Other@1234"}); err != nil {
		t.Error(err)
	}
}

// An admin who changes an address logs its user out, and the new address must be
// verified.
func TestAdminChangesAddress(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c, a := user(t, srv, protocol), admin(t, srv, protocol)
		res := signup(t, c, zoe)
		changed, err := a.UpdateUser(t.Context(), &authorizer.UpdateUserRequest{ID: res.User.ID, Email: authorizer.Ptr("New@example.com")})
		if err != nil || changed.Email != "new@example.com" || changed.EmailVerified {
			t.Fatalf("user is %+v, %v", changed, err)
		}
		_, err = c.Profile(t.Context(), authorizer.WithBearerToken(res.AccessToken))
		wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
		if _, err := c.VerifyEmail(t.Context(), &authorizer.VerifyEmailRequest{Token: lastMail(t, srv, "new@example.com").Token}); err != nil {
			t.Error(err)
		}
	})
}

// Many at once, over every protocol: for the race detector, and to see that
// nobody gets another's user.
func TestConcurrentCalls(t *testing.T) {
	srv := authorizertest.New(t)
	var wg sync.WaitGroup
	for i, protocol := range []string{"graphql", "rest", "grpc", "graphql", "rest", "grpc"} {
		c, a := user(t, srv, protocol), admin(t, srv, protocol)
		wg.Go(func() {
			email := fmt.Sprintf("user%d@example.com", i)
			token := authorizer.WithBearerToken(signup(t, c, email).AccessToken)
			for n := range 20 {
				name := fmt.Sprint(n)
				if _, err := c.UpdateProfile(t.Context(), &authorizer.UpdateProfileRequest{Nickname: &name, AppData: map[string]any{"n": n}}, token); err != nil {
					t.Error(err)
				}
				profile, err := c.Profile(t.Context(), token)
				if err != nil || profile.Email != email || profile.Nickname != name {
					t.Errorf("profile is %+v, %v", profile, err)
				}
				if _, err := a.Users(t.Context(), nil); err != nil {
					t.Error(err)
				}
				srv.Clock().Advance(time.Second)
				srv.Outbox().All()
			}
		})
	}
	wg.Wait()
}

// gate is an engine that allows everything, once as many calls ask as it waits
// for.
type gate struct {
	authorizertest.FGAEngine // nil: nothing else is called
	waiting                  sync.WaitGroup
}

func (g *gate) Check(_ context.Context, _ string, checks []authorizer.PermissionCheckInput) ([]bool, error) {
	g.waiting.Done()
	g.waiting.Wait()
	return slices.Repeat([]bool{true}, len(checks)), nil
}

// Of many who rotate one session at once, one gets the next one.
func TestOneRotation(t *testing.T) {
	const calls = 4
	engine := &gate{}
	engine.waiting.Add(calls)
	srv := authorizertest.New(t, authorizertest.WithFGA(engine))
	c := user(t, srv, "rest")
	var info authorizer.ResponseInfo
	signup(t, c, zoe)
	login(t, c, zoe, authorizer.WithResponseInfo(&info))
	session := authorizer.WithCookie("cookie_session", cookie(t, &info))
	won := make(chan error, calls)
	for range calls {
		go func() {
			_, err := c.Session(t.Context(), &authorizer.SessionRequest{
				RequiredRelations: []authorizer.FGARelationInput{{Relation: "viewer", Object: "document:1"}},
			}, session)
			won <- err
		}()
	}
	winners := 0
	for range calls {
		if err := <-won; err == nil {
			winners++
		} else {
			wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
		}
	}
	if winners != 1 {
		t.Errorf("%d calls rotated the session", winners)
	}
}
