package emulator

import (
	"context"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Engine is an engine for fine-grained authorization; see FGAEngine in package
// authorizertest, which documents the methods.
type Engine interface {
	WriteModel(ctx context.Context, dsl string) (id string, err error)
	ReadModel(ctx context.Context) (id, dsl string, err error)
	Relations(ctx context.Context) (map[string][]string, error)
	WriteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error
	DeleteTuples(ctx context.Context, tuples []authorizer.FGATupleInput) error
	ReadTuples(ctx context.Context, filter authorizer.FGATupleInput, pageSize int, token string) (tuples []authorizer.FGATuple, next string, err error)
	Check(ctx context.Context, user string, checks []authorizer.PermissionCheckInput) ([]bool, error)
	ListObjects(ctx context.Context, user, relation, objectType string) ([]string, error)
	ListUsers(ctx context.Context, object, relation, userType string) ([]string, error)
	Expand(ctx context.Context, relation, object string) (tree string, err error)
	Reset(ctx context.Context) error
}
