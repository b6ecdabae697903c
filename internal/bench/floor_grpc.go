package bench

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// floorGRPC is one connection and the generated stubs.
type floorGRPC struct {
	conn *grpc.ClientConn
	url  string
}

func newFloorGRPC(web, address string) (floorGRPC, error) {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return floorGRPC{conn, "http://" + web}, err
}

// call sends the metadata that the SDK sends, from a context that is made once.
func (f floorGRPC) call(op operation) call {
	ctx := metadata.NewOutgoingContext(context.Background(), metadata.Pairs("x-authorizer-url", f.url,
		"x-authorizer-client-id", clientID, "authorization", "Bearer "+bearerToken))
	client := authorizerv1.NewAuthorizerServiceClient(f.conn)
	switch op {
	case opMeta:
		return func(context.Context) (any, error) { return client.Meta(ctx, &authorizerv1.MetaRequest{}) }
	case opProfile:
		return func(context.Context) (any, error) { return client.Profile(ctx, &authorizerv1.ProfileRequest{}) }
	}
	ctx = metadata.NewOutgoingContext(context.Background(), metadata.Pairs("x-authorizer-url", f.url,
		"x-authorizer-admin-secret", adminSecret))
	admin := authorizerv1.NewAuthorizerAdminServiceClient(f.conn)
	return func(context.Context) (any, error) {
		return admin.Users(ctx, &authorizerv1.UsersRequest{Pagination: &authorizerv1.PaginationRequest{Limit: userCount, Page: 1}})
	}
}
