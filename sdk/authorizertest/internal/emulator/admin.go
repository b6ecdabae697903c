package emulator

import (
	"context"
	"encoding/base64"
	"net/url"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// isAdmin looks for the admin's cookie, and then for the secret in a header.
func (e *Emulator) isAdmin(c *Call) bool {
	if e.adminCookieHolds(c.cookie(adminCookie, url.QueryUnescape)) {
		return true
	}
	secret := c.Header.Get("X-Authorizer-Admin-Secret")
	return !e.settings.NoAdminSecretHeader && secret != "" && equal(secret, e.secrets.adminSecret)
}

// adminCookieMark begins the value of an admin's cookie. The real server's is a
// hash that begins so; its characters are why it is escaped over GraphQL.
const adminCookieMark = "$1$"

func (e *Emulator) newAdminCookie() string {
	salt := random(16)
	encode := base64.RawURLEncoding.EncodeToString
	return adminCookieMark + encode(salt) + "$" + encode(e.mac(salt, e.secrets.adminSecret))
}

func (e *Emulator) adminCookieHolds(value string) bool {
	rest, ok := strings.CutPrefix(value, adminCookieMark)
	salt, mac, _ := strings.Cut(rest, "$")
	s, err1 := base64.RawURLEncoding.DecodeString(salt)
	m, err2 := base64.RawURLEncoding.DecodeString(mac)
	return ok && err1 == nil && err2 == nil && equal(string(m), string(e.mac(s, e.secrets.adminSecret)))
}

// AdminLogin checks the admin secret and sets the admin's cookie.
func (e *Emulator) AdminLogin(ctx context.Context, req *authorizer.AdminLoginRequest) (*authorizer.AdminLoginResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	if !equal(req.AdminSecret, e.secrets.adminSecret) {
		e.log(c, entry{action: "admin.login_failed", resource: "admin_session"})
		return nil, unauthenticated("invalid admin secret")
	}
	c.setAdmin(e.newAdminCookie(), adminCookieLifetime)
	e.log(c, entry{action: "admin.login_success", resource: "admin_session"})
	return &authorizer.AdminLoginResponse{Message: "admin logged in successfully"}, nil
}

// AdminLogout removes the admin's cookie. The real server does not make it
// invalid either.
func (e *Emulator) AdminLogout(ctx context.Context) (*authorizer.AdminLogoutResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	c.setAdmin("", -1)
	e.log(c, entry{action: "admin.logout", resource: "admin_session"})
	return &authorizer.AdminLogoutResponse{Message: "admin logged out successfully"}, nil
}

// AdminSession renews the admin's cookie.
func (e *Emulator) AdminSession(ctx context.Context) (*authorizer.AdminSessionResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	c.setAdmin(e.newAdminCookie(), adminCookieLifetime)
	return &authorizer.AdminSessionResponse{Message: "admin session refreshed successfully"}, nil
}

// AdminMeta tells the roles that there are.
func (e *Emulator) AdminMeta(ctx context.Context) (*authorizer.AdminMeta, error) {
	defer e.lock()()
	s := e.settings
	return &authorizer.AdminMeta{Roles: s.Roles, DefaultRoles: s.DefaultRoles, ProtectedRoles: s.ProtectedRoles}, nil
}

func deprecated(message string) error { return fail(authorizer.CodeUnimplemented, message) }

// AdminSignup is one of the methods that the real server keeps only to say that
// they are deprecated.
func (e *Emulator) AdminSignup(context.Context, *authorizer.AdminSignupRequest) (*authorizer.MessageResponse, error) {
	return nil, deprecated("deprecated. please configure admin secret via cli args")
}

// UpdateEnv is another one.
func (e *Emulator) UpdateEnv(context.Context, *authorizer.UpdateEnvRequest) (*authorizer.MessageResponse, error) {
	return nil, deprecated("deprecated. please configure env via cli args")
}

// GenerateJWTKeys is another one.
func (e *Emulator) GenerateJWTKeys(context.Context, *authorizer.GenerateJWTKeysRequest) (*authorizer.GenerateJWTKeysResponse, error) {
	return nil, deprecated("deprecated. please configure jwt keys via cli args")
}

// RootField answers the root fields of GraphQL that the manifest leaves out,
// because the real server only says that they are deprecated; nil for others.
func RootField(_ context.Context, field string) error {
	switch field {
	case "_env":
		return deprecated("deprecated. please configure env via cli args")
	case "mobile_signup":
		return deprecated("deprecated, use signup with mobile phone_number")
	case "mobile_login":
		return deprecated("deprecated, use login with mobile phone_number")
	}
	return nil
}
