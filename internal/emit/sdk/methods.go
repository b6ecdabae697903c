package sdk

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// method writes the method that callers see.
func (g *generator) method(f *jen.File, s *ir.Service, m *ir.Method) {
	gofile.Comment(f.Group, g.methodDoc(m))
	request := jen.Code(jen.Nil())
	if m.Request != nil {
		request = jen.Id("req")
	}
	call := "Invoke"
	if m.Streams {
		call = "Stream"
	}
	invoke := g.rt(call).Call(jen.Id("ctx"), jen.Id("c").Dot("rt"), jen.Op("&").Id("method"+m.GoName), jen.Id("bindings"+m.GoName), request, jen.Id("opts"))
	body := g.defaults(m)
	if m.Response != nil {
		body = append(body, jen.Return(invoke))
	} else {
		body = append(body, jen.List(jen.Id("_"), jen.Err()).Op(":=").Add(invoke), jen.Return(jen.Err()))
	}
	f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Add(g.signature(m)).Block(body...)
	g.iterator(f, s, m)
	g.tokenSource(f, s, m)
}

// signature is a method's name, parameters and results.
func (g *generator) signature(m *ir.Method) *jen.Statement {
	params := []jen.Code{jen.Id("ctx").Qual("context", "Context")}
	if m.Request != nil {
		params = append(params, jen.Id("req").Op("*").Id(m.Request.GoName))
	}
	params = append(params, jen.Id("opts").Op("...").Id("CallOption"))
	result := []jen.Code{jen.Error()}
	switch {
	case m.Streams:
		return jen.Id(m.GoName).Params(params...).Qual("iter", "Seq2").Types(jen.Op("*").Id(m.Response.GoName), jen.Error())
	case m.Response != nil:
		result = []jen.Code{jen.Op("*").Id(m.Response.GoName), jen.Error()}
	}
	return jen.Id(m.GoName).Params(params...).Params(result...)
}

// defaults fills what the caller left unset, in a copy of the request.
func (g *generator) defaults(m *ir.Method) []jen.Code {
	if len(m.Defaults) == 0 {
		return nil
	}
	out := []jen.Code{jen.Id("req").Op("=").Add(g.rt("Copy").Call(jen.Id("req")))}
	for _, d := range m.Defaults {
		out = append(out, g.rt("Default").Call(jen.Id("c").Dot("rt"), jen.Lit(d.Setting), jen.Op("&").Id("req").Dot(d.Field.GoName)))
	}
	return out
}

func (g *generator) methodDoc(m *ir.Method) string {
	text := prose.Does(m.GoName, m.Doc)
	if m.Request != nil {
		text += " A nil request is the zero request."
	}
	for _, note := range prose.MethodNotes(g.SDK, m) {
		text += "\n\n" + note
	}
	if m.Deprecated != "" {
		text += "\n\nDeprecated: " + prose.Sentence(m.Deprecated)
	}
	return text
}

// describe writes a method's description and its bindings over HTTP.
func (g *generator) describe(defs *jen.Group, s *ir.Service, m *ir.Method) {
	var protocols []ir.Protocol
	bindings := jen.Dict{}
	for _, b := range m.Bindings {
		protocols = append(protocols, b.Protocol)
		switch b.Protocol {
		case ir.GraphQL:
			bindings[jen.Id("GraphQL")] = jen.Id("graphQL" + m.GoName)
		case ir.REST:
			bindings[jen.Id("REST")] = jen.Id("rest" + m.GoName)
		}
	}
	fields := jen.Dict{
		jen.Id("Name"): jen.Lit(m.Name), jen.Id("Service"): jen.Lit(s.Name),
		jen.Id("Protocols"): jen.Index().Add(g.rt("Protocol")).Values(g.protocols(protocols)...),
	}
	if m.Always != "" {
		fields[jen.Id("Always")] = g.protocol(m.Always)
	}
	if b := m.Binding(ir.REST); b != nil && b.Operation.MayBeEmpty {
		fields[jen.Id("MayBeEmpty")] = jen.True()
	}
	if mayBeNull(m.Binding(ir.REST)) {
		fields[jen.Id("MayBeNull")] = jen.True()
	}
	if m.EndsSession {
		fields[jen.Id("EndsSession")] = jen.True()
	}
	if m.Idempotent {
		fields[jen.Id("Idempotent")] = jen.True()
	}
	defs.Id("method" + m.GoName).Op("=").Add(g.rt("Method")).Values(fields)
	defs.Id("bindings"+m.GoName).Op("=").Add(g.rt("Bindings")).Types(g.flatRequest(m), g.adapterResponse(m)).Values(bindings)
}

// mayBeNull tells whether an answer over REST that is no object can be null.
func mayBeNull(b *ir.Binding) bool {
	if b == nil || b.Response == nil || b.Response.Contract.Bare() == nil {
		return false
	}
	return slices.ContainsFunc(b.Response.Fields, func(f *ir.WireField) bool {
		return f.Contract != nil && (f.Presence || f.Contract.Details.Type.Nullable || f.Type.Scalar == contract.ScalarAny && f.Type.Single())
	})
}

// flatRequest and flatResponse are the type arguments of a method.
func (g *generator) flatRequest(m *ir.Method) jen.Code {
	if m.Request == nil {
		return jen.Struct()
	}
	return jen.Qual(g.Paths.SDK.Import, m.Request.GoName)
}

// adapterResponse is what an adapter returns.
func (g *generator) adapterResponse(m *ir.Method) jen.Code {
	if m.Streams {
		return g.rt("Source").Types(g.flatResponse(m))
	}
	return g.flatResponse(m)
}

func (g *generator) flatResponse(m *ir.Method) jen.Code {
	if m.Response == nil {
		return jen.Struct()
	}
	return jen.Qual(g.Paths.SDK.Import, m.Response.GoName)
}
