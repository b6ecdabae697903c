package emulator

import (
	"context"
	"maps"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Signup creates an account.
func (e *Emulator) Signup(ctx context.Context, req *authorizer.SignupRequest) (*authorizer.AuthResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if err := e.checkSignup(req); err != nil {
		return nil, err
	}
	a := e.newAccount(c, req)
	verifyEmail := a.email != nil && e.settings.EmailVerification && !e.settings.NoMail
	verifyPhone := a.phone != nil && e.settings.PhoneVerification && !e.settings.NoSMS
	a.emailVerified = a.email != nil && !verifyEmail
	a.phoneVerified = a.phone != nil && !verifyPhone
	if a.phone != nil && e.userByPhone(*a.phone) != nil {
		return nil, internal("user with given phone number already exists")
	}
	e.addUser(a)
	switch {
	case verifyEmail:
		redirect, err := e.redirect(c, req.RedirectURI)
		if err != nil {
			return nil, err // the user stays, as on the real server
		}
		e.mailVerification(c, a, *a.email, verifySignup, redirect)
		e.fire(event{eventCreated, methodBasicAuth, a})
		return &authorizer.AuthResponse{Message: "Verification email has been sent. Please check your inbox"}, nil
	case verifyPhone:
		e.textOTP(c, a, phoneOTPLifetime)
		e.fire(event{eventCreated, methodMobileBasicAuth, a})
		return &authorizer.AuthResponse{Message: "Please check the OTP in your inbox", ShouldShowMobileOTPScreen: true}, nil
	}
	return e.signedUp(c, a, req), nil
}

func (e *Emulator) signedUp(c *Call, a *account, req *authorizer.SignupRequest) *authorizer.AuthResponse {
	res := e.logIn(c, login{
		user: a, method: methodBasicAuth, roles: a.roles, scope: req.Scope, state: req.State, message: "Signed up successfully.",
	})
	res.IDToken = "" // the real server keeps it to itself at sign-up
	method := methodBasicAuth
	if a.email == nil {
		method = methodMobileBasicAuth
	}
	e.fire(event{eventCreated, methodBasicAuth, a}, event{eventSignup, method, a}, event{eventLogin, method, a})
	e.log(c, byUser("user.signup", "user", a))
	return res
}

// checkSignup holds the request against the rules, in the real server's order.
func (e *Emulator) checkSignup(req *authorizer.SignupRequest) error {
	email, phone := trimmed(req.Email), trimmed(req.PhoneNumber)
	if email == "" && phone == "" {
		return invalid("email or phone number is required")
	}
	if e.settings.NoSignUp {
		return precondition("signup is disabled for this instance")
	}
	if req.ConfirmPassword != req.Password {
		return invalid("password and confirm password does not match")
	}
	if err := e.checkPassword(req.Password); err != nil {
		return err
	}
	if err := e.basicAuthEnabled(email != "", phone != ""); err != nil {
		return err
	}
	switch {
	case email != "" && !validEmail(email):
		return invalid("invalid email address")
	case phone != "" && len(phone) < 10:
		return invalid("invalid phone number")
	case email != "" && e.userByEmail(email) != nil, email == "" && e.userByPhone(phone) != nil:
		return invalid("signup failed. please check your credentials or try a different method")
	case !among(req.Roles, e.settings.Roles):
		return invalid("invalid roles")
	}
	return nil
}

// basicAuthEnabled is the error for logins by password that are turned off.
func (e *Emulator) basicAuthEnabled(byEmail, byPhone bool) error {
	switch {
	case byEmail && e.settings.NoBasicAuth:
		return precondition("basic authentication is disabled for this instance")
	case byPhone && e.settings.NoMobileBasicAuth:
		return precondition("mobile basic authentication is disabled for this instance")
	}
	return nil
}

func (e *Emulator) newAccount(c *Call, req *authorizer.SignupRequest) *account {
	a := &account{
		password: e.hash(req.Password), roles: req.Roles, givenName: req.GivenName, familyName: req.FamilyName,
		middleName: req.MiddleName, nickname: req.Nickname, gender: req.Gender, birthdate: req.Birthdate,
		picture: req.Picture, multiFactor: req.IsMultiFactorAuthEnabled, appData: maps.Clone(req.AppData),
	}
	if email := trimmed(req.Email); email != "" {
		a.email, a.signupMethods = &email, methodBasicAuth
	}
	if phone := trimmed(req.PhoneNumber); phone != "" {
		a.phone, a.signupMethods = &phone, methodMobileBasicAuth
	}
	if len(a.roles) == 0 {
		a.roles = e.settings.DefaultRoles
	}
	if a.multiFactor == nil && c.Protocol != authorizer.ProtocolGraphQL {
		a.multiFactor = authorizer.Ptr(false) // REST and gRPC cannot tell unset from false
	}
	if e.settings.EnforceMultiFactor {
		a.multiFactor = authorizer.Ptr(true)
	}
	return a
}
