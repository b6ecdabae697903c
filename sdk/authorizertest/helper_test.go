package authorizertest_test

import (
	"errors"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
	_ "github.com/triwire/authorizer-sdk/sdk/grpc"
)

const password = "Password@123"

// user is a client of a server over one protocol.
func user(t *testing.T, srv *authorizertest.Server, protocol string, opts ...authorizer.Option) *authorizer.Client {
	t.Helper()
	opts = append([]authorizer.Option{authorizer.WithProtocolName(protocol), authorizer.WithGRPCEndpoint(srv.GRPCEndpoint), authorizer.WithoutRetry()}, opts...)
	c, err := authorizer.New(srv.URL, srv.ClientID, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, c.Close()) })
	return c
}

// admin is an admin client of a server over one protocol.
func admin(t *testing.T, srv *authorizertest.Server, protocol string) *authorizer.AdminClient {
	t.Helper()
	c, err := authorizer.NewAdmin(srv.URL, srv.AdminSecret, authorizer.WithProtocolName(protocol), authorizer.WithGRPCEndpoint(srv.GRPCEndpoint), authorizer.WithoutRetry())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, c.Close()) })
	return c
}

func closed(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// overEach runs a test over each protocol, each with a server of its own.
func overEach(t *testing.T, settings authorizertest.Settings, test func(t *testing.T, srv *authorizertest.Server, protocol string)) {
	t.Helper()
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		t.Run(protocol, func(t *testing.T) {
			test(t, authorizertest.New(t, authorizertest.WithSettings(settings)), protocol)
		})
	}
}

func signup(t *testing.T, c *authorizer.Client, email string, scope ...string) *authorizer.AuthResponse {
	t.Helper()
	res, err := c.Signup(t.Context(), &authorizer.SignupRequest{Email: &email, Password: password, ConfirmPassword: password, Scope: scope})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func login(t *testing.T, c *authorizer.Client, email string, opts ...authorizer.CallOption) *authorizer.AuthResponse {
	t.Helper()
	res, err := c.Login(t.Context(), &authorizer.LoginRequest{Email: &email, Password: password}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// wantError checks the code and the message of a failed call. GraphQL tells no
// code: the SDK has a table of messages, and not every message stands in it.
func wantError(t *testing.T, err error, code authorizer.Code, message string) {
	t.Helper()
	var e *authorizer.Error
	if !errors.As(err, &e) {
		t.Errorf("error is %v, want %s: %s", err, code, message)
		return
	}
	unknown := e.Protocol == authorizer.ProtocolGraphQL && e.Code == authorizer.CodeUnknown
	if e.Code != code && !unknown || e.Message != message {
		t.Errorf("error is %v, want %s: %s", err, code, message)
	}
}
