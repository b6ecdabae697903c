package replay

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Part is one thing that a request says.
type Part string

// The parts of a request. Over HTTP and gRPC alike a credential, the server's
// own URL and the client are said in a header of the same name.
const (
	PartTransport     Part = "transport" // HTTP or gRPC
	PartVerb          Part = "verb"      // HTTP verb, or "rpc"
	PartPath          Part = "path"      // path and query, or full gRPC method
	PartAuthorization Part = "authorization"
	PartCookie        Part = "cookie"
	PartAdminSecret   Part = "x-authorizer-admin-secret"
	PartURL           Part = "x-authorizer-url"
	PartClient        Part = "client" // which client asks
	PartOrigin        Part = "origin"
	PartContentType   Part = "content-type"
	PartRequestedWith Part = "x-requested-with"
	PartAccept        Part = "accept"
	PartBody          Part = "body"
)

// What the recorded server was configured with; a request that says nothing
// means these.
const (
	// ServerURL is the recorded server's own URL, and so what the SDK under
	// test is given.
	ServerURL = "http://localhost:8080"
	// ClientID is the recorded server's only client.
	ClientID = "123456"
)

const (
	headerAuthorization = "Authorization"
	headerCookie        = "Cookie"
	headerAdminSecret   = "X-Authorizer-Admin-Secret"
	headerURL           = "X-Authorizer-Url"
	headerClient        = "X-Authorizer-Client-Id"
)

// envelope is what a request means, apart from its body. A part that is
// missing and one that is empty are the same.
type envelope map[Part]string

// credentials are the parts that both transports say by the same names.
func credentials(get func(string) string) envelope {
	return envelope{
		PartAuthorization: get(headerAuthorization),
		PartCookie:        cookies(get(headerCookie)),
		PartAdminSecret:   get(headerAdminSecret),
		PartClient:        orElse(get(headerClient), ClientID),
	}
}

// grpcEnvelope is the meaning of a gRPC call. The server does not look at an
// Origin there, and it takes the authority for its URL when none is sent.
func grpcEnvelope(method string, md map[string][]string) envelope {
	get := func(name string) string { return strings.Join(md[strings.ToLower(name)], "; ") }
	e := credentials(get)
	e[PartTransport], e[PartVerb], e[PartPath] = "grpc", "rpc", method
	e[PartURL] = get(headerURL)
	return e
}

// httpEnvelope is the meaning of an HTTP request. An absent Accept is treated
// by the server as application/json, and a Referer can stand for an Origin.
func httpEnvelope(verb, path string, h http.Header) envelope {
	get := func(name string) string { return strings.Join(h.Values(name), "; ") }
	e := credentials(get)
	e[PartTransport], e[PartVerb], e[PartPath] = "http", verb, path
	e[PartURL] = orElse(get(headerURL), ServerURL)
	e[PartOrigin] = orElse(get("Origin"), origin(get("Referer")))
	e[PartContentType] = mediaType(get("Content-Type"))
	e[PartRequestedWith] = get("X-Requested-With")
	e[PartAccept] = orElse(get("Accept"), "application/json")
	return e
}

// oauth adapts an HTTP envelope to the OAuth endpoints: they ask for no
// Origin, read forms and JSON alike, and take the client from the body, from
// Basic authorization or, to revoke a token only, from the header.
func (e envelope) oauth(h http.Header, form map[string]string) envelope {
	client := orElse(form["client_id"], basicUser(e[PartAuthorization]))
	if strings.HasSuffix(e[PartPath], "/revoke") {
		client = orElse(client, h.Get(headerClient))
	}
	e[PartClient] = client
	delete(e, PartOrigin)
	if e[PartContentType] == "application/x-www-form-urlencoded" {
		e[PartContentType] = "application/json"
	}
	return e
}

func isOAuth(path string) bool { return strings.HasPrefix(path, "/oauth/") }

func orElse(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// cookies puts the pairs of a Cookie header in order, which means nothing.
func cookies(header string) string {
	pairs := strings.FieldsFunc(header, func(r rune) bool { return r == ';' })
	for i := range pairs {
		pairs[i] = strings.TrimSpace(pairs[i])
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "; ")
}

func origin(referer string) string {
	u, err := url.Parse(referer)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func mediaType(header string) string {
	media, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return media
}

func basicUser(authorization string) string {
	encoded, found := strings.CutPrefix(authorization, "Basic ")
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	if !found || err != nil {
		return ""
	}
	user, _, _ := strings.Cut(string(decoded), ":")
	return user
}
