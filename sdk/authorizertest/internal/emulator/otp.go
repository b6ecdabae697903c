package emulator

import (
	"context"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// otp is a one-time code that was sent.
type otp struct {
	code, email, phone string
	end                int64
}

// mfaKey is a login that waits for its second factor, by the value of a cookie.
type mfaKey struct{ user, cookie string }

// newOTP makes a code for a user, in place of the one before.
func (e *Emulator) newOTP(a *account, lifetime int64) *otp {
	email, phone := text(a.email), text(a.phone)
	o := find(e.otps, func(o *otp) bool {
		if email != "" {
			return o.email == email
		}
		return o.phone == phone
	})
	if o == nil {
		o = &otp{email: email, phone: phone}
		e.otps = append(e.otps, o)
	}
	o.code, o.end = randomCode(), e.now()+lifetime
	return o
}

// randomCode is six characters of those that are not mixed up easily.
func randomCode() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ123456789"
	code := make([]byte, 0, 6)
	for len(code) < 6 {
		// Bytes past the last whole multiple would favour the first letters.
		if b := random(1)[0]; int(b) < 256/len(letters)*len(letters) {
			code = append(code, letters[int(b)%len(letters)])
		}
	}
	return string(code)
}

// waitForFactor begins a login that a second factor finishes.
func (e *Emulator) waitForFactor(c *Call, a *account, lifetime int64) {
	cookie := newID()
	e.mfaSessions[mfaKey{a.id, cookie}] = e.now() + lifetime
	c.setMFASession(cookie)
}

// waiting tells whether the caller has begun such a login of the user.
func (e *Emulator) waiting(c *Call, a *account) bool {
	return e.mfaSessions[mfaKey{a.id, c.mfaSession()}] > e.now()
}

// mailOTP and textOTP send a code and begin the login that it finishes.
func (e *Emulator) mailOTP(c *Call, a *account, lifetime int64) {
	o := e.newOTP(a, lifetime)
	e.waitForFactor(c, a, lifetime)
	e.send(message{to: text(a.email), event: mailOTP, user: a, otp: o.code})
}

func (e *Emulator) textOTP(c *Call, a *account, lifetime int64) {
	o := e.newOTP(a, lifetime)
	e.waitForFactor(c, a, lifetime)
	e.sendText(text(a.phone), o.code)
}

// otpFor is the code that was sent to an address or, without one, a number.
func (e *Emulator) otpFor(email, phone string) *otp {
	return find(e.otps, func(o *otp) bool {
		if email != "" {
			return o.email == email
		}
		return o.phone == phone
	})
}

// VerifyOTP finishes a login with a second factor.
func (e *Emulator) VerifyOTP(ctx context.Context, req *authorizer.VerifyOTPRequest) (*authorizer.AuthResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if c.mfaSession() == "" {
		return nil, unauthenticated("invalid session")
	}
	email, phone := trimmed(req.Email), trimmed(req.PhoneNumber)
	if email == "" && phone == "" {
		return nil, invalid("email or phone number is required")
	}
	a := e.userByPhone(phone)
	if email != "" {
		a = e.userByEmail(email)
	}
	switch {
	case a == nil:
		return nil, notFound("invalid verification request")
	case a.revokedAt != nil:
		return nil, precondition("invalid verification request")
	}
	if err := e.checkFactor(a, req, email, phone); err != nil {
		return nil, err
	}
	if !e.waiting(c, a) {
		return nil, unauthenticated("invalid session")
	}
	return e.factorPassed(c, a, req, email != ""), nil
}

// checkFactor holds the code against the one that was sent, or against the
// authenticator app.
func (e *Emulator) checkFactor(a *account, req *authorizer.VerifyOTPRequest, email, phone string) error {
	if value(req.IsTOTP) {
		return e.checkTOTP(a, req.OTP)
	}
	o := e.otpFor(email, phone)
	switch {
	case o == nil:
		return notFound("OTP not found")
	case !equal(o.code, req.OTP):
		return invalid("invalid otp")
	case o.end < e.now():
		return invalid("otp expired")
	}
	e.otps = without(e.otps, o)
	return nil
}

func (e *Emulator) factorPassed(c *Call, a *account, req *authorizer.VerifyOTPRequest, byEmail bool) *authorizer.AuthResponse {
	verified, method, action := &a.phoneVerified, methodMobileOTP, "user.phone_verified"
	if byEmail {
		verified, method, action = &a.emailVerified, methodBasicAuth, "user.email_verified"
	}
	signup := !*verified
	if signup {
		*verified, a.updatedAt = true, e.now()
	}
	res := e.logIn(c, login{user: a, method: method, roles: a.roles, state: req.State, message: "OTP verified successfully."})
	e.fireVerified(a, method, signup)
	e.log(c, byUser(action, "user", a))
	return res
}

// ResendOTP sends another code for a login that waits for one.
func (e *Emulator) ResendOTP(ctx context.Context, req *authorizer.ResendOTPRequest) (*authorizer.ResendOTPResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	email, phone := strings.ToLower(strings.Trim(text(req.Email), " ")), strings.Trim(text(req.PhoneNumber), " ")
	switch {
	case email == "" && phone == "":
		return nil, invalid("email or phone number is required")
	case email != "" && e.settings.NoMail:
		return nil, precondition("email service not enabled")
	case email == "" && e.settings.NoSMS:
		return nil, precondition("SMS service not enabled")
	}
	a := e.userByPhone(phone)
	if email != "" {
		a = e.userByEmail(email)
	}
	switch {
	case a == nil || a.revokedAt != nil:
		return &authorizer.ResendOTPResponse{Message: "If an account exists, an OTP has been sent"}, nil
	case !value(a.multiFactor) && a.emailVerified && a.phoneVerified:
		return nil, precondition("multi factor authentication not enabled")
	case !e.settings.MultiFactor:
		return nil, precondition("multi factor authentication is disabled for this instance")
	case e.otpFor(email, phone) == nil:
		return nil, noRecord()
	case email != "":
		e.sendEmailOTP(c, a)
	default:
		e.sendPhoneOTP(c, a)
	}
	e.log(c, byUser("user.otp_resent", "user", a))
	return &authorizer.ResendOTPResponse{Message: "OTP has been sent. Please check your inbox"}, nil
}
