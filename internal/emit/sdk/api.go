package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (g *generator) rt(name string) *jen.Statement { return jen.Qual(g.Paths.Runtime, name) }

// protocol is the runtime's constant for a protocol.
func (g *generator) protocol(p ir.Protocol) jen.Code {
	return g.rt(map[ir.Protocol]string{
		ir.GraphQL: "ProtocolGraphQL", ir.REST: "ProtocolREST", ir.GRPC: "ProtocolGRPC",
	}[p])
}

func (g *generator) protocols(list []ir.Protocol) []jen.Code {
	var out []jen.Code
	for _, p := range list {
		out = append(out, g.protocol(p))
	}
	return out
}

// code is the runtime's constant for a canonical status code.
func (g *generator) code(name string) jen.Code {
	return g.rt(map[string]string{
		"canceled": "CodeCanceled", "unknown": "CodeUnknown", "invalid_argument": "CodeInvalidArgument",
		"deadline_exceeded": "CodeDeadlineExceeded", "not_found": "CodeNotFound", "already_exists": "CodeAlreadyExists",
		"permission_denied": "CodePermissionDenied", "resource_exhausted": "CodeResourceExhausted",
		"failed_precondition": "CodeFailedPrecondition", "aborted": "CodeAborted", "out_of_range": "CodeOutOfRange",
		"unimplemented": "CodeUnimplemented", "internal": "CodeInternal", "unavailable": "CodeUnavailable",
		"data_loss": "CodeDataLoss", "unauthenticated": "CodeUnauthenticated",
	}[name])
}

// api writes the static description that clients are made with.
func (g *generator) api() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	if g.Contract != "" {
		f.Comment("ContractVersion is the version of the contracts that this package was generated from.")
		f.Const().Id("ContractVersion").Op("=").Lit(g.Contract)
	}
	f.Comment("The runtime that this package is compiled with must be one that it was generated for.")
	f.Const().Id("_").Op("=").Add(g.rt("Version1"))
	fields := jen.Dict{jen.Id("Name"): jen.Lit(g.Name), jen.Id("Errors"): jen.Id("errorTable").Call()}
	if usual := g.Protocols[0]; usual != ir.GraphQL {
		fields[jen.Id("Protocol")] = g.protocols([]ir.Protocol{usual})[0]
	}
	if g.GraphQLPath != "" {
		fields[jen.Id("GraphQLPath")] = jen.Lit(g.GraphQLPath)
	}
	if g.GRPCPort != 0 {
		fields[jen.Id("GRPCPort")] = jen.Lit(g.GRPCPort)
		fields[jen.Id("GRPCImport")] = jen.Lit(g.Paths.GRPC.Import)
		fields[jen.Id("GRPC")] = jen.Qual(g.Paths.Link.Import, "GRPC")
	}
	if len(g.Headers) > 0 {
		fields[jen.Id("Headers")] = jen.Index().Add(g.rt("Header")).ValuesFunc(g.headers)
	}
	f.Comment("api describes the API to the runtime.")
	f.Func().Id("api").Params().Op("*").Add(g.rt("API")).Block(jen.Return(jen.Op("&").Add(g.rt("API")).Values(fields)))
	g.errorTable(f)
	return f
}

func (g *generator) headers(group *jen.Group) {
	for _, h := range g.Headers {
		fields := jen.Dict{jen.Id("Name"): jen.Lit(h.Name), jen.Id("Value"): jen.Lit(h.Value)}
		if len(h.Protocols) > 0 {
			fields[jen.Id("Protocols")] = jen.Index().Add(g.rt("Protocol")).Values(g.protocols(h.Protocols)...)
		}
		if h.Secret {
			fields[jen.Id("Secret")] = jen.True()
		}
		group.Values(fields)
	}
}

func (g *generator) errorTable(f *jen.File) {
	words := func(list []ir.WordCode) *jen.Statement {
		return jen.Map(jen.String()).Add(g.rt("Code")).Values(jen.DictFunc(func(d jen.Dict) {
			for _, w := range list {
				d[jen.Lit(w.Word)] = g.code(w.Code)
			}
		}))
	}
	fields := jen.Dict{
		jen.Id("Extensions"):       words(g.Errors.Extensions),
		jen.Id("ServerCodes"):      words(g.Errors.Codes),
		jen.Id("NonCanonicalGRPC"): g.code(g.Errors.NonCanonicalGRPC),
		jen.Id("Messages"): jen.Index().Add(g.rt("MessageCode")).CustomFunc(multiline(), func(group *jen.Group) {
			for _, m := range g.Errors.Messages {
				fields := jen.Dict{jen.Id("Message"): jen.Lit(m.Text), jen.Id("Code"): g.code(m.Code)}
				if m.Prefix {
					fields[jen.Id("Prefix")] = jen.True()
				}
				group.Values(fields)
			}
		}),
	}
	f.Comment("errorTable tells which status codes the server's own words stand for.")
	f.Func().Id("errorTable").Params().Add(g.rt("ErrorTable")).Block(jen.Return(g.rt("ErrorTable").Values(fields)))
}

func multiline() jen.Options {
	return jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}
}

// link writes the package through which the gRPC half makes itself known.
func (g *generator) link() *jen.File {
	f := g.file(g.Paths.Link.Import, "link")
	f.PackageComment("// Package link is where the package that links gRPC makes itself known: as")
	f.PackageComment("// database drivers do, at start-up and never again.")
	f.Var().Id("grpc").Add(g.rt("GRPCDialer"))
	f.Comment("SetGRPC is called by the init function of the package that links gRPC.")
	f.Func().Id("SetGRPC").Params(jen.Id("d").Add(g.rt("GRPCDialer"))).Block(jen.Id("grpc").Op("=").Id("d"))
	f.Comment("GRPC returns what links gRPC, or nil if the program does not.")
	f.Func().Id("GRPC").Params().Add(g.rt("GRPCDialer")).Block(jen.Return(jen.Id("grpc")))
	return f
}
