package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// partialField finds fields that one protocol has and another lacks although
// the manifest decides what becomes of them: with a reason they count as
// accepted. Without a decision resolving finds them, by the same id.
func partialField() rule {
	return rule{
		Rule: report.Rule{ID: "missing-field", Severity: report.Error, Doc: "a field that one protocol has and another lacks; fields of the manifest decides what becomes of it, with a reason"},
		find: (*checker).partial,
	}
}

func (c *checker) partial() {
	c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
		if wf.Contract != nil {
			return
		}
		f := c.ofField(w, wf.Field.Name, w.Contract.Pos)
		f.Hint = "say why with reason: in its entry under fields"
		if r := c.fieldRule(w.Message.GoName, wf.Field.Name); r != nil {
			f.Pos, f.Accepted = r.Pos, r.Reason.Value
		}
		over := list(wf.Over)
		f.together = func(protocols []string) string {
			return fmt.Sprintf("field %s of %s exists over %s but not over %s; setting it there is an error", wf.Field.Name, w.Message.GoName, over, strings.Join(protocols, " and "))
		}
		c.add(f, "%s", f.together(f.Protocols))
	})
	c.omitted()
}

// together makes one finding of those that say the same of several protocols.
// What is accepted stays apart: entries of accepted, and the lines of what they
// stand for, may be about one protocol each.
func (c *checker) together() {
	var out []finding
	for _, f := range c.found {
		i := slices.IndexFunc(out, func(first finding) bool {
			return f.together != nil && first.together != nil && f.Accepted == "" && first.Accepted == "" &&
				first.together(nil) == f.together(nil) && first.Pos == f.Pos && first.Hint == f.Hint
		})
		if i < 0 {
			out = append(out, f)
			continue
		}
		if !slices.Contains(out[i].Protocols, f.Protocols[0]) {
			out[i].Protocols = append(slices.Clone(out[i].Protocols), f.Protocols...)
			out[i].Message = f.together(out[i].Protocols)
		}
	}
	c.found = out
}

// omitted finds the fields that the manifest leaves out of the SDK.
func (c *checker) omitted() {
	for _, r := range c.Manifest.Fields {
		if r.Omit.Value == "" {
			continue
		}
		for _, m := range c.Model.Messages {
			for _, w := range m.Wires {
				name := map[ir.Protocol]string{ir.GraphQL: r.GraphQL.Value, ir.REST: r.REST.Value, ir.GRPC: r.GRPC.Value}[w.Protocol]
				cf := w.Contract.Field(cmp.Or(name, r.Field.Value))
				if m.GoName != r.Type.Value || cf == nil {
					continue
				}
				f := c.ofField(w, r.Field.Value, cf.Pos)
				f.Accepted = r.Omit.Value
				c.add(f, "field %s of %s exists over %s, and is left out of the SDK", r.Field, r.Type, w.Protocol)
			}
		}
	}
}
