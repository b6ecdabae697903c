package emulator

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// authorizeRequest is the query of an authorize request.
type authorizeRequest struct {
	redirect, state, mode, scope string
	pendingLogin
}

// Authorize is the authorize endpoint, for the authorization code flow with the
// answer in the query or the fragment. The other flows of the real server are
// not emulated.
func (e *Emulator) Authorize(ctx context.Context, q url.Values) (location string, err error) {
	defer e.lock()()
	c := callOf(ctx)
	in, err := e.authorizeRequest(c, q)
	if err != nil {
		return "", err
	}
	s := e.byCookie(c.session())
	if s == nil || e.userByID(s.user) == nil || q.Get("prompt") == "login" {
		return e.askToLogIn(in, q)
	}
	e.end(s.sessionKey)
	scope := []string{"openid", "profile", "email"}
	if in.scope != "" {
		scope = strings.Split(in.scope, " ")
	}
	fresh := e.newCookie(issue{user: e.userByID(s.user), method: s.method, roles: s.roles, scope: scope, nonce: in.nonce})
	e.keep(fresh)
	e.grants[in.code] = grant{pendingLogin: in.pendingLogin, cookie: fresh.cookie}
	c.setSession(fresh.cookie)
	return in.answer("code=" + in.code + "&state=" + in.state), nil
}

func (e *Emulator) authorizeRequest(c *Call, q url.Values) (authorizeRequest, error) {
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	in := authorizeRequest{redirect: get("redirect_uri"), state: get("state"), mode: get("response_mode"), scope: get("scope")}
	in.pendingLogin = pendingLogin{
		code: newID(), challenge: get("code_challenge"), challengeMethod: get("code_challenge_method"), nonce: get("nonce"),
	}
	if in.challenge != "" && in.challengeMethod == "" {
		in.challengeMethod = "plain"
	}
	if in.nonce == "" {
		in.nonce = newID()
	}
	bad := func(description string) (authorizeRequest, error) {
		return in, oauth(400, "invalid_request", description)
	}
	switch {
	case in.redirect == "":
		in.redirect = "/app"
	case !e.redirectAllowed(c, in.redirect):
		return bad("invalid redirect_uri")
	}
	in.pendingLogin.redirect = in.redirect
	switch {
	case !contains([]string{"", "S256", "plain"}, in.challengeMethod):
		return bad("Supported code_challenge_method values are S256 and plain")
	case get("response_type") != "code":
		return in, oauth(400, "unsupported_response_type", "response_type is not supported") // by the emulator
	case in.state == "":
		return bad("state parameter is required")
	case !contains([]string{"", "query", "fragment"}, in.mode):
		return bad("the emulator knows response_mode=query and response_mode=fragment only")
	}
	return in, nil
}

// askToLogIn remembers the request until a login brings its state, and leads to
// the login page.
func (e *Emulator) askToLogIn(in authorizeRequest, q url.Values) (string, error) {
	if q.Get("prompt") == "none" {
		return in.answer("error=login_required&error_description=" +
			url.QueryEscape("prompt=none was requested but the user is not authenticated") + "&state=" + url.QueryEscape(in.state)), nil
	}
	e.pending[in.state] = in.pendingLogin
	return "/app?" + q.Encode(), nil
}

// answer is the redirect with an answer.
func (in authorizeRequest) answer(params string) string {
	mark := "?"
	if in.mode == "fragment" {
		mark = "#"
	}
	if strings.Contains(in.redirect, mark) {
		mark = "&"
	}
	return in.redirect + mark + params
}

// FollowLink is what happens when the link of a mail is followed: the address is
// verified, its user logged in, and the browser sent on with the tokens.
func (e *Emulator) FollowLink(ctx context.Context, q url.Values) (location string, err error) {
	defer e.lock()()
	c := callOf(ctx)
	get := func(name string) string { return strings.TrimSpace(q.Get(name)) }
	redirect := get("redirect_uri")
	switch {
	case redirect != "" && !e.redirectAllowed(c, redirect):
		return "", linkError("", "invalid redirect uri")
	case q.Get("token") == "":
		return "", linkError(redirect, "token is required")
	}
	v := e.opened(c, q.Get("token"))
	if v == nil {
		return "", linkError(redirect, "record not found")
	}
	a := e.userByEmail(v.Email)
	if a == nil {
		return "", linkError(redirect, "record not found")
	}
	roles := a.roles
	if get("roles") != "" {
		if roles = strings.Split(get("roles"), ","); !among(roles, a.roles) {
			return "", linkError(redirect, "invalid roles")
		}
	}
	method, signup := e.closeVerification(v, a)
	state := get("state")
	res := e.logIn(c, login{user: a, method: method, roles: roles, scope: fields(get("scope")), state: &state, noGrant: true})
	e.fireVerified(a, method, signup)
	e.log(&Call{Header: c.Header, RemoteAddr: c.RemoteAddr}, byUser("user.email_verified", "user", a))
	return withQuery(first(redirect, v.RedirectURI), res, state), nil
}

func fields(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, " ")
}

// LinkError is why a link cannot be followed, and where the browser is sent with
// that; nowhere if Location is empty.
type LinkError struct{ Message, Location string }

func (e *LinkError) Error() string { return e.Message }

func linkError(redirect, message string) error {
	if redirect != "" {
		redirect = join(redirect, "error="+message)
	}
	return &LinkError{message, redirect}
}

func join(target, params string) string {
	if strings.Contains(target, "?") {
		return target + "&" + params
	}
	return target + "?" + params
}

// withQuery is the page that a followed link leads to, with the tokens.
func withQuery(target string, res *authorizer.AuthResponse, state string) string {
	params := "access_token=" + res.AccessToken + "&token_type=bearer&expires_in=" + strconv.FormatInt(res.ExpiresIn, 10) +
		"&state=" + state + "&id_token=" + res.IDToken
	if res.RefreshToken != "" {
		params += "&refresh_token=" + res.RefreshToken
	}
	return join(target, params)
}
