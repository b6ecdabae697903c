package docs

import "github.com/triwire/authorizer-sdk/internal/ir"

// grpcSnippet is a call with grpcurl, which asks the server for its schema.
func (b *builder) grpcSnippet(s *ir.Service, m *ir.Method, binding *ir.Binding) snippet {
	c := &command{}
	c.add("grpcurl -plaintext")
	c.headers(b.headers(s, m, ir.GRPC))
	c.add("-d", quoted(b.wireJSON(s, m, binding.Request)))
	c.add(expanding(b.env.use("grpc")), binding.Operation.Key)
	return snippet{ID: "grpc", Title: "gRPC", Parts: []part{{"grpcurl", "sh", c.String()}}}
}
