package server

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// caller is who makes a call, whatever protocol it came over.
type caller struct {
	bearer      string
	adminSecret string
	issuer      string // the server's address as the caller knows it
}

type callerKey struct{}

// callerFrom reads the credentials that the fronts found.
func callerFrom(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// withHTTPCaller finds the credentials in headers.
func withHTTPCaller(r *http.Request) context.Context {
	return withCaller(r.Context(), r.Header.Get, "http://"+r.Host)
}

// intercept finds the credentials in the metadata of a gRPC call, and refuses
// what the protos' rules forbid. Without x-authorizer-url the issuer is the
// authority of the call.
func intercept(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	get := func(name string) string { return strings.Join(md.Get(name), ", ") }
	if m, ok := req.(proto.Message); ok {
		if err := validate(m); err != nil {
			return nil, err
		}
	}
	return next(withCaller(ctx, get, get(":authority")), req)
}

func withCaller(ctx context.Context, get func(string) string, issuer string) context.Context {
	if url := get("x-authorizer-url"); url != "" {
		issuer = url
	}
	bearer, _ := strings.CutPrefix(get("Authorization"), "Bearer ")
	return context.WithValue(ctx, callerKey{}, caller{bearer, get("x-authorizer-admin-secret"), issuer})
}

var errUnauthorized = status.Error(codes.Unauthenticated, "unauthorized")

// authenticate returns the account of the bearer token; the lock is held.
func (s *state) authenticate(ctx context.Context) (*account, error) {
	c := callerFrom(ctx)
	token, ok := s.verify(c.bearer, c.issuer)
	if !ok {
		return nil, errUnauthorized
	}
	a := s.find(func(u *authorizerv1.User) bool { return u.GetId() == token.Subject })
	if a == nil {
		return nil, errUnauthorized
	}
	return a, nil
}

// admin refuses calls without the admin secret.
func admin(ctx context.Context) error {
	if subtle.ConstantTimeCompare([]byte(callerFrom(ctx).adminSecret), []byte(AdminSecret)) != 1 {
		return errUnauthorized
	}
	return nil
}
