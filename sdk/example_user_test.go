package authorizer_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
	_ "github.com/triwire/authorizer-sdk/sdk/grpc" // links gRPC
)

// A first call: log a user in, and ask who that is.
func Example() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	ctx := context.Background()
	res, err := client.Login(ctx, &authorizer.LoginRequest{
		Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123",
	})
	if err != nil {
		log.Fatal(err)
	}
	user, err := client.WithBearer(res.AccessToken).Profile(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Email, user.Roles)
	// Output:
	// zoe@example.com [user]
}

// An answer printed with fmt shows no token.
func ExampleClient_Login() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	res, err := client.Login(context.Background(), &authorizer.LoginRequest{
		Email:    authorizer.Ptr("zoe@example.com"),
		Password: "Password@123",
		Scope:    []string{"openid", "offline_access"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Message, res.User.Email, res.ExpiresIn)
	fmt.Println(authorizer.NewToken(res.AccessToken, res.RefreshToken, 0))
	// Output:
	// Logged in successfully zoe@example.com 1800
	// Token{Access:[redacted] Refresh:[redacted] Expiry:0001-01-01T00:00:00Z}
}

// A session keeps the cookies of one user, for the methods that need them. It is
// the same over gRPC, where they travel as metadata.
func ExampleClient_Session() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	zoe := client.WithSession(authorizer.NewSession())
	if _, err := zoe.Login(ctx, &authorizer.LoginRequest{Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123"}); err != nil {
		log.Fatal(err)
	}
	res, err := zoe.Session(ctx, nil)
	fmt.Println(res.User.Email, err)
	_, err = client.Session(ctx, nil) // no cookies
	fmt.Println(err)
	// Output:
	// zoe@example.com <nil>
	// session over graphql: unauthenticated: unauthorized
}

// A login with a second factor comes in two steps, which a session ties together.
func ExampleClient_VerifyOTP() {
	srv, _ := startServer(authorizertest.Settings{MultiFactor: true, EnforceMultiFactor: true, EmailOTP: true}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	email := authorizer.Ptr("zoe@example.com")
	user := client.WithSession(authorizer.NewSession())
	res, err := user.Login(ctx, &authorizer.LoginRequest{Email: email, Password: "Password@123"})
	if err != nil {
		log.Fatal(err)
	}
	if res.ShouldShowEmailOTPScreen {
		fmt.Println(res.Message)
		mail, _ := srv.Outbox().Last(*email) // the user looks into the inbox
		res, err = user.VerifyOTP(ctx, &authorizer.VerifyOTPRequest{Email: email, OTP: mail.OTP})
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(res.Message)
	// Output:
	// Please check email inbox for the OTP
	// OTP verified successfully.
}

// A source gets the next token before the one it has ends, once, however many
// calls wait for it.
func ExampleClient_TokenSource() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	res, err := client.Login(ctx, &authorizer.LoginRequest{
		Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123", Scope: []string{"openid", "offline_access"},
	})
	if err != nil {
		log.Fatal(err)
	}
	old := authorizer.Token{Access: res.AccessToken, Refresh: res.RefreshToken, Expiry: time.Now().Add(-time.Minute)}
	keep := func(next authorizer.Token) { fmt.Println("a new token:", next.Access != old.Access) }
	user, err := client.With(authorizer.WithTokenSource(client.TokenSource(old, keep))).Profile(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(user.Email)
	// Output:
	// a new token: true
	// zoe@example.com
}

// Several questions travel in one call; the answers come in their order. Who
// may ask, and for whom, is up to the server: see the package
// sdk/authorizertest/fga for a whole program with a model and relations.
func ExampleClient_CheckPermissions() {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"results": [
			{"relation": "viewer", "object": "document:1", "allowed": true},
			{"relation": "owner", "object": "document:1", "allowed": false}]}`)
	}))
	defer srv.Close()
	client, err := authorizer.New(srv.URL, "client-id", authorizer.WithProtocol(authorizer.ProtocolREST))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	res, err := client.WithBearer("the user's token").CheckPermissions(context.Background(), &authorizer.CheckPermissionsRequest{
		Checks: []authorizer.PermissionCheckInput{
			{Relation: "viewer", Object: "document:1"},
			{Relation: "owner", Object: "document:1"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range res.Results {
		fmt.Println(r.Relation, r.Object, r.Allowed)
	}
	// Output:
	// viewer document:1 true
	// owner document:1 false
}
