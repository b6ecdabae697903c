package server

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// server writes what an implementation needs: the interfaces and New.
func (g *generator) server() *jen.File {
	f := g.file()
	for _, line := range gofile.CommentLines(fmt.Sprintf("Package %s serves implementations of the API over every protocol that it has. Implement the interface of each service, embed Unimplemented types for what is not there yet, and make a server with [New].", g.name())) {
		f.PackageComment(line)
	}
	for _, s := range g.Services {
		g.serviceInterface(f, s)
		g.unimplemented(f, s)
	}
	g.services(f)
	g.constructor(f)
	return f
}

func interfaceName(s *ir.Service) string { return s.GoName + "Server" }

func (g *generator) serviceInterface(f *jen.File, s *ir.Service) {
	gofile.Comment(f.Group, fmt.Sprintf("%s is what an implementation of the service %s has to offer. Requests are never nil; a field that is a pointer is nil if the wire could not or did not say it. [serve.FromContext] tells of the call, [serve.Errorf] makes errors. Methods are called concurrently.", interfaceName(s), s.Name))
	f.Type().Id(interfaceName(s)).InterfaceFunc(func(methods *jen.Group) {
		for _, m := range s.Methods {
			for _, line := range gofile.CommentLines(methodDoc(m)) {
				methods.Comment(line)
			}
			methods.Add(g.signature(m, true))
		}
	})
}

// methodDoc is what the method does for those who call it.
func methodDoc(m *ir.Method) string {
	text := prose.Does(m.GoName, m.Doc)
	if m.Doc == "" {
		text = m.GoName + " answers the method " + m.Name + "."
	}
	if m.Streams {
		text += "\n\nGive each message of the answer to send, never from several goroutines at once. If send fails, return its error."
	}
	if m.Deprecated != "" {
		text += "\n\nDeprecated: " + prose.Sentence(m.Deprecated)
	}
	return text
}

func (g *generator) signature(m *ir.Method, named bool) *jen.Statement {
	id := func(name string) *jen.Statement {
		if !named {
			name = "_"
		}
		return jen.Id(name)
	}
	params := []jen.Code{id("ctx").Qual("context", "Context")}
	if m.Request != nil {
		params = append(params, id("req").Op("*").Add(g.flat(m.Request)))
	}
	results := []jen.Code{jen.Error()}
	switch {
	case m.Streams:
		params = append(params, id("send").Func().Params(jen.Op("*").Add(g.flat(m.Response))).Error())
	case m.Response != nil:
		results = []jen.Code{jen.Op("*").Add(g.flat(m.Response)), jen.Error()}
	}
	return jen.Id(m.GoName).Params(params...).Params(results...)
}

func (g *generator) unimplemented(f *jen.File, s *ir.Service) {
	name := "Unimplemented" + interfaceName(s)
	gofile.Comment(f.Group, fmt.Sprintf("%s answers every method with the code unimplemented. Embed it, so that an implementation still compiles when methods are added.", name))
	f.Type().Id(name).Struct()
	f.Var().Id("_").Id(interfaceName(s)).Op("=").Id(name).Values()
	for _, m := range s.Methods {
		gofile.Comment(f.Group, fmt.Sprintf("%s implements [%s].", m.GoName, interfaceName(s)))
		results := []jen.Code{g.rt("Unimplemented").Call(jen.Lit(m.Name))}
		if m.Response != nil && !m.Streams {
			results = append([]jen.Code{jen.Nil()}, results...)
		}
		f.Func().Params(jen.Id(name)).Add(g.signature(m, false)).Block(jen.Return(results...))
	}
}

func (g *generator) services(f *jen.File) {
	gofile.Comment(f.Group, "Services are the implementations to serve. One that is nil answers with the code unimplemented.")
	f.Type().Id("Services").StructFunc(func(fields *jen.Group) {
		for _, s := range g.Services {
			gofile.Comment(fields, s.GoName+" answers the methods of the service "+s.Name+".")
			fields.Id(s.GoName).Id(interfaceName(s))
		}
	})
}

func (g *generator) constructor(f *jen.File) {
	f.Comment("The runtime that this package is compiled with must be one that it was generated for.")
	f.Const().Id("_").Op("=").Add(g.rt("Version1"))
	if g.hasGraphQL() {
		f.Anon("embed")
		f.Comment("//go:embed " + schemaFile)
		f.Var().Id("schema").String()
	}
	gofile.Comment(f.Group, "New makes a server of implementations. It does no I/O: serve its handler and its gRPC server yourself, or call its method Serve. The error names every option that cannot be used.")
	body := []jen.Code{}
	for _, s := range g.Services {
		body = append(body, jen.If(jen.Id("s").Dot(s.GoName).Op("==").Nil()).Block(
			jen.Id("s").Dot(s.GoName).Op("=").Id("Unimplemented"+interfaceName(s)).Values()))
	}
	body = append(body, jen.Return(g.rt("New").Call(jen.Id("api").Call(jen.Id("s")), jen.Id("opts").Op("..."))))
	f.Func().Id("New").Params(jen.Id("s").Id("Services"), jen.Id("opts").Op("...").Add(g.rt("Option"))).
		Params(jen.Op("*").Add(g.rt("Server")), jen.Error()).Block(body...)
	g.api(f)
	g.methods(f)
}

// api writes the description that the runtime serves.
func (g *generator) api(f *jen.File) {
	fields := jen.Dict{
		jen.Id("Name"):     jen.Lit(g.Name),
		jen.Id("Messages"): jen.Id("messages").Call(),
		jen.Id("Methods"):  jen.Id("methods").Call(jen.Id("s")),
	}
	if len(g.enums()) > 0 {
		fields[jen.Id("Enums")] = jen.Id("enums").Call()
	}
	if g.hasGraphQL() {
		schema := jen.Dict{jen.Id("Path"): jen.Lit(g.GraphQLPath), jen.Id("Text"): jen.Id("schema")}
		if len(g.Errors.Messages) > 0 {
			// Clients tell the errors of such an API by their messages.
			schema[jen.Id("ByMessage")] = jen.True()
		}
		if names := g.codeNames(); len(names) > 0 {
			schema[jen.Id("CodeNames")] = jen.Map(jen.Qual(g.Paths.Runtime, "Code")).String().Values(names)
		}
		fields[jen.Id("GraphQL")] = jen.Op("&").Add(g.rt("Schema")).Values(schema)
	}
	f.Comment("api describes the API to the runtime.")
	f.Func().Id("api").Params(jen.Id("s").Id("Services")).Op("*").Add(g.rt("API")).
		Block(jen.Return(jen.Op("&").Add(g.rt("API")).Values(fields)))
}

// codeNames are the server's words of extensions.code: of several for one code,
// the first.
func (g *generator) codeNames() jen.Dict {
	out, seen := jen.Dict{}, map[string]bool{}
	for _, w := range g.Errors.Extensions {
		if !seen[w.Code] && !strings.HasPrefix(w.Word, "GRAPHQL_") {
			seen[w.Code] = true
			out[jen.Qual(g.Paths.Runtime, codeConstant(w.Code))] = jen.Lit(w.Word)
		}
	}
	return out
}

// codeConstant is the runtime's constant for a status code.
func codeConstant(code string) string {
	out := "Code"
	for _, word := range strings.Split(code, "_") {
		out += strings.ToUpper(word[:1]) + word[1:]
	}
	return out
}
