package emulator

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Users lists users.
func (e *Emulator) Users(ctx context.Context, req *authorizer.UsersRequest) (*authorizer.UsersResponse, error) {
	defer e.lock()()
	accounts, at := page(e.users, req.Pagination)
	res := &authorizer.UsersResponse{Pagination: at}
	for _, a := range accounts {
		res.Users = append(res.Users, a.api())
	}
	return res, nil
}

// User returns one user, by id or else by e-mail address.
func (e *Emulator) User(ctx context.Context, req *authorizer.UserRequest) (*authorizer.User, error) {
	defer e.lock()()
	var a *account
	switch {
	case trimmed(req.ID) != "":
		a = e.userByID(*req.ID)
	case trimmed(req.Email) != "":
		a = e.userByEmail(*req.Email)
	default:
		return nil, internal("invalid params, user id or email is required")
	}
	if a == nil {
		return nil, noRecord()
	}
	return authorizer.Ptr(a.api()), nil
}

// UpdateUser changes a user. Nothing is changed if anything is wrong.
func (e *Emulator) UpdateUser(ctx context.Context, req *authorizer.UpdateUserRequest) (*authorizer.User, error) {
	defer e.lock()()
	c := callOf(ctx)
	switch {
	case req.ID == "":
		return nil, internal("user_id is missing")
	case updatesNothing(req):
		return nil, internal("please enter atleast one param to update")
	}
	old := e.userByID(req.ID)
	if old == nil {
		return nil, internal("User not found")
	}
	a := *old
	apply(&a, names{req.GivenName, req.FamilyName, req.MiddleName, req.Nickname, req.Birthdate, req.Gender, req.Picture})
	if req.AppData != nil {
		a.appData = maps.Clone(req.AppData)
	}
	if err := e.adminMultiFactor(&a, req.IsMultiFactorAuthEnabled); err != nil {
		return nil, err
	}
	a.emailVerified = or(req.EmailVerified, a.emailVerified)
	a.phoneVerified = or(req.PhoneNumberVerified, a.phoneVerified)
	for _, change := range []func(*Call, *account, *authorizer.UpdateUserRequest) error{e.adminEmail, e.adminPhone, e.adminRoles} {
		if err := change(c, &a, req); err != nil {
			return nil, err
		}
	}
	a.updatedAt = e.now()
	*old = a
	e.log(c, entry{action: "admin.user_updated", resource: "user", resourceID: a.id})
	return authorizer.Ptr(a.api()), nil
}

// updatesNothing tells whether only what the real server does not count is set.
func updatesNothing(req *authorizer.UpdateUserRequest) bool {
	for _, p := range []*string{
		req.GivenName, req.FamilyName, req.Picture, req.MiddleName, req.Nickname, req.Email, req.Birthdate, req.Gender, req.PhoneNumber,
	} {
		if p != nil {
			return false
		}
	}
	return req.Roles == nil && req.IsMultiFactorAuthEnabled == nil && req.AppData == nil
}

