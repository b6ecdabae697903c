package authorizerserver_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// serveOnce answers one request without a network.
func serveOnce(t *testing.T, h http.Handler, path, kind string, body []byte) (int, []byte) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, bytes.NewReader(body))
	req.Header.Set("Content-Type", kind)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec.Code, rec.Body.Bytes()
}

func newHandler(tb testing.TB) http.Handler {
	tb.Helper()
	srv, err := authorizerserver.New(authorizerserver.Services{User: &oauth{}, Admin: &admins{}}, serve.WithMaxRequestBytes(1<<16))
	if err != nil {
		tb.Fatal(err)
	}
	return srv.Handler()
}

// FuzzREST: whatever the body, the answer is JSON with a status that says what
// happened, and no implementation is called with something that is not one of
// its requests.
func FuzzREST(f *testing.F) {
	paths := []string{"/v1/admin/update_user", "/v1/admin/users", "/oauth/token", "/oauth/revoke"}
	for _, body := range []string{
		`{}`, ``, `null`, `[]`, `{"id":"1","email":null,"roles":["a",null],"app_data":{"value":{"a":[1,{"b":null}]}}}`,
		`{"pagination":{"limit":"1","page":1e3}}`, `{"pagination":{"limit":1.5}}`, `{"pagination":{"limit":99999999999999999999}}`, `{"pagination":[]}`,
		`{"grant_type":"refresh_token","refresh_token":7}`, `{"token":"a","token":"b"}`, `{"a":` + strings.Repeat("[", 2000), "\xff", `{"id":"\ud800"}`,
		"grant_type=refresh_token&refresh_token=%zz", "token=a&token=b&client_id=%00",
	} {
		for i := range paths {
			f.Add(i, i%2 == 1, []byte(body))
		}
	}
	handler := newHandler(f)
	f.Fuzz(func(t *testing.T, path int, form bool, body []byte) {
		kind := "application/json"
		if form {
			kind = "application/x-www-form-urlencoded"
		}
		status, answer := serveOnce(t, handler, paths[uint(path)%uint(len(paths))], kind, body)
		if !json.Valid(answer) {
			t.Errorf("%q is answered with %d and what is no JSON: %q", body, status, answer)
		}
		if status >= http.StatusInternalServerError {
			t.Errorf("%q is answered with %d: %s", body, status, answer)
		}
	})
}

// FuzzGraphQL: whatever the document and its variables, the answer is JSON with
// data or errors.
func FuzzGraphQL(f *testing.F) {
	for _, seed := range [][2]string{
		{`{ __typename }`, ``},
		{`{ _users(params: {pagination: {limit: 1, page: null}}) { users { id email app_data } pagination { total } } }`, ``},
		{`query($p: ListUsersRequest) { _users(params: $p) { users { ...f } } } fragment f on User { id ... on User @skip(if: true) { email } }`, `{"p":{"pagination":{"limit":"3"}}}`},
		{`mutation($p: UpdateUserRequest!) { _update_user(params: $p) { id } }`, `{"p":{"id":1,"roles":"a","app_data":{"a":[1,2.5,null]}}}`},
		{`mutation { _update_user(params: {id: "1", app_data: {a: [1, {b: null}], c: E}}) { id } }`, ``},
		{`{ __type(name: "User") { fields(includeDeprecated: true) { name args { name } type { kind name ofType { name } } } } __schema { types { name } directives { name locations args { defaultValue } } } }`, ``},
		{`{ a`, `{`}, {`fragment f on Query { ...f } { ...f }`, ``}, {`subscription { x }`, ``}, {`query($a: [[Int]] = [[1]]) { __typename }`, `{"a":[1]}`},
	} {
		f.Add(seed[0], seed[1])
	}
	handler := newHandler(f)
	f.Fuzz(func(t *testing.T, document, variables string) {
		request := map[string]any{"query": document}
		if json.Valid([]byte(variables)) {
			request["variables"] = json.RawMessage(variables)
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Skip()
		}
		status, answer := serveOnce(t, handler, "/graphql", "application/json", body)
		var out map[string]json.RawMessage
		if err := json.Unmarshal(answer, &out); err != nil || out["data"] == nil && out["errors"] == nil {
			t.Fatalf("%q is answered with %d %q", body, status, answer)
		}
		if strings.Contains(string(out["errors"]), "internal") {
			t.Errorf("%q is answered with %s", body, answer)
		}
	})
}
