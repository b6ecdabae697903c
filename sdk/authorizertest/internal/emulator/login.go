package emulator

import (
	"context"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// login says who logs in, and how.
type login struct {
	user         *account
	method       string
	roles, scope []string
	state        *string
	message      string
	// noNonce: the nonce that the state carries is not taken. noGrant: the
	// authorization code that the state carries does not become valid.
	noNonce, noGrant bool
}

// logIn makes a session, sets its cookies and answers with its tokens.
func (e *Emulator) logIn(c *Call, in login) *authorizer.AuthResponse {
	scope := in.scope
	if len(scope) == 0 {
		scope = []string{"openid", "email", "profile"}
	}
	p := e.takePending(in.state)
	nonce := newID()
	if p.code == "" && p.nonce != "" && !in.noNonce {
		nonce = p.nonce
	}
	oidcNonce := ""
	if p.code != "" {
		oidcNonce = p.nonce
	}
	s := e.issueTokens(c, issue{
		user: in.user, method: in.method, roles: in.roles, scope: scope, nonce: nonce, oidcNonce: oidcNonce, code: p.code,
	})
	e.keep(s)
	if p.code != "" && !in.noGrant {
		e.grants[p.code] = grant{pendingLogin: p, cookie: s.cookie}
	}
	c.setSession(s.cookie)
	return &authorizer.AuthResponse{
		Message: in.message, AccessToken: s.access, IDToken: s.idToken, RefreshToken: s.refresh,
		ExpiresIn: e.until(s.accessEnd), User: in.user.api(),
	}
}

// signedUpBy tells whether the user can log in in that way.
func signedUpBy(a *account, method string) bool { return strings.Contains(a.signupMethods, method) }

const badCredentials = "invalid credentials"

// Login logs a user in by password.
func (e *Emulator) Login(ctx context.Context, req *authorizer.LoginRequest) (*authorizer.AuthResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	email, phone := text(req.Email), text(req.PhoneNumber)
	if email == "" && phone == "" {
		return nil, invalid("email or phone number is required")
	}
	if err := e.basicAuthEnabled(email != "", phone != ""); err != nil {
		return nil, err
	}
	a, method := e.userByPhone(phone), methodMobileBasicAuth
	verified, service := a != nil && a.phoneVerified, !e.settings.NoSMS
	if email != "" {
		a, method = e.userByEmail(email), methodBasicAuth
		verified, service = a != nil && a.emailVerified, !e.settings.NoMail
	}
	if a == nil || a.revokedAt != nil || !signedUpBy(a, method) {
		return nil, unauthenticated(badCredentials)
	}
	if !verified {
		return e.loginUnverified(c, a, email != "", service)
	}
	if !e.matches(a.password, req.Password) {
		e.log(c, byUser("user.login_failed", "user", a))
		return nil, unauthenticated(badCredentials)
	}
	roles := e.settings.DefaultRoles
	if len(req.Roles) > 0 {
		if roles = req.Roles; !among(roles, a.roles) {
			return nil, invalid("invalid roles")
		}
	}
	if res := e.secondFactor(c, a, email != ""); res != nil {
		return res, nil
	}
	res := e.logIn(c, login{
		user: a, method: methodBasicAuth, roles: roles, scope: req.Scope, state: req.State, message: "Logged in successfully",
	})
	e.fire(event{eventLogin, method, a})
	e.log(c, byUser("user.login_success", "session", a))
	return res, nil
}

// loginUnverified sends a code to an address or number that is not verified yet,
// unless the verification of the sign-up is still open.
func (e *Emulator) loginUnverified(c *Call, a *account, byEmail, service bool) (*authorizer.AuthResponse, error) {
	if !service {
		return nil, unauthenticated(badCredentials)
	}
	if !byEmail {
		return e.sendPhoneOTP(c, a), nil
	}
	if v := e.verification(*a.email, verifySignup); v != nil {
		if v.Expires > e.now() {
			return nil, unauthenticated(badCredentials)
		}
		e.verifications = without(e.verifications, v)
	}
	return e.sendEmailOTP(c, a), nil
}

func (e *Emulator) sendEmailOTP(c *Call, a *account) *authorizer.AuthResponse {
	e.mailOTP(c, a, otpLifetime)
	e.fire(event{eventLogin, methodBasicAuth, a})
	return &authorizer.AuthResponse{Message: "Please check email inbox for the OTP", ShouldShowEmailOTPScreen: true}
}

func (e *Emulator) sendPhoneOTP(c *Call, a *account) *authorizer.AuthResponse {
	e.textOTP(c, a, otpLifetime)
	e.fire(event{eventLogin, methodMobileBasicAuth, a})
	return &authorizer.AuthResponse{Message: "Please check text message for the OTP", ShouldShowMobileOTPScreen: true}
}

// secondFactor is the answer to a login that needs one, nil if it does not.
func (e *Emulator) secondFactor(c *Call, a *account, byEmail bool) *authorizer.AuthResponse {
	s := e.settings
	switch {
	case !value(a.multiFactor) || !s.MultiFactor:
		return nil
	case byEmail && s.EmailOTP && !s.NoMail:
		return e.sendEmailOTP(c, a)
	case !byEmail && s.SMSOTP && !s.NoSMS:
		return e.sendPhoneOTP(c, a)
	case s.TOTP:
		return e.askTOTP(c, a)
	}
	return nil
}

// Logout ends the caller's session.
func (e *Emulator) Logout(ctx context.Context) (*authorizer.LogoutResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	s := e.caller(c)
	if s == nil {
		return nil, unauthorized()
	}
	e.end(s.sessionKey)
	c.endSession()
	e.log(c, entry{action: "user.logout", resource: "session", resourceID: s.user, actor: &account{id: s.user}})
	return &authorizer.LogoutResponse{Message: "Logged out successfully"}, nil
}
