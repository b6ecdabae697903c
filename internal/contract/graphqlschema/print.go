package graphqlschema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/validator"
)

// printer writes an introspected schema in the schema definition language.
type printer struct {
	buf bytes.Buffer
	in  *schemaJSON
	// builtIn holds the types ("Int") and directives ("@skip") that GraphQL
	// itself defines and a schema file must not repeat.
	builtIn map[string]bool
}

func newPrinter(in *schemaJSON) *printer {
	p := &printer{in: in, builtIn: map[string]bool{}}
	prelude := validator.PreludeDocument()
	for _, def := range prelude.Definitions {
		p.builtIn[def.Name] = true
	}
	for _, dir := range prelude.Directives {
		p.builtIn["@"+dir.Name] = true
	}
	return p
}

func (p *printer) schema() error {
	p.roots()
	dirs := slices.SortedFunc(slices.Values(p.in.Directives), func(a, b directiveJSON) int { return cmp.Compare(a.Name, b.Name) })
	for _, d := range dirs {
		if !p.builtIn["@"+d.Name] {
			p.directive(d)
		}
	}
	types := slices.SortedFunc(slices.Values(p.in.Types), func(a, b typeJSON) int { return cmp.Compare(a.Name, b.Name) })
	for _, t := range types {
		if p.builtIn[t.Name] || strings.HasPrefix(t.Name, "__") {
			continue
		}
		if err := p.definition(t); err != nil {
			return err
		}
	}
	return nil
}

// roots writes the schema block if the root types cannot be told by name.
func (p *printer) roots() {
	roots := []struct {
		op, usual string
		t         *typeJSON
	}{
		{"query", "Query", p.in.QueryType},
		{"mutation", "Mutation", p.in.MutationType},
		{"subscription", "Subscription", p.in.SubscriptionType},
	}
	needed := p.in.Description != ""
	for _, r := range roots {
		if r.t != nil {
			needed = needed || r.t.Name != r.usual
			continue
		}
		needed = needed || slices.ContainsFunc(p.in.Types, func(t typeJSON) bool { return t.Name == r.usual })
	}
	if !needed {
		return
	}
	p.separate()
	p.description("", p.in.Description)
	p.buf.WriteString("schema {\n")
	for _, r := range roots {
		if r.t != nil {
			fmt.Fprintf(&p.buf, "  %s: %s\n", r.op, r.t.Name)
		}
	}
	p.buf.WriteString("}\n")
}

func (p *printer) directive(d directiveJSON) {
	p.separate()
	p.description("", d.Description)
	fmt.Fprintf(&p.buf, "directive @%s", d.Name)
	p.arguments("", d.Args)
	if d.IsRepeatable {
		p.buf.WriteString(" repeatable")
	}
	fmt.Fprintf(&p.buf, " on %s\n", strings.Join(d.Locations, " | "))
}

func (p *printer) definition(t typeJSON) error {
	p.separate()
	p.description("", t.Description)
	switch t.Kind {
	case "SCALAR":
		p.buf.WriteString("scalar " + t.Name)
		if t.SpecifiedByURL != nil {
			p.buf.WriteString(" @specifiedBy(url: " + quote(*t.SpecifiedByURL) + ")")
		}
		p.buf.WriteString("\n")
	case "OBJECT", "INTERFACE":
		p.object(t)
	case "UNION":
		fmt.Fprintf(&p.buf, "union %s = %s\n", t.Name, strings.Join(typeNames(t.PossibleTypes), " | "))
	case "ENUM":
		p.enum(t)
	case "INPUT_OBJECT":
		p.input(t)
	default:
		return fmt.Errorf("the introspection answer gives type %s the unknown kind %q", t.Name, t.Kind)
	}
	return nil
}

