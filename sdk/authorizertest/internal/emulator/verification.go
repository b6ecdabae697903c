package emulator

import (
	"context"
	"encoding/base64"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// verification is the open verification of an address, or nil.
func (e *Emulator) verification(email, kind string) *authorizer.VerificationRequest {
	return find(e.verifications, func(v *authorizer.VerificationRequest) bool { return v.Email == email && v.Identifier == kind })
}

// redirect is where a link leads to: what the request says, if that is allowed,
// or the server's own page.
func (e *Emulator) redirect(c *Call, wanted *string) (string, error) {
	if wanted == nil {
		return c.url() + "/app", nil
	}
	if !e.redirectAllowed(c, *wanted) {
		return "", invalid("invalid redirect URI")
	}
	return *wanted, nil
}

// verify opens a verification of an address, in place of one of the same kind,
// and returns the token that closes it.
func (e *Emulator) verify(c *Call, email, kind, redirect string) string {
	return e.verifyAs(c, email, kind, kind, redirect)
}

// verifyAs is verify where the token says another kind than the list.
func (e *Emulator) verifyAs(c *Call, email, identifier, kind, redirect string) string {
	nonce := base64.StdEncoding.EncodeToString([]byte(newID()))
	token := e.verificationToken(c, email, nonce, redirect, kind)
	v := e.verification(email, identifier)
	if v == nil {
		v = &authorizer.VerificationRequest{ID: newID(), Identifier: identifier, Email: email, CreatedAt: e.now(), UpdatedAt: e.now()}
		e.verifications = append(e.verifications, v)
	}
	v.Token, v.Nonce, v.RedirectURI, v.Expires = token, nonce, redirect, e.now()+verificationLifetime
	return token
}

// mailVerification opens a verification and mails the link that closes it.
func (e *Emulator) mailVerification(c *Call, a *account, email, kind, redirect string) {
	token := e.verify(c, email, kind, redirect)
	e.send(message{to: email, event: kind, user: a, token: token, link: c.url() + "/verify_email?token=" + token + "&redirect_uri=" + redirect})
}

// opened is the open verification that a token closes, or nil if the token is
// not good.
func (e *Emulator) opened(c *Call, token string) *authorizer.VerificationRequest {
	v := find(e.verifications, func(v *authorizer.VerificationRequest) bool { return v.Token == token })
	if v == nil {
		return nil
	}
	claims, err := e.parse(token)
	if err != nil || !e.holds(c, claims, v.Nonce, v.Email) {
		return nil
	}
	return v
}

// MagicLinkLogin mails a link that logs the user in.
func (e *Emulator) MagicLinkLogin(ctx context.Context, req *authorizer.MagicLinkLoginRequest) (*authorizer.MagicLinkLoginResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	res := &authorizer.MagicLinkLoginResponse{Message: "If an account exists for this email, a magic link has been sent. Please check your inbox. If you don't receive it within a few minutes, double-check the email address for typos."}
	email := strings.ToLower(req.Email)
	switch {
	case e.settings.NoMagicLink:
		return nil, precondition("magic link login is disabled for this instance")
	case !validEmail(email):
		return nil, invalid("invalid email address")
	}
	a, roles, err := e.magicLinkUser(email, req.Roles)
	if err != nil {
		return nil, err
	}
	if a.revokedAt != nil {
		return res, nil
	}
	if e.settings.EmailVerification {
		redirect, err := e.redirect(c, req.RedirectURI)
		if err != nil {
			return nil, err
		}
		e.mailVerification(c, a, email, verifyMagicLink, magicRedirect(redirect, roles, req))
	}
	e.log(c, byUser("user.magic_link_requested", "user", a))
	return res, nil
}

// magicLinkUser is the user of an address, made if there is none, and the roles
// that the link is for.
func (e *Emulator) magicLinkUser(email string, wanted []string) (*account, []string, error) {
	a := e.userByEmail(email)
	if a == nil {
		return e.newMagicLinkUser(email, wanted)
	}
	if a.revokedAt != nil {
		return a, nil, nil
	}
	var roles []string // the real server forgets those of the request
	if len(wanted) == 0 {
		roles = e.settings.DefaultRoles
	}
	for _, role := range roles {
		if contains(a.roles, role) {
			continue
		}
		if contains(e.settings.ProtectedRoles, role) {
			return nil, nil, invalid("invalid roles")
		}
		a.roles = append(a.roles, role)
	}
	a.addSignupMethod(methodMagicLink)
	a.updatedAt = e.now()
	return a, roles, nil
}

func (e *Emulator) newMagicLinkUser(email string, roles []string) (*account, []string, error) {
	if e.settings.NoSignUp {
		return nil, nil, precondition("signup is disabled for this instance")
	}
	if !among(roles, e.settings.Roles) {
		return nil, nil, invalid("invalid roles")
	}
	if len(roles) == 0 {
		roles = e.settings.DefaultRoles
	}
	a := &account{email: &email, signupMethods: methodMagicLink, roles: roles}
	e.addUser(a)
	e.fire(event{eventCreated, methodMagicLink, a})
	return a, roles, nil
}

// magicRedirect is where the link leads to in the end, with what the login is to
// be like.
func magicRedirect(redirect string, roles []string, req *authorizer.MagicLinkLoginRequest) string {
	params := "roles=" + strings.Join(roles, ",")
	if req.State != nil {
		params += "&state=" + *req.State
	}
	if len(req.Scope) > 0 {
		params += "&scope=" + strings.Join(req.Scope, " ")
	}
	if strings.Contains(redirect, "?") {
		return redirect + "&" + "&" + params // sic
	}
	return redirect + "?" + params
}

// VerifyEmail confirms an address and logs its user in.
func (e *Emulator) VerifyEmail(ctx context.Context, req *authorizer.VerifyEmailRequest) (*authorizer.AuthResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	v := e.opened(c, req.Token)
	if v == nil {
		return nil, invalid("invalid verification token")
	}
	a := e.userByEmail(v.Email)
	switch {
	case a == nil:
		return nil, noRecord()
	case a.revokedAt != nil:
		return nil, precondition("user access has been revoked")
	case value(a.multiFactor) && e.settings.MultiFactor && e.settings.TOTP:
		return e.askTOTP(c, a), nil
	}
	method, signup := e.closeVerification(v, a)
	res := e.logIn(c, login{user: a, method: method, roles: a.roles, state: req.State, message: "Email verified successfully.", noGrant: true})
	e.fireVerified(a, method, signup)
	e.log(c, byUser("user.email_verified", "user", a))
	return res, nil
}

// closeVerification notes that the address is the user's. It returns how he is
// logged in by that, and whether it finishes his sign-up.
func (e *Emulator) closeVerification(v *authorizer.VerificationRequest, a *account) (method string, signup bool) {
	if signup = !a.emailVerified; signup {
		a.emailVerified, a.updatedAt = true, e.now()
	}
	e.verifications = without(e.verifications, v)
	if v.Identifier == verifyMagicLink {
		return methodMagicLink, signup
	}
	return methodBasicAuth, signup
}

// fireVerified tells webhooks of a login that verified an address or number.
func (e *Emulator) fireVerified(a *account, method string, signup bool) {
	if signup {
		e.fire(event{eventSignup, method, a}, event{eventLogin, method, a})
		return
	}
	e.fire(event{eventLogin, method, a})
}

// ResendVerifyEmail mails the link of an open verification again.
func (e *Emulator) ResendVerifyEmail(ctx context.Context, req *authorizer.ResendVerifyEmailRequest) (*authorizer.ResendVerifyEmailResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	email := strings.ToLower(req.Email)
	switch {
	case !validEmail(email):
		return nil, invalid("invalid email")
	case !contains([]string{verifySignup, verifyPassword, verifyNewEmail}, req.Identifier):
		return nil, invalid("invalid identifier")
	}
	res := &authorizer.ResendVerifyEmailResponse{Message: "If a verification is pending for this email, a new link has been sent. Please check your inbox. If you don't receive it within a few minutes, double-check the email address for typos."}
	a, v := e.userByEmail(email), e.verification(email, req.Identifier)
	if a == nil || v == nil {
		return res, nil
	}
	e.verifications = without(e.verifications, v)
	e.mailVerification(c, a, email, req.Identifier, v.RedirectURI)
	e.log(c, byUser("user.verify_email_resent", "user", a))
	return res, nil
}

// VerificationRequests lists the open verifications.
func (e *Emulator) VerificationRequests(ctx context.Context, req *authorizer.VerificationRequestsRequest) (*authorizer.VerificationRequestsResponse, error) {
	defer e.lock()()
	items, at := page(e.verifications, req.Pagination)
	return &authorizer.VerificationRequestsResponse{VerificationRequests: items, Pagination: at}, nil
}
