package check

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// int64AsString finds integers that travel as JSON strings.
func int64AsString() rule {
	return rule{
		Rule: report.Rule{ID: "int64-as-string", Severity: report.Warning, Doc: "an integer that REST writes as a JSON string, and other protocols as a number"},
		find: func(c *checker) {
			c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
				cf := wf.Contract
				if cf == nil || w.Protocol != ir.REST || !strings.HasPrefix(cf.Type.Wire, "string/int64") && !strings.HasPrefix(cf.Type.Wire, "string/uint64") {
					return
				}
				c.add(c.ofField(w, wf.Field.Name, cf.Pos), "field %s of %s is an integer that %s writes as a string", wf.Field.Name, w.Message.GoName, w.Protocol)
			})
		},
	}
}
