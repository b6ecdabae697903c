package authorizertest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

const zoe = "zoe@example.com"

func lastMail(t *testing.T, srv *authorizertest.Server, to string) authorizertest.Mail {
	t.Helper()
	m, ok := srv.Outbox().Last(to)
	if !ok {
		t.Fatalf("nothing was sent to %s", to)
	}
	return m
}

func TestMagicLink(t *testing.T) {
	overEach(t, authorizertest.Settings{EmailVerification: true}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		_, err := c.MagicLinkLogin(t.Context(), &authorizer.MagicLinkLoginRequest{Email: zoe})
		if err != nil {
			t.Fatal(err)
		}
		m := lastMail(t, srv, zoe)
		if m.Event != "magic_link_login" || !strings.Contains(m.Link, m.Token) || !strings.Contains(m.Body, "verify_email?token=") {
			t.Errorf("mail is %+v", m)
		}
		location := follow(t, m.Link)
		token := location.Query().Get("access_token")
		profile, err := c.Profile(t.Context(), authorizer.WithBearerToken(token))
		if err != nil || profile.Email != zoe || !profile.EmailVerified || profile.SignupMethods != "magic_link_login" {
			t.Errorf("profile is %+v, %v", profile, err)
		}
		if got := follow(t, m.Link).Query().Get("error"); got != "record not found" {
			t.Errorf("the link works twice: %q", got)
		}
	})
}

// follow is what a browser does with the link of a mail: it returns where it is
// sent.
func follow(t *testing.T, link string) *url.URL {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(link)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	location, err := res.Location()
	if err != nil {
		t.Fatalf("status %d: %v", res.StatusCode, err)
	}
	return location
}

func TestResetPassword(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		signup(t, c, zoe)
		if _, err := c.ForgotPassword(t.Context(), &authorizer.ForgotPasswordRequest{Email: authorizer.Ptr(zoe)}); err != nil {
			t.Fatal(err)
		}
		reset := &authorizer.ResetPasswordRequest{Token: authorizer.Ptr(lastMail(t, srv, zoe).Token), Password: "Other@1234", ConfirmPassword: "Other@1234"}
		srv.Clock().Advance(31 * time.Minute)
		_, err := c.ResetPassword(t.Context(), reset)
		wantError(t, err, authorizer.CodeInvalidArgument, "invalid token")
		srv.Clock().Advance(-31 * time.Minute)
		if _, err := c.ResetPassword(t.Context(), reset); err != nil {
			t.Fatal(err)
		}
		_, err = c.Login(t.Context(), &authorizer.LoginRequest{Email: authorizer.Ptr(zoe), Password: password})
		wantError(t, err, authorizer.CodeUnauthenticated, "invalid credentials")
		if _, err := c.Login(t.Context(), &authorizer.LoginRequest{Email: authorizer.Ptr(zoe), Password: "Other@1234"}); err != nil {
			t.Error(err)
		}
	})
}

func TestEmailOTP(t *testing.T) {
	settings := authorizertest.Settings{MultiFactor: true, EmailOTP: true, EnforceMultiFactor: true}
	overEach(t, settings, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		session := authorizer.NewSession()
		c := user(t, srv, protocol).WithSession(session)
		signup(t, c, zoe)
		if res := login(t, c, zoe); !res.ShouldShowEmailOTPScreen || res.AccessToken != "" {
			t.Fatalf("login did not ask for the code: %s", res.Message)
		}
		code := lastMail(t, srv, zoe).OTP
		verify := func(code string) (*authorizer.AuthResponse, error) {
			return c.VerifyOTP(t.Context(), &authorizer.VerifyOTPRequest{Email: authorizer.Ptr(zoe), OTP: code})
		}
		_, err := verify("000000")
		wantError(t, err, authorizer.CodeInvalidArgument, "invalid otp")
		srv.Clock().Advance(61 * time.Second)
		_, err = verify(code)
		wantError(t, err, authorizer.CodeInvalidArgument, "otp expired")
		login(t, c, zoe)
		res, err := verify(lastMail(t, srv, zoe).OTP)
		if err != nil || res.AccessToken == "" {
			t.Fatal(err)
		}
		_, err = verify(code)
		wantError(t, err, authorizer.CodeNotFound, "OTP not found")
	})
}

func TestPhone(t *testing.T) {
	const phone = "+14155550100"
	overEach(t, authorizertest.Settings{PhoneVerification: true}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol).WithSession(authorizer.NewSession())
		res, err := c.Signup(t.Context(), &authorizer.SignupRequest{PhoneNumber: authorizer.Ptr(phone), Password: password, ConfirmPassword: password})
		if err != nil || !res.ShouldShowMobileOTPScreen {
			t.Fatalf("%v", err)
		}
		m := lastMail(t, srv, phone)
		if !m.SMS || !strings.HasSuffix(m.Body, m.OTP) {
			t.Errorf("message is %+v", m)
		}
		verified, err := c.VerifyOTP(t.Context(), &authorizer.VerifyOTPRequest{PhoneNumber: authorizer.Ptr(phone), OTP: m.OTP})
		if err != nil || !verified.User.PhoneNumberVerified {
			t.Errorf("%v", err)
		}
	})
}

func TestTOTP(t *testing.T) {
	settings := authorizertest.Settings{MultiFactor: true, TOTP: true, EnforceMultiFactor: true}
	overEach(t, settings, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol).WithSession(authorizer.NewSession())
		signup(t, c, zoe)
		setup := login(t, c, zoe)
		if !setup.ShouldShowTOTPScreen || len(setup.AuthenticatorRecoveryCodes) != 10 || setup.AuthenticatorScannerImage == "" {
			t.Fatalf("no authenticator to set up: %s", setup.Message)
		}
		verify := func(code string) error {
			_, err := c.VerifyOTP(t.Context(), &authorizer.VerifyOTPRequest{Email: authorizer.Ptr(zoe), OTP: code, IsTOTP: authorizer.Ptr(true)})
			return err
		}
		code, err := totp.GenerateCode(setup.AuthenticatorSecret, srv.Clock().Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(code); err != nil {
			t.Error(err)
		}
		if again := login(t, c, zoe); again.AuthenticatorSecret != "" {
			t.Error("a user who is set up gets another secret")
		}
		if protocol != "graphql" { // as on the real server, whose own recovery codes are longer than that
			wantError(t, verify(setup.AuthenticatorRecoveryCodes[0]), authorizer.CodeInvalidArgument, "validation error: otp: must be at most 16 characters")
			return
		}
		if err := verify(setup.AuthenticatorRecoveryCodes[0]); err != nil {
			t.Error(err)
		}
		wantError(t, verify(setup.AuthenticatorRecoveryCodes[0]), authorizer.CodeInternal, "error while validating recovery code")
	})
}

func TestMailTemplate(t *testing.T) {
	srv := authorizertest.New(t, authorizertest.WithSettings(authorizertest.Settings{EmailVerification: true}))
	a := admin(t, srv, "graphql")
	_, err := a.AddEmailTemplate(t.Context(), &authorizer.AddEmailTemplateRequest{
		EventName: "basic_auth_signup", Subject: "Welcome {{.user.email}}", Template: `<a href="{{.verification_url}}">here</a>`,
	})
	if err != nil {
		t.Fatal(err)
	}
	signup(t, user(t, srv, "graphql"), zoe)
	if m := lastMail(t, srv, zoe); m.Subject != "Welcome "+zoe || !strings.Contains(m.Body, ">here</a>") {
		t.Errorf("mail is %+v", m)
	}
}
