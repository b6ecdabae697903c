package sdk

import (
	"path"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/pb"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// each calls f for every method that the protocol offers.
func (g *generator) each(p ir.Protocol, f func(*ir.Method, *ir.Binding)) {
	for _, s := range g.Services {
		for _, m := range s.Methods {
			if b := m.Binding(p); b != nil {
				f(m, b)
			}
		}
	}
}

// The three functions that every adapter is made of: encode, send, decode.

func (g *generator) graphQLAdapters() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	d := g.dialect(ir.GraphQL)
	f.Var().DefsFunc(func(defs *jen.Group) {
		g.each(ir.GraphQL, func(m *ir.Method, b *ir.Binding) {
			operation := jen.Qual(g.Paths.GraphQL.Import, b.Document)
			do := jen.Code(operation)
			data := jen.Qual(g.Paths.GraphQL.Import, b.Document+"Response")
			if b.Request == nil {
				do = jen.Func().Params(jen.Id("ctx").Qual("context", "Context"), jen.Id("c").Qual(genqlient, "Client"), jen.Id("_").Struct()).
					Params(jen.Op("*").Add(data), jen.Error()).
					Block(jen.Return(operation.Clone().Call(jen.Id("ctx"), jen.Id("c"))))
			}
			result := jen.Id("out").Dot(upperFirst(graphql.ResultAlias))
			if b.Envelope != nil {
				result = g.rt("Deref").Call(result).Dot(upperFirst(graphql.EnvelopeAlias))
			}
			body := jen.Code(jen.New(jen.Struct()))
			switch {
			case b.Response == nil: // what is answered says nothing
			case b.Response.Contract.Bare() != nil:
				body = g.rt("Result").Call(jen.Op("&").Add(result), jen.Id(d.converter(b.Response)))
			default:
				body = g.rt("Result").Call(result, jen.Id(d.converter(b.Response)))
			}
			decode := jen.Func().Params(jen.Id("out").Op("*").Add(data)).Op("*").Add(g.flatResponse(m)).Block(jen.Return(body))
			if inParts(b) {
				text := jen.Qual(g.Paths.GraphQL.Import, b.Document+"_Operation")
				defs.Id("graphQL" + m.GoName).Op("=").Add(g.rt("GraphQLVariables").Custom(lines(), jen.Lit(b.Document), text, d.encode(m, b, nil), decode))
				return
			}
			defs.Id("graphQL" + m.GoName).Op("=").Add(g.rt("GraphQL").Custom(lines(), d.encode(m, b, nil), do, decode))
		})
	})
	d.converters(f)
	return f
}

func (g *generator) restAdapters() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	d := g.dialect(ir.REST)
	f.Var().DefsFunc(func(defs *jen.Group) {
		g.each(ir.REST, func(m *ir.Method, b *ir.Binding) {
			builder := jen.Qual(g.Paths.REST.Import, g.rest.Builder(m))
			build := jen.Code(builder)
			var empty jen.Code
			switch {
			case m.Streams:
				defs.Id("rest" + m.GoName).Op("=").Add(g.rt("RESTStream").Custom(lines(), jen.Lit(pathTemplate(b)), d.encode(m, b, d.partsType(b)), build, d.restDecode(m, b)))
				return
			case inParts(b):
				defs.Id("rest" + m.GoName).Op("=").Add(g.rt("RESTParts").Custom(lines(), jen.Lit(pathTemplate(b)), d.encode(m, b, d.partsType(b)), build, d.restDecode(m, b)))
				return
			case b.Operation.Request == nil:
				build = jen.Func().Params(jen.Id("server").String(), jen.Id("_").Struct()).
					Params(jen.Op("*").Qual("net/http", "Request"), jen.Error()).
					Block(jen.Return(builder.Clone().Call(jen.Id("server"))))
			case b.Request == nil:
				empty = d.goType(b.Operation.Request, true)
			}
			defs.Id("rest" + m.GoName).Op("=").Add(g.rt("REST").Custom(lines(), d.encode(m, b, empty), build, d.restDecode(m, b)))
		})
	})
	d.converters(f)
	return f
}

// restDecode takes the result out of its envelope; without the envelope's
// field there is none.
func (d *dialect) restDecode(m *ir.Method, b *ir.Binding) jen.Code {
	fn := func(out jen.Code, body jen.Code) jen.Code {
		return jen.Func().Params(jen.Id("out").Op("*").Add(out)).Op("*").Add(d.g.flatResponse(m)).Block(jen.Return(body))
	}
	switch {
	case b.Response == nil:
		return fn(jen.Struct(), jen.Id("out"))
	case b.Envelope != nil:
		return fn(d.goType(b.Operation.Response.Message, false), d.g.rt("Result").Call(jen.Id("out").Dot(d.field(b.Envelope)), jen.Id(d.converter(b.Response))))
	default:
		return fn(d.answerType(b), d.g.rt("Result").Call(jen.Id("out"), jen.Id(d.converter(b.Response))))
	}
}

