package authorizerserver_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// send makes one HTTP request.
func send(t *testing.T, method, url, kind, body string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	return exchange(t, req)
}

// TestRESTQuirks: what the recordings show of the real server.
func TestRESTQuirks(t *testing.T) {
	u, a := &users{}, &admins{}
	srv := start(t, authorizerserver.Services{User: u, Admin: a}, serve.WithMaxRequestBytes(2000))
	cases := []struct {
		name, verb, path, body string
		status                 int
		want                   string
	}{
		{"zero values are written", "POST", "/v1/login", `{"password":"right"}`, 200, `"should_show_email_otp_screen":false`},
		{"64-bit integers are texts", "POST", "/v1/login", `{"password":"right"}`, 200, `"expires_in":"1099511627776"`},
		{"absent objects are null", "POST", "/v1/login", `{"password":"right"}`, 200, `"app_data":null`},
		{"GET, and a free-form object in its wrapper", "GET", "/v1/profile", "", 200, `"app_data":{"value":{"n":1,"none":null}}`},
		{"an envelope", "POST", "/v1/admin/update_user", `{"id":"7"}`, 200, `{"user":{"id":"7"`},
		{"unknown fields are dropped", "POST", "/v1/login", `{"password":"right","bogus":{"a":[1]}}`, 200, `"message":"ok"`},
		{"null is unset", "POST", "/v1/login", `{"password":"right","email":null}`, 200, `"message":"ok"`},
		{"names in camel case", "POST", "/v1/admin/update_user", `{"id":"8","givenName":"Zoe"}`, 200, `{"user":{"id":"8"`},
		{"integers as texts", "POST", "/v1/admin/users", `{"pagination":{"limit":"5"}}`, 200, `"next_page_token":""`},
		{"integers as numbers", "POST", "/v1/admin/users", `{"pagination":{"limit":6}}`, 200, `"total":"2"`},
		{"a bare object is dropped", "POST", "/v1/admin/update_user", `{"id":"9","app_data":{"a":1}}`, 200, `{"user":{"id":"9"`},
		{"an empty body", "POST", "/v1/login", " ", 401, `{"code":"unauthenticated","message":"invalid credentials"}`},
		{"an error", "POST", "/v1/login", `{"password":"wrong"}`, 401, `{"code":"unauthenticated","message":"invalid credentials"}`},
		{"broken JSON", "POST", "/v1/login", `{"email":`, 400, `{"code":"invalid_argument","message":"unexpected EOF"}`},
		{"a wrong type", "POST", "/v1/login", `{"email":7}`, 400, `(line 1:10): invalid value for string field email: 7`},
		{"an unknown path", "GET", "/v1/nope", "", 404, `{"code":"not_found","message":"Not Found"}`},
		{"a wrong verb", "GET", "/v1/login", "", 405, `{"code":"method_not_allowed","message":"Method Not Allowed"}`},
		{"a wrong verb for GET", "POST", "/v1/profile", "{}", 405, `{"code":"method_not_allowed","message":"Method Not Allowed"}`},
		{"a method that is not there", "GET", "/v1/meta", "", 501, `{"code":"unimplemented","message":"method meta is not implemented"}`},
		{"too large", "POST", "/v1/login", `{"password":"` + strings.Repeat("x", 2000) + `"}`, 413, `{"code":"resource_exhausted","message":"the request is larger than 2000 bytes"}`},
		{"too large for GraphQL", "POST", "/graphql", `{"query":"` + strings.Repeat("x", 2000) + `"}`, 413, `"resource_exhausted"`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			res, body := send(t, tc.verb, srv.url+tc.path, "application/json", tc.body)
			if res.StatusCode != tc.status || res.Header.Get("Content-Type") != "application/json" || !strings.Contains(body, tc.want) {
				t.Errorf("got  %d %s %s\nwant %d ...%s", res.StatusCode, res.Header.Get("Content-Type"), body, tc.status, tc.want)
			}
		})
	}
	if got := a.requests; *got[0].Pagination.Limit != 5 || *got[1].Pagination.Limit != 6 {
		t.Errorf("the limits are %d and %d", *got[0].Pagination.Limit, *got[1].Pagination.Limit)
	}
	if got := a.updates; got[1].GivenName == nil || *got[1].GivenName != "Zoe" || got[2].AppData != nil {
		t.Errorf("got %v and %v", got[1].GivenName, got[2].AppData)
	}
	if res, _ := send(t, "GET", srv.url+"/v1/login", "", ""); res.Header.Get("Allow") != "POST" {
		t.Errorf("Allow: %q", res.Header.Get("Allow"))
	}
}

