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
			if b := m.Binding(ir.GraphQL); b != nil && b.Response == nil && m.Response != nil {
				findings.Add(diag.Finding{Pos: b.Operation.Pos, Message: "method " + m.Name + ": the server cannot answer " + b.Operation.Key + " over GraphQL: its answer is no object",
					Hint: "leave graphql out of the row's protocols, or output.server out of the manifest"})
			}
		}
	}
	return findings.Err()
}