// encode is the first function of an adapter; empty is the wire type to send
// where the caller gives nothing, nil for no type at all.
func (d *dialect) encode(m *ir.Method, b *ir.Binding, empty jen.Code) jen.Code {
	if b.Request != nil {
		return jen.Id(d.converter(b.Request))
	}
	if empty == nil {
		empty = jen.Struct()
	}
	result, value := jen.Add(empty), jen.Add(empty).Values()
	if d.p == ir.GRPC {
		result, value = jen.Op("*").Add(result), jen.Op("&").Add(value)
	}
	return jen.Func().Params(jen.Op("*").Add(d.g.rt("Encoder")), jen.Op("*").Add(d.g.flatRequest(m))).Add(result).Block(jen.Return(value))
}

func (g *generator) grpcAdapters() *jen.File {
	f := g.file(g.Paths.GRPC.Import, g.Package+"grpc")
	if g.usesDeprecated() {
		f.HeaderComment("//lint:file-ignore SA1019 what is deprecated in the protos still travels")
	}
	f.PackageComment("// Package " + g.Package + "grpc links gRPC into a program. Import it for its effect:")
	f.PackageComment("//")
	f.PackageComment("//\timport _ \"" + g.Paths.GRPC.Import + "\"")
	for _, m := range g.Messages {
		for _, w := range m.Wires {
			if dir := w.Contract.GoImport; w.Protocol == ir.GRPC && dir != "" {
				f.ImportName(path.Join(g.Paths.Wire.Import, dir), pb.PackageName(dir))
			}
		}
	}
	f.Func().Id("init").Params().Block(jen.Qual(g.Paths.Link.Import, "SetGRPC").Call(jen.Qual(g.Paths.GRPCRuntime, "NewDialer").Call(jen.Id("adapters").Call())))
	gofile.Comment(f.Group, "WithDialOptions adds options to those that connections are made with: interceptors, stats handlers, keep-alive and the like. Answers are then decoded through the generated messages, for interceptors to look at, which takes longer.")
	f.Func().Id("WithDialOptions").Params(jen.Id("opts").Op("...").Qual(grpcGo, "DialOption")).Qual(g.Paths.SDK.Import, "Option").
		Block(jen.Return(jen.Qual(g.Paths.GRPCRuntime, "WithDialOptions").Call(jen.Id("opts").Op("..."))))
	d := g.dialect(ir.GRPC)
	direct := &readers{dialect: d, used: map[*ir.Wire]bool{}}
	f.Comment("adapters are the methods offered over gRPC.")
	f.Func().Id("adapters").Params().Map(jen.String()).Qual(g.Paths.GRPCRuntime, "Adapter").Block(
		jen.Return(jen.Map(jen.String()).Qual(g.Paths.GRPCRuntime, "Adapter").CustomFunc(multiline(), func(group *jen.Group) {
			g.each(ir.GRPC, func(m *ir.Method, b *ir.Binding) {
				encode, decode := d.encode(m, b, d.goType(b.Operation.Request, true)), d.protoDecode(m, b)
				if m.Streams {
					group.Lit(m.Name).Op(":").Qual(g.Paths.GRPCRuntime, "ServerStream").Custom(lines(), encode, d.stubName(b), decode)
					return
				}
				if r := direct.answer(m, b); r != nil {
					group.Lit(m.Name).Op(":").Qual(g.Paths.GRPCRuntime, "Direct").Custom(lines(), encode, d.stubName(b), decode, r)
					return
				}
				group.Lit(m.Name).Op(":").Qual(g.Paths.GRPCRuntime, "Unary").Custom(lines(), encode, d.stubName(b), decode)
			})
		})))
	d.converters(f)
	direct.functions(f)
	return f
}

// stubName is the method's name as grpc-go's generator writes it.
func (d *dialect) stubName(b *ir.Binding) jen.Code {
	return jen.Qual(path.Join(d.g.Paths.Wire.Import, b.Operation.GoImport), b.Operation.GoService+"_"+b.Operation.GoName+"_FullMethodName")
}

func (d *dialect) protoDecode(m *ir.Method, b *ir.Binding) jen.Code {
	out := d.protoAnswer(b)
	result := jen.Code(jen.Id("out"))
	if b.Envelope != nil {
		result = jen.Id("out").Dot("Get" + d.field(b.Envelope)).Call()
	}
	body := jen.Code(jen.New(jen.Struct()))
	if b.Response != nil {
		body = d.g.rt("Result").Call(result, jen.Id(d.converter(b.Response)))
	}
	return jen.Func().Params(jen.Id("out").Op("*").Add(out)).Op("*").Add(d.g.flatResponse(m)).Block(jen.Return(body))
}

// lines puts each argument on a line of its own.
func lines() jen.Options {
	return jen.Options{Open: "(", Close: ")", Separator: ",", Multi: true}
}

// usesDeprecated tells whether something that travels over gRPC is deprecated in
// the protos, so that linters would tell of its use.
func (g *generator) usesDeprecated() bool {
	for _, e := range g.Enums {
		w := e.Wire(ir.GRPC)
		if w != nil && slices.ContainsFunc(w.Values, func(v ir.EnumWireValue) bool { return v.Contract.Deprecated != "" }) {
			return true
		}
	}
	for _, m := range g.Messages {
		for _, w := range m.Wires {
			if w.Protocol == ir.GRPC && slices.ContainsFunc(w.Fields, func(f *ir.WireField) bool { return f.Contract != nil && f.Contract.Deprecated != "" }) {
				return true
			}
		}
	}
	return false
}
