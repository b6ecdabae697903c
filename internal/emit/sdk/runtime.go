package sdk

import (
	"strings"

	"github.com/dave/jennifer/jen"
)

// runtimeNames writes the runtime's names that users of the SDK need into the
// SDK's own package, so that they import one package.
func (g *generator) runtimeNames() *jen.File {
	f := g.file(g.Paths.SDK.Import, g.Package)
	g.typeNames(f)
	g.constants(f)
	g.sentinels(f)
	g.options(f)
	f.Comment("Ptr is a pointer to the value, for optional request fields.")
	f.Func().Id("Ptr").Types(jen.Id("T").Any()).Params(jen.Id("v").Id("T")).Op("*").Id("T").Block(jen.Return(jen.Op("&").Id("v")))
	return f
}

func (g *generator) typeNames(f *jen.File) {
	names := [][2]string{
		{"Protocol", "is a way to call a method."},
		{"Code", "is a canonical status code, the same on every protocol."},
		{"Error", "is the error of every call: use errors.As to get at it, or errors.Is with ErrNotFound and the like."},
		{"FieldViolation", "is what is wrong with one field of a request."},
		{"Option", "configures a client."},
		{"CallOption", "configures one call."},
		{"SharedOption", "is both an Option and a CallOption."},
	}
	for _, n := range names {
		comment(f.Group, n[0]+" "+n[1])
		f.Type().Id(n[0]).Op("=").Add(g.rt(n[0]))
	}
}

// codeNames are the canonical status codes in their order.
func codeNames() []string {
	return strings.Fields("OK Canceled Unknown InvalidArgument DeadlineExceeded NotFound AlreadyExists PermissionDenied " +
		"ResourceExhausted FailedPrecondition Aborted OutOfRange Unimplemented Internal Unavailable DataLoss Unauthenticated")
}

func (g *generator) constants(f *jen.File) {
	f.Comment("The protocols.")
	f.Const().DefsFunc(func(defs *jen.Group) {
		for _, name := range []string{"ProtocolGraphQL", "ProtocolREST", "ProtocolGRPC"} {
			defs.Id(name).Op("=").Add(g.rt(name))
		}
	})
	f.Comment("The status codes.")
	f.Const().DefsFunc(func(defs *jen.Group) {
		for _, name := range codeNames() {
			defs.Id("Code" + name).Op("=").Add(g.rt("Code" + name))
		}
	})
}

func (g *generator) sentinels(f *jen.File) {
	f.Comment("One error for each status code, for errors.Is.")
	f.Var().DefsFunc(func(defs *jen.Group) {
		for _, name := range codeNames()[1:] {
			defs.Id("Err" + name).Op("=").Add(g.rt("Err" + name))
		}
	})
}

// option is an option function of the runtime.
type option struct {
	name   string
	param  string
	typ    jen.Code
	result string
	doc    string
}

func (g *generator) options(f *jen.File) {
	table := []option{
		{"WithProtocol", "p", jen.Id("Protocol"), "SharedOption", "selects the protocol of a client or of one call. The default is GraphQL."},
		{"WithProtocolName", "name", jen.String(), "SharedOption", `selects the protocol by name: "graphql", "rest" or "grpc". Any other name is an error.`},
		{"WithGRPCEndpoint", "endpoint", jen.String(), "Option", `says where gRPC is answered, as "host:port". The default is the URL's host and the usual port.`},
		{"WithHTTPClient", "client", jen.Op("*").Qual("net/http", "Client"), "Option", "sets the client that sends GraphQL and REST calls. It is copied, never changed."},
		{"WithTLSConfig", "config", jen.Op("*").Qual("crypto/tls", "Config"), "Option", "sets the TLS configuration of HTTP and gRPC connections. It is copied."},
		{"WithHeaders", "headers", jen.Map(jen.String()).String(), "SharedOption", "adds headers to every call, or to one; over gRPC they are metadata. The map is copied."},
		{"WithBearerToken", "token", jen.String(), "SharedOption", "authenticates calls with a user's token."},
		{"WithTimeout", "d", jen.Qual("time", "Duration"), "SharedOption", "limits the time of each call, beside the context's own deadline. Zero is no limit."},
		{"WithMaxResponseBytes", "n", jen.Int64(), "Option", "limits the size of answers in bytes. The default is 16 MiB."},
	}
	for _, o := range table {
		comment(f.Group, o.name+" "+o.doc)
		f.Func().Id(o.name).Params(jen.Id(o.param).Add(o.typ)).Id(o.result).
			Block(jen.Return(g.rt(o.name).Call(jen.Id(o.param))))
	}
	for _, name := range []string{"WithHeader", "WithCookie"} {
		doc := "adds one header to every call, or to one; over gRPC it is metadata."
		if name == "WithCookie" {
			doc = "sends a cookie with every call, or with one; over gRPC as metadata."
		}
		comment(f.Group, name+" "+doc)
		f.Func().Id(name).Params(jen.List(jen.Id("name"), jen.Id("value")).String()).Id("SharedOption").
			Block(jen.Return(g.rt(name).Call(jen.Id("name"), jen.Id("value"))))
	}
	comment(f.Group, "WithInsecureGRPC lets credentials travel over plaintext gRPC to hosts that are not loopback.")
	f.Func().Id("WithInsecureGRPC").Params().Id("Option").Block(jen.Return(g.rt("WithInsecureGRPC").Call()))
	g.settingOptions(f)
}

// settingOptions are the options that the manifest's settings ask for.
func (g *generator) settingOptions(f *jen.File) {
	for _, s := range g.Settings {
		if s.Option == "" {
			continue
		}
		comment(f.Group, s.Option+" sets "+sentence(s.Doc))
		f.Func().Id(s.Option).Params(jen.Id("value").String()).Id("Option").
			Block(jen.Return(g.rt("WithSetting").Call(jen.Lit(s.Name), jen.Id("value"))))
	}
}
