package authorizertest_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

const verifier = "a-verifier-of-more-than-forty-three-characters"

// authorize opens the authorize endpoint as a browser does.
func authorize(t *testing.T, srv *authorizertest.Server, params map[string]string) *http.Response {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"client_id": {srv.ClientID}, "response_type": {"code"}, "redirect_uri": {srv.URL + "/app"}, "state": {"s1"}, "response_mode": {"query"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for name, value := range params {
		q.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(srv.URL + "/authorize?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, res.Body.Close()) })
	return res
}

// The way of a user who is not logged in yet: the login page, the login with the
// state, and the code that the state stood for.
func TestAuthorizeWithLogin(t *testing.T) {
	srv := authorizertest.New(t)
	c := user(t, srv, "graphql")
	signup(t, c, zoe)
	res := authorize(t, srv, nil)
	location, err := res.Location()
	if err != nil || res.StatusCode != http.StatusFound || location.Path != "/app" || location.Query().Get("code") != "" {
		t.Fatalf("status %d, location %v, %v", res.StatusCode, location, err)
	}
	var info authorizer.ResponseInfo
	if _, err := c.Login(t.Context(), &authorizer.LoginRequest{
		Email: authorizer.Ptr(zoe), Password: password, State: authorizer.Ptr("s1"), Scope: []string{"openid", "offline_access"},
	}, authorizer.WithResponseInfo(&info)); err != nil {
		t.Fatal(err)
	}
	// With the session, the next request is answered with a code.
	code := withSession(t, srv, cookie(t, &info))
	exchange := func(verifier, redirect string) (*authorizer.TokenResponse, error) {
		return c.GetToken(t.Context(), &authorizer.GetTokenRequest{Code: &code, CodeVerifier: &verifier, RedirectURI: &redirect})
	}
	tokens, err := exchange(verifier, srv.URL+"/app")
	if err != nil {
		t.Fatal(err)
	}
	profile, err := c.Profile(t.Context(), authorizer.WithBearerToken(tokens.AccessToken))
	if err != nil || profile.Email != zoe {
		t.Errorf("profile is %+v, %v", profile, err)
	}
	_, err = exchange(verifier, srv.URL+"/app")
	wantError(t, err, authorizer.CodeUnauthenticated, "The authorization code is invalid or has expired")
}

// withSession asks for a code with a session cookie.
func withSession(t *testing.T, srv *authorizertest.Server, session string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, srv.URL+"/authorize?response_type=code&state=s2&redirect_uri="+url.QueryEscape(srv.URL+"/app")+
		"&code_challenge="+verifier+"&code_challenge_method=plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "cookie_session", Value: session})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	location, err := res.Location()
	if err != nil {
		t.Fatalf("status %d: %v", res.StatusCode, err)
	}
	return location.Query().Get("code")
}

func TestAuthorizeRefuses(t *testing.T) {
	srv := authorizertest.New(t)
	for name, c := range map[string]struct {
		params map[string]string
		word   string
	}{
		"another redirect": {map[string]string{"redirect_uri": "https://evil.example.org/"}, "invalid_request"},
		"another flow":     {map[string]string{"response_type": "token"}, "unsupported_response_type"},
		"no state":         {map[string]string{"state": ""}, "invalid_request"},
		"another method":   {map[string]string{"code_challenge_method": "S512"}, "invalid_request"},
	} {
		var body struct{ Error string }
		res := authorize(t, srv, c.params)
		if err := json.NewDecoder(res.Body).Decode(&body); err != nil || res.StatusCode != http.StatusBadRequest || body.Error != c.word {
			t.Errorf("%s: status %d, %q, %v", name, res.StatusCode, body.Error, err)
		}
	}
	if location, err := authorize(t, srv, map[string]string{"prompt": "none"}).Location(); err != nil || location.Query().Get("error") != "login_required" {
		t.Errorf("prompt=none leads to %v, %v", location, err)
	}
}

// What a code stands for is checked: the verifier, the redirect, the client.
func TestCodeGrantRefuses(t *testing.T) {
	srv := authorizertest.New(t)
	c := user(t, srv, "rest")
	var info authorizer.ResponseInfo
	signup(t, c, zoe)
	login(t, c, zoe, authorizer.WithResponseInfo(&info))
	session := cookie(t, &info)
	for name, test := range map[string]struct {
		change  func(*authorizer.GetTokenRequest)
		message string
	}{
		"another verifier": {func(r *authorizer.GetTokenRequest) { r.CodeVerifier = authorizer.Ptr("other") }, "The code_verifier does not match the code_challenge"},
		"no verifier":      {func(r *authorizer.GetTokenRequest) { r.CodeVerifier = nil }, "code_verifier is required when code_challenge was used"},
		"another redirect": {func(r *authorizer.GetTokenRequest) { r.RedirectURI = authorizer.Ptr(srv.URL + "/other") }, "redirect_uri does not match the one used in the authorization request"},
		"no redirect":      {func(r *authorizer.GetTokenRequest) { r.RedirectURI = nil }, "redirect_uri is required when it was included in the authorization request"},
		"another secret":   {func(r *authorizer.GetTokenRequest) { r.ClientSecret = authorizer.Ptr("other") }, "Client authentication failed"},
	} {
		code := withSession(t, srv, session)
		if code == "" {
			// The code before took the session's place.
			login(t, c, zoe, authorizer.WithResponseInfo(&info))
			session = cookie(t, &info)
			code = withSession(t, srv, session)
		}
		req := &authorizer.GetTokenRequest{Code: &code, CodeVerifier: authorizer.Ptr(verifier), RedirectURI: authorizer.Ptr(srv.URL + "/app")}
		test.change(req)
		_, err := c.GetToken(t.Context(), req)
		if err == nil || !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s: error is %v, want %q", name, err, test.message)
		}
	}
}
