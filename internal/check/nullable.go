package check

import (
	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// nullableDiffers finds fields of answers that over one protocol can be absent
// or null, and over another always have a value.
func nullableDiffers() rule {
	return rule{
		Rule: report.Rule{ID: "nullable-differs", Severity: report.Warning, Doc: "a field of an answer, or an item of its list, that can be null or absent over just some protocols"},
		find: (*checker).nullable,
	}
}

func (c *checker) nullable() {
	c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
		if w.Message.Request || wf.Contract == nil {
			return
		}
		if !wf.Presence && len(wf.Over) > 0 {
			c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "field %s of %s always has a value over %s, but can be absent over %s", wf.Field.Name, w.Message.GoName, w.Protocol, list(wf.Over))
		}
		if others := itemsNotNull(w.Message, wf.Field); nullItem(wf.Contract) && len(others) > 0 {
			c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "items of the list %s of %s can be null over %s, but not over %s", wf.Field.Name, w.Message.GoName, w.Protocol, list(others))
		}
	})
}

// itemsNotNull are the protocols over which the items of a list are never null.
func itemsNotNull(m *ir.Message, f *ir.Field) []ir.Protocol {
	var out []ir.Protocol
	if !f.Type.List {
		return nil
	}
	for _, w := range m.Wires {
		wf := wireFieldOf(w, f)
		if wf != nil && wf.Contract != nil && !nullItem(wf.Contract) && (len(out) == 0 || out[len(out)-1] != w.Protocol) {
			out = append(out, w.Protocol)
		}
	}
	return out
}

func nullItem(f *contract.Field) bool {
	return f.Type.List && f.Details != nil && f.Details.Type.NullableItem
}
