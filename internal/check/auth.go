package check

import (
	"encoding/json"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// authDiffers finds methods that one protocol offers to everybody, and another
// only to callers with a credential.
func authDiffers() rule {
	return rule{
		Rule: report.Rule{ID: "auth-differs", Severity: report.Error, Doc: "a method that needs a credential over just some protocols, as far as the contracts say it"},
		find: func(c *checker) { c.methods(c.authOf) },
	}
}

func (c *checker) authOf(m *ir.Method) {
	var open, guarded []ir.Protocol
	var pos []*ir.Binding
	for _, b := range m.Bindings {
		needs, said := c.needsCredential(b)
		switch {
		case !said:
		case needs:
			guarded = append(guarded, b.Protocol)
		default:
			open = append(open, b.Protocol)
			pos = append(pos, b)
		}
	}
	if len(open) > 0 && len(guarded) > 0 {
		c.add(ofMethod(m, pos[0].Operation.Pos, open...), "method %s needs a credential over %s, but not over %s", m.Name, list(guarded), list(open))
	}
}

// needsCredential tells whether an operation needs a credential, and whether its
// contract says anything about that. GraphQL has no words for it.
func (c *checker) needsCredential(b *ir.Binding) (needs, said bool) {
	details := b.Operation.Details
	if details == nil {
		return false, false
	}
	switch b.Protocol {
	case ir.REST:
		return guardedREST(details), c.saysSecurity()
	case ir.GRPC:
		option := c.Manifest.Contracts.GRPC.PublicOption.Value
		return details.Options[option] != "true", option != ""
	}
	return false, false
}

// guardedREST: an empty entry among the alternatives means that none is needed.
func guardedREST(d *contract.OperationDetails) bool {
	var alternatives []map[string]any
	if d.Security == "" || json.Unmarshal([]byte(d.Security), &alternatives) != nil {
		return false
	}
	return !slices.ContainsFunc(alternatives, func(a map[string]any) bool { return len(a) == 0 })
}

// saysSecurity tells whether the OpenAPI documents speak of security at all.
func (c *checker) saysSecurity() bool {
	for _, op := range c.Contracts[ir.REST].Operations {
		if op.Details != nil && op.Details.Security != "" {
			return true
		}
	}
	return false
}
