package server

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// refuse reports what an SDK can have and a server cannot yet.
func refuse(s *ir.SDK) error {
	findings := &diag.List{}
	for _, service := range s.Services {
		for _, m := range service.Methods {
			for _, b := range m.Bindings {
				if what := unknown(b); what != "" {
					findings.Add(diag.Finding{Pos: b.Operation.Pos, Message: "method " + m.Name + ": the server cannot answer " + b.Operation.Key + " over " + string(b.Protocol) + ": " + what,
						Hint: "leave " + string(b.Protocol) + " out of the row's protocols, or output.server out of the manifest"})
				}
			}
			if b := m.Binding(ir.GraphQL); b != nil && b.Response == nil && !zeroable(b.Operation) {
				findings.Add(diag.Finding{Pos: b.Operation.Pos, Message: "method " + m.Name + ": the server cannot answer " + b.Operation.Key + " over GraphQL: the SDK leaves the answer out, which must not be null",
					Hint: "leave graphql out of the row's protocols, or output.server out of the manifest"})
			}
		}
	}
	return findings.Err()
}

// zeroable tells whether GraphQL's answer has a value of which nothing need be
// known: null, an empty list, or the zero of a built-in scalar.
func zeroable(op *contract.Operation) bool {
	t := op.Response
	return op.Details.Response.Nullable || t.List || slices.Contains([]string{"String", "ID", "Int", "Float", "Boolean"}, t.Wire)
}

// unknown is what the server does not know of a binding.
func unknown(b *ir.Binding) string {
	switch {
	case b.Streams && b.Response == nil:
		return "it is a stream of nothing"
	case b.Streams && b.Envelope != nil:
		return "it is a stream of envelopes"
	}
	return ""
}
