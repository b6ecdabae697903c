package grpcrt

import (
	"context"
	"net/textproto"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// withMetadata puts the call's headers into the context as metadata. Metadata
// that the caller's context may already hold is replaced, since over HTTP it
// would not be sent either.
func withMetadata(ctx context.Context, call *runtime.Call) (context.Context, error) {
	md := call.Metadata()
	for key, values := range md {
		if strings.HasPrefix(key, "grpc-") || !printable(key, values) {
			name := textproto.CanonicalMIMEHeaderKey(key)
			return nil, call.Errorf(runtime.CodeInvalidArgument, "header %s cannot be sent over grpc; works over graphql, rest", name)
		}
	}
	return metadata.NewOutgoingContext(ctx, md), nil
}

// printable reports whether gRPC can carry key and values as they are.
func printable(key string, values []string) bool {
	for _, c := range []byte(key) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-_.", rune(c)) {
			return false
		}
	}
	for _, v := range values {
		for _, c := range []byte(v) {
			if c < ' ' || c > '~' {
				return false
			}
		}
	}
	return true
}
