package emulator

import (
	"context"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Session returns new tokens for a session cookie, and rotates that cookie.
func (e *Emulator) Session(ctx context.Context, req *authorizer.SessionRequest) (*authorizer.AuthResponse, error) {
	c := callOf(ctx)
	s, a, err := e.ofSession(c, c.session(), req.Roles)
	if err != nil {
		return nil, err
	}
	if err := e.requireRelations(ctx, a.id, req.RequiredRelations); err != nil {
		return nil, err
	}
	defer e.lock()()
	if e.byCookie(s.cookie) != s { // another call was first
		return nil, unauthorized()
	}
	res := e.logIn(c, login{
		user: a, method: s.method, roles: s.roles, scope: req.Scope, state: req.State, message: "Session token refreshed", noNonce: true,
	})
	e.end(s.sessionKey)
	return res, nil
}

// ofSession is the session of a cookie and its user, who must have the roles.
func (e *Emulator) ofSession(c *Call, cookie string, roles []string) (*session, *account, error) {
	defer e.lock()()
	s := e.byCookie(cookie)
	if s == nil {
		return nil, nil, unauthorized()
	}
	a := e.userByID(s.user)
	if a == nil {
		return nil, nil, noRecord()
	}
	if !among(roles, s.roles) {
		return nil, nil, unauthorized()
	}
	return s, a, nil
}

// ValidateSession tells whose session a cookie is.
func (e *Emulator) ValidateSession(ctx context.Context, req *authorizer.ValidateSessionRequest) (*authorizer.ValidateSessionResponse, error) {
	c := callOf(ctx)
	cookie := req.Cookie
	if cookie == "" {
		cookie = c.session()
	}
	_, a, err := e.ofSession(c, cookie, req.Roles)
	if err != nil {
		return nil, err
	}
	if err := e.requireRelations(ctx, a.id, req.RequiredRelations); err != nil {
		return nil, err
	}
	defer e.lock()()
	return &authorizer.ValidateSessionResponse{IsValid: true, User: a.api()}, nil
}

// ValidateJWTToken tells whether a token is valid, and its claims.
func (e *Emulator) ValidateJWTToken(ctx context.Context, req *authorizer.ValidateJWTTokenRequest) (*authorizer.ValidateJWTTokenResponse, error) {
	claims, err := e.validToken(callOf(ctx), req)
	if err != nil {
		return nil, err
	}
	if err := e.requireRelations(ctx, stringClaim(claims, "sub"), req.RequiredRelations); err != nil {
		return nil, err
	}
	return &authorizer.ValidateJWTTokenResponse{IsValid: true, Claims: claims}, nil
}

func (e *Emulator) validToken(c *Call, req *authorizer.ValidateJWTTokenRequest) (jwt.MapClaims, error) {
	if !contains([]string{"access_token", "refresh_token", "id_token"}, req.TokenType) {
		return nil, invalid("invalid token type")
	}
	claims, err := e.parse(req.Token)
	if err != nil {
		return nil, err
	}
	key, nonce := keyOf(claims), ""
	if key.user == "" {
		return nil, unauthenticated("invalid token")
	}
	if req.TokenType != "id_token" {
		nonce = key.nonce
		if nonce == "" || !e.sessionHas(key, req.TokenType) {
			return nil, unauthenticated("invalid token")
		}
	}
	if !e.holds(c, claims, nonce, key.user) {
		return nil, unauthenticated("invalid claims")
	}
	if !among(req.Roles, rolesOf(claims)) {
		return nil, unauthorized()
	}
	return claims, nil
}

// sessionHas tells whether the session of a token still has one of the kind. The
// real server does not compare the two.
func (e *Emulator) sessionHas(key sessionKey, kind string) bool {
	defer e.lock()()
	return e.sessions[key].token(kind, e.now()) != ""
}

func rolesOf(claims jwt.MapClaims) []string {
	if roles, ok := stringsClaim(claims, "role"); ok && len(roles) > 0 {
		return roles
	}
	roles, _ := stringsClaim(claims, "roles")
	return roles
}

// Revoke makes a refresh token unusable, and with it its whole session.
func (e *Emulator) Revoke(ctx context.Context, req *authorizer.RevokeRequest) (*authorizer.RevokeResponse, error) {
	defer e.lock()()
	token := strings.TrimSpace(req.RefreshToken)
	if token == "" {
		return nil, invalid("missing refresh token")
	}
	claims, err := e.parse(token)
	if err != nil {
		return nil, err
	}
	key := keyOf(claims)
	if key.user == "" || key.nonce == "" {
		return nil, invalid("invalid token")
	}
	switch e.sessions[key].token("refresh_token", e.now()) {
	case "":
		return nil, internal("not found")
	case token:
		e.end(key)
		return &authorizer.RevokeResponse{Message: "Token revoked"}, nil
	}
	return nil, invalid("token does not match")
}

// Meta tells what the server can do.
func (e *Emulator) Meta(context.Context) (*authorizer.Meta, error) {
	s := e.settings
	return &authorizer.Meta{
		Version: version, ClientID: e.secrets.clientID,
		IsEmailVerificationEnabled: s.EmailVerification, IsPhoneVerificationEnabled: s.PhoneVerification,
		IsBasicAuthenticationEnabled: !s.NoBasicAuth, IsMobileBasicAuthenticationEnabled: !s.NoMobileBasicAuth,
		IsMagicLinkLoginEnabled: !s.NoMagicLink, IsSignUpEnabled: !s.NoSignUp,
		IsStrongPasswordEnabled: !s.NoStrongPassword, IsMultiFactorAuthEnabled: s.MultiFactor,
	}, nil
}
