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
// linked only into programs that ask for it, by a blank import of
// github.com/triwire/authorizer-sdk/sdk/grpc.
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
// A failed call that may be sent again is: see [WithRetry].
//
// GraphQL answers of server 2.3 carry a message and no code; the code comes
// from a table of the messages that the server is known to send, and is
// [CodeUnknown] for others.
//
// # Users
//
// A client has no user until it is told of one. [Client.WithBearer] and
// [Client.WithSession] are views for one user each that share the client's
// connections; [WithBearerToken], [WithSession], [WithTokenSource] and
// [WithCookie] do the same for one call. Options that name a user replace the
// one of the client as a whole, so that the credentials of two never travel on
// one call. A [Session] keeps the cookies that answers set, over gRPC too, for
// the methods that need them (Session, ValidateSession, second factors,
// AdminSession), and forgets them when Logout succeeds. [Client.TokenSource]
// makes a source of tokens that refreshes them before they end:
//
//	source := client.TokenSource(authorizer.NewToken(res.AccessToken, res.RefreshToken, res.ExpiresIn), save)
//	user, err := client.With(authorizer.WithTokenSource(source)).Profile(ctx)
//
// # Lists
//
// Each method that lists in pages has a form that walks all of them:
//
//	for user, err := range admin.AllUsers(ctx, nil) { ... }
//
// # Testing
//
// Code that takes a [ClientAPI] or an [AdminClientAPI] can be given a fake. The
// package sdk/authorizertest has an emulator of the whole server, in memory and on
// loopback, over the three protocols: the examples of this package run against it.
//
// # Seeing
//
// [WithLogger] and [WithInterceptor] see every try of every call;
// [WithResponseInfo] gives one call's status, headers and cookies. Tracing works
// through the transport of [WithHTTPClient] and through gRPC dial options. Values
// of this package print without their secrets with fmt, and with log/slog where
// they are logged as they are. Inside a value of another type log/slog's JSON
// handler writes them with encoding/json, which keeps secrets: it is how a
// program stores a token.
//
// Outgoing gRPC metadata in the context of a call is not sent, as it would not be
// over HTTP either: use [WithHeader].
package authorizer

//go:generate go run ../cmd/sdkgen generate --dir ..
