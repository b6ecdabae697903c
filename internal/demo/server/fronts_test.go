package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

func query(t *testing.T, s *Server, text string) (int, string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": text})
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/graphql", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", s.URL())
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Authorizer-Admin-Secret", AdminSecret)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(bytes.TrimSpace(out.Bytes()))
}

func TestGraphQLSelections(t *testing.T) {
	s := start(t)
	for name, c := range map[string]struct {
		query  string
		status int
		want   string
	}{
		"aliases and typename": {
			`{ a: meta { __typename v: version } __typename }`, 200,
			`{"data":{"__typename":"Query","a":{"__typename":"Meta","v":"demo"}}}`,
		},
		"fragments": {
			`{ result: _users { ...U } } fragment U on Users { users { ... on User { given_name email app_data } } }`, 200,
			`{"data":{"result":{"users":[{"app_data":{},"email":null,"given_name":"Carol"},{"app_data":{},"email":"bob@example.com","given_name":null}]}}}`,
		},
		"literal arguments": {
			`{ _users(params: {pagination: {limit: 1, page: 2}}) { pagination { offset } users { email } } }`, 200,
			`{"data":{"_users":{"pagination":{"offset":1},"users":[{"email":"bob@example.com"}]}}}`,
		},
		"null argument": {
			`{ _users(params: null) { pagination { limit } } }`, 200,
			`{"data":{"_users":{"pagination":{"limit":10}}}}`,
		},
		"an unknown field": {
			`{ meta { nope } }`, 400,
			`{"data":null,"errors":[{"message":"Cannot query field \"nope\" on type \"Meta\".","locations":[{"line":1,"column":10}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`,
		},
		"a method it does not have": {
			`{ x: _webhooks { pagination { limit } } }`, 200,
			`{"data":null,"errors":[{"message":"_webhooks is not served by the demo server","path":["x"]}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			status, got := query(t, s, c.query)
			if status != c.status || got != c.want {
				t.Errorf("status %d, want %d\ngot  %s\nwant %s", status, c.status, got, c.want)
			}
		})
	}
}

func TestGRPC(t *testing.T) {
	s := start(t)
	conn, err := grpc.NewClient(s.GRPCEndpoint(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	users, admin := authorizerv1.NewAuthorizerServiceClient(conn), authorizerv1.NewAuthorizerAdminServiceClient(conn)
	ctx := t.Context()
	for name, c := range map[string]struct {
		call func() error
		want codes.Code
	}{
		"no password": {func() error { _, err := users.Login(ctx, &authorizerv1.LoginRequest{Email: "x"}); return err }, codes.InvalidArgument},
		"no such user": {func() error {
			_, err := users.Login(ctx, &authorizerv1.LoginRequest{Email: "x", Password: "x"})
			return err
		}, codes.Unauthenticated},
		"no admin secret": {func() error { _, err := admin.Users(ctx, nil); return err }, codes.Unauthenticated},
		"not served":      {func() error { _, err := admin.Webhooks(ctx, nil); return err }, codes.Unimplemented},
		"with the secret": {func() error {
			_, err := admin.Users(metadata.AppendToOutgoingContext(ctx, "x-authorizer-admin-secret", AdminSecret), nil)
			return err
		}, codes.OK},
	} {
		if got := status.Code(c.call()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// A token says for which address of the server it is good.
func TestIssuer(t *testing.T) {
	s := start(t)
	conn, err := grpc.NewClient(s.GRPCEndpoint(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	users := authorizerv1.NewAuthorizerServiceClient(conn)
	auth, err := users.Signup(t.Context(), &authorizerv1.SignupRequest{Email: "a@example.com", Password: "Password@123", ConfirmPassword: "Password@123"})
	if err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]codes.Code{"": codes.OK, s.URL(): codes.Unauthenticated} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+auth.GetAccessToken(), "x-authorizer-url", url)
		if _, err := users.Profile(ctx, nil); status.Code(err) != want {
			t.Errorf("a token made without x-authorizer-url, used with %q: %v, want %s", url, err, want)
		}
	}
}
