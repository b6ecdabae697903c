package authorizerserver_test

import (
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve/servetest"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// TestRoundTrip calls every method of the SDK over every protocol with random
// requests, and answers with random values: both must arrive as they were sent.
func TestRoundTrip(t *testing.T) {
	sdktest.NoLeaks(t)
	echo := &servetest.Echo{Prepare: func(_ string, request any) {
		// The client would fill in its own id.
		switch r := request.(type) {
		case *authorizer.GetTokenRequest:
			r.ClientID = authorizer.Ptr("client")
		case *authorizer.RevokeTokenRequest:
			r.ClientID = authorizer.Ptr("client")
		}
	}}
	srv := start(t, authorizerserver.Services{}, serve.WithInterceptor(echo.Intercept))
	// Three methods are offered over GraphQL only, two always go over HTTP.
	all := map[authorizer.Protocol]int{authorizer.ProtocolGraphQL: 57, authorizer.ProtocolREST: 54, authorizer.ProtocolGRPC: 54}
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		through := append(echo.RoundTrip(t, srv.user(t, p)), echo.RoundTrip(t, srv.admin(t, p))...)
		if len(through) != all[p] {
			t.Errorf("%d methods came through, want %d: %q", len(through), all[p], through)
		}
	})
}
