package authorizer_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// The protocol is chosen for a client, or for one call.
func ExampleWithProtocol() {
	srv := startServer()
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
		fmt.Println(info.Protocol, meta.Version)
	}
	// Output:
	// rest 2.3.0-rc.9
	// graphql 2.3.0-rc.9
	// grpc 2.3.0-rc.9
}

// Codes are the same over every protocol; the text is the server's.
func ExampleError() {
	srv := startServer()
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
	srv := startServer()
	defer srv.Close()
	client, err := authorizer.New(srv.URL, srv.ClientID,
		authorizer.WithProtocol(authorizer.ProtocolREST),
		authorizer.WithHeader("X-Flaky", "yes"), // the server is unavailable twice
		authorizer.WithRetry(authorizer.RetryPolicy{MaxAttempts: 4, BaseDelay: time.Millisecond, MaxDelay: time.Second}))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	var info authorizer.ResponseInfo
	meta, err := client.Meta(context.Background(), authorizer.WithResponseInfo(&info))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(meta.Version, "after", info.Attempts, "tries")
	// Output:
	// 2.3.0-rc.9 after 3 tries
}

// A list comes page by page, or as all its entries.
func ExampleAdminClient_AllUsers() {
	srv := startServer()
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
	// user1@example.com
	// user2@example.com
	// user3@example.com
	// user4@example.com
	// user5@example.com
}

// The headers that the server sends along are a plain map.
func ExampleAdminClient_AddWebhook() {
	srv := startServer()
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
