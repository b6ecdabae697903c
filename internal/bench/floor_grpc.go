package bench

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// floorGRPC is one connection and the generated stubs.
type floorGRPC struct{ conn *grpc.ClientConn }

func newFloorGRPC(address string) (floorGRPC, error) {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return floorGRPC{conn}, err
}

// call sends the credential as metadata, and no other.
func (f floorGRPC) call(op operation) call {
	user, admin := authorizerv1.NewAuthorizerServiceClient(f.conn), authorizerv1.NewAuthorizerAdminServiceClient(f.conn)
	switch op {
	case opMeta:
		return func(ctx context.Context) (any, error) { return user.Meta(ctx, &authorizerv1.MetaRequest{}) }
	case opProfile:
		return func(ctx context.Context) (any, error) {
			ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+bearerToken)
			return user.Profile(ctx, &authorizerv1.ProfileRequest{})
		}
	}
	return func(ctx context.Context) (any, error) {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-authorizer-admin-secret", adminSecret)
		return admin.Users(ctx, &authorizerv1.UsersRequest{Pagination: &authorizerv1.PaginationRequest{Limit: userCount, Page: 1}})
	}
}
