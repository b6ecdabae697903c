package resolve

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// oneof puts a field into its group, if a protocol has it in one: the group of
// the first protocol that does.
func (r *resolver) oneof(m *ir.Message, f *ir.Field, p parts) {
	for _, protocol := range canonicalOrder() {
		cf := r.contractField(m, f.Name, protocol, p)
		if cf == nil || cf.Oneof == nil {
			continue
		}
		if f.Oneof == nil {
			f.Oneof = groupOf(m, cf.Oneof)
			f.Oneof.Fields = append(f.Oneof.Fields, f)
		}
		f.Oneof.Required = f.Oneof.Required || cf.Oneof.Required
	}
}

// groupOf is the group of that name, made if there is none.
func groupOf(m *ir.Message, o *contract.Oneof) *ir.Oneof {
	i := slices.IndexFunc(m.Oneofs, func(known *ir.Oneof) bool { return known.Name == o.Name })
	if i >= 0 {
		return m.Oneofs[i]
	}
	out := &ir.Oneof{Name: o.Name}
	m.Oneofs = append(m.Oneofs, out)
	return out
}
