package authorizer_test

import (
	"context"
	"errors"
	"fmt"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// greet is code of a program that is to be tested: it asks for the interface,
// not for the client.
func greet(ctx context.Context, api authorizer.ClientAPI) string {
	user, err := api.Profile(ctx)
	if errors.Is(err, authorizer.ErrUnauthenticated) {
		return "Please log in."
	}
	if err != nil {
		return "Come back later."
	}
	return "Hello, " + user.GivenName + "!"
}

// fake stands in for the client. Embedding the interface gives it all methods,
// and it writes those that the test needs; another one would panic.
type fake struct {
	authorizer.ClientAPI
	user *authorizer.User
	err  error
}

func (f fake) Profile(context.Context, ...authorizer.CallOption) (*authorizer.User, error) {
	return f.user, f.err
}

// Tests of your own need no server: put a fake in the place of the client.
func ExampleClientAPI() {
	ctx := context.Background()
	fmt.Println(greet(ctx, fake{user: &authorizer.User{GivenName: "Alice"}}))
	fmt.Println(greet(ctx, fake{err: &authorizer.Error{Code: authorizer.CodeUnauthenticated}}))
	fmt.Println(greet(ctx, fake{err: &authorizer.Error{Code: authorizer.CodeUnavailable}}))
	// Output:
	// Hello, Alice!
	// Please log in.
	// Come back later.
}

// The interfaces are those of the clients.
var (
	_ authorizer.ClientAPI      = (*authorizer.Client)(nil)
	_ authorizer.AdminClientAPI = (*authorizer.AdminClient)(nil)
)
