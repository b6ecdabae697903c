package explain

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// printer writes text; the first failure is kept and ends it.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// table writes rows in columns.
func (p *printer) table(rows [][]string) {
	tw := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if p.err == nil {
			_, p.err = fmt.Fprintln(tw, strings.TrimRight("  "+strings.Join(row, "\t"), "\t "))
		}
	}
	if err := tw.Flush(); p.err == nil {
		p.err = err
	}
}

// WriteText prints a method for people.
func WriteText(w io.Writer, m *Method) error {
	p := &printer{w: w}
	p.line("%s", m.Name)
	p.line("  %s", m.Doc)
	p.line("  %s", m.Signature)
	if m.Deprecated != "" {
		p.line("  deprecated: %s", m.Deprecated)
	}
	for _, note := range m.Notes {
		p.line("  %s", note)
	}
	p.operations(m)
	p.line("\nCredential: %s", credential(m))
	p.line("Sent again: %s", m.Retry)
	p.headers(m)
	for _, t := range m.Types {
		p.message(t)
	}
	for _, e := range m.Enums {
		p.enum(e, m)
	}
	p.errors(m)
	return p.err
}

// credential says where it could be said, if it is not known.
func credential(m *Method) string {
	if m.Credential == credentialUnknown {
		return "unknown: the contracts do not say, and the row has no credential"
	}
	return m.Credential
}

func (p *printer) operations(m *Method) {
	p.line("\nOperations")
	var rows [][]string
	for _, o := range m.Operations {
		if o.Operation == "" {
			rows = append(rows, []string{o.Protocol, "not offered: an error before anything is sent"})
			continue
		}
		text := o.Operation
		if o.Protocol == string(ir.GraphQL) {
			text = o.Kind + " " + text
		}
		if o.MediaType != "" && o.MediaType != "application/json" {
			text += " as " + o.MediaType
		}
		if o.Envelope != "" {
			text += fmt.Sprintf(", the result in %s.%s", o.Response, o.Envelope)
		}
		if o.AnswerOmitted {
			text += ", whose answer " + o.Response + " is left out"
		}
		rows = append(rows, []string{o.Protocol, text, o.Place})
	}
	p.table(rows)
}

func (p *printer) headers(m *Method) {
	if len(m.Headers) > 0 {
		p.line("\nHeaders and metadata (left out while a setting in them is not set)")
		var rows [][]string
		for _, h := range m.Headers {
			rows = append(rows, []string{h.Name, h.Value, strings.Join(h.Protocols, ", ")})
		}
		p.table(rows)
	}
	if len(m.Defaults) > 0 {
		p.line("\nDefaults")
		var rows [][]string
		for _, d := range m.Defaults {
			rows = append(rows, []string{d.Field, "the setting " + d.Setting})
		}
		p.table(rows)
	}
}

// message prints a type as a table: a row for each field, a column for each
// contract type.
func (p *printer) message(t Type) {
	p.line("\ntype %s (%s)", t.Name, t.Role)
	if t.Doc != "" {
		p.line("  %s %s", t.Name, prose.Sentence(t.Doc))
	}
	head := []string{"field", "Go"}
	for _, w := range t.Wires {
		head = append(head, w.Protocol+": "+w.Type)
	}
	rows := [][]string{head}
	for _, f := range t.Fields {
		row := []string{f.Name, f.GoName + " " + f.GoType + marks(f)}
		for _, tr := range f.Travels {
			row = append(row, cell(f, tr))
		}
		rows = append(rows, row)
	}
	p.table(rows)
	if t.Note != "" {
		p.line("  %s", t.Note)
	}
	for _, f := range t.Fields {
		for _, note := range f.Notes {
			p.line("  %s: %s", f.Name, note)
		}
	}
}

func marks(f Field) string {
	out := ""
	if f.Required {
		out += ", required"
	}
	if f.Secret {
		out += ", secret"
	}
	return out
}

// cell is how a field travels, in short: the name where it is another one, the
// type, and what is special.
func cell(f Field, t Travel) string {
	if t.Name == "" {
		return "-"
	}
	out := t.Type
	if t.Name != f.Name {
		out = t.Name + " " + out
	}
	if t.Wrapper != "" {
		out += " {" + t.WrapperField + "}"
	}
	if t.Form != "" {
		out += ", " + t.Form
	}
	if t.Presence {
		out += "?"
	}
	if t.Part != "" {
		out += ", " + t.Part
	}
	return out
}

func (p *printer) enum(e Enum, m *Method) {
	p.line("\ntype %s string", e.Name)
	var protocols []string
	for _, o := range m.Operations {
		if o.Operation != "" {
			protocols = append(protocols, o.Protocol)
		}
	}
	rows := [][]string{append([]string{"value"}, protocols...)}
	for _, v := range e.Values {
		row := []string{v.Name}
		for _, protocol := range protocols {
			name := v.Wire[protocol]
			if name == "" {
				name = "-"
			}
			row = append(row, name)
		}
		rows = append(rows, row)
	}
	p.table(rows)
}

func (p *printer) errors(m *Method) {
	p.line("\nError codes")
	var rows [][]string
	for _, e := range m.Errors {
		rows = append(rows, []string{e.Code, e.Text + e.Word})
	}
	for _, word := range slices.Sorted(maps.Keys(m.Table.Extensions)) {
		rows = append(rows, []string{m.Table.Extensions[word], "graphql: extensions.code " + word})
	}
	for _, word := range slices.Sorted(maps.Keys(m.Table.Words)) {
		rows = append(rows, []string{m.Table.Words[word], "rest: " + word})
	}
	if m.Table.Messages > 0 {
		rows = append(rows, []string{"by the table", fmt.Sprintf("graphql: by its message, of which the manifest lists %d; any other is unknown", m.Table.Messages)})
	}
	if m.Table.NonCanonical != "" {
		rows = append(rows, []string{m.Table.NonCanonical, "grpc: codes above 16; the others are what they are"})
	}
	p.table(rows)
	p.line("\n\"?\" after a type: the wire can tell a field that is not set from a zero value.")
}

// Row is a method in the list of all.
type Row struct {
	Name       string   `json:"name"`
	GoName     string   `json:"go_name"`
	Protocols  []string `json:"protocols"`
	Deprecated string   `json:"deprecated,omitempty"`
	Doc        string   `json:"doc"`
}

// List is every method, in the manifest's order.
func List(sdk *ir.SDK) []Row {
	rows := []Row{}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			row := Row{Name: m.Name, GoName: s.Client + "." + m.GoName, Deprecated: m.Deprecated, Doc: m.Doc, Protocols: []string{}}
			for _, b := range m.Bindings {
				row.Protocols = append(row.Protocols, string(b.Protocol))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// WriteList prints the list for people.
func WriteList(w io.Writer, rows []Row) error {
	p := &printer{w: w}
	var table [][]string
	for _, r := range rows {
		table = append(table, []string{r.Name, r.GoName, strings.Join(r.Protocols, ", ")})
	}
	p.table(table)
	return p.err
}
