package authorizer_test

import (
	"context"
	"fmt"
	"log"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// startServer starts the emulator with users whose password is Password@123, and
// returns it with the access token of the last one.
func startServer(settings authorizertest.Settings, emails ...string) (*authorizertest.Server, string) {
	srv, err := authorizertest.Start(authorizertest.WithSettings(settings))
	if err != nil {
		log.Fatal(err)
	}
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	token := ""
	for _, email := range emails {
		res, err := client.Signup(context.Background(), &authorizer.SignupRequest{
			Email: authorizer.Ptr(email), Password: "Password@123", ConfirmPassword: "Password@123",
			Scope: []string{"openid", "offline_access"},
		})
		if err != nil {
			log.Fatal(err)
		}
		token = res.AccessToken
	}
	return srv, token
}

// numbered are addresses that differ.
func numbered(n int) []string {
	var emails []string
	for i := range n {
		emails = append(emails, fmt.Sprintf("user%d@example.com", i+1))
	}
	return emails
}