// or is what p points to, or else the value.
func or[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

func (e *Emulator) adminMultiFactor(a *account, wanted *bool) error {
	if wanted == nil || *wanted == value(a.multiFactor) {
		return nil
	}
	if *wanted && e.noFactors() {
		return internal("cannot enable multi factor authentication as all mfa services are disabled")
	}
	a.multiFactor = wanted
	return nil
}

func (e *Emulator) adminEmail(c *Call, a *account, req *authorizer.UpdateUserRequest) error {
	if req.Email == nil || *req.Email == text(a.email) {
		return nil
	}
	if !validEmail(*req.Email) {
		return internal("invalid email address")
	}
	email := strings.ToLower(*req.Email)
	if e.userByEmail(email) != nil {
		return internal("user with this email address already exists")
	}
	e.endAll(a.id)
	a.email, a.emailVerified = &email, false
	redirect := c.url() + "/app"
	token := e.verify(c, email, verifyNewEmail, redirect)
	e.send(message{to: email, event: verifySignup, user: a, token: token, link: c.url() + "/verify_email?token=" + token + "&redirect_uri=" + redirect})
	return nil
}

func (e *Emulator) adminPhone(_ *Call, a *account, req *authorizer.UpdateUserRequest) error {
	if req.PhoneNumber == nil || *req.PhoneNumber == text(a.phone) {
		return nil
	}
	phone := trimmed(req.PhoneNumber)
	switch {
	case len(phone) < 10 || len(phone) > 15:
		return internal("invalid phone number")
	case e.userByPhone(phone) != nil:
		return internal("user with this phone number already exists")
	}
	e.endAll(a.id)
	a.phone, a.phoneVerified = &phone, false
	return nil
}

func (e *Emulator) adminRoles(_ *Call, a *account, req *authorizer.UpdateUserRequest) error {
	if len(req.Roles) == 0 {
		return nil
	}
	if !among(req.Roles, slices.Concat(e.settings.Roles, e.settings.ProtectedRoles)) {
		return internal("invalid list of roles")
	}
	a.roles = slices.Clone(req.Roles)
	e.endAll(a.id)
	return nil
}

// DeleteUser deletes a user and all that belongs to him.
func (e *Emulator) DeleteUser(ctx context.Context, req *authorizer.DeleteUserRequest) (*authorizer.DeleteUserResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	a := e.userByEmail(req.Email)
	if a == nil {
		return nil, noRecord()
	}
	e.users = without(e.users, a)
	e.otps = slices.DeleteFunc(e.otps, func(o *otp) bool {
		return o.email != "" && o.email == text(a.email) || o.phone != "" && o.phone == text(a.phone)
	})
	e.verifications = slices.DeleteFunc(e.verifications, func(v *authorizer.VerificationRequest) bool { return v.Email == text(a.email) })
	delete(e.totps, a.id)
	e.endAll(a.id)
	e.fire(event{eventDeleted, "", a})
	e.log(c, entry{action: "admin.user_deleted", resource: "user", resourceID: a.id})
	return &authorizer.DeleteUserResponse{Message: "user deleted successfully"}, nil
}

// RevokeAccess locks a user out.
func (e *Emulator) RevokeAccess(ctx context.Context, req *authorizer.RevokeAccessRequest) (*authorizer.RevokeAccessResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	a := e.userByID(req.UserID)
	if a == nil {
		return nil, noRecord()
	}
	e.revoke(a)
	e.fire(event{eventAccessRevoked, "", a})
	e.log(c, entry{action: "admin.access_revoked", resource: "user", resourceID: a.id})
	return &authorizer.RevokeAccessResponse{Message: "user access revoked successfully"}, nil
}

// EnableAccess lets a user in again.
func (e *Emulator) EnableAccess(ctx context.Context, req *authorizer.EnableAccessRequest) (*authorizer.EnableAccessResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if req.UserID == "" {
		return nil, internal("user ID is missing")
	}
	a := e.userByID(req.UserID)
	if a == nil {
		return nil, noRecord()
	}
	a.revokedAt, a.updatedAt = nil, e.now()
	e.fire(event{eventAccessEnabled, "", a})
	e.log(c, entry{action: "admin.access_enabled", resource: "user", resourceID: a.id})
	return &authorizer.EnableAccessResponse{Message: "user access enabled successfully"}, nil
}

// InviteMembers makes users for addresses and mails each an invitation.
func (e *Emulator) InviteMembers(ctx context.Context, req *authorizer.InviteMembersRequest) (*authorizer.InviteMembersResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	switch {
	case e.settings.NoMail:
		return nil, internal("email sending is disabled")
	case e.settings.NoBasicAuth && e.settings.NoMagicLink:
		return nil, internal("either basic authentication or magic link login is required")
	}
	valid := slices.DeleteFunc(slices.Clone(req.Emails), func(s string) bool { return !validEmail(s) })
	if len(valid) == 0 {
		return nil, internal("no valid emails found")
	}
	fresh := slices.DeleteFunc(valid, func(s string) bool { return e.userByEmail(s) != nil })
	if len(fresh) == 0 {
		return nil, internal("all emails already exist")
	}
	redirect, err := e.redirect(c, req.RedirectURI)
	if err != nil {
		return nil, internal("invalid redirect URI")
	}
	res := &authorizer.InviteMembersResponse{Message: fmt.Sprintf("%d user(s) invited successfully.", len(fresh))}
	for _, email := range fresh {
		a := e.invite(c, email, redirect)
		// The real server tells no more of them.
		res.Users = append(res.Users, authorizer.User{ID: a.id, Email: email})
	}
	e.log(c, entry{action: "admin.invite_sent", resource: "user"})
	return res, nil
}

func (e *Emulator) invite(c *Call, email, redirect string) *account {
	a := &account{email: &email, roles: e.settings.DefaultRoles, signupMethods: methodMagicLink}
	identifier, page := verifyMagicLink, c.url()+"/verify_email"
	if e.settings.NoMagicLink {
		a.signupMethods, identifier, page = methodBasicAuth, verifyInvite, c.url()+"/app/setup-password"
		if e.settings.EnforceMultiFactor {
			a.multiFactor = authorizer.Ptr(true)
		}
	}
	e.addUser(a)
	token := e.verifyAs(c, email, identifier, verifyInvite, redirect)
	e.send(message{to: email, event: verifyInvite, user: a, token: token, link: page + "?token=" + token + "&redirect_uri=" + redirect})
	return a
}
