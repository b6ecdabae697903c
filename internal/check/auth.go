package check

import (
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
		switch b.Credential {
		case ir.CredentialBearer:
			guarded = append(guarded, b.Protocol)
		case ir.CredentialNone:
			open = append(open, b.Protocol)
			pos = append(pos, b)
		}
	}
	if len(open) > 0 && len(guarded) > 0 {
		c.add(ofMethod(m, pos[0].Operation.Pos, open...), "method %s needs a credential over %s, but not over %s", m.Name, list(guarded), list(open))
	}
}
