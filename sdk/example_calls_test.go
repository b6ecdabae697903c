package authorizer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

// The protocol is chosen for a client, or for one call.
func ExampleWithProtocol() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID,
		authorizer.WithProtocol(authorizer.ProtocolREST), authorizer.WithGRPCEndpoint(srv.GRPCEndpoint))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, opts := range [][]authorizer.CallOption{
		nil,
		{authorizer.WithProtocol(authorizer.ProtocolGraphQL)},
		{authorizer.WithProtocolName("grpc")}, // a name from a configuration
	} {
		var info authorizer.ResponseInfo
		meta, err := client.Meta(context.Background(), append(opts, authorizer.WithResponseInfo(&info))...)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(info.Protocol, meta.IsSignUpEnabled)
	}
	// Output:
	// rest true
	// graphql true
	// grpc true
}

// Codes are the same over every protocol; the text is the server's.
func ExampleError() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID, authorizer.WithGRPCEndpoint(srv.GRPCEndpoint))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	for _, name := range []string{"graphql", "rest", "grpc"} {
		_, err := client.Login(context.Background(),
			&authorizer.LoginRequest{Email: authorizer.Ptr("zoe@example.com"), Password: "wrong"},
			authorizer.WithProtocolName(name))
		var e *authorizer.Error
		if errors.As(err, &e) {
			fmt.Println(e.Code, errors.Is(err, authorizer.ErrUnauthenticated), e.Message)
		}
	}
	// Output:
	// unauthenticated true invalid credentials
	// unauthenticated true invalid credentials
	// unauthenticated true invalid credentials
}

// A method that may be sent again is sent again after a passing failure.
func ExampleWithRetry() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID,
		authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: 4, BaseDelay: time.Millisecond, MaxDelay: time.Second}))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	srv.Fault("meta", authorizertest.Fault{Outage: true, Times: 2})
	var info authorizer.ResponseInfo
	meta, err := client.Meta(context.Background(), authorizer.WithResponseInfo(&info))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(meta.IsSignUpEnabled, "after", info.Attempts, "tries")
	// Output:
	// true after 3 tries
}

// A list comes page by page, or as all its entries.
func ExampleAdminClient_AllUsers() {
	srv, _ := startServer(authorizertest.Settings{}, numbered(5)...)
	defer srv.Close()
	admin, err := authorizer.NewAdmin(srv.URL, srv.AdminSecret)
	if err != nil {
		log.Fatal(err)
	}
	defer admin.Close()
	ctx := context.Background()
	request := &authorizer.UsersRequest{Pagination: &authorizer.PaginationRequest{Limit: authorizer.Ptr(int64(2))}}
	page, err := admin.Users(ctx, request)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Users), "of", page.Pagination.Total)
	for user, err := range admin.AllUsers(ctx, request) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(user.Email)
	}
	// Output:
	// 2 of 5
	// user5@example.com
	// user4@example.com
	// user3@example.com
	// user2@example.com
	// user1@example.com
}

// The headers that the server sends along are a plain map.
func ExampleAdminClient_AddWebhook() {
	srv, _ := startServer(authorizertest.Settings{}, "zoe@example.com")
	defer srv.Close()
	admin, err := authorizer.NewAdmin(srv.URL, srv.AdminSecret)
	if err != nil {
		log.Fatal(err)
	}
	defer admin.Close()
	res, err := admin.AddWebhook(context.Background(), &authorizer.AddWebhookRequest{
		EventName: "user.login",
		Endpoint:  "https://hooks.example.com/authorizer",
		Enabled:   true,
		Headers:   map[string]any{"X-Token": "the-token-of-the-hook"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(res.Message)
	// Output:
	// Webhook added successfully
}
