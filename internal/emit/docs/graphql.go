package docs

import (
	"fmt"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// graphQLSnippet is a document with its variables, and both as a command.
func (b *builder) graphQLSnippet(s *ir.Service, m *ir.Method, binding *ir.Binding) snippet {
	document := graphQLDocument(binding)
	variables := ""
	body := fmt.Sprintf("{\n  \"query\": %s", jsonOf(strings.Join(strings.Fields(document), " ")))
	if binding.Request != nil {
		variables = lines("{", b.variables(s, m, binding), "}", "")
		body += ",\n  \"variables\": " + strings.ReplaceAll(variables, "\n", "\n  ")
	}
	body += "\n}"
	c := &command{}
	c.add("curl -sS", expanding(b.env.use("url")+b.GraphQLPath))
	c.headers(append(b.headers(s, m, ir.GraphQL), header{"Content-Type", "application/json"}))
	c.add("-d", quoted(body))
	out := snippet{ID: "graphql", Title: "GraphQL", Parts: []part{{"Document", "graphql", document}}}
	if variables != "" {
		out.Parts = append(out.Parts, part{"Variables", "json", shown(variables) + "\n"})
	}
	out.Parts = append(out.Parts, part{"curl", "sh", c.String()})
	return out
}

// graphQLDocument is the operation with everything that the SDK selects.
func graphQLDocument(b *ir.Binding) string {
	var w strings.Builder
	fmt.Fprintf(&w, "%s %s", b.Operation.Kind, b.Document)
	arguments := ""
	if variables := graphql.Variables(b); len(variables) > 0 {
		var declared, passed []string
		for _, v := range variables {
			declared = append(declared, "$"+v.Name+": "+v.Type)
			passed = append(passed, v.Argument+": $"+v.Name)
		}
		fmt.Fprintf(&w, "(%s)", strings.Join(declared, ", "))
		arguments = "(" + strings.Join(passed, ", ") + ")"
	}
	fmt.Fprintf(&w, " {\n  %s%s", b.Operation.Key, arguments)
	depth := "  "
	if b.Envelope != nil {
		fmt.Fprintf(&w, " {\n    %s", b.Envelope.Name)
		depth = "    "
	}
	if selected := selected(b.Response); selected != nil {
		selection(&w, selected, depth)
	} else {
		w.WriteByte('\n')
	}
	if b.Envelope != nil {
		w.WriteString("  }\n")
	}
	w.WriteString("}\n")
	return w.String()
}

// selected is what an operation selects of its answer; nil where that is no
// object, nor a list of them.
func selected(answer *ir.Wire) *ir.Wire {
	if answer == nil || answer.Contract.Bare() == nil {
		return answer
	}
	for _, f := range answer.Fields {
		if f.Contract != nil {
			return f.Wire
		}
	}
	return nil
}

// selection writes the braces after a field and what is selected in them.
func selection(w *strings.Builder, wire *ir.Wire, depth string) {
	w.WriteString(" {\n")
	if wire.Contract.Union != nil {
		fmt.Fprintf(w, "%s  __typename\n", depth)
	}
	for _, f := range wire.Fields {
		if f.Contract == nil {
			continue
		}
		if wire.Contract.Union != nil {
			fmt.Fprintf(w, "%s  ... on %s", depth, f.Contract.Variant.Names[0])
			selection(w, f.Wire, depth+"  ")
			continue
		}
		fmt.Fprintf(w, "%s  %s", depth, graphql.Selected(f.Contract))
		if f.Wire != nil {
			selection(w, f.Wire, depth+"  ")
			continue
		}
		w.WriteByte('\n')
	}
	fmt.Fprintf(w, "%s}\n", depth)
}
