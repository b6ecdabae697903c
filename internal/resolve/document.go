package resolve

import (
	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// documentName is the name of a method's operation in GraphQL's document. The
// wire code has a function of that name and a type of it with the end "Response",
// beside the types of the schema that it needs.
func (r *resolver) documentName(goName string) string {
	if r.wireNames == nil {
		r.wireNames = graphqlNames(r.Contracts[ir.GraphQL])
	}
	for r.wireNames[goName] || r.wireNames[goName+"Response"] {
		goName += "Call"
	}
	return goName
}

// graphqlNames are the names that the wire code has for a schema's types: inputs
// and enums keep theirs, other types stand under the name of their fragment.
func graphqlNames(c *contract.Contract) map[string]bool {
	out := map[string]bool{}
	for name, m := range c.Messages {
		if m.Details == nil || m.Details.Kind != "input" {
			name += "Fields"
		}
		out[name] = true
		for _, f := range m.Fields {
			if f.Details != nil && f.Details.Type.Enum != nil {
				out[f.Details.Type.Enum.Name] = true
			}
		}
	}
	return out
}
