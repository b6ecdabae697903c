package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"

	"github.com/golang-jwt/jwt/v5"
)

// sessionKey is what the server finds a session by: who, how logged in, and the
// nonce that its tokens share.
type sessionKey struct{ method, user, nonce string }

// session is one login: a cookie, and the tokens that stand or fall with it. A
// part that is empty does not exist.
type session struct {
	sessionKey
	roles, scope                     []string
	issuedAt                         int64
	cookie, access, refresh          string
	cookieEnd, accessEnd, refreshEnd int64
	idToken                          string
}

// issue says what tokens to make.
type issue struct {
	user         *account
	method       string
	roles, scope []string
	nonce        string
	oidcNonce    string // for the id token, if it is another one
	code         string // the authorization code that the login is for
}

// issueTokens makes a session with all its tokens and does not keep it yet.
func (e *Emulator) issueTokens(c *Call, in issue) *session {
	now := e.now()
	s := e.newCookie(in)
	s.accessEnd, s.refreshEnd = now+accessLifetime, now+refreshLifetime
	claims := func(kind string, end int64) jwt.MapClaims {
		return jwt.MapClaims{
			"iss": c.url(), "aud": e.secrets.clientID, "sub": in.user.id, "exp": end, "iat": now, "token_type": kind,
			"roles": in.roles, "scope": in.scope, "nonce": in.nonce, "login_method": in.method, "allowed_roles": in.user.roles,
		}
	}
	s.access = e.sign(claims("access_token", s.accessEnd))
	if slices.Contains(in.scope, "offline_access") {
		s.refresh = e.sign(claims("refresh_token", s.refreshEnd))
	}
	s.idToken = e.sign(e.idClaims(c, in, s.access))
	return s
}

// newCookie makes a session that has nothing but a cookie.
func (e *Emulator) newCookie(in issue) *session {
	return &session{
		sessionKey: sessionKey{in.method, in.user.id, in.nonce}, roles: in.roles, scope: in.scope, issuedAt: e.now(),
		cookie: base64.RawURLEncoding.EncodeToString(random(48)), cookieEnd: e.now() + sessionLifetime,
	}
}

func (e *Emulator) idClaims(c *Call, in issue, access string) jwt.MapClaims {
	out := jwt.MapClaims{
		"iss": c.url(), "aud": e.secrets.clientID, "sub": in.user.id, "exp": e.now() + accessLifetime, "iat": e.now(),
		"token_type": "id_token", "allowed_roles": in.user.roles, "login_method": in.method, "role": in.roles,
		"at_hash": halfHash(access), "nonce": in.nonce, "auth_time": e.now(), "acr": "0",
	}
	if in.oidcNonce != "" {
		out["nonce"] = in.oidcNonce
	}
	if in.code != "" {
		out["c_hash"] = halfHash(in.code)
	}
	switch in.method {
	case methodBasicAuth, methodMobileBasicAuth:
		out["amr"] = []string{"pwd"}
	case methodMagicLink, methodMobileOTP:
		out["amr"] = []string{"otp"}
	}
	for name, claim := range in.user.claims() {
		if name != "roles" {
			out[name] = claim
		}
	}
	return out
}

// halfHash is the left half of a hash, as OpenID Connect wants it.
func halfHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}

// keep makes a session valid.
func (e *Emulator) keep(s *session) {
	e.sessions[s.sessionKey] = s
	if s.cookie != "" {
		e.cookies[s.cookie] = s
	}
}

// end makes a session invalid, with all that belongs to it.
func (e *Emulator) end(key sessionKey) {
	if s := e.sessions[key]; s != nil {
		delete(e.cookies, s.cookie)
		delete(e.sessions, key)
	}
}

// endAll logs a user out everywhere.
func (e *Emulator) endAll(user string) {
	for key := range e.sessions {
		if key.user == user {
			e.end(key)
		}
	}
}

// token is the session's token of a kind while it is valid, else empty.
func (s *session) token(kind string, now int64) string {
	switch {
	case s == nil:
	case kind == "access_token" && s.accessEnd > now:
		return s.access
	case kind == "refresh_token" && s.refreshEnd > now:
		return s.refresh
	}
	return ""
}

// byCookie is the session of a cookie that is valid, or nil.
func (e *Emulator) byCookie(cookie string) *session {
	if s := e.cookies[cookie]; cookie != "" && s != nil && s.cookieEnd > e.now() {
		return s
	}
	return nil
}

// keyOf is the session that a token belongs to.
func keyOf(claims jwt.MapClaims) sessionKey {
	return sessionKey{stringClaim(claims, "login_method"), stringClaim(claims, "sub"), stringClaim(claims, "nonce")}
}

// byToken is the session of a token that is valid here and of the kind.
func (e *Emulator) byToken(c *Call, token, kind string) *session {
	claims, err := e.parse(token)
	if err != nil {
		return nil
	}
	key := keyOf(claims)
	s := e.sessions[key]
	if key.user == "" || key.nonce == "" || s.token(kind, e.now()) != token || claims["token_type"] != kind ||
		!e.holds(c, claims, key.nonce, key.user) {
		return nil
	}
	return s
}

// caller is the session that the call is authenticated by: a cookie if there is
// one, even a bad one, else a bearer token.
func (e *Emulator) caller(c *Call) *session {
	if cookie := c.session(); cookie != "" {
		return e.byCookie(cookie)
	}
	if token := c.bearer(); token != "" {
		return e.byToken(c, token, "access_token")
	}
	return nil
}

// callingUser is the user that the call is authenticated as.
func (e *Emulator) callingUser(c *Call) (*account, *session, error) {
	s := e.caller(c)
	if s == nil {
		return nil, nil, unauthorized()
	}
	a := e.userByID(s.user)
	if a == nil {
		return nil, nil, noRecord()
	}
	return a, s, nil
}
