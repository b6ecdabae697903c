package authorizerserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql/introspection"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// users is a small implementation: a profile, a list of two users, and methods
// that fail.
type users struct {
	authorizerserver.UnimplementedUserServer
	logins []*authorizer.LoginRequest
	calls  int
}

func (u *users) Profile(context.Context) (*authorizer.User, error) {
	u.calls++
	return &authorizer.User{ID: "u1", Email: "zoe@example.com", Roles: []string{"user"}, AppData: map[string]any{"n": 1, "none": nil}}, nil
}

func (u *users) Login(_ context.Context, req *authorizer.LoginRequest) (*authorizer.AuthResponse, error) {
	u.calls++
	u.logins = append(u.logins, req)
	if req.Password == "panic" {
		panic("secret " + req.Password)
	}
	if req.Password != "right" {
		return nil, serve.Errorf(authorizer.CodeUnauthenticated, "invalid credentials")
	}
	return &authorizer.AuthResponse{Message: "ok", AccessToken: "t", ExpiresIn: 1 << 40, User: authorizer.User{ID: "u1"}}, nil
}

type admins struct {
	authorizerserver.UnimplementedAdminServer
	requests []*authorizer.UsersRequest
	updates  []*authorizer.UpdateUserRequest
}

func (a *admins) Users(_ context.Context, req *authorizer.UsersRequest) (*authorizer.UsersResponse, error) {
	a.requests = append(a.requests, req)
	return &authorizer.UsersResponse{Users: []authorizer.User{{ID: "u1", Email: "zoe@example.com"}, {ID: "u2"}}, Pagination: authorizer.Pagination{Total: 2}}, nil
}

func (a *admins) UpdateUser(_ context.Context, req *authorizer.UpdateUserRequest) (*authorizer.User, error) {
	a.updates = append(a.updates, req)
	return &authorizer.User{ID: req.ID}, nil
}

// post sends a GraphQL request and returns status, content type and body.
func post(t *testing.T, url, accept string, body any) (int, string, string) {
	t.Helper()
	text, isText := body.(string)
	if !isText {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) (int, string, string) {
	t.Helper()
	res, body := exchange(t, req)
	return res.StatusCode, res.Header.Get("Content-Type"), body
}

// exchange sends a request on a connection of its own.
func exchange(t *testing.T, req *http.Request) (*http.Response, string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(out)
}

// query is the body of a GraphQL request.
type query struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
}

// rootField answers one of the fields that have no row.
func rootField(_ context.Context, field string) error {
	if field == "mobile_login" {
		return serve.Errorf(authorizer.CodeUnimplemented, "deprecated")
	}
	return nil
}

