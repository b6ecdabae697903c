package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// state is what the server remembers. Lists are in the order in which things
// were made.
type state struct {
	users         []*account
	sessions      map[sessionKey]*session
	cookies       map[string]*session // by the value of the session cookie
	mfaSessions   map[mfaKey]int64    // when they end
	otps          []*otp
	totps         map[string]*totpSecret // by user
	verifications []*authorizer.VerificationRequest
	pending       map[string]pendingLogin // by the state of an authorize request
	grants        map[string]grant        // by authorization code
	webhooks      []*authorizer.Webhook
	webhookLogs   []*authorizer.WebhookLog
	templates     []*authorizer.EmailTemplate
	audit         []*authorizer.AuditLog
}

func (s *state) reset() {
	*s = state{
		sessions: map[sessionKey]*session{}, cookies: map[string]*session{}, mfaSessions: map[mfaKey]int64{},
		totps: map[string]*totpSecret{}, pending: map[string]pendingLogin{}, grants: map[string]grant{},
	}
}

// newID is a random UUID of version 4.
func newID() string {
	b := random(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// account is a user. What is nil was never set, which the claims of an id token
// and the bodies of webhooks tell from an empty text.
type account struct {
	id                                                                                    string
	email, phone, givenName, familyName, middleName, nickname, gender, birthdate, picture *string
	emailVerified, phoneVerified                                                          bool
	password                                                                              []byte // nil: none; see [Emulator.hash]
	signupMethods                                                                         string
	roles                                                                                 []string
	revokedAt                                                                             *int64
	multiFactor                                                                           *bool
	appData                                                                               map[string]any
	createdAt, updatedAt                                                                  int64
}

// api is the user as methods return it.
func (a *account) api() authorizer.User {
	return authorizer.User{
		ID: a.id, Email: text(a.email), EmailVerified: a.emailVerified, SignupMethods: a.signupMethods,
		GivenName: text(a.givenName), FamilyName: text(a.familyName), MiddleName: text(a.middleName),
		Nickname: text(a.nickname), PreferredUsername: text(a.email), Gender: text(a.gender),
		Birthdate: text(a.birthdate), PhoneNumber: text(a.phone), PhoneNumberVerified: a.phoneVerified,
		Picture: text(a.picture), Roles: slices.Clone(a.roles), CreatedAt: a.createdAt, UpdatedAt: a.updatedAt,
		RevokedTimestamp: value(a.revokedAt), IsMultiFactorAuthEnabled: value(a.multiFactor), AppData: filled(a.appData),
	}
}

// filled is a copy of the map, nil for an empty one, which the real server does
// not tell either.
func filled(m map[string]any) map[string]any {
	if len(m) == 0 {
		return nil
	}
	return maps.Clone(m)
}

// claims is the user as id tokens and webhooks tell it: without what was never set.
func (a *account) claims() map[string]any {
	out := map[string]any{
		"id": a.id, "email_verified": a.emailVerified, "signup_methods": a.signupMethods,
		"phone_number_verified": a.phoneVerified, "roles": a.roles, "created_at": a.createdAt, "updated_at": a.updatedAt,
	}
	for name, p := range map[string]*string{
		"email": a.email, "preferred_username": a.email, "given_name": a.givenName, "family_name": a.familyName,
		"middle_name": a.middleName, "nickname": a.nickname, "gender": a.gender, "birthdate": a.birthdate,
		"phone_number": a.phone, "picture": a.picture,
	} {
		if p != nil {
			out[name] = *p
		}
	}
	if a.revokedAt != nil {
		out["revoked_timestamp"] = *a.revokedAt
	}
	if a.multiFactor != nil {
		out["is_multi_factor_auth_enabled"] = *a.multiFactor
	}
	if len(a.appData) > 0 {
		out["app_data"] = a.appData
	}
	return out
}

// addSignupMethod notes another way in which the user can log in.
func (a *account) addSignupMethod(method string) {
	if !strings.Contains(a.signupMethods, method) {
		a.signupMethods += "," + method
	}
}

func (s *state) userByID(id string) *account {
	return find(s.users, func(a *account) bool { return a.id == id })
}

func (s *state) userByEmail(email string) *account {
	return find(s.users, func(a *account) bool { return a.email != nil && *a.email == email })
}

func (s *state) userByPhone(phone string) *account {
	return find(s.users, func(a *account) bool { return a.phone != nil && *a.phone == phone })
}

// addUser remembers a new user.
func (e *Emulator) addUser(a *account) {
	a.id, a.createdAt, a.updatedAt = newID(), e.now(), e.now()
	e.users = append(e.users, a)
}

// find is the first element that fits, or nil.
func find[T any](list []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return nil
}

// without is the list without one element.
func without[T any](list []*T, gone *T) []*T {
	return slices.DeleteFunc(list, func(x *T) bool { return x == gone })
}

func text(p *string) string { return value(p) }

// value is what p points to, or zero.
func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
