package authorizertest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

func TestFaultError(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		// Over GraphQL the code comes from the message, which must be a known one.
		srv.Fault("meta", authorizertest.Fault{Err: &authorizer.Error{Code: authorizer.CodePermissionDenied, Message: "authorization check failed"}, Times: 1})
		_, err := c.Meta(t.Context())
		wantError(t, err, authorizer.CodePermissionDenied, "authorization check failed")
		if _, err := c.Meta(t.Context()); err != nil {
			t.Errorf("the fault was for one call: %v", err)
		}
	})
}

func TestFaultOutage(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		srv.Fault(authorizertest.AnyMethod, authorizertest.Fault{Outage: true})
		if _, err := c.Meta(t.Context()); !errors.Is(err, authorizer.ErrUnavailable) {
			t.Errorf("error is %v", err)
		}
		srv.Fault(authorizertest.AnyMethod, authorizertest.Fault{})
		if _, err := c.Meta(t.Context()); err != nil {
			t.Errorf("the outage is over: %v", err)
		}
	})
}

// Names of methods are those of the manifest or of Go; one that is neither is a
// mistake of the test, not a fault that never comes.
func TestFaultNames(t *testing.T) {
	srv := authorizertest.New(t)
	c, err := authorizer.New(srv.URL, srv.ClientID, authorizer.WithoutRetry())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, name := range []string{"validate_jwt_token", "ValidateJWTToken"} {
		srv.Fault(name, authorizertest.Fault{Outage: true, Times: 1})
		if _, err := c.ValidateJWTToken(t.Context(), &authorizer.ValidateJWTTokenRequest{Token: "x", TokenType: "access_token"}); !errors.Is(err, authorizer.ErrUnavailable) {
			t.Errorf("%s: error is %v", name, err)
		}
	}
	defer func() {
		if said, _ := recover().(string); !strings.Contains(said, `Fault("metta"): there is no such method`) {
			t.Errorf("panic: %q", said)
		}
	}()
	srv.Fault("metta", authorizertest.Fault{Outage: true})
}

// A retry of the SDK gets over an outage.
func TestFaultAndRetry(t *testing.T) {
	srv := authorizertest.New(t)
	c, err := authorizer.New(srv.URL, srv.ClientID, authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	srv.Fault("meta", authorizertest.Fault{Outage: true, Times: 2})
	if _, err := c.Meta(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestFaultDelay(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		srv.Fault("profile", authorizertest.Fault{Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if _, err := c.Profile(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error is %v", err)
		}
		if _, err := c.Meta(t.Context()); err != nil {
			t.Errorf("another method waits too: %v", err)
		}
	})
}

// The caller does not know that the work was done.
func TestFaultAfterWork(t *testing.T) {
	overEach(t, authorizertest.Settings{}, func(t *testing.T, srv *authorizertest.Server, protocol string) {
		c := user(t, srv, protocol)
		srv.Fault("signup", authorizertest.Fault{Outage: true, AfterWork: true, Times: 1})
		_, err := c.Signup(t.Context(), &authorizer.SignupRequest{Email: authorizer.Ptr(zoe), Password: password, ConfirmPassword: password})
		if !errors.Is(err, authorizer.ErrUnavailable) {
			t.Errorf("error is %v", err)
		}
		login(t, c, zoe)
	})
}

func TestReset(t *testing.T) {
	srv := authorizertest.New(t)
	c := user(t, srv, "graphql")
	token := signup(t, c, zoe).AccessToken
	srv.Fault("meta", authorizertest.Fault{Outage: true})
	srv.Reset()
	if _, err := c.Meta(t.Context()); err != nil {
		t.Error(err)
	}
	_, err := c.Profile(t.Context(), authorizer.WithBearerToken(token))
	wantError(t, err, authorizer.CodeUnauthenticated, "unauthorized")
	signup(t, c, zoe)
}