// TestGraphQLQueries sends what no SDK of ours sends.
func TestGraphQLQueries(t *testing.T) {
	u, a := &users{}, &admins{}
	srv := start(t, authorizerserver.Services{User: u, Admin: a}, serve.WithLogger(slog.New(slog.DiscardHandler)), serve.WithRootField(rootField))
	cases := []struct {
		name string
		body any
		// status for Accept: application/json.
		status int
		want   string
	}{
		{"a selection of our own", query{Query: `{ profile { email id } }`}, 200, `{"data":{"profile":{"email":"zoe@example.com","id":"u1"}}}`},
		{"aliases at every level", query{Query: `query { me: profile { a: id b: id roles } you: profile { id } }`}, 200,
			`{"data":{"me":{"a":"u1","b":"u1","roles":["user"]},"you":{"id":"u1"}}}`},
		{"fields that are absent", query{Query: `{ profile { nickname updated_at app_data email_verified } }`}, 200,
			`{"data":{"profile":{"nickname":null,"updated_at":null,"app_data":{"n":1,"none":null},"email_verified":false}}}`},
		{"fragments", query{Query: `query { profile { ...f ... on User { email } ... { id } } } fragment f on User { __typename ...g } fragment g on User { roles }`}, 200,
			`{"data":{"profile":{"__typename":"User","roles":["user"],"email":"zoe@example.com","id":"u1"}}}`},
		{"merged selections", query{Query: `{ profile { id } profile { email } }`}, 200, `{"data":{"profile":{"id":"u1","email":"zoe@example.com"}}}`},
		{"typename of the root", query{Query: `{ __typename }`}, 200, `{"data":{"__typename":"Query"}}`},
		{"skip and include", query{Query: `query($no: Boolean!, $yes: Boolean!) { profile { id @skip(if: $yes) email @include(if: $no) roles @include(if: $yes) } }`,
			Variables: map[string]any{"no": false, "yes": true}}, 200, `{"data":{"profile":{"roles":["user"]}}}`},
		{"a list, its items and a nested object", query{Query: `{ _users { users { id email } pagination { total limit } } }`}, 200,
			`{"data":{"_users":{"users":[{"id":"u1","email":"zoe@example.com"},{"id":"u2","email":null}],"pagination":{"total":2,"limit":0}}}}`},
		{"a default of a variable", query{Query: `query($limit: Int64 = 7) { _users(params: {pagination: {limit: $limit}}) { pagination { total } } }`}, 200,
			`{"data":{"_users":{"pagination":{"total":2}}}}`},
		{"the second of two operations", query{Query: `query a { __typename } query b { profile { id } }`, OperationName: "b"}, 200, `{"data":{"profile":{"id":"u1"}}}`},
		{"literals", query{Query: `mutation { login(params: {email: "zoe@example.com", password: "right"}) { access_token expires_in user { id } } }`}, 200,
			`{"data":{"login":{"access_token":"t","expires_in":1099511627776,"user":{"id":"u1"}}}}`},
		{"an error of a method", query{Query: `mutation { a: login(params: {password: "wrong"}) { message } }`}, 200,
			`{"errors":[{"message":"invalid credentials","path":["a"]}],"data":null}`},
		{"a method that is not there", query{Query: `{ meta { version } }`}, 200, `{"errors":[{"message":"method meta is not implemented","path":["meta"]}],"data":null}`},
		{"a field of the schema without a row", query{Query: `{ _env { ADMIN_SECRET } }`}, 200, `{"errors":[{"message":"_env is not implemented","path":["_env"]}],"data":null}`},
		{"a field without a row that is answered", query{Query: `mutation { mobile_login(params: {phone_number: "1", password: "x"}) { message } }`}, 200,
			`{"errors":[{"message":"deprecated","path":["mobile_login"]}],"data":null}`},
		{"a panic tells nothing", query{Query: `mutation { login(params: {password: "panic"}) { message } }`}, 200, `{"errors":[{"message":"internal error","path":["login"]}],"data":null}`},
		{"malformed", query{Query: `{ profile { `}, 422, `{"errors":[{"message":"Expected Name, found \u003cEOF\u003e","locations":[{"line":1,"column":13}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}],"data":null}`},
		{"an unknown field", query{Query: `{ profile { nope } }`}, 422,
			`{"errors":[{"message":"Cannot query field \"nope\" on type \"User\".","locations":[{"line":1,"column":13}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"a wrong type", query{Query: `mutation { login(params: {password: 7}) { message } }`}, 422,
			`{"errors":[{"message":"String cannot represent a non string value: 7","locations":[{"line":1,"column":37}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"a variable of a wrong type", query{Query: `mutation($p: LoginRequest!) { login(params: $p) { message } }`, Variables: map[string]any{"p": map[string]any{"password": true}}}, 422,
			`{"errors":[{"message":"cannot use bool as String","path":["variable","p","password"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"a required variable is missing", query{Query: `mutation($params: LoginRequest!) { login(params: $params) { message } }`}, 422,
			`{"errors":[{"message":"must be defined","path":["variable","params"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"a required field is missing", query{Query: `mutation($params: LoginRequest!) { login(params: $params) { message } }`, Variables: map[string]any{"params": map[string]any{}}}, 422,
			`{"errors":[{"message":"must be defined","path":["variable","params","password"],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"no document", `{}`, 422, `{"errors":[{"message":"no operation provided","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
		{"an operation that is not there", query{Query: `query a { __typename }`, OperationName: "b"}, 422,
			`{"errors":[{"message":"operation b not found","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}],"data":null}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			status, kind, body := post(t, srv.url+"/graphql", "application/json", tc.body)
			if status != tc.status || kind != "application/json" || body != tc.want {
				t.Errorf("got  %d %s %s\nwant %d %s", status, kind, body, tc.status, tc.want)
			}
		})
	}
}

// TestGraphQLCallsOncePerField: one call for each root field, whatever is selected.
func TestGraphQLCallsOncePerField(t *testing.T) {
	u := &users{}
	srv := start(t, authorizerserver.Services{User: u})
	post(t, srv.url+"/graphql", "", query{Query: `{ a: profile { id id2: id } b: profile { email } __typename ...f } fragment f on Query { a: profile { roles } }`})
	if u.calls != 2 {
		t.Errorf("%d calls, want 2", u.calls)
	}
}

// TestGraphQLPresence: what is null, absent and empty in a request.
func TestGraphQLPresence(t *testing.T) {
	a := &admins{}
	srv := start(t, authorizerserver.Services{Admin: a})
	const update = `mutation($p: UpdateUserRequest!) { _update_user(params: $p) { id } }`
	for _, vars := range []map[string]any{
		{"id": "1", "email": "", "email_verified": false, "roles": []string{}, "app_data": map[string]any{}},
		{"id": "1", "email": nil, "roles": nil, "app_data": nil},
		{"id": "1", "roles": "user"},
	} {
		if _, _, body := post(t, srv.url+"/graphql", "", query{Query: update, Variables: map[string]any{"p": vars}}); strings.Contains(body, "errors") {
			t.Fatal(body)
		}
	}
	first, second, third := a.updates[0], a.updates[1], a.updates[2]
	if first.Email == nil || *first.Email != "" || first.EmailVerified == nil || first.Roles == nil || len(first.Roles) != 0 || first.AppData == nil || first.GivenName != nil {
		t.Errorf("empty values became %#v", first)
	}
	if second.Email != nil || second.Roles != nil || second.AppData != nil {
		t.Errorf("nulls became %#v", second)
	}
	if len(third.Roles) != 1 || third.Roles[0] != "user" {
		t.Errorf("a single value became %q, want a list of it", third.Roles)
	}
	post(t, srv.url+"/graphql", "", query{Query: `query($n: Int64 = 7) { _users(params: {pagination: {limit: $n, page: 3}}) { pagination { total } } }`})
	post(t, srv.url+"/graphql", "", query{Query: `query { _users(params: null) { pagination { total } } }`})
	if got := a.requests[0].Pagination; got == nil || *got.Limit != 7 || *got.Page != 3 {
		t.Errorf("the default of a variable became %v", got)
	}
	if got := a.requests[1]; got == nil || got.Pagination != nil {
		t.Errorf("a null argument became %v", got)
	}
}

// TestGraphQLContentNegotiation: statuses and types as the wire facts have them.
func TestGraphQLContentNegotiation(t *testing.T) {
	srv := start(t, authorizerserver.Services{User: &users{}})
	bad := query{Query: `{ profile { nope } }`}
	for accept, want := range map[string]struct {
		status int
		kind   string
	}{
		"application/json":                  {422, "application/json"},
		"application/graphql-response+json": {400, "application/graphql-response+json"},
		"*/*":                               {400, "application/graphql-response+json"},
	} {
		status, kind, _ := post(t, srv.url+"/graphql", accept, bad)
		if status != want.status || kind != want.kind {
			t.Errorf("%s: got %d %s, want %v", accept, status, kind, want)
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.url+"/graphql", strings.NewReader(`{"query":"{ __typename }"}`))
	req.Header.Set("Content-Type", "text/plain")
	if status, _, body := do(t, req); status != 400 || body != `{"errors":[{"message":"transport not supported"}],"data":null}` {
		t.Errorf("text/plain: got %d %s", status, body)
	}
	if status, _, body := post(t, srv.url+"/graphql", "", `{"query":`); status != 400 || !strings.Contains(body, "json request body could not be decoded") {
		t.Errorf("broken JSON: got %d %s", status, body)
	}
	if status, kind, _ := post(t, srv.url+"/graphql", "", bad); status != 422 || kind != "application/json" {
		t.Errorf("no Accept: got %d %s", status, kind)
	}
	req, _ = http.NewRequestWithContext(t.Context(), http.MethodGet, srv.url+"/graphql?query=%7B__typename%7D", nil)
	if status, _, body := do(t, req); status != 200 || body != `{"data":{"__typename":"Query"}}` {
		t.Errorf("GET: got %d %s", status, body)
	}
}

// TestIntrospection: the query that tools send gives the schema back, and a
// client that reads it finds what is in the file.
func TestIntrospection(t *testing.T) {
	srv := start(t, authorizerserver.Services{})
	_, _, body := post(t, srv.url+"/graphql", "", query{Query: introspection.Query, OperationName: "IntrospectionQuery"})
	var got struct {
		Data struct {
			Schema struct {
				QueryType struct{ Name string }
				Types     []struct {
					Kind, Name string
					Fields     []struct {
						Name string
						Args []struct{ Name string }
						Type struct {
							Kind   string
							OfType struct{ Kind, Name string }
						}
					}
					InputFields []struct{ Name string }
					EnumValues  []struct{ Name string }
				}
				Directives []struct{ Name string }
			} `json:"__schema"`
		}
		Errors []any
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&got); err != nil || len(got.Errors) > 0 {
		t.Fatalf("%v: %s", err, body)
	}
	s := got.Data.Schema
	fields := map[string]int{}
	for _, typ := range s.Types {
		fields[typ.Name] = len(typ.Fields) + len(typ.InputFields)
		if typ.Name == "Query" {
			for _, f := range typ.Fields {
				if f.Name == "meta" && (f.Type.Kind != "NON_NULL" || f.Type.OfType.Name != "Meta") {
					t.Errorf("meta is of type %v", f.Type)
				}
			}
		}
	}
	if s.QueryType.Name != "Query" || fields["User"] != 20 || fields["LoginRequest"] != 6 || len(s.Directives) < 3 {
		t.Errorf("the schema has %d fields of User, %d of LoginRequest, %d directives", fields["User"], fields["LoginRequest"], len(s.Directives))
	}
	_, _, body = post(t, srv.url+"/graphql", "", query{Query: `{ __type(name: "LoginRequest") { kind name __typename inputFields { name type { kind ofType { name } } } } none: __type(name: "Nope") { name } }`})
	if !strings.HasPrefix(body, `{"data":{"__type":{"kind":"INPUT_OBJECT","name":"LoginRequest","__typename":"__Type","inputFields":[{"name":"email","type":{"kind":"SCALAR","ofType":null}}`) || !strings.HasSuffix(body, `"none":null}}`) {
		t.Errorf("__type: %s", body)
	}
}
