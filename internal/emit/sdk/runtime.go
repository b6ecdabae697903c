package sdk

import (
	"path"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
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
		{"Session", "keeps the cookies of one user, as a browser would. Make one with NewSession."},
		{"Token", "is an access token with what is needed to get the next one."},
		{"TokenSource", "gives the bearer token of a user for each call."},
		{"RefreshingSource", "is a TokenSource that replaces its token before it ends."},
		{"ResponseInfo", "is what an answer carries besides its result: see WithResponseInfo."},
		{"RetryPolicy", "says how a call that failed is tried again: see WithRetry."},
		{"Interceptor", "is called around every try of a call: see WithInterceptor."},
		{"CallInfo", "is what interceptors are told of a try of a call."},
	}
	for _, n := range names {
		gofile.Comment(f.Group, n[0]+" "+n[1]+" Its fields and methods are documented in ["+path.Base(g.Paths.Runtime)+"."+n[0]+"].")
		f.Type().Id(n[0]).Op("=").Add(g.rt(n[0]))
	}
}

// codeNames are the canonical status codes in their order, and what each says.
func codeNames() [][2]string {
	return [][2]string{
		{"OK", "no failure; an Error never has it"},
		{"Canceled", "the caller gave up"},
		{"Unknown", "the server did not say what kind of failure it is"},
		{"InvalidArgument", "the request is wrong, whatever the server's state"},
		{"DeadlineExceeded", "the time for the call ran out"},
		{"NotFound", "what was asked for does not exist"},
		{"AlreadyExists", "what was to be made exists"},
		{"PermissionDenied", "the caller is known and may not do this"},
		{"ResourceExhausted", "a limit was reached: a rate, a quota, a size"},
		{"FailedPrecondition", "the state of server or client does not allow the call"},
		{"Aborted", "a conflict with another call; may work when tried again"},
		{"OutOfRange", "a position past the end"},
		{"Unimplemented", "the method is not offered, or not over this protocol"},
		{"Internal", "the server, or its answer, is broken"},
		{"Unavailable", "the server cannot be reached at the moment"},
		{"DataLoss", "data is lost or damaged"},
		{"Unauthenticated", "no valid credential"},
	}
}

func (g *generator) constants(f *jen.File) {
	f.Comment("The protocols.")
	f.Const().DefsFunc(func(defs *jen.Group) {
		for _, p := range [][2]string{
			{"ProtocolGraphQL", "one path, POST, over HTTP"},
			{"ProtocolREST", "a path for each method, over HTTP"},
			{"ProtocolGRPC", "a port of its own, over HTTP/2; must be linked"},
		} {
			defs.Id(p[0]).Op("=").Add(g.rt(p[0])).Comment(p[1])
		}
	})
	f.Comment("The status codes.")
	f.Const().DefsFunc(func(defs *jen.Group) {
		for _, name := range codeNames() {
			defs.Id("Code" + name[0]).Op("=").Add(g.rt("Code" + name[0])).Comment(name[1])
		}
	})
}

