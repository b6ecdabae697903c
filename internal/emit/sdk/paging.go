package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// iterator writes the form of a list method that walks all pages.
func (g *generator) iterator(f *jen.File, s *ir.Service, m *ir.Method) {
	if m.Paging == nil {
		return
	}
	item := jen.Id(m.Paging.Items.Type.Message.GoName)
	name := m.Paging.Iterator
	gofile.Comment(f.Group, name+" walks all pages of "+m.GoName+", from the page that the request names. A page is fetched when its first entry is asked for. An error comes once, with a zero entry, and ends the walk.")
	f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Id(name).
		Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("req").Op("*").Id(m.Request.GoName), jen.Id("opts").Op("...").Id("CallOption")).
		Qual("iter", "Seq2").Types(item, jen.Error()).
		BlockFunc(func(body *jen.Group) {
			body.Id("req").Op("=").Add(g.rt("Copy").Call(jen.Id("req")))
			call := jen.Func().Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("req").Op("*").Id(m.Request.GoName)).
				Params(jen.Op("*").Id(m.Response.GoName), jen.Error()).
				Block(jen.Return(jen.Id("c").Dot(m.GoName).Call(jen.Id("ctx"), jen.Id("req"), jen.Id("opts").Op("..."))))
			args := []jen.Code{jen.Id("ctx"), jen.Op("&").Id("method" + m.GoName), jen.Id("req")}
			walk := "TokenPages"
			if m.Paging.Page != nil {
				walk = "NumberedPages"
				// The caller may change the request while the list is walked.
				body.Id("at").Op(":=").Add(g.rt("Copy").Call(jen.Id("req").Dot(m.Paging.Request.GoName)))
				body.If(jen.Id("req").Dot(m.Paging.Request.GoName).Op("!=").Nil()).Block(jen.Id("req").Dot(m.Paging.Request.GoName).Op("=").Id("at"))
				args = append(args, g.rt("Deref").Call(jen.Id("at").Dot(m.Paging.Page.GoName)))
			}
			args = append(args, call, g.setPage(m), g.readPage(m, item))
			body.Return(g.rt(walk).Custom(lines(), args...))
		})
}

// setPage is the function that asks for another page, in a copy of the request.
func (g *generator) setPage(m *ir.Method) jen.Code {
	p := m.Paging
	request := func(param string, typ contract.Scalar, body ...jen.Code) jen.Code {
		return jen.Func().Params(jen.Id("req").Op("*").Id(m.Request.GoName), jen.Id(param).Id(string(typ))).
			Op("*").Id(m.Request.GoName).Block(append(body, jen.Return(jen.Id("req")))...)
	}
	if p.Page == nil {
		return request("token", contract.ScalarString, jen.Id("req").Dot(p.Request.GoName).Op("=").Op("&").Id("token"))
	}
	return request("page", contract.ScalarInt64,
		jen.Id("at").Op(":=").Add(g.rt("Copy").Call(jen.Id("req").Dot(p.Request.GoName))),
		jen.Id("at").Dot(p.Page.GoName).Op("=").Op("&").Id("page"),
		jen.Id("req").Dot(p.Request.GoName).Op("=").Id("at"))
}

// readPage is the function that takes an answer apart.
func (g *generator) readPage(m *ir.Method, item *jen.Statement) jen.Code {
	p := m.Paging
	answer := jen.Id("resp").Dot(p.Answer.GoName)
	place, value := jen.Code(jen.String()), jen.Code(answer)
	if p.Page != nil {
		place = g.rt("Page")
		value = g.rt("Page").Values(jen.Dict{
			jen.Id("Offset"): answer.Clone().Dot(p.Offset.GoName),
			jen.Id("Total"):  answer.Clone().Dot(p.Total.GoName),
		})
	}
	return jen.Func().Params(jen.Id("resp").Op("*").Id(m.Response.GoName)).Params(jen.Index().Add(item), place).
		Block(jen.Return(jen.Id("resp").Dot(p.Items.GoName), value))
}

// mock writes the interface that the client implements, for tests of programs
// that use it.
func (g *generator) mock(f *jen.File, s *ir.Service) {
	name := interfaceName(s)
	gofile.Comment(f.Group, name+" is what ["+s.Client+"] does, for programs that want to put something else in its place in their tests.")
	f.Type().Id(name).InterfaceFunc(func(methods *jen.Group) {
		for _, m := range s.Methods {
			gofile.Comment(methods, m.GoName+" "+prose.Sentence(m.Doc))
			methods.Add(g.signature(m))
			if m.Paging != nil {
				gofile.Comment(methods, m.Paging.Iterator+" walks all pages of "+m.GoName+".")
				methods.Id(m.Paging.Iterator).
					Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("req").Op("*").Id(m.Request.GoName), jen.Id("opts").Op("...").Id("CallOption")).
					Qual("iter", "Seq2").Types(jen.Id(m.Paging.Items.Type.Message.GoName), jen.Error())
			}
		}
	})
	f.Var().Id("_").Id(name).Op("=").Parens(jen.Op("*").Id(s.Client)).Parens(jen.Nil())
}

// interfaceName: the client's name and API, ClientAPI and AdminClientAPI.
func interfaceName(s *ir.Service) string { return s.Client + "API" }
