package runtime

import (
	"fmt"
	"log/slog"
	"slices"
)

// API describes a service to the runtime. Generated code builds one value
// and never changes it.
type API struct {
	// Name is the service's name in messages, "authorizer".
	Name string
	// Protocol is what a client uses when nothing was selected; empty: GraphQL.
	Protocol Protocol
	// GraphQLPath is where GraphQL is answered below the URL, "/graphql".
	GraphQLPath string
	// GRPCPort is the port of gRPC on the URL's host, where no endpoint is given.
	GRPCPort int
	// GRPCImport is the import path that links gRPC, to be named in an error.
	GRPCImport string
	// GRPC returns what dials gRPC, or nil if the program has not linked it.
	GRPC func() GRPCDialer
	// Headers go with every call.
	Headers []Header
	// Errors says how the server names its failures.
	Errors ErrorTable
}

// dialer is the linked gRPC half, or nil.
func (a *API) dialer() GRPCDialer {
	if a.GRPC == nil {
		return nil
	}
	return a.GRPC()
}

// Header is one HTTP header, and metadata key over gRPC, of every call.
type Header struct {
	// Name in any letter case.
	Name string
	// Value is a template over settings: "{origin}" (scheme and host of the
	// URL), "{url}" (the URL without a trailing slash) and "{name}" for a
	// [Setting]. A header with an unset setting is not sent.
	Value string
	// Protocols over which it is sent; nil means all.
	Protocols []Protocol
	// Secret marks a credential.
	Secret bool
}

// goesOver reports whether the header is sent over a protocol.
func (h Header) goesOver(p Protocol) bool {
	return len(h.Protocols) == 0 || slices.Contains(h.Protocols, p)
}

// Format writes the header without the value of a secret one, whatever the verb.
func (h Header) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "{Name:%s Value:%s Protocols:%v Secret:%t}", h.Name, masked(h.Value, h.Secret), h.Protocols, h.Secret)
}

// LogValue is the header without the value of a secret one.
func (h Header) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(h)) }

// Setting is an argument of a constructor, or a value set by an option, that
// [Header] templates and generated code refer to by name.
type Setting struct {
	// Name is the setting's name in the manifest, such as client_id, Value what
	// the program set.
	Name, Value string
	// Required makes an empty value an error of the constructor.
	Required bool
	// Secret keeps the value out of every text.
	Secret bool
}

// Format writes the setting without the value of a secret one, whatever the verb.
func (t Setting) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "{Name:%s Value:%s Required:%t Secret:%t}", t.Name, masked(t.Value, t.Secret), t.Required, t.Secret)
}

// LogValue is the setting without the value of a secret one.
func (t Setting) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(t)) }

// Method describes one method, a row of the manifest.
type Method struct {
	// Name in the manifest, "verify_otp".
	Name string
	// Service that the method belongs to, "user".
	Service string
	// Protocols over which the method is offered.
	Protocols []Protocol
	// Always, if not empty, is the protocol over which the method is sent
	// whatever is selected.
	Always Protocol
	// Idempotent methods have the same effect when sent twice.
	Idempotent bool
	// MayBeEmpty: a REST answer of success may be without content; it is then the
	// zero answer.
	MayBeEmpty bool
	// MayBeNull: a REST answer of success, or a message of a stream, may be null; it
	// is then the zero answer.
	MayBeNull bool
	// EndsSession: when the method succeeds, its session's cookies are forgotten.
	EndsSession bool
}

// choose is the protocol that a call of the method takes: its own, if it has
// one, or the selected one, or the first fallback that offers it.
func (m *Method) choose(cfg *callConfig) Protocol {
	if m.Always != "" {
		return m.Always
	}
	if !m.offers(cfg.protocol) {
		for _, p := range cfg.fallback {
			if m.offers(p) {
				return p
			}
		}
	}
	return cfg.protocol
}

// offers reports whether the method can be called over a protocol.
func (m *Method) offers(p Protocol) bool {
	return m.Always == p || slices.Contains(m.Protocols, p)
}
