package sdk

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// service writes a client type, its constructor and its methods.
func (g *generator) service(s *ir.Service) *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	g.client(f, s)
	for _, m := range s.Methods {
		g.method(f, s, m)
	}
	g.mock(f, s)
	f.Comment("What the runtime needs to know of each method, and how it travels.")
	f.Var().DefsFunc(func(defs *jen.Group) {
		for _, m := range s.Methods {
			g.describe(defs, s, m)
		}
	})
	return f
}

func (g *generator) client(f *jen.File, s *ir.Service) {
	gofile.Comment(f.Group, s.Client+" "+prose.Sentence(s.Doc)+" It is safe for concurrent use. Make one with ["+s.Constructor+"], and Close it after use.")
	f.Type().Id(s.Client).Struct(jen.Id("rt").Op("*").Add(g.rt("Client")))

	params := []jen.Code{jen.Id("url")}
	var doc []string
	var settings []jen.Code
	for _, r := range s.Requires {
		params = append(params, jen.Id(r.GoName))
		doc = append(doc, r.GoName+" is "+r.Doc)
		fields := jen.Dict{jen.Id("Name"): jen.Lit(r.Name), jen.Id("Value"): jen.Id(r.GoName), jen.Id("Required"): jen.True()}
		if r.Secret {
			fields[jen.Id("Secret")] = jen.True()
		}
		settings = append(settings, jen.Values(fields))
	}
	params[len(params)-1] = jen.Add(params[len(params)-1]).String()
	params = append(params, jen.Id("opts").Op("...").Id("Option"))
	text := s.Constructor + " makes " + prose.Article(s.Client) + ". The url is that of the server, http or https, with the path below which it answers, if any."
	if len(doc) > 0 {
		text += " The argument " + strings.Join(doc, "; ") + "."
	}
	text += " Nothing is sent yet. The error names every argument and option that cannot be used."
	gofile.Comment(f.Group, text)
	f.Func().Id(s.Constructor).Params(params...).Params(jen.Op("*").Id(s.Client), jen.Error()).Block(
		jen.List(jen.Id("rt"), jen.Err()).Op(":=").Add(g.rt("NewClient")).Call(
			jen.Id("api").Call(), jen.Id("url"), jen.Index().Add(g.rt("Setting")).Values(settings...), jen.Id("opts").Op("...")),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), jen.Err())),
		jen.Return(jen.Op("&").Id(s.Client).Values(jen.Dict{jen.Id("rt"): jen.Id("rt")}), jen.Nil()),
	)

	gofile.Comment(f.Group, "With returns a view of the client whose calls have these options; options of a call still win. It shares the client's connections.")
	f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Id("With").Params(jen.Id("opts").Op("...").Id("CallOption")).Op("*").Id(s.Client).
		Block(jen.Return(jen.Op("&").Id(s.Client).Values(jen.Dict{jen.Id("rt"): jen.Id("c").Dot("rt").Dot("With").Call(jen.Id("opts").Op("..."))})))
	g.views(f, s)
	gofile.Comment(f.Group, "Close closes the connections that the client made. Calls after it fail. It may be called more than once.")
	f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Id("Close").Params().Error().
		Block(jen.Return(jen.Id("c").Dot("rt").Dot("Close").Call()))
}

// views writes the clients of one user that share the connections.
func (g *generator) views(f *jen.File, s *ir.Service) {
	view := func(name, doc, param string, typ jen.Code) {
		gofile.Comment(f.Group, name+" "+doc+" No other user's credentials travel with its calls; the settings of the client, such as secrets that it was made with, still do. It shares the client's connections.")
		option := map[string]string{"WithBearer": "WithBearerToken", "WithSession": "WithSession"}[name]
		f.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Id(name).Params(jen.Id(param).Add(typ)).Op("*").Id(s.Client).
			Block(jen.Return(jen.Id("c").Dot("With").Call(g.rt(option).Call(jen.Id(param)))))
	}
	view("WithBearer", "returns a view of the client for the user with this token.", "token", jen.String())
	view("WithSession", "returns a view of the client for the user with this session, whose cookies it sends and keeps.", "session", jen.Op("*").Id("Session"))
}
