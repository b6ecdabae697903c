package check

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// httpAnnotation finds methods whose REST operation is not the one that the
// proto says the gateway offers.
func httpAnnotation() rule {
	return rule{
		Rule: report.Rule{ID: "http-annotation-differs", Severity: report.Error, Doc: "a method whose REST verb and path are not those of the google.api.http annotation of its gRPC method"},
		find: func(c *checker) { c.methods(c.annotationOf) },
	}
}

func (c *checker) annotationOf(m *ir.Method) {
	rest, rpc := m.Binding(ir.REST), m.Binding(ir.GRPC)
	if rpc == nil || rpc.Operation.Details == nil {
		return
	}
	annotation, bindings := rpc.Operation.Details.HTTP, rpc.Operation.HTTP
	switch {
	case annotation == "" && rest != nil && c.transcoded():
		c.add(ofMethod(m, rpc.Operation.Pos, ir.GRPC), "method %s is %s over rest, but %s has no google.api.http annotation", m.Name, rest.Operation.Key, rpc.Operation.Key)
	case rest == nil && c.Contracts[ir.REST] == nil:
		// An API that is used without its gateway.
	case annotation != "" && rest == nil:
		c.add(ofMethod(m, rpc.Operation.Pos, ir.GRPC), "method %s does not list rest, but the google.api.http annotation of %s offers %s", m.Name, rpc.Operation.Key, annotation)
	case annotation != "" && !slices.ContainsFunc(bindings, func(b contract.HTTPBinding) bool { return b.Is(rest.Operation.WithoutBase()) }):
		c.add(ofMethod(m, rpc.Operation.Pos, ir.REST, ir.GRPC), "method %s is %s over rest, but the google.api.http annotation of %s is %s", m.Name, rest.Operation.Key, rpc.Operation.Key, annotation)
	}
}
