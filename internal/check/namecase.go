package check

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// renamedCase finds fields whose name over one protocol differs only in case,
// where the manifest declares that; resolving finds those it does not declare.
func renamedCase() rule {
	return rule{
		Rule: report.Rule{ID: "name-case", Severity: report.Warning, Doc: "a name that differs between protocols only in case; fields of the manifest declares it, with a reason"},
		find: (*checker).renamed,
	}
}

func (c *checker) renamed() {
	c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
		if wf.Contract == nil || wf.Contract.Name == wf.Field.Name || !strings.EqualFold(wf.Contract.Name, wf.Field.Name) || resolve.SameName(wf.Contract.Name, wf.Field.Name) {
			return
		}
		f := c.ofField(w, wf.Field.Name, wf.Contract.Pos)
		f.Hint = "say why with reason: in its entry under fields"
		if r := c.fieldRule(w.Message.GoName, wf.Field.Name); r != nil {
			f.Accepted = r.Reason.Value
		}
		c.add(f, "field %s of %s is called %s over %s", wf.Field.Name, w.Message.GoName, wf.Contract.Name, w.Protocol)
	})
}
