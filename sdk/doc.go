// Package authorizer is a client for Authorizer servers over GraphQL, REST or
// gRPC. A call gives the same Go value, and fails with the same status code,
// whichever of the three is selected.
//
//	client, err := authorizer.New("https://auth.example.com", clientID)
//	if err != nil {
//		return err
//	}
//	defer client.Close()
//	res, err := client.Login(ctx, &authorizer.LoginRequest{
//		Email:    authorizer.Ptr("alice@example.com"),
//		Password: password,
//	})
//
// [Client] has the methods of users, [AdminClient] those that need the admin
// secret. Both speak GraphQL unless [WithProtocol] says otherwise. gRPC is
// linked only into programs that ask for it, by a blank import of the package
// authorizer-sdk/sdk/grpc.
//
// # Requests
//
// A field of a request is a pointer where some protocol can tell "unset" from
// "zero"; [Ptr] makes one. What is nil is not sent. What the selected protocol
// cannot express is refused before anything is sent, with an error that says
// which field it is and over which protocol it would work; nothing is dropped
// silently. Free-form maps (AppData, Headers) are plain maps; numbers in them
// are float64 on the way back, and a number that float64 cannot hold exactly
// is refused.
//
// # Answers
//
// Answers are plain values: what is absent, null or empty on the wire is the
// zero value. All times are Unix seconds.
//
// # Errors
//
// Every error of a call is an [*Error] with a canonical status code:
//
//	if errors.Is(err, authorizer.ErrUnauthenticated) { ... }
//
// GraphQL answers of server 2.3 carry a message and no code; the code comes
// from a table of the messages that the server is known to send, and is
// [CodeUnknown] for others.
package authorizer

//go:generate go run ../cmd/sdkgen generate --dir ..
