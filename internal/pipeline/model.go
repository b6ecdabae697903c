package pipeline

import (
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// Model reads and resolves, and generates nothing. What cannot be read comes back
// as a *diag.ListError; with findings of the resolver, the model is incomplete.
func Model(p Project) (*ir.SDK, []diag.Finding, error) {
	in, err := load(p)
	if err != nil {
		return nil, nil, err
	}
	model, findings := resolve.Resolve(in.Input)
	return model, findings.Findings(), nil
}