// oauth notes the requests of the OAuth endpoints.
type oauth struct {
	authorizerserver.UnimplementedUserServer
	tokens  []*authorizer.GetTokenRequest
	revoked []*authorizer.RevokeTokenRequest
}

func (o *oauth) GetToken(_ context.Context, req *authorizer.GetTokenRequest) (*authorizer.TokenResponse, error) {
	o.tokens = append(o.tokens, req)
	if req.RefreshToken != nil && *req.RefreshToken == "dead" {
		err := serve.Errorf(authorizer.CodeUnauthenticated, "the refresh token is invalid")
		err.ServerCode = "invalid_grant"
		return nil, err
	}
	if req.GrantType == nil {
		err := serve.Errorf(authorizer.CodeUnauthenticated, "no grant")
		err.ServerCode, err.HTTPStatus = "invalid_grant", http.StatusBadRequest
		return nil, err
	}
	return &authorizer.TokenResponse{AccessToken: "a&b", ExpiresIn: 1800, Roles: []string{"user"}}, nil
}

func (o *oauth) RevokeToken(_ context.Context, req *authorizer.RevokeTokenRequest) error {
	o.revoked = append(o.revoked, req)
	return nil
}

func TestOAuth(t *testing.T) {
	o := &oauth{}
	srv := start(t, authorizerserver.Services{User: o})
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"r é+"}, "client_id": {"c"}, "unknown": {"x", "y"}}.Encode()
	cases := []struct {
		name, path, kind, body string
		status                 int
		want                   string
	}{
		{"form", "/oauth/token", "application/x-www-form-urlencoded", form, 200, `{"access_token":"a&b","expires_in":1800,"roles":["user"]}`},
		{"JSON", "/oauth/token", "application/json", `{"grant_type":"refresh_token","refresh_token":"r é+","client_id":"c"}`, 200, `{"access_token":"a&b","expires_in":1800,"roles":["user"]}`},
		{"a dead token", "/oauth/token", "application/json", `{"refresh_token":"dead"}`, 401, `{"error":"invalid_grant","error_description":"the refresh token is invalid"}`},
		{"a status of the method's own", "/oauth/token", "application/x-www-form-urlencoded", "", 400, `{"error":"invalid_grant","error_description":"no grant"}`},
		{"a wrong type", "/oauth/token", "application/json", `{"grant_type":7}`, 400, `{"error":"invalid_request","error_description":"grant_type must be a string"}`},
		{"not JSON", "/oauth/token", "application/json", `{"grant_type":`, 400, `{"error":"invalid_request","error_description":"the request is no JSON object: unexpected EOF"}`},
		{"revoke", "/oauth/revoke", "application/x-www-form-urlencoded", "token=t", 200, `{}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			res, body := send(t, "POST", srv.url+tc.path, tc.kind, tc.body)
			if res.StatusCode != tc.status || body != tc.want {
				t.Errorf("got  %d %s\nwant %d %s", res.StatusCode, body, tc.status, tc.want)
			}
		})
	}
	for i := range 2 {
		if got := o.tokens[i]; *got.GrantType != "refresh_token" || *got.RefreshToken != "r é+" || *got.ClientID != "c" || got.Code != nil {
			t.Errorf("request %d is %#v", i, got)
		}
	}
	if *o.revoked[0].Token != "t" {
		t.Errorf("revoked %v", o.revoked[0])
	}
}
