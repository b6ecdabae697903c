package authorizertest_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// requireUser is the middleware under test: it lets only requests through whose
// bearer token is valid, with the user's id in a header.
func requireUser(client authorizer.ClientAPI, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			http.Error(w, "no token", http.StatusUnauthorized)
			return
		}
		valid, err := client.ValidateJWTToken(r.Context(), &authorizer.ValidateJWTTokenRequest{TokenType: "access_token", Token: token})
		switch {
		case errors.Is(err, authorizer.ErrUnavailable):
			http.Error(w, "try again", http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, "bad token", http.StatusUnauthorized)
		default:
			r.Header.Set("X-User", valid.Claims["sub"].(string))
			next.ServeHTTP(w, r)
		}
	})
}

// Testing a middleware of your own: a good token, none, one that was revoked,
// and a server that cannot be reached. In a test, use New instead of Start.
func Example_middleware() {
	srv, err := authorizertest.Start()
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID, authorizer.WithoutRetry())
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	// A user of the emulated server.
	user, err := client.Signup(context.Background(), &authorizer.SignupRequest{
		Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123", ConfirmPassword: "Password@123",
	})
	if err != nil {
		log.Fatal(err)
	}

	// The handler under test, and what it answers to a request with a token.
	handler := requireUser(client, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello ", r.Header.Get("X-User") == user.User.ID)
	}))
	get := func(token string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return fmt.Sprint(w.Code, " ", strings.TrimSpace(w.Body.String()))
	}

	fmt.Println(get(user.AccessToken))
	fmt.Println(get(""))
	srv.Fault("validate_jwt_token", authorizertest.Fault{Outage: true, Times: 1})
	fmt.Println(get(user.AccessToken))
	if _, err := client.Logout(context.Background(), authorizer.WithBearerToken(user.AccessToken)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(get(user.AccessToken))
	// Output:
	// 200 hello true
	// 401 no token
	// 503 try again
	// 401 bad token
}

// The mail that the server sends stands in its outbox.
func ExampleServer_Outbox() {
	srv, err := authorizertest.Start(authorizertest.WithSettings(authorizertest.Settings{EmailVerification: true}))
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	ctx := context.Background()
	res, err := client.Signup(ctx, &authorizer.SignupRequest{
		Email: authorizer.Ptr("zoe@example.com"), Password: "Password@123", ConfirmPassword: "Password@123",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Message)
	mail, ok := srv.Outbox().Last("zoe@example.com")
	fmt.Println(ok, mail.Event)
	verified, err := client.VerifyEmail(ctx, &authorizer.VerifyEmailRequest{Token: mail.Token})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(verified.User.Email, verified.User.EmailVerified)
	// Output:
	// Verification email has been sent. Please check your inbox
	// true basic_auth_signup
	// zoe@example.com true
}
