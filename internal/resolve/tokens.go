package resolve

import (
	"maps"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// tokens resolves the method that gets new tokens for old ones.
func (r *resolver) tokens(methods []*row) {
	t := r.Manifest.Tokens
	if t == nil {
		return
	}
	i := slices.IndexFunc(methods, func(m *row) bool { return m.Name == t.Method.Value })
	if i < 0 || methods[i].Request == nil || methods[i].Response == nil {
		r.add(UnusableEntry.ofProject(), t.Method.Pos, "name a method with a request and an answer", "tokens names the method %q, which cannot get tokens", t.Method)
		return
	}
	m := methods[i]
	out := &ir.Tokens{
		RequestRefresh: r.tokenField(m.Request, t.Refresh, contract.ScalarString),
		Access:         r.tokenField(m.Response, t.Access, contract.ScalarString),
		Refresh:        r.tokenField(m.Response, t.Refresh, contract.ScalarString),
		ExpiresIn:      r.tokenField(m.Response, t.ExpiresIn, contract.ScalarInt64),
	}
	for _, name := range slices.Sorted(maps.Keys(t.Constants)) {
		value := t.Constants[name]
		if f := r.tokenField(m.Request, manifest.Text{Value: name, Pos: value.Pos}, contract.ScalarString); f != nil {
			out.Constants = append(out.Constants, ir.Constant{Field: f, Value: value.Value})
		}
	}
	m.Tokens = out
}

func (r *resolver) tokenField(m *ir.Message, name manifest.Text, scalar contract.Scalar) *ir.Field {
	f := m.Field(name.Value)
	if !isSingle(f, scalar) {
		r.add(UnusableEntry.ofType(m.GoName), name.Pos, "", "tokens names the field %q, but %s has no %s of that name", name, m.GoName, scalar)
		return nil
	}
	return f
}
