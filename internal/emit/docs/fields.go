package docs

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/emit/sdk"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (b *builder) message(m *ir.Message) *message {
	doc := m.Doc
	if doc == "" {
		doc = b.usage(m)
	}
	out := &message{
		ID: "type-" + m.GoName, GoName: m.GoName, Request: m.Request,
		Doc: m.GoName + " " + prose.Sentence(doc), Note: prose.MessageNote(m),
	}
	for _, f := range m.Fields {
		out.Fields = append(out.Fields, b.field(m, f))
	}
	return out
}

func (b *builder) field(m *ir.Message, f *ir.Field) field {
	out := field{GoName: f.GoName, Name: f.Name, Type: sdk.TypeName(f), Secret: f.Secret}
	switch leaf := f.Type.Leaf(); {
	case leaf.Message != nil:
		out.Link = leaf.Message.GoName
	case leaf.Enum != nil:
		out.Link = leaf.Enum.GoName
	}
	if m.Request {
		out.Presence = presence(f)
	}
	if f.Doc != "" {
		out.Notes = append(out.Notes, capital(prose.Sentence(prose.Phrase(f.Doc))))
	}
	out.Notes = append(out.Notes, prose.FieldNotes(m, f)...)
	if note := bare(m, f); note != "" {
		out.Notes = append(out.Notes, note)
	}
	if limits := limits(m, f); limits != "" {
		out.Notes = append(out.Notes, "Limits: "+limits+".")
	}
	if f.Secret {
		out.Notes = append(out.Notes, "Secret: never printed.")
	}
	if f.Deprecated != "" {
		out.Notes = append(out.Notes, "Deprecated: "+prose.Sentence(f.Deprecated))
	}
	return out
}

// bare says over which protocols a field is the answer itself.
func bare(m *ir.Message, f *ir.Field) string {
	var over []string
	for _, w := range m.Wires {
		for _, wf := range w.Fields {
			if name := string(w.Protocol); wf.Field == f && wf.Contract != nil && wf.Contract == w.Contract.Bare() && !slices.Contains(over, name) {
				over = append(over, name)
			}
		}
	}
	if len(over) == 0 {
		return ""
	}
	return "Over " + prose.And(over) + " it is the answer itself, not a member of an object."
}

// enum is an enum as it is shown.
func newEnum(e *ir.Enum) enum {
	out := enum{ID: "type-" + e.GoName, GoName: e.GoName, Doc: e.GoName + " is one of the values below."}
	if e.Doc != "" {
		out.Doc = prose.About(e.GoName, e.Doc)
	}
	for _, v := range e.Values {
		value := enumValue{GoName: v.GoName, Name: v.Name}
		if v.Doc != "" {
			value.Notes = append(value.Notes, capital(prose.Sentence(v.Doc)))
		}
		if v.Deprecated != "" {
			value.Notes = append(value.Notes, "Deprecated: "+prose.Sentence(v.Deprecated))
		}
		for _, w := range e.Wires {
			if !w.Has(v) {
				value.Notes = append(value.Notes, fmt.Sprintf("It cannot be sent over %s and is refused there.", w.Protocol))
			}
		}
		out.Values = append(out.Values, value)
	}
	return out
}

// presence says when a field of a request is sent.
func presence(f *ir.Field) string {
	switch {
	case f.Required:
		return "required"
	case f.Pointer, f.Type.HasNil():
		return "unless nil"
	}
	return "unless zero"
}

// limits are the rules of the contracts that the values of a field must keep, by
// their last words ("string.max_len" is "max_len 320").
func limits(m *ir.Message, f *ir.Field) string {
	found := map[string]string{}
	for _, w := range m.Wires {
		for _, wf := range w.Fields {
			if wf.Field != f || wf.Contract == nil || wf.Contract.Details == nil {
				continue
			}
			for name, value := range wf.Contract.Details.Limits {
				found[name[strings.LastIndexAny(name, ". ")+1:]] = value
			}
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(found)) {
		out = append(out, name+" "+found[name])
	}
	return strings.Join(out, ", ")
}
