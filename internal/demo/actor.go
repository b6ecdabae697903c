package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"

	"google.golang.org/grpc"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
)

// actor makes the calls of the demo over one protocol.
type actor struct {
	protocol authorizer.Protocol
	user     *authorizer.Client
	admin    *authorizer.AdminClient
	sent     atomic.Int64 // requests that really left

	email, password string
	token           string // of the last login
	tried, deleted  bool   // whether a user may exist, and is gone again
}

// connect makes an actor for each protocol. All are the same but for one
// option.
func connect(t Target) ([]*actor, error) {
	var actors []*actor
	for _, p := range []authorizer.Protocol{authorizer.ProtocolGraphQL, authorizer.ProtocolREST, authorizer.ProtocolGRPC} {
		a := &actor{protocol: p, email: "alice@example.com", password: "Password@123"}
		if t.Live {
			a.email = "demo-" + strings.ToLower(rand.Text()[:12]) + "@example.com"
			a.password = "Aa1@" + rand.Text()
		}
		if err := a.connect(t); err != nil {
			closeAll(actors)
			return nil, &unusableError{err.Error()}
		}
		actors = append(actors, a)
	}
	return actors, nil
}

func (a *actor) connect(t Target) (err error) {
	opts := []authorizer.Option{
		authorizer.WithProtocol(a.protocol),
		authorizer.WithTimeout(callTimeout),
		authorizer.WithHTTPClient(&http.Client{Transport: a.countHTTP(http.DefaultTransport)}),
		authorizergrpc.WithDialOptions(grpc.WithChainUnaryInterceptor(a.countGRPC)),
	}
	if t.GRPC != "" {
		opts = append(opts, authorizer.WithGRPCEndpoint(t.GRPC))
	}
	if a.user, err = authorizer.New(t.URL, t.ClientID, opts...); err != nil {
		return err
	}
	a.admin, err = authorizer.NewAdmin(t.URL, t.AdminSecret, append(opts, authorizer.WithClientID(t.ClientID))...)
	if err != nil {
		return errors.Join(err, a.user.Close())
	}
	return nil
}

func closeAll(actors []*actor) {
	for _, a := range actors {
		_, _ = a.user.Close(), a.admin.Close()
	}
}

// roundTripper is a function that is an [http.RoundTripper].
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (a *actor) countHTTP(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		a.sent.Add(1)
		return next.RoundTrip(r)
	})
}

func (a *actor) countGRPC(ctx context.Context, method string, req, reply any, conn *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	a.sent.Add(1)
	return invoke(ctx, method, req, reply, conn, opts...)
}

// play makes the calls of all steps, on a server that knows nothing of the
// actors before, where that can be had.
func (a *actor) play(ctx context.Context, t Target, steps []step) ([]outcome, error) {
	if t.Reset != nil {
		if err := t.Reset(ctx); err != nil {
			return nil, err
		}
	}
	var outcomes []outcome
	for _, s := range steps {
		value, err := s.call(ctx, a)
		outcomes = append(outcomes, outcome{value, err})
	}
	return outcomes, nil
}

// cleanUp deletes the users that are still there, over whatever protocol still
// works, even if the demo was interrupted. It returns how many are left.
func cleanUp(ctx context.Context, t Target, actors []*actor, out *printer) (left int) {
	if !t.Live {
		return 0
	}
	ctx = context.WithoutCancel(ctx) // each call has a timeout of its own
	for _, a := range actors {
		if !a.tried || a.deleted {
			continue
		}
		var err error
		for _, by := range actors {
			_, err = by.admin.DeleteUser(ctx, &authorizer.DeleteUserRequest{Email: a.email})
			if a.deleted = err == nil; a.deleted {
				break
			}
		}
		if !a.deleted {
			left++
			out.line("could not delete %s, if it exists: %v", a.email, err)
		}
	}
	return left
}
