package sdk

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (g *generator) types() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	for _, m := range g.Messages {
		g.flatType(f, m)
	}
	return f
}

// flatType writes the struct and, if it can hold a secret, how it prints.
func (g *generator) flatType(f *jen.File, m *ir.Message) {
	doc := m.Doc
	if doc == "" {
		doc = g.usage(m)
	}
	comment(f.Group, m.GoName+" "+sentence(doc)+silenceDoc(m))
	var fields []jen.Code
	for _, field := range m.Fields {
		for _, line := range commentLines(g.fieldDoc(m, field)) {
			fields = append(fields, jen.Comment(line))
		}
		tag := map[string]string{"json": field.Name + omitTag(field)}
		if field.Secret {
			tag["secret"] = "true"
		}
		fields = append(fields, jen.Id(field.GoName).Add(g.goType(field)).Tag(tag))
	}
	f.Type().Id(m.GoName).Struct(fields...)
	if m.HasSecret() {
		g.redacted(f, m)
	}
}

func (g *generator) redacted(f *jen.File, m *ir.Message) {
	f.Comment("Format prints the value with its secrets redacted.")
	f.Func().Params(jen.Id("m").Id(m.GoName)).Id("Format").
		Params(jen.Id("s").Qual("fmt", "State"), jen.Id("verb").Rune()).
		Block(jen.Qual(g.Paths.Runtime, "FormatRedacted").Call(jen.Id("s"), jen.Id("verb"), jen.Id("m")))
	f.Comment("LogValue is the value for log/slog, with its secrets redacted.")
	f.Func().Params(jen.Id("m").Id(m.GoName)).Id("LogValue").Params().Qual("log/slog", "Value").
		Block(jen.Return(jen.Qual(g.Paths.Runtime, "LogValueRedacted").Call(jen.Id("m"))))
}

// goType is the Go type of a field.
func (g *generator) goType(field *ir.Field) *jen.Statement {
	t := &jen.Statement{}
	switch {
	case field.Type.List:
		t.Index()
	case field.Pointer:
		t.Op("*")
	}
	switch field.Type.Scalar {
	case contract.ScalarMessage:
		return t.Qual(g.Paths.SDK.Import, field.Type.Message.GoName)
	case contract.ScalarObject:
		return t.Map(jen.String()).Any()
	default:
		return t.Id(string(field.Type.Scalar))
	}
}

// omitTag leaves zero values out of JSON; omitempty knows no zero structs.
func omitTag(field *ir.Field) string {
	if field.Type.Message != nil && !field.Pointer && !field.Type.List {
		return ",omitzero"
	}
	return ",omitempty"
}

// fieldDoc is the description, and what cannot be said about the field alone.
func (g *generator) fieldDoc(m *ir.Message, field *ir.Field) string {
	var parts []string
	if field.Doc != "" {
		parts = append(parts, field.GoName+" is "+sentence(phrase(field.Doc)))
	}
	if field.Required {
		parts = append(parts, "Required.")
	}
	if lacks := protocolsWhere(m, field, func(f *ir.WireField) bool { return f.Contract == nil }); len(lacks) > 0 {
		parts = append(parts, fmt.Sprintf("It cannot be sent over %s and is refused there.", and(lacks)))
	}
	if m.Request && commonSilence(m) == "" {
		if silent := silence(m, field); silent != "" {
			parts = append(parts, fmt.Sprintf("Over %s a zero or empty value cannot be told from an unset one and is refused.", silent))
		}
	}
	if field.Deprecated != "" {
		parts = append(parts, "\n\nDeprecated: "+sentence(field.Deprecated))
	}
	return strings.Join(parts, " ")
}

// silenceDoc says once what holds for all optional fields of a request.
func silenceDoc(m *ir.Message) string {
	silent := commonSilence(m)
	if !m.Request || silent == "" {
		return ""
	}
	return fmt.Sprintf("\n\nFields that are not required are left out while nil. Over %s a zero or empty value cannot be told from that: setting one is refused before anything is sent.", silent)
}

// commonSilence are the protocols that cannot send zero values of any optional
// field, if they are the same for each.
func commonSilence(m *ir.Message) string {
	common, first := "", true
	for _, field := range m.Fields {
		if field.Required || !field.Pointer && !field.Type.List || field.Type.Message != nil && !field.Type.List {
			continue
		}
		silent := silence(m, field)
		if !first && silent != common {
			return ""
		}
		common, first = silent, false
	}
	return common
}

// silence are the protocols that cannot tell a zero value of the field from an
// unset one, while others can.
func silence(m *ir.Message, field *ir.Field) string {
	return and(protocolsWhere(m, field, func(f *ir.WireField) bool {
		optional := (field.Pointer || field.Type.List) && !field.Required
		return f.Contract != nil && optional && !f.Presence && len(f.Over) > 0
	}))
}

// protocolsWhere lists the protocols over which the test holds for the field.
func protocolsWhere(m *ir.Message, field *ir.Field, test func(*ir.WireField) bool) []string {
	var out []string
	for _, w := range m.Wires {
		for _, f := range w.Fields {
			if f.Field == field && test(f) {
				out = appendNew(out, string(w.Protocol))
			}
		}
	}
	return out
}
