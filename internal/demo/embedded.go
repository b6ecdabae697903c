package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// The credentials of the embedded server.
const (
	clientID    = "demo-client"
	adminSecret = "demo-admin-secret"
)

// epoch is the time at which the embedded server's clock stands, so that times
// are the same on every run.
func epoch() time.Time { return time.Unix(1750000000, 0) }

// startEmbedded starts the emulator.
func startEmbedded() (*authorizertest.Server, error) {
	s, err := authorizertest.Start(authorizertest.WithCredentials(clientID, "", adminSecret))
	if err != nil {
		return nil, fmt.Errorf("the embedded server: %w", err)
	}
	s.Clock().Freeze(epoch())
	return s, nil
}

// embedded is the target for the embedded server.
func embedded(s *authorizertest.Server) *Target {
	return &Target{
		URL: s.URL, GRPC: s.GRPCEndpoint, ClientID: clientID, AdminSecret: adminSecret,
		Reset: func(ctx context.Context) error { return startAnew(ctx, s) },
	}
}

// startAnew makes the server forget everything, and signs up two users who show
// what "absent" looks like: both have next to nothing, one no e-mail address.
func startAnew(ctx context.Context, s *authorizertest.Server) (err error) {
	s.Reset()
	client, err := authorizer.New(s.URL, s.ClientID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	for _, user := range []authorizer.SignupRequest{
		{Email: authorizer.Ptr("bob@example.com")},
		{PhoneNumber: authorizer.Ptr("+14155550100")},
	} {
		user.Password, user.ConfirmPassword = "Password@123", "Password@123"
		if _, err := client.Signup(ctx, &user); err != nil {
			return fmt.Errorf("the embedded server: %w", err)
		}
	}
	return nil
}
