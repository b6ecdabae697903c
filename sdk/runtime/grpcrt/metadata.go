package grpcrt

import (
	"context"
	"maps"
	"net/textproto"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// outgoing is a context that holds a call's headers as metadata and nothing
// else, or the name of a header that gRPC cannot send.
type outgoing struct {
	ctx   context.Context
	unfit string
}

// outgoingMetadata is the call's headers in the form in which grpc-go takes
// them: in a context.
func outgoingMetadata(call *runtime.Call) (context.Context, error) {
	out, ok := call.MetadataAs(newOutgoing).(outgoing)
	if !ok || out.unfit != "" {
		return nil, call.Errorf(runtime.CodeInvalidArgument, "header %s cannot be sent over grpc; works over graphql, rest", out.unfit)
	}
	return out.ctx, nil
}

func newOutgoing(md map[string][]string) any {
	for _, key := range slices.Sorted(maps.Keys(md)) {
		if strings.HasPrefix(key, "grpc-") || !printable(key, md[key]) {
			return outgoing{unfit: textproto.CanonicalMIMEHeaderKey(key)}
		}
	}
	return outgoing{ctx: metadata.NewOutgoingContext(context.Background(), md)}
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
