package bench

import (
	"context"

	authorizer "github.com/triwire/authorizer-sdk/sdk"

	_ "github.com/triwire/authorizer-sdk/sdk/grpc"
)

// sdkSide is the SDK over one protocol, with its defaults.
type sdkSide struct {
	user  *authorizer.Client
	admin *authorizer.AdminClient
}

func newSDK(protocol authorizer.Protocol, web, rpc string) (s sdkSide, err error) {
	opts := []authorizer.Option{authorizer.WithProtocol(protocol), authorizer.WithGRPCEndpoint(rpc)}
	if s.admin, err = authorizer.NewAdmin("http://"+web, adminSecret, opts...); err != nil {
		return s, err
	}
	opts = append(opts, authorizer.WithBearerToken(bearerToken))
	s.user, err = authorizer.New("http://"+web, clientID, opts...)
	return s, err
}

func (s sdkSide) call(op operation) call {
	switch op {
	case opMeta:
		return func(ctx context.Context) (any, error) { return s.user.Meta(ctx) }
	case opProfile:
		return func(ctx context.Context) (any, error) { return s.user.Profile(ctx) }
	}
	return func(ctx context.Context) (any, error) {
		limit, page := int64(userCount), int64(1)
		return s.admin.Users(ctx, &authorizer.UsersRequest{Pagination: &authorizer.PaginationRequest{Limit: &limit, Page: &page}})
	}
}
