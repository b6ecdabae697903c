package emulator

import (
	"context"
	"maps"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Profile returns the calling user.
func (e *Emulator) Profile(ctx context.Context) (*authorizer.User, error) {
	defer e.lock()()
	a, _, err := e.callingUser(callOf(ctx))
	if err != nil {
		return nil, err
	}
	return authorizer.Ptr(a.api()), nil
}

// UpdateProfile changes the calling user. Nothing is changed if anything is
// wrong.
func (e *Emulator) UpdateProfile(ctx context.Context, req *authorizer.UpdateProfileRequest) (*authorizer.UpdateProfileResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	s := e.caller(c)
	if s == nil {
		return nil, unauthorized()
	}
	if changesNothing(req) {
		return nil, invalid("please enter at least one param to update")
	}
	old := e.userByID(s.user)
	if old == nil {
		return nil, noRecord()
	}
	a := *old
	apply(&a, names{req.GivenName, req.FamilyName, req.MiddleName, req.Nickname, req.Birthdate, req.Gender, req.Picture})
	if req.AppData != nil {
		a.appData = maps.Clone(req.AppData)
	}
	for _, change := range []func(*account, *authorizer.UpdateProfileRequest) error{e.changePhone, e.changeMultiFactor, e.changePassword} {
		if err := change(&a, req); err != nil {
			return nil, err
		}
	}
	mailed, err := e.changeEmail(c, &a, req)
	if err != nil {
		return nil, err
	}
	a.updatedAt = e.now()
	*old = a
	e.log(c, byUser("user.profile_updated", "user", old))
	res := &authorizer.UpdateProfileResponse{Message: "Profile details updated successfully."}
	if mailed {
		res.Message += "For the email change we have sent new verification email, please verify and continue"
	}
	return res, nil
}

func changesNothing(req *authorizer.UpdateProfileRequest) bool {
	for _, p := range []*string{
		req.OldPassword, req.NewPassword, req.ConfirmNewPassword, req.Email, req.GivenName, req.FamilyName,
		req.MiddleName, req.Nickname, req.Gender, req.Birthdate, req.PhoneNumber, req.Picture,
	} {
		if p != nil {
			return false
		}
	}
	return req.IsMultiFactorAuthEnabled == nil && req.AppData == nil
}

// names are the parts of a profile that may be anything.
type names struct {
	givenName, familyName, middleName, nickname, birthdate, gender, picture *string
}

// apply takes over what is set.
func apply(a *account, n names) {
	set(&a.givenName, n.givenName)
	set(&a.familyName, n.familyName)
	set(&a.middleName, n.middleName)
	set(&a.nickname, n.nickname)
	set(&a.birthdate, n.birthdate)
	set(&a.gender, n.gender)
	set(&a.picture, n.picture)
}

// set takes over a text that is set and is another one.
func set(to **string, from *string) {
	if from != nil && text(*to) != *from {
		*to = from
	}
}

func (e *Emulator) changePhone(a *account, req *authorizer.UpdateProfileRequest) error {
	if req.PhoneNumber == nil || *req.PhoneNumber == text(a.phone) {
		return nil
	}
	if e.userByPhone(trimmed(req.PhoneNumber)) != nil {
		return invalid("user with given phone number already exists")
	}
	a.phone = req.PhoneNumber
	return nil
}

func (e *Emulator) noFactors() bool {
	return !e.settings.EmailOTP && !e.settings.TOTP && !e.settings.SMSOTP
}

func (e *Emulator) changeMultiFactor(a *account, req *authorizer.UpdateProfileRequest) error {
	wanted := req.IsMultiFactorAuthEnabled
	switch {
	case wanted == nil || *wanted == value(a.multiFactor):
		return nil
	case e.noFactors():
		return precondition("cannot enable multi factor authentication as all mfa services are disabled")
	case e.settings.EnforceMultiFactor && !*wanted:
		return precondition("cannot disable multi factor authentication as it is enforced by organization")
	}
	a.multiFactor = wanted
	return nil
}

func (e *Emulator) changePassword(a *account, req *authorizer.UpdateProfileRequest) error {
	switch {
	case req.NewPassword == nil && req.ConfirmNewPassword == nil:
		return nil
	case req.ConfirmNewPassword == nil:
		return invalid("confirm password is required")
	case req.NewPassword == nil:
		return invalid("new password is required")
	case a.password != nil && req.OldPassword == nil:
		return invalid("old password is required")
	case a.password != nil && !e.matches(a.password, *req.OldPassword):
		return invalid("incorrect old password")
	case e.settings.NoBasicAuth && e.settings.NoMobileBasicAuth:
		return precondition("basic authentication is disabled for this instance")
	case *req.NewPassword != *req.ConfirmNewPassword:
		return invalid("password and confirm password does not match")
	}
	if err := e.checkPassword(*req.NewPassword); err != nil {
		return err
	}
	if a.password == nil {
		a.signupMethods += "," + methodBasicAuth
	}
	a.password = e.hash(*req.NewPassword)
	return nil
}

// changeEmail gives the user another address, which ends all his sessions. It
// tells whether a mail was sent to verify it.
func (e *Emulator) changeEmail(c *Call, a *account, req *authorizer.UpdateProfileRequest) (mailed bool, err error) {
	if req.Email == nil || *req.Email == text(a.email) {
		return false, nil
	}
	if !validEmail(*req.Email) {
		return false, invalid("invalid email address")
	}
	email := strings.ToLower(*req.Email)
	if e.userByEmail(email) != nil {
		return false, invalid("user with this email address already exists")
	}
	e.endAll(a.id)
	c.endSession()
	a.email = &email
	if !e.settings.EmailVerification {
		return false, nil
	}
	a.emailVerified = false
	e.mailVerification(c, a, email, verifyNewEmail, c.url()+"/app")
	return true, nil
}

// DeactivateAccount closes the account of the calling user.
func (e *Emulator) DeactivateAccount(ctx context.Context) (*authorizer.DeactivateAccountResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	a, _, err := e.callingUser(c)
	if err != nil {
		return nil, err
	}
	e.revoke(a)
	e.fire(event{eventDeactivated, "", a})
	e.log(c, byUser("user.deactivated", "user", a))
	return &authorizer.DeactivateAccountResponse{Message: "user account deactivated successfully"}, nil
}

// revoke locks a user out.
func (e *Emulator) revoke(a *account) {
	a.revokedAt, a.updatedAt = authorizer.Ptr(e.now()), e.now()
	e.endAll(a.id)
}
