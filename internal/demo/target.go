package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Target is the server that the demo calls.
type Target struct {
	URL         string
	GRPC        string // host:port; empty is the SDK's default
	ClientID    string
	AdminSecret string
	// Live: the server is a real one that keeps what it is told. Users get
	// random addresses, what changes from one user to the next is left out of
	// the comparison, and the users are deleted at the end.
	Live bool
	// Reset makes the server start anew; nil if it cannot.
	Reset func(context.Context) error
}

// callTimeout bounds each call.
const callTimeout = 15 * time.Second

// unusableError says why the demo could not start.
type unusableError struct{ text string }

func (e *unusableError) Error() string { return e.text }

// fromEnvironment reads the server from the environment; nil if it names none.
func fromEnvironment(env func(string) string) (*Target, error) {
	t := &Target{
		URL:         env("AUTHORIZER_URL"),
		GRPC:        env("AUTHORIZER_GRPC"),
		ClientID:    env("AUTHORIZER_CLIENT_ID"),
		AdminSecret: env("AUTHORIZER_ADMIN_SECRET"),
		Live:        true,
	}
	var missing []string
	for _, v := range []struct{ name, value string }{
		{"AUTHORIZER_URL", t.URL},
		{"AUTHORIZER_CLIENT_ID", t.ClientID},
		{"AUTHORIZER_ADMIN_SECRET", t.AdminSecret},
	} {
		if v.value == "" {
			missing = append(missing, v.name)
		}
	}
	switch {
	case t.URL+t.GRPC+t.ClientID+t.AdminSecret == "":
		return nil, nil
	case len(missing) > 0:
		return nil, fmt.Errorf("to run against a server of your own, set %s too; to run against the embedded one, unset all AUTHORIZER_ variables",
			strings.Join(missing, " and "))
	}
	return t, nil
}

// preflight makes sure, before anything is changed, that the server answers
// over each protocol and takes the admin secret.
func preflight(ctx context.Context, t Target, actors []*actor) error {
	for _, a := range actors {
		if _, err := a.user.Meta(ctx); err != nil {
			return &unusableError{fmt.Sprintf("the server cannot be used over %s: %v\n      %s", a.protocol, err, hint(t, a.protocol))}
		}
	}
	_, err := actors[0].admin.Users(ctx, hundred())
	if errors.Is(err, authorizer.ErrUnauthenticated) {
		return &unusableError{"the server refused the admin secret: see AUTHORIZER_ADMIN_SECRET"}
	}
	return nil // whatever else is wrong shows in the table
}

// hint says what to look at when a protocol does not answer.
func hint(t Target, p authorizer.Protocol) string {
	if p != authorizer.ProtocolGRPC {
		return "is the server up, and AUTHORIZER_URL (" + t.URL + ") right?"
	}
	if t.GRPC == "" {
		return "gRPC has a port of its own, 9091 unless AUTHORIZER_GRPC=host:port says otherwise"
	}
	return "is AUTHORIZER_GRPC (" + t.GRPC + ") the server's gRPC port?"
}
