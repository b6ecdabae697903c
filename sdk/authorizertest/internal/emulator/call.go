package emulator

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// Call is what a method asks about the call that it answers, whatever way it
// came.
type Call struct {
	Protocol authorizer.Protocol
	// Header are the headers, or the metadata under canonical names.
	Header http.Header
	// Host is the host that was called, RemoteAddr the caller's address, both
	// host:port.
	Host, RemoteAddr string
	// SetCookie and SetHeader add to the answer.
	SetCookie func(*http.Cookie)
	SetHeader func(name, value string)
}

// Admit is what holds for every method before it runs: the rules of the contract
// for its request, and that the methods of the service admin are for admins.
func (e *Emulator) Admit(c *Call, service, method string, request any) error {
	if err := validate(c.Protocol, request); err != nil {
		return err
	}
	if service == "admin" && !public(method) && !e.isAdmin(c) {
		return unauthorized()
	}
	return nil
}

// public are the methods of the service admin that anybody may call: the login,
// and those that say that they are deprecated.
func public(method string) bool {
	return contains([]string{"admin_login", "admin_signup", "update_env", "generate_jwt_keys"}, method)
}

type callKey struct{}

// WithCall tells the methods about the call that they answer.
func WithCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

func callOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return &Call{Header: http.Header{}, SetCookie: func(*http.Cookie) {}, SetHeader: func(string, string) {}}
}

// url is the server's own URL as the caller knows it: it goes into tokens and
// links.
func (c *Call) url() string {
	if u := ownURL(c.Header.Get("X-Authorizer-Url")); u != "" {
		return u
	}
	scheme := "http"
	if c.Header.Get("X-Forwarded-Proto") == "https" && c.Protocol != authorizer.ProtocolGRPC {
		scheme = "https"
	}
	host := c.Host
	if forwarded := strings.TrimSpace(c.Header.Get("X-Forwarded-Host")); forwarded != "" &&
		c.Protocol != authorizer.ProtocolGRPC && !strings.ContainsAny(forwarded, "/?#@\\\r\n") {
		host = forwarded
	}
	return scheme + "://" + host
}

// ownURL is scheme and host of a URL that may be the server's own, else empty.
func ownURL(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// ip is the caller's address as the real server notes it: with a port over
// GraphQL, without one over REST, none over gRPC.
func (c *Call) ip() string {
	forwarded := c.Header.Get("X-Forwarded-For")
	switch c.Protocol {
	case authorizer.ProtocolGRPC:
		if forwarded == "" {
			return c.Header.Get("X-Real-Ip")
		}
		return forwarded
	case authorizer.ProtocolREST:
		host, _, err := net.SplitHostPort(c.RemoteAddr)
		if err != nil {
			return forwarded
		}
		if forwarded != "" {
			return forwarded + ", " + host
		}
		return host
	}
	for _, known := range []string{c.Header.Get("X-Real-Ip"), forwarded} {
		if known != "" {
			return known
		}
	}
	return c.RemoteAddr
}

func (c *Call) userAgent() string { return c.Header.Get("User-Agent") }

// cookie is the decoded value of a cookie, empty if there is none.
func (c *Call) cookie(name string, decode func(string) (string, error)) string {
	r := http.Request{Header: c.Header}
	found, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	decoded, err := decode(found.Value)
	if err != nil {
		return ""
	}
	return decoded
}

// bearer is the token of the Authorization header.
func (c *Call) bearer() string {
	scheme, token, ok := strings.Cut(c.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "bearer") || strings.Contains(token, " ") {
		return ""
	}
	return token
}

// Issuer is the server's own URL as the caller knows it.
func (e *Emulator) Issuer(c *Call) string { return c.url() }
