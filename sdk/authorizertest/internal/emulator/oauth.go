package emulator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// pendingLogin is an authorize request that waits for its user to log in.
type pendingLogin struct {
	code, challenge, challengeMethod, nonce, redirect string
}

// grant is what an authorization code stands for, once.
type grant struct {
	pendingLogin
	cookie string // of the session that the code was given to
}

// takePending is the authorize request of a state, which is then no longer
// waiting; zero if there is none.
func (e *Emulator) takePending(state *string) pendingLogin {
	p := e.pending[text(state)]
	delete(e.pending, text(state))
	return p
}

// TokenResponse is what the token endpoint answers.
type TokenResponse = authorizer.TokenResponse

// GetToken is the token endpoint: it gives tokens for an authorization code or a
// refresh token.
func (e *Emulator) GetToken(ctx context.Context, req *authorizer.GetTokenRequest) (*TokenResponse, error) {
	defer e.lock()()
	c := callOf(ctx)
	c.SetHeader("Cache-Control", "no-store, no-cache, must-revalidate, private")
	c.SetHeader("Pragma", "no-cache")
	kind := trimmed(req.GrantType)
	if kind == "" {
		kind = "authorization_code"
	}
	if kind != "authorization_code" && kind != "refresh_token" {
		return nil, oauth(400, "unsupported_grant_type", "grant_type is not supported")
	}
	secret, err := e.authenticateClient(c, trimmed(req.ClientID), trimmed(req.ClientSecret))
	if err != nil {
		return nil, err
	}
	if kind == "refresh_token" {
		return e.refreshGrant(c, trimmed(req.RefreshToken))
	}
	return e.codeGrant(c, req, secret)
}

// authenticateClient checks the client's id, from the request or from basic
// authentication, and returns the secret that came with it.
func (e *Emulator) authenticateClient(c *Call, id, secret string) (string, error) {
	r := http.Request{Header: c.Header}
	basicID, basicSecret, basic := r.BasicAuth()
	if id == "" && secret == "" {
		id, secret = basicID, basicSecret
	}
	switch {
	case id == "":
		return "", oauth(400, "invalid_request", "The client_id parameter is required")
	case id == e.secrets.clientID:
		return secret, nil
	case basic:
		c.SetHeader("WWW-Authenticate", `Basic realm="authorizer"`)
		return "", oauth(401, "invalid_client", "Client authentication failed")
	}
	return "", oauth(400, "invalid_client", "The client_id is invalid")
}

func (e *Emulator) refreshGrant(c *Call, token string) (*TokenResponse, error) {
	if token == "" {
		return nil, oauth(400, "invalid_request", "The refresh_token parameter is required for refresh_token grant type")
	}
	old := e.byToken(c, token, "refresh_token")
	if old == nil {
		return nil, oauth(401, "invalid_grant", "The refresh token is invalid or has expired")
	}
	e.end(old.sessionKey)
	return e.grantTokens(c, old, "", true)
}

func (e *Emulator) codeGrant(c *Call, req *authorizer.GetTokenRequest, secret string) (*TokenResponse, error) {
	code := trimmed(req.Code)
	if code == "" {
		return nil, oauth(400, "invalid_request", "The code parameter is required for authorization_code grant type")
	}
	g, ok := e.grants[code]
	delete(e.grants, code) // whatever comes of it
	if !ok {
		return nil, oauth(400, "invalid_grant", "The authorization code is invalid or has expired")
	}
	if err := g.check(trimmed(req.RedirectURI), trimmed(req.CodeVerifier), secret); err != nil {
		return nil, err
	}
	if secret != "" && !equal(secret, e.secrets.clientSecret) {
		return nil, oauth(401, "invalid_client", "Client authentication failed")
	}
	s := e.byCookie(g.cookie)
	if s == nil {
		return nil, oauth(401, "unauthorized", "Invalid session data")
	}
	return e.grantTokens(c, s, g.nonce, false)
}

// check holds the token request against the authorize request.
func (g grant) check(redirect, verifier, secret string) error {
	switch {
	case g.redirect != "" && redirect == "":
		return oauth(400, "invalid_request", "redirect_uri is required when it was included in the authorization request")
	case g.redirect != "" && !equal(redirect, g.redirect):
		return oauth(400, "invalid_grant", "redirect_uri does not match the one used in the authorization request")
	case g.challenge != "" && verifier == "":
		return oauth(400, "invalid_request", "code_verifier is required when code_challenge was used")
	case g.challenge == "" && verifier != "":
		return oauth(400, "invalid_request", "code_verifier was provided but no code_challenge was registered")
	case g.challenge == "" && secret == "":
		return oauth(400, "invalid_request", "Either code_verifier or client_secret is required")
	case g.challenge != "" && !g.verifies(verifier):
		return oauth(400, "invalid_grant", "The code_verifier does not match the code_challenge")
	}
	return nil
}

func (g grant) verifies(verifier string) bool {
	if g.challengeMethod == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return equal(verifier, strings.TrimRight(g.challenge, "="))
}

// grantTokens makes the tokens of a grant, like those of the session that it
// comes from.
func (e *Emulator) grantTokens(c *Call, from *session, nonce string, refresh bool) (*TokenResponse, error) {
	a := e.userByID(from.user)
	if a == nil {
		return nil, oauth(401, "unauthorized", "User not found")
	}
	s := e.issueTokens(c, issue{user: a, method: from.method, roles: from.roles, scope: from.scope, nonce: newID(), oidcNonce: nonce})
	action, kind := "token.issued", "authorization_code"
	if refresh {
		action, kind = "token.refreshed", "refresh_token"
		c.setSession(s.cookie)
	} else {
		s.cookie = "" // the session of the code stays
	}
	e.keep(s)
	e.log(&Call{Header: c.Header, RemoteAddr: c.RemoteAddr}, entry{action: action, resource: "token", resourceID: a.id, actor: a, metadata: kind})
	return &TokenResponse{
		AccessToken: s.access, TokenType: "Bearer", IDToken: s.idToken, RefreshToken: s.refresh,
		Scope: strings.Join(s.scope, " "), Roles: s.roles, ExpiresIn: e.until(s.accessEnd),
	}, nil
}

// RevokeToken is the revocation endpoint. A token that does not exist is no
// error.
func (e *Emulator) RevokeToken(ctx context.Context, req *authorizer.RevokeTokenRequest) error {
	defer e.lock()()
	c := callOf(ctx)
	r := http.Request{Header: c.Header}
	basic, _, _ := r.BasicAuth()
	switch client := first(trimmed(req.ClientID), c.Header.Get("X-Authorizer-Client-Id"), basic); {
	case client == "":
		return oauth(400, "invalid_request", "The client_id parameter is required")
	case client != e.secrets.clientID:
		return oauth(401, "invalid_client", "Client authentication failed")
	}
	if !contains([]string{"", "refresh_token", "access_token"}, trimmed(req.TokenTypeHint)) {
		return oauth(400, "unsupported_token_type", "The given token_type_hint is not supported")
	}
	token := first(trimmed(req.Token), trimmed(req.RefreshToken))
	claims, err := e.parse(token)
	if err != nil {
		return nil
	}
	key := keyOf(claims)
	if s := e.sessions[key]; s.token("refresh_token", e.now()) != token {
		return nil
	}
	e.end(key)
	e.log(&Call{Header: c.Header, RemoteAddr: c.RemoteAddr}, entry{action: "token.revoked", resource: "token", resourceID: key.user, actor: &account{id: key.user}})
	return nil
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