func (g *generator) sentinels(f *jen.File) {
	f.Comment("One error for each status code, for errors.Is.")
	f.Var().DefsFunc(func(defs *jen.Group) {
		for _, name := range codeNames()[1:] {
			defs.Id("Err" + name[0]).Op("=").Add(g.rt("Err" + name[0])).Comment("matches errors with [Code" + name[0] + "]")
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
	// variadic: the parameter takes any number of values of the type.
	variadic bool
}

// grpcPort is the port of gRPC where none is set.
func (g *generator) grpcPort() string {
	if g.GRPCPort == 0 {
		return "the usual port"
	}
	return "port " + strconv.Itoa(g.GRPCPort)
}

func (g *generator) options(f *jen.File) {
	table := []option{
		{"WithProtocol", "p", jen.Id("Protocol"), "SharedOption", "selects the protocol of a client or of one call. The default is " + prose.Protocol(g.Protocols[0]) + ".", false},
		{"WithProtocolName", "name", jen.String(), "SharedOption", `selects the protocol by name: "graphql", "rest" or "grpc". Any other name is an error.`, false},
		{"WithGRPCEndpoint", "endpoint", jen.String(), "Option", `says where gRPC is answered, as "host:port". The default is the URL's host with ` + g.grpcPort() + ".", false},
		{"WithHTTPClient", "client", jen.Op("*").Qual("net/http", "Client"), "Option", "sets the client that sends GraphQL and REST calls, without its cookie jar, which would mix the cookies of users. It is copied, never changed. It excludes WithTLSConfig.", false},
		{"WithTLSConfig", "config", jen.Op("*").Qual("crypto/tls", "Config"), "Option", "sets the TLS configuration of HTTP and gRPC connections, for an https URL. It is copied. It excludes WithHTTPClient.", false},
		{"WithHeaders", "headers", jen.Map(jen.String()).String(), "SharedOption", "adds headers to every call, or to one; over gRPC they are metadata. The map is copied.", false},
		{"WithBearerToken", "token", jen.String(), "SharedOption", "authenticates calls with a user's token.", false},
		{"WithTimeout", "d", jen.Qual("time", "Duration"), "SharedOption", "limits the time of each call, beside the context's own deadline. Zero is no limit.", false},
		{"WithTryTimeout", "d", jen.Qual("time", "Duration"), "SharedOption", "limits the time of each try of a call. The default is 30 seconds; zero is no limit.", false},
		{"WithRetry", "policy", jen.Id("RetryPolicy"), "SharedOption", "says how calls that failed are tried again: idempotent methods after passing failures, others only if the request certainly was not processed. The default is three tries, after up to 100 ms and up to 200 ms.", false},
		{"WithFallback", "protocols", jen.Id("Protocol"), "SharedOption", "names protocols to take, in this order, for methods that the selected protocol does not offer. Without it such a call fails before anything is sent.", true},
		{"WithInterceptor", "interceptors", jen.Id("Interceptor"), "SharedOption", "adds functions that are called around every try of a call, the first one outermost.", true},
		{"WithLogger", "logger", jen.Op("*").Qual("log/slog", "Logger"), "SharedOption", "logs every try of a call, at debug level if it succeeded and at warn level if not. Nothing that is logged holds a secret.", false},
		{"WithSession", "session", jen.Op("*").Id("Session"), "SharedOption", "sends a session's cookies and keeps those that answers set. It replaces the client's credentials as a whole.", false},
		{"WithTokenSource", "source", jen.Id("TokenSource"), "SharedOption", "asks a source for a token before every try. It replaces the client's credentials as a whole.", false},
		{"WithResponseInfo", "info", jen.Op("*").Id("ResponseInfo"), "CallOption", "fills in what the answer carries besides its result: status, headers, cookies, the number of tries.", false},
		{"WithMaxResponseBytes", "n", jen.Int64(), "Option", "limits the size of answers in bytes. The default is 16 MiB.", false},
	}
	for _, o := range table {
		gofile.Comment(f.Group, o.name+" "+o.doc)
		param, arg := jen.Id(o.param), jen.Id(o.param)
		if o.variadic {
			param.Op("...")
			arg.Op("...")
		}
		f.Func().Id(o.name).Params(param.Add(o.typ)).Id(o.result).
			Block(jen.Return(g.rt(o.name).Call(arg)))
	}
	for _, name := range []string{"WithHeader", "WithCookie"} {
		doc := "adds one header to every call, or to one; over gRPC it is metadata."
		if name == "WithCookie" {
			doc = "sends a cookie with every call, or with one; over gRPC as metadata."
		}
		gofile.Comment(f.Group, name+" "+doc)
		f.Func().Id(name).Params(jen.List(jen.Id("name"), jen.Id("value")).String()).Id("SharedOption").
			Block(jen.Return(g.rt(name).Call(jen.Id("name"), jen.Id("value"))))
	}
	gofile.Comment(f.Group, "WithInsecureGRPC lets credentials travel over plaintext gRPC to hosts that are not loopback.")
	f.Func().Id("WithInsecureGRPC").Params().Id("Option").Block(jen.Return(g.rt("WithInsecureGRPC").Call()))
	gofile.Comment(f.Group, "WithInsecureCookies lets a session's secure cookies travel over connections without TLS to hosts that are not loopback.")
	f.Func().Id("WithInsecureCookies").Params().Id("SharedOption").Block(jen.Return(g.rt("WithInsecureCookies").Call()))
	gofile.Comment(f.Group, "WithoutRetry sends each call once.")
	f.Func().Id("WithoutRetry").Params().Id("SharedOption").Block(jen.Return(g.rt("WithoutRetry").Call()))
	gofile.Comment(f.Group, "WithoutUser leaves out the credentials of the client's user.")
	f.Func().Id("WithoutUser").Params().Id("SharedOption").Block(jen.Return(g.rt("WithoutUser").Call()))
	g.settingOptions(f)
	g.constructors(f)
}

// constructors are the runtime's functions that make values for options.
func (g *generator) constructors(f *jen.File) {
	gofile.Comment(f.Group, "NewSession makes a session without cookies, or with those that an earlier one had.")
	f.Func().Id("NewSession").Params(jen.Id("cookies").Op("...").Op("*").Qual("net/http", "Cookie")).Op("*").Id("Session").
		Block(jen.Return(g.rt("NewSession").Call(jen.Id("cookies").Op("..."))))
	gofile.Comment(f.Group, "NewToken makes a token of what a login answers; expiresIn is in seconds from now, and 0 or less means that it does not end.")
	f.Func().Id("NewToken").Params(jen.List(jen.Id("access"), jen.Id("refresh")).String(), jen.Id("expiresIn").Int64()).Id("Token").
		Block(jen.Return(g.rt("NewToken").Call(jen.Id("access"), jen.Id("refresh"), jen.Id("expiresIn"))))
}

// settingOptions are the options that the manifest's settings ask for.
func (g *generator) settingOptions(f *jen.File) {
	for _, s := range g.Settings {
		if s.Option == "" {
			continue
		}
		gofile.Comment(f.Group, s.Option+" sets "+prose.Sentence(s.Doc))
		f.Func().Id(s.Option).Params(jen.Id("value").String()).Id("Option").
			Block(jen.Return(g.rt("WithSetting").Call(jen.Lit(s.Name), jen.Id("value"))))
	}
}
