package check

import (
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// protoDefault finds fields of answers that over gRPC have a default where they
// are absent, and over other protocols are zero.
func protoDefault() rule {
	return rule{
		Rule: report.Rule{ID: "proto-default", Severity: report.Warning, Doc: "a field of an answer with a default in the protos, which other protocols do not know: there an absent field is zero"},
		find: func(c *checker) {
			c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
				if w.Message.Request || w.Protocol != ir.GRPC || wf.Contract == nil || wf.Contract.Details == nil || wf.Contract.Details.Default == nil {
					return
				}
				if others := elsewhere(w, wf.Field); len(others) > 0 {
					c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "field %s of %s is %s over %s where it is absent, but zero over %s", wf.Field.Name, w.Message.GoName, *wf.Contract.Details.Default, w.Protocol, list(others))
				}
			})
		},
	}
}

// elsewhere are the other protocols that have a field.
func elsewhere(w *ir.Wire, f *ir.Field) []ir.Protocol {
	var out []ir.Protocol
	for _, o := range w.Message.Wires {
		if wf := wireFieldOf(o, f); o.Protocol != w.Protocol && wf != nil && wf.Contract != nil && (len(out) == 0 || out[len(out)-1] != o.Protocol) {
			out = append(out, o.Protocol)
		}
	}
	return out
}
