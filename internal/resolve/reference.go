package resolve

import (
	"encoding/json"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// reference resolves what only the reference shows of a row.
func (r *resolver) reference(one *row) {
	one.Credential = r.credential(one)
	for _, e := range one.manifest.Errors {
		one.Errors = append(one.Errors, r.methodError(e.Value))
	}
	r.example(one)
}

// groups puts the rows under their headings: those of the manifest in its order,
// then the services whose rows have none.
func (r *resolver) groups(rows []*row) []ir.Group {
	var out []ir.Group
	at := map[string]int{}
	for _, g := range r.Manifest.Groups {
		at[g.Name.Value] = len(out)
		out = append(out, ir.Group{Name: g.Name.Value, Title: g.Title.Value, Doc: g.Doc.Value})
	}
	for _, one := range rows {
		name := one.manifest.Group.Value
		if name == "" {
			name = one.service.Group.Value
		}
		key := name
		if name == "" {
			// No group may be called so, which cannot clash with a service.
			key = "service " + one.service.Name.Value
		}
		i, ok := at[key]
		if name == "" && !ok {
			i, at[key] = len(out), len(out)
			out = append(out, ir.Group{Name: one.service.Name.Value, Title: one.service.Client.Value, Doc: one.service.Doc.Value})
		}
		out[i].Methods = append(out[i].Methods, one.Method)
	}
	return out
}

// credential is what a row is called with: what it says itself, then the secret
// of its service, then what the contracts say.
func (r *resolver) credential(one *row) ir.Credential {
	if said := one.manifest.Credential.Value; said != "" {
		return ir.Credential(said)
	}
	for _, name := range one.service.Requires {
		if slices.ContainsFunc(r.Manifest.Settings, func(s manifest.Setting) bool { return s.Name.Value == name.Value && s.Secret.Value }) {
			return ir.CredentialSetting
		}
	}
	out := ir.CredentialUnknown
	for _, b := range one.Bindings {
		if b.Credential == ir.CredentialBearer || out == ir.CredentialUnknown {
			out = b.Credential
		}
	}
	return out
}

// needs tells whether an operation needs a credential, as far as its contract
// says it. GraphQL has no words for it.
func (r *resolver) needs(op *contract.Operation, p ir.Protocol) ir.Credential {
	details := op.Details
	if details == nil {
		return ir.CredentialUnknown
	}
	said, needed := false, false
	switch p {
	case ir.REST:
		said, needed = r.rest.security, guardedREST(details)
	case ir.GRPC:
		option := r.Manifest.Contracts.GRPC.PublicOption.Value
		said, needed = option != "", details.Options[option] != "true"
	}
	switch {
	case !said:
		return ir.CredentialUnknown
	case needed:
		return ir.CredentialBearer
	}
	return ir.CredentialNone
}

// guardedREST: an empty entry among the alternatives means that none is needed.
func guardedREST(d *contract.OperationDetails) bool {
	var alternatives []map[string]any
	if d.Security == "" || json.Unmarshal([]byte(d.Security), &alternatives) != nil {
		return false
	}
	return !slices.ContainsFunc(alternatives, func(a map[string]any) bool { return len(a) == 0 })
}

// methodError finds an entry of the table of errors.
func (r *resolver) methodError(name string) ir.MethodError {
	table := r.Manifest.Errors
	for _, m := range table.Messages {
		if m.Text.Value+m.Prefix.Value == name {
			return ir.MethodError{Code: m.Code.Value, Text: name, Prefix: m.Prefix.Value != ""}
		}
	}
	if code, ok := table.Codes[name]; ok {
		return ir.MethodError{Code: code.Value, Word: name}
	}
	return ir.MethodError{Code: name}
}
