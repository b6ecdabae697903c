package resolve

import (
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// streams finds out whether the row's answer is a stream: as gRPC has it, and
// REST as gateways describe it, with a result or an error in each document.
func (r *resolver) streams(one *row) {
	grpc := one.Binding(ir.GRPC)
	if grpc == nil || !grpc.Operation.Streams {
		return
	}
	one.Streams = true
	for _, b := range one.Bindings {
		b.Streams = true
		switch {
		case b.Protocol == ir.GRPC:
		case b.Protocol == ir.REST && streamResult(b.Operation) != nil:
		default:
			what := "one answer"
			if b.Protocol == ir.REST {
				what += ", and not documents that hold a result or an error each"
			}
			r.add(UnusableOperation.ofMethod(one.Name), b.Operation.Pos, fmt.Sprintf("leave %s out of the row's protocols, or make a row of its own for it", b.Protocol),
				"method %s: %s answers a stream over grpc, but %s describes %s", one.Name, grpc.Operation.Key, b.Operation.Key, what)
		}
	}
}

// streamResult is the field with what comes in a stream that a REST operation
// describes; nil if it describes none.
func streamResult(op *contract.Operation) *contract.Field {
	m := op.Response.Message
	if m == nil || !op.Response.Single() || len(m.Fields) != 2 || m.Field("error") == nil {
		return nil
	}
	return m.Field("result")
}
