package check

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// deprecationDiffers finds operations and fields that are deprecated over just
// some protocols, and deprecated operations whose row does not say so.
func deprecationDiffers() rule {
	return rule{
		Rule: report.Rule{ID: "deprecation-differs", Severity: report.Warning, Doc: "an operation or a field that is deprecated over just some protocols, or whose row does not say so"},
		find: func(c *checker) {
			c.methods(c.deprecatedOperation)
			for _, m := range c.Model.Messages {
				for _, f := range m.Fields {
					c.deprecatedField(m, f)
				}
			}
		},
	}
}

func (c *checker) deprecatedOperation(m *ir.Method) {
	var over []ir.Protocol
	for _, b := range m.Bindings {
		if b.Operation.Deprecated != "" {
			over = append(over, b.Protocol)
		}
	}
	if len(over) == 0 {
		return
	}
	for _, b := range m.Bindings {
		if b.Operation.Deprecated == "" {
			c.add(ofMethod(m, b.Operation.Pos, b.Protocol), "method %s is deprecated over %s, but not over %s", m.Name, list(over), b.Protocol)
		}
	}
	if m.Deprecated == "" {
		f := ofMethod(m, m.Pos, over...)
		f.Hint = "write deprecated: WHAT TO USE INSTEAD in the row"
		c.add(f, "method %s is deprecated over %s, but its row does not say so", m.Name, list(over))
	}
}

func (c *checker) deprecatedField(m *ir.Message, f *ir.Field) {
	var over []ir.Protocol
	var fresh []*ir.Wire
	for _, w := range m.Wires {
		wf := wireFieldOf(w, f)
		switch {
		case wf == nil || wf.Contract == nil:
		case wf.Contract.Deprecated == "":
			fresh = append(fresh, w)
		case !slices.Contains(over, w.Protocol):
			over = append(over, w.Protocol)
		}
	}
	if len(over) == 0 {
		return
	}
	for _, w := range fresh {
		c.add(c.ofField(w, f.Name, wireFieldOf(w, f).Contract.Pos), "field %s of %s is deprecated over %s, but not over %s", f.Name, m.GoName, list(over), w.Protocol)
	}
}
