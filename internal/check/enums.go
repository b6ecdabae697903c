package check

import (
	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// enumValues finds values of enums that just some protocols have.
func enumValues() rule {
	return rule{
		Rule: report.Rule{ID: "enum-values-differ", Severity: report.Warning, Doc: "a value of an enum that just some protocols have; over the others it is refused in requests"},
		find: func(c *checker) {
			for _, e := range c.Model.Enums {
				for _, w := range e.Wires {
					if origin := e.Wire(ir.GRPC); origin != nil && origin != w && origin.Contract == w.Contract {
						continue // REST has the values of the protos that it is transcoded from
					}
					for _, v := range e.Values {
						if !w.Has(v) {
							f := c.ofEnum(e, w)
							f.field = v.Name
							c.add(f, "the enum %s has the value %s over %s but not over %s", e.GoName, v.Name, list(e.Over(v)), w.Protocol)
						}
					}
				}
			}
		},
	}
}

// ofEnum is the finding for an enum over one protocol.
func (c *checker) ofEnum(e *ir.Enum, w *ir.EnumWire) finding {
	var methods []string
	for _, m := range c.Model.Messages {
		for _, f := range m.Fields {
			if f.Type.Leaf().Enum == e {
				methods = union(methods, c.users[m])
			}
		}
	}
	return finding{Finding: report.Finding{
		Methods: methods, Type: e.GoName, Protocols: []string{string(w.Protocol)}, Pos: w.Contract.Pos,
	}}
}

// union adds to a list what it lacks.
func union(a, b []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range append(append([]string{}, a...), b...) {
		if !seen[s] {
			out = append(out, s)
		}
		seen[s] = true
	}
	return out
}

// enumZero finds fields of answers that over gRPC always have a value, since the
// zero value of their enum is one, while over another protocol they can be absent.
func enumZero() rule {
	return rule{
		Rule: report.Rule{ID: "enum-zero", Severity: report.Warning, Doc: "a field of an answer that can be absent over one protocol, and over gRPC then has the first value of its enum"},
		find: func(c *checker) {
			c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
				e := wf.Field.Type.Enum
				if w.Message.Request || w.Protocol != ir.GRPC || e == nil || wf.Contract == nil || wf.Presence || len(wf.Over) == 0 {
					return
				}
				if v := zeroValue(e.Wire(ir.GRPC)); v != nil && wf.Type.Scalar == contract.ScalarEnum {
					c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "field %s of %s is %s over %s where it is absent over %s", wf.Field.Name, w.Message.GoName, v.Name, w.Protocol, list(wf.Over))
				}
			})
		},
	}
}

// zeroValue is the value that the number 0 stands for, nil if that is none.
func zeroValue(w *ir.EnumWire) *ir.EnumValue {
	if w != nil {
		for _, v := range w.Values {
			if v.Contract.Number == 0 {
				return v.Value
			}
		}
	}
	return nil
}
