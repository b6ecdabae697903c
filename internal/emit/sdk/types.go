package sdk

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (g *generator) types() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	for _, m := range g.Messages {
		g.flatType(f, m)
	}
	for _, e := range g.Enums {
		g.enumType(f, e)
	}
	return f
}

// flatType writes the struct and, if it can hold a secret, how it prints.
func (g *generator) flatType(f *jen.File, m *ir.Message) {
	doc := m.Doc
	if doc == "" {
		doc = g.usage(m)
	}
	gofile.Comment(f.Group, m.GoName+" "+prose.Sentence(doc)+"\n\n"+prose.MessageNote(m))
	var fields []jen.Code
	for _, field := range m.Fields {
		for _, line := range gofile.CommentLines(g.fieldDoc(m, field)) {
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
	if field.Pointer {
		return jen.Op("*").Add(g.typeOf(field.Type))
	}
	return g.typeOf(field.Type)
}

func (g *generator) typeOf(t ir.Type) *jen.Statement {
	switch {
	case t.List:
		return jen.Index().Add(g.itemType(t))
	case t.Map:
		return jen.Map(jen.String()).Add(g.itemType(t))
	}
	return g.itemType(t)
}

// itemType is the Go type of a type's value, or of the items of its list or map.
func (g *generator) itemType(t ir.Type) *jen.Statement {
	switch t.Scalar {
	case contract.ScalarNested:
		return g.typeOf(*t.Elem)
	case contract.ScalarMessage:
		return jen.Qual(g.Paths.SDK.Import, t.Message.GoName)
	case contract.ScalarEnum:
		return jen.Qual(g.Paths.SDK.Import, t.Enum.GoName)
	case contract.ScalarDuration:
		return jen.Qual("time", "Duration")
	}
	return scalarType(t.Scalar)
}

// scalarType is the Go type of a value that has the same in the SDK and in wire code.
func scalarType(s contract.Scalar) *jen.Statement {
	switch s {
	case contract.ScalarObject:
		return jen.Map(jen.String()).Any()
	case contract.ScalarAny, contract.ScalarUnsupported:
		return jen.Any()
	case contract.ScalarBytes:
		return jen.Index().Byte()
	case contract.ScalarTimestamp:
		return jen.Qual("time", "Time")
	}
	return jen.Id(string(s))
}

// omitTag leaves zero values out of JSON; omitempty knows no zero structs.
func omitTag(field *ir.Field) string {
	isStruct := field.Type.Scalar == contract.ScalarMessage || field.Type.Scalar == contract.ScalarTimestamp
	if isStruct && !field.Pointer && field.Type.Single() {
		return ",omitzero"
	}
	return ",omitempty"
}

// fieldDoc is the description, and what cannot be said about the field alone.
func (g *generator) fieldDoc(m *ir.Message, field *ir.Field) string {
	var parts []string
	if field.Doc != "" {
		parts = append(parts, field.GoName+" is "+prose.Sentence(prose.Phrase(field.Doc)))
	}
	if field.Required {
		parts = append(parts, "Required.")
	}
	parts = append(parts, prose.FieldNotes(m, field)...)
	if field.Deprecated != "" {
		parts = append(parts, "\n\nDeprecated: "+prose.Sentence(field.Deprecated))
	}
	return strings.Join(parts, " ")
}
