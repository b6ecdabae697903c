package emulator

import (
	"context"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// ForgotPassword mails a link, or sends a code to a phone, to set a new password
// with.
func (e *Emulator) ForgotPassword(ctx context.Context, req *authorizer.ForgotPasswordRequest) (*authorizer.ForgotPasswordResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	email, phone := text(req.Email), text(req.PhoneNumber)
	s := e.settings
	switch {
	case email == "" && phone == "":
		return nil, invalid("email or phone number is required")
	case s.NoBasicAuth && email != "" && s.EmailVerification:
		return nil, precondition("basic authentication is disabled for this instance")
	case s.NoMobileBasicAuth && phone != "" && s.PhoneVerification:
		return nil, precondition("mobile basic authentication is disabled for this instance")
	}
	a := e.userByPhone(phone)
	if email != "" {
		a = e.userByEmail(email)
	}
	res := &authorizer.ForgotPasswordResponse{Message: "If an account exists for this email, a password reset link has been sent. Please check your inbox. If you don't receive it within a few minutes, double-check the email address for typos."}
	switch {
	case a == nil || a.revokedAt != nil:
		return res, nil
	case email == "":
		e.textOTP(c, a, otpLifetime)
		res = &authorizer.ForgotPasswordResponse{Message: "Please enter the OTP sent to your phone number and change your password.", ShouldShowMobileOTPScreen: true}
	default:
		redirect, err := e.resetPage(c, req.RedirectURI)
		if err != nil {
			return nil, err
		}
		token := e.verify(c, email, verifyPassword, redirect)
		e.send(message{to: email, event: verifyPassword, user: a, token: token, link: redirect + "?token=" + token})
	}
	e.log(c, byUser("user.forgot_password_requested", "user", a))
	return res, nil
}

func (e *Emulator) resetPage(c *Call, wanted *string) (string, error) {
	switch {
	case trimmed(wanted) != "":
		return e.redirect(c, wanted)
	case e.settings.ResetPasswordURL != "":
		return e.settings.ResetPasswordURL, nil
	}
	return c.url() + "/app/reset-password", nil
}

// ResetPassword sets a new password with the token of a mail or the code that
// was sent to a phone.
func (e *Emulator) ResetPassword(ctx context.Context, req *authorizer.ResetPasswordRequest) (*authorizer.ResetPasswordResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	byToken, byOTP := text(req.Token) != "", text(req.OTP) != ""
	switch {
	case !byToken && !byOTP:
		return nil, invalid("token or otp is required")
	case byOTP && text(req.PhoneNumber) == "":
		return nil, invalid("phone number is required")
	}
	if err := e.basicAuthEnabled(byToken, byOTP); err != nil {
		return nil, err
	}
	proof, err := e.resetProof(c, req)
	if err != nil {
		return nil, err
	}
	if req.Password != req.ConfirmPassword {
		return nil, invalid("passwords don't match")
	}
	if err := e.checkPassword(req.Password); err != nil {
		return nil, err
	}
	proof.use(e, req.Password)
	e.log(c, byUser("user.password_reset", "user", proof.user))
	return &authorizer.ResetPasswordResponse{Message: "Password updated successfully."}, nil
}

// resetProof is what allows a reset: a mailed token, a code, or both.
type resetProof struct {
	user  *account
	token *authorizer.VerificationRequest
	code  *otp
}

func (e *Emulator) resetProof(c *Call, req *authorizer.ResetPasswordRequest) (p resetProof, err error) {
	if token := text(req.Token); token != "" {
		if p.token = e.opened(c, token); p.token == nil {
			return p, invalid("invalid token")
		}
		if p.user = e.userByEmail(p.token.Email); p.user == nil {
			return p, noRecord()
		}
	}
	if code := text(req.OTP); code != "" {
		p.user, p.code, err = e.resetCode(c, text(req.PhoneNumber), code)
	}
	return p, err
}

func (e *Emulator) resetCode(c *Call, phone, code string) (*account, *otp, error) {
	if c.mfaSession() == "" {
		return nil, nil, unauthenticated("invalid session")
	}
	a, o := e.userByPhone(phone), e.otpFor("", phone)
	switch {
	case a == nil:
		return nil, nil, notFound("user not found")
	case !e.waiting(c, a):
		return nil, nil, unauthenticated("invalid session")
	case o == nil || !equal(o.code, code):
		return nil, nil, invalid("invalid otp")
	case o.end < e.now():
		return nil, nil, invalid("otp expired")
	}
	return a, o, nil
}

func (p resetProof) use(e *Emulator, password string) {
	p.user.password, p.user.updatedAt = e.hash(password), e.now()
	if p.token != nil {
		if !signedUpBy(p.user, methodBasicAuth) {
			p.user.addSignupMethod(methodBasicAuth)
			p.user.emailVerified = true
		}
		e.verifications = without(e.verifications, p.token)
	}
	if p.code != nil {
		if !signedUpBy(p.user, methodMobileOTP) {
			p.user.addSignupMethod(methodMobileOTP)
			p.user.phoneVerified = true
		}
		e.otps = without(e.otps, p.code)
	}
	if e.settings.EnforceMultiFactor {
		p.user.multiFactor = authorizer.Ptr(true)
	}
}