func (p *printer) object(t typeJSON) {
	p.buf.WriteString(map[string]string{"OBJECT": "type ", "INTERFACE": "interface "}[t.Kind] + t.Name)
	if len(t.Interfaces) > 0 {
		p.buf.WriteString(" implements " + strings.Join(typeNames(t.Interfaces), " & "))
	}
	p.buf.WriteString(" {\n")
	for _, f := range t.Fields {
		p.description("  ", f.Description)
		p.buf.WriteString("  " + f.Name)
		p.arguments("  ", f.Args)
		p.buf.WriteString(": " + reference(f.Type) + f.directive() + "\n")
	}
	p.buf.WriteString("}\n")
}

func (p *printer) enum(t typeJSON) {
	fmt.Fprintf(&p.buf, "enum %s {\n", t.Name)
	for _, v := range t.EnumValues {
		p.description("  ", v.Description)
		p.buf.WriteString("  " + v.Name + v.directive() + "\n")
	}
	p.buf.WriteString("}\n")
}

func (p *printer) input(t typeJSON) {
	p.buf.WriteString("input " + t.Name)
	if t.IsOneOf {
		p.buf.WriteString(" @oneOf")
	}
	p.buf.WriteString(" {\n")
	for _, f := range t.InputFields {
		p.description("  ", f.Description)
		p.buf.WriteString("  " + f.text() + "\n")
	}
	p.buf.WriteString("}\n")
}

// arguments writes the list on one line, or, with descriptions, one a line.
func (p *printer) arguments(indent string, args []inputJSON) {
	if len(args) == 0 {
		return
	}
	if slices.ContainsFunc(args, func(a inputJSON) bool { return a.Description != "" }) {
		p.buf.WriteString("(\n")
		for _, a := range args {
			p.description(indent+"  ", a.Description)
			p.buf.WriteString(indent + "  " + a.text() + "\n")
		}
		p.buf.WriteString(indent + ")")
		return
	}
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.text()
	}
	p.buf.WriteString("(" + strings.Join(texts, ", ") + ")")
}

// description writes the text before the thing it describes.
func (p *printer) description(indent, text string) {
	if text == "" {
		return
	}
	if !isBlock(text) {
		p.buf.WriteString(indent + quote(text) + "\n")
		return
	}
	p.buf.WriteString(indent + `"""` + "\n")
	for line := range strings.SplitSeq(strings.ReplaceAll(text, `"""`, `\"""`), "\n") {
		if line != "" {
			p.buf.WriteString(indent + line)
		}
		p.buf.WriteString("\n")
	}
	p.buf.WriteString(indent + `"""` + "\n")
}

// separate puts an empty line between definitions.
func (p *printer) separate() {
	if p.buf.Len() > 0 {
		p.buf.WriteString("\n")
	}
}

// isBlock tells whether a block string gives the text back unchanged: block
// strings lose common indentation, and white space at both ends.
func isBlock(text string) bool {
	if !strings.Contains(text, "\n") || strings.TrimSpace(text) != text || strings.HasSuffix(text, `\`) {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") || line != "" && strings.TrimSpace(line) == "" {
			return false
		}
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' })
}

// quote writes a GraphQL string, whose escapes are those of JSON.
func quote(s string) string {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""` // cannot happen: every string has a JSON form
	}
	return strings.TrimSuffix(buf.String(), "\n")
}

func (f inputJSON) text() string {
	s := f.Name + ": " + reference(f.Type)
	if f.DefaultValue != nil {
		s += " = " + *f.DefaultValue
	}
	return s + f.directive()
}

func (d deprecationJSON) directive() string {
	switch {
	case !d.IsDeprecated:
		return ""
	case d.DeprecationReason == nil || *d.DeprecationReason == defaultDeprecation:
		return " @deprecated"
	default:
		return " @deprecated(reason: " + quote(*d.DeprecationReason) + ")"
	}
}

// reference writes the use of a type, such as [String!].
func reference(t *typeJSON) string {
	switch {
	case t == nil:
		return "" // an incomplete answer; the parser refuses the result
	case t.Kind == "NON_NULL":
		return reference(t.OfType) + "!"
	case t.Kind == "LIST":
		return "[" + reference(t.OfType) + "]"
	default:
		return t.Name
	}
}

func typeNames(types []typeJSON) []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name
	}
	slices.Sort(names)
	return names
}
