package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// tokenSource writes the source of tokens that refreshes with the method.
func (g *generator) tokenSource(f *jen.File, s *ir.Service, m *ir.Method) {
	t := m.Tokens
	if t == nil {
		return
	}
	gofile.Comment(f.Group, "TokenSource makes a source of tokens for [WithTokenSource] that starts with a token and gets the next one with "+m.GoName+
		" before that ends: once, however many calls wait for it. Each new token goes to renewed, which may be nil, to be kept: a refresh token may be good only once.")
	fields := jen.Dict{jen.Id(t.RequestRefresh.GoName): pointerTo(t.RequestRefresh, jen.Id("old").Dot("Refresh"))}
	for _, c := range t.Constants {
		fields[jen.Id(c.Field.GoName)] = pointerTo(c.Field, jen.Lit(c.Value))
	}
	f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Id("TokenSource").
		Params(jen.Id("start").Id("Token"), jen.Id("renewed").Func().Params(jen.Id("Token"))).Op("*").Id("RefreshingSource").
		Block(
			jen.Id("anonymous").Op(":=").Id("c").Dot("With").Call(g.rt("WithoutUser").Call()),
			jen.Id("refresh").Op(":=").Func().Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("old").Id("Token")).Params(jen.Id("Token"), jen.Error()).Block(
				jen.List(jen.Id("res"), jen.Err()).Op(":=").Id("anonymous").Dot(m.GoName).Call(jen.Id("ctx"), jen.Op("&").Id(m.Request.GoName).Values(fields)),
				jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Id("Token").Values(), jen.Err())),
				jen.Return(g.rt("NextToken").Call(jen.Id("old"), jen.Id("res").Dot(t.Access.GoName), jen.Id("res").Dot(t.Refresh.GoName), jen.Id("res").Dot(t.ExpiresIn.GoName))),
			),
			jen.Return(g.rt("NewRefreshingSource").Call(jen.Id("start"), jen.Id("refresh"), jen.Id("renewed"))),
		)
}

// pointerTo is a value for a field that may be a pointer.
func pointerTo(f *ir.Field, value jen.Code) jen.Code {
	if f.Pointer {
		return jen.Id("Ptr").Call(value)
	}
	return value
}
