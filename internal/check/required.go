package check

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// requiredDiffers finds request fields that one protocol demands and another
// does not.
func requiredDiffers() rule {
	return rule{
		Rule: report.Rule{ID: "required-differs", Severity: report.Warning, Doc: "a request field that one protocol demands and another does not; of protos, the rules of buf.validate say it"},
		find: (*checker).required,
	}
}

func (c *checker) required() {
	c.wireFields(func(w *ir.Wire, wf *ir.WireField) {
		if !w.Message.Request || wf.Contract == nil || c.followsProto(w) || demands(wf.Contract) {
			return
		}
		over := c.demandedOver(w.Message, wf.Field)
		if len(over) > 0 {
			c.add(c.ofField(w, wf.Field.Name, wf.Contract.Pos), "field %s of %s is required over %s but not over %s", wf.Field.Name, w.Message.GoName, list(over), w.Protocol)
		}
	})
}

// followsProto tells whether the wire is a transcoding of a proto message: then
// the proto says all there is to say.
func (c *checker) followsProto(w *ir.Wire) bool {
	if w.Protocol != ir.REST || !c.transcoded() {
		return false
	}
	for _, other := range w.Message.Wires {
		if other.Protocol == ir.GRPC {
			return true
		}
	}
	return false
}

// demandedOver are the protocols that demand a field of a type.
func (c *checker) demandedOver(m *ir.Message, f *ir.Field) []ir.Protocol {
	var out []ir.Protocol
	for _, p := range ir.Protocols() {
		for _, w := range m.Wires {
			if w.Protocol != p || c.followsProto(w) {
				continue
			}
			if wf := wireFieldOf(w, f); wf != nil && wf.Contract != nil && demands(wf.Contract) {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

func wireFieldOf(w *ir.Wire, f *ir.Field) *ir.WireField {
	for _, wf := range w.Fields {
		if wf.Field == f {
			return wf
		}
	}
	return nil
}

// demands tells whether the contract refuses a request without the field:
// because of its type, or because no empty value keeps the rules for it.
func demands(f *contract.Field) bool {
	if f.Required || f.Details == nil {
		return f.Required
	}
	for name, value := range f.Details.Limits {
		word := name[strings.LastIndexByte(name, '.')+1:]
		switch {
		case !strings.HasPrefix(name, "buf.validate."):
		case word == "required" && value == "true":
			return true
		case strings.Count(name, ".") > 4: // a rule about the items of a list
		case (word == "min_len" || word == "min_items" || word == "min_bytes") && value != "0" && !f.Presence:
			return true
		}
	}
	return false
}
