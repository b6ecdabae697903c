package check

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/report"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// pagingDiffers finds lists that come in pages over just some protocols.
func pagingDiffers() rule {
	return rule{
		Rule: report.Rule{ID: "paging-differs", Severity: report.Error, Doc: "a list that comes in pages, in one of the ways that paging of the manifest describes, over just some protocols"},
		find: func(c *checker) { c.methods(c.pagingOf) },
	}
}

func (c *checker) pagingOf(m *ir.Method) {
	for _, p := range c.Manifest.Paging {
		var paged []ir.Protocol
		for _, b := range m.Bindings {
			if pages(p, b) {
				paged = append(paged, b.Protocol)
			}
		}
		for _, b := range m.Bindings {
			if len(paged) > 0 && !slices.Contains(paged, b.Protocol) {
				f := ofMethod(m, b.Operation.Pos, b.Protocol)
				if m.Paging == nil {
					f.Hint = "so the SDK has no iterator over all pages of it: leave " + string(b.Protocol) + " out of the row's protocols, or accept this with a reason"
				}
				c.add(f, "method %s comes in pages by %s over %s, but not over %s", m.Name, p.Style, list(paged), b.Protocol)
			}
		}
	}
}

// pages tells whether an operation has the fields of a way of paging.
func pages(p manifest.Paging, b *ir.Binding) bool {
	answer := b.Operation.Response.Message
	if b.Envelope != nil {
		answer = b.Envelope.Type.Message
	}
	request, reply := requestField(b, p.Request.Value), fieldNamed(answer, p.Answer.Value)
	if request == nil || reply == nil {
		return false
	}
	return has(request, p.Page.Value) && has(reply, p.Offset.Value) && has(reply, p.Total.Value)
}

// has tells whether the field's message has the field; no name: no matter.
func has(f *contract.Field, name string) bool {
	return name == "" || fieldNamed(f.Type.Message, name) != nil
}

// requestField is the field of a binding's request, whatever its parts.
func requestField(b *ir.Binding, name string) *contract.Field {
	if b.Request == nil {
		return nil
	}
	return fieldNamed(b.Request.Contract, name)
}

// fieldNamed finds a field by its name in any convention.
func fieldNamed(m *contract.Message, name string) *contract.Field {
	if m == nil {
		return nil
	}
	for _, f := range m.Fields {
		if resolve.SameName(f.Name, name) {
			return f
		}
	}
	return nil
}
