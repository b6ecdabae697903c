package server

import (
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
			if b := m.Binding(ir.GraphQL); b != nil && b.Response == nil && m.Response != nil {
				findings.Add(diag.Finding{Pos: b.Operation.Pos, Message: "method " + m.Name + ": the server cannot answer " + b.Operation.Key + " over GraphQL: its answer is no object",
					Hint: "leave graphql out of the row's protocols, or output.server out of the manifest"})
			}
		}
	}
	return findings.Err()
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
