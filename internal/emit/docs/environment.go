package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// environment are the variables of the shell that stand in the snippets for
// what differs from server to server.
type environment struct {
	prefix string
	// origin, token and cookie: some snippet uses the variable.
	origin, token, cookie bool
}

func newEnvironment(sdk *ir.SDK) environment {
	e := environment{prefix: strings.ToUpper(regexp.MustCompile(`[^A-Za-z0-9]+`).ReplaceAllString(sdk.Name, "_")) + "_"}
	for _, h := range sdk.Headers {
		e.origin = e.origin || strings.Contains(h.Value, "{origin}")
	}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			e.token = e.token || m.Credential == ir.CredentialBearer
			e.cookie = e.cookie || m.Credential == ir.CredentialCookie
		}
	}
	return e
}

// name is the variable for a setting or for another value: client_id is
// AUTHORIZER_CLIENT_ID.
func (e environment) name(value string) string { return e.prefix + strings.ToUpper(value) }

// use is the variable within a text in double quotes.
func (e environment) use(value string) string { return "$" + e.name(value) }

// header is a call's header.
type header struct{ Name, Value string }

// headers are what the SDK sends with a call of the method over the protocol.
func (b *builder) headers(s *ir.Service, m *ir.Method, p ir.Protocol) []header {
	var out []header
	for _, h := range b.Headers {
		if len(h.Protocols) > 0 && !slices.Contains(h.Protocols, p) {
			continue
		}
		if value, ok := b.expand(s, h.Value); ok {
			out = append(out, header{h.Name, value})
		}
	}
	switch m.Credential {
	case ir.CredentialBearer:
		out = append(out, header{"Authorization", "Bearer " + b.env.use("token")})
	case ir.CredentialCookie:
		out = append(out, header{"Cookie", b.env.use("cookie")})
	}
	return out
}

// expand puts variables in the place of settings; not ok where a client of the
// service does not have one.
func (b *builder) expand(s *ir.Service, value string) (string, bool) {
	ok := true
	out := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllStringFunc(value, func(word string) string {
		name := strings.Trim(word, "{}")
		has := name == "url" || name == "origin" || slices.ContainsFunc(s.Requires, func(r ir.Setting) bool { return r.Name == name })
		ok = ok && has
		return b.env.use(name)
	})
	return out, ok
}

// setup is what to run before anything else is pasted.
func (b *builder) setup() ([]snippet, error) {
	var lines []string
	set := func(name, value, doc string) {
		line := fmt.Sprintf("export %s=%q", b.env.name(name), value)
		if doc != "" {
			line += "  # " + doc
		}
		lines = append(lines, line)
	}
	set("url", "http://localhost:8080", "the server")
	if b.env.origin {
		set("origin", "http://localhost:8080", "scheme and host of the URL")
	}
	if slices.Contains(b.Protocols, ir.GRPC) {
		set("grpc", fmt.Sprintf("localhost:%d", b.GRPCPort), "where it answers gRPC")
	}
	seen := map[string]bool{}
	for _, s := range b.Services {
		for _, r := range s.Requires {
			if !seen[r.Name] {
				set(r.Name, "...", r.Doc)
			}
			seen[r.Name] = true
		}
	}
	if b.env.token {
		set("token", "...", "a user's token, from a login")
	}
	if b.env.cookie {
		set("cookie", "name=value", "a session's cookies, from a login")
	}
	shell := snippet{ID: "shell", Title: "Shell", Language: "sh", Parts: []part{{Language: "sh", Text: strings.Join(lines, "\n") + "\n"}}}
	clients, err := b.goSetup()
	return []snippet{clients, shell}, err
}
