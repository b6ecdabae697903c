package check

import (
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// presenceLost finds optional request fields of which a protocol cannot tell
// whether they were set.
func presenceLost() rule {
	return rule{
		Rule: report.Rule{ID: "presence-lost", Severity: report.Warning, Doc: "an optional request field that over one protocol cannot be told from an empty one"},
		find: func(c *checker) {
			c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
				if !w.Message.Request || wf.Contract == nil || wf.Contract.Required || wf.Presence || len(wf.Over) == 0 {
					return
				}
				c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "field %s of %s cannot be sent empty over %s, as over %s", wf.Field.Name, w.Message.GoName, w.Protocol, list(wf.Over))
			})
		},
	}
}
