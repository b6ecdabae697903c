package graphql

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// ResultAlias is the name under which every operation of ours selects its root
// field, so that all answers have one shape.
const ResultAlias = "result"

// EnvelopeAlias is the name under which the envelope's field is selected, where
// the result is in one.
const EnvelopeAlias = "value"

// FragmentName is the fragment, and so the Go type, that selects a type. Go
// exports names with a capital only.
func FragmentName(w *ir.Wire) string {
	name := w.Contract.Name
	if TypeName(name) != name {
		name = "X_" + name
	}
	return name + "Fields"
}

// TypeName is the Go type that genqlient writes for an enum or an input.
func TypeName(name string) string {
	name = strings.TrimLeft(name, "_")
	return strings.ToUpper(name[:1]) + name[1:]
}

// Operations writes the document with an operation for each method that is
// offered over GraphQL and a fragment for each type that one answers.
func Operations(sdk *ir.SDK) string {
	d := &document{fragments: map[string]string{}}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			if b := m.Binding(ir.GraphQL); b != nil {
				d.operation(m, b)
			}
		}
	}
	var names []string
	for name := range d.fragments {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		d.operations.WriteString(d.fragments[name])
	}
	return d.operations.String()
}

type document struct {
	operations strings.Builder
	fragments  map[string]string
}

func (d *document) operation(m *ir.Method, b *ir.Binding) {
	w := &d.operations
	for _, directive := range directives(b.Operation) {
		fmt.Fprintf(w, "# @genqlient(%s)\n", directive)
	}
	fmt.Fprintf(w, "%s %s", b.Operation.Kind, b.Document)
	arguments := ""
	if vars := Variables(b); len(vars) > 0 {
		var pairs []string
		w.WriteString("(\n")
		for _, v := range vars {
			fmt.Fprintf(w, "  $%s: %s\n", v.Name, v.Type)
			pairs = append(pairs, fmt.Sprintf("%s: $%s", v.Argument, v.Name))
		}
		w.WriteString(")")
		arguments = "(" + strings.Join(pairs, ", ") + ")"
	}
	result := fmt.Sprintf("%s: %s%s", ResultAlias, b.Operation.Key, arguments)
	switch {
	case b.Response == nil:
		fmt.Fprintf(w, " {\n  %s\n}\n\n", result)
		return
	case b.Response.Contract.Bare() != nil:
		d.bare(result, b.Response)
		return
	case b.Envelope == nil:
		fmt.Fprintf(w, " {\n%s}\n\n", selection("  ", result, b.Response))
	default:
		value := fmt.Sprintf("%s: %s", EnvelopeAlias, b.Envelope.Name)
		fmt.Fprintf(w, " {\n  # @genqlient(pointer: true)\n  %s {\n%s  }\n}\n\n", result, selection("    ", value, b.Response))
	}
	d.fragment(b.Response)
}

// bare selects an answer that is no object: a list of objects, or leaves.
func (d *document) bare(result string, w *ir.Wire) {
	for _, f := range w.Fields {
		if f.Contract == nil {
			continue
		}
		if f.Wire != nil {
			fmt.Fprintf(&d.operations, " {\n  # @genqlient(flatten: true)\n  %s {\n    ...%s\n  }\n}\n\n", result, FragmentName(f.Wire))
			d.fragment(f.Wire)
			return
		}
	}
	fmt.Fprintf(&d.operations, " {\n  %s\n}\n\n", result)
}

// Variable is one of an operation, for an argument.
type Variable struct{ Name, Argument, Type string }

// Variables are those that a method's operation has: none for an argument that
// the SDK leaves out.
func Variables(b *ir.Binding) []Variable {
	switch {
	case b.Request == nil:
		return nil
	case b.Request.Contract.Parts == nil:
		return []Variable{variable(b.Operation.RequestName, b.Operation.RequestType)}
	}
	var out []Variable
	for _, f := range b.Request.Fields {
		if f.Contract != nil && f.Contract.Place.In == contract.InArgument {
			out = append(out, variable(cmp.Or(f.Contract.Place.Name, f.Contract.Name), f.Contract.Place.Type))
		}
	}
	if parts := b.Request.Contract.Parts; parts.Content != nil {
		out = append(out, variable(parts.ContentName, parts.ContentType))
	}
	return out
}

func variable(argument, typ string) Variable {
	return Variable{Name: VariableName(argument), Argument: argument, Type: typ}
}

// VariableName is that of the variable for an argument: its own, unless that is a
// keyword of Go or no name there, which genqlient does not take.
func VariableName(argument string) string {
	if token.IsKeyword(argument) || argument == "_" {
		return argument + "Value"
	}
	return argument
}

// selection selects a message that may be missing.
func selection(indent, field string, w *ir.Wire) string {
	return fmt.Sprintf("%[1]s# @genqlient(flatten: true, pointer: true)\n%[1]s%[2]s {\n%[1]s  ...%[3]s\n%[1]s}\n", indent, field, FragmentName(w))
}

// fragment selects the fields of the flat type; the types of its fields follow.
func (d *document) fragment(w *ir.Wire) {
	name := FragmentName(w)
	if _, ok := d.fragments[name]; ok {
		return
	}
	d.fragments[name] = ""
	var b strings.Builder
	fmt.Fprintf(&b, "fragment %s on %s {\n", name, w.Contract.Name)
	if w.Contract.Union != nil {
		b.WriteString("  __typename\n")
	}
	for _, f := range w.Fields {
		if f.Contract == nil {
			continue
		}
		if f.Wire != nil {
			d.fragment(f.Wire)
		}
		b.WriteString(fieldSelection(w, f))
	}
	b.WriteString("}\n\n")
	d.fragments[name] = b.String()
}

// Selected is how an operation names a field.
func Selected(f *contract.Field) string {
	if f.Alias != "" {
		return f.Alias + ": " + f.Name
	}
	return f.Name
}

// fieldSelection selects one field, of a union one of its types.
func fieldSelection(w *ir.Wire, f *ir.WireField) string {
	pointer := ""
	if f.Field.Pointer {
		pointer = "pointer: true"
	}
	switch {
	case w.Contract.Union != nil:
		return fmt.Sprintf("  ... on %s {\n    ...%s\n  }\n", f.Contract.Variant.Names[0], FragmentName(f.Wire))
	case f.Wire != nil && pointer != "":
		return fmt.Sprintf("  # @genqlient(flatten: true, %s)\n  %s {\n    ...%s\n  }\n", pointer, Selected(f.Contract), FragmentName(f.Wire))
	case f.Wire != nil:
		return fmt.Sprintf("  # @genqlient(flatten: true)\n  %s {\n    ...%s\n  }\n", Selected(f.Contract), FragmentName(f.Wire))
	case pointer != "":
		return fmt.Sprintf("  # @genqlient(%s)\n  %s\n", pointer, Selected(f.Contract))
	default:
		return fmt.Sprintf("  %s\n", Selected(f.Contract))
	}
}

// directives are those of all input types of an operation, each once.
func directives(op *contract.Operation) []string {
	seen := map[string]bool{}
	out := inputDirectives(op.Request, seen)
	for _, p := range op.Params {
		out = append(out, inputDirectives(p.Type.Message, seen)...)
	}
	slices.Sort(out)
	return out
}

// inputDirectives make each optional field of the input types something that
// can be left out, also those that the SDK omits. They are options of the whole
// operation, and genqlient demands the same ones wherever a type is used.
func inputDirectives(m *contract.Message, seen map[string]bool) []string {
	if m == nil || seen[m.Name] {
		return nil
	}
	seen[m.Name] = true
	var out []string
	for _, f := range m.Fields {
		if !f.Required {
			out = append(out, fmt.Sprintf("for: %q, omitempty: true%s", m.Name+"."+f.Name, pointerOption(f.Type)))
		}
		out = append(out, inputDirectives(f.Type.Leaf().Message, seen)...)
	}
	slices.Sort(out)
	return out
}

func pointerOption(t contract.Type) string {
	if !t.Single() || slices.Contains([]contract.Scalar{contract.ScalarObject, contract.ScalarAny, contract.ScalarBytes}, t.Scalar) {
		return "" // Go has nil for it
	}
	return ", pointer: true"
}
