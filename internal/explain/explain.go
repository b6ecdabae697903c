// Package explain tells everything about one method: what callers see, and how
// each field travels over each protocol.
package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/nearest"
)

// Method is what there is to know about a method.
type Method struct {
	// Name is the manifest row's, Client the Go type that has the method.
	Name   string `json:"name"`
	Client string `json:"client"`
	// Signature is the method as Go writes it.
	Signature  string `json:"signature"`
	Doc        string `json:"doc"`
	Deprecated string `json:"deprecated,omitempty"`
	// Credential is what it is called with: none, bearer, cookie, setting, or
	// unknown.
	Credential string `json:"credential"`
	// Retry is how a failed call is tried again, Idempotent why.
	Idempotent bool   `json:"idempotent"`
	Retry      string `json:"retry"`
	// Notes are what else holds for it.
	Notes      []string    `json:"notes,omitempty"`
	Operations []Operation `json:"operations"`
	Headers    []Header    `json:"headers,omitempty"`
	Defaults   []Default   `json:"defaults,omitempty"`
	// Types are the request, the answer, and what they hold, in this order.
	Types []Type `json:"types,omitempty"`
	Enums []Enum `json:"enums,omitempty"`
	// Errors are those that the method is known for; Table is how all others get
	// their codes.
	Errors []Error `json:"errors,omitempty"`
	Table  Table   `json:"error_table"`
}

// Operation is what the method is over one protocol.
type Operation struct {
	Protocol string `json:"protocol"`
	// Operation is the contract's key; empty: the protocol does not offer it.
	Operation string `json:"operation,omitempty"`
	// Kind is the contract's word: query, mutation, http, unary.
	Kind string `json:"kind,omitempty"`
	// Place is where the contract has it: file:line:col.
	Place string `json:"place,omitempty"`
	// Request and Response are the contract's types; MediaType is that of a body.
	Request   string `json:"request,omitempty"`
	Response  string `json:"response,omitempty"`
	MediaType string `json:"media_type,omitempty"`
	// Envelope is the answer's field that holds the result.
	Envelope string `json:"envelope,omitempty"`
	// AnswerOmitted: the SDK leaves out what is answered.
	AnswerOmitted bool `json:"answer_omitted,omitempty"`
}

// Header goes along with every call.
type Header struct {
	Name      string   `json:"name"`
	Value     string   `json:"value"`
	Protocols []string `json:"protocols"`
	Secret    bool     `json:"secret,omitempty"`
}

// Default fills a field that the caller left unset.
type Default struct {
	Field   string `json:"field"`
	Setting string `json:"setting"`
}

// Error is one failure that the method is known for.
type Error struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"`
	Word string `json:"word,omitempty"`
}

// Table is how failures get their codes where the wire has none.
type Table struct {
	// Messages is the number of GraphQL messages in the table.
	Messages   int               `json:"graphql_messages,omitempty"`
	Extensions map[string]string `json:"graphql_extensions,omitempty"`
	Words      map[string]string `json:"rest_words,omitempty"`
	// NonCanonical stands for gRPC codes above 16.
	NonCanonical string `json:"noncanonical_grpc,omitempty"`
}

// Find returns the method of that name, which may be a row's, a Go name with or
// without the client, or an operation of a contract.
func Find(sdk *ir.SDK, name string) (*ir.Service, *ir.Method) {
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			if slices.Contains(namesOf(s, m), name) {
				return s, m
			}
		}
	}
	return nil, nil
}

func namesOf(s *ir.Service, m *ir.Method) []string {
	out := []string{m.Name, m.GoName, s.Client + "." + m.GoName}
	for _, b := range m.Bindings {
		out = append(out, b.Operation.Key)
	}
	return out
}

// Nearest are the rows whose names look most like an unknown one, at most three.
func Nearest(sdk *ir.SDK, name string) []string {
	var rows []nearest.Candidate
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			rows = append(rows, nearest.Candidate{Shown: m.Name, Names: namesOf(s, m)})
		}
	}
	return nearest.Find(name, rows)
}

// credentialUnknown is what stands for a credential that nothing tells.
const credentialUnknown = "unknown"

// The ways in which calls are tried again; the words are those of
// runtime.RetryPolicy.
const (
	retryIdempotent = "after passing failures, since sending it twice is the same as sending it once"
	retryCareful    = "only if the request certainly was not processed"
)

// Explain tells everything about a method.
func Explain(sdk *ir.SDK, s *ir.Service, m *ir.Method) *Method {
	out := &Method{
		Name: m.Name, Client: s.Client, Signature: signature(s, m), Doc: m.Doc, Deprecated: m.Deprecated,
		Credential: cmp.Or(string(m.Credential), credentialUnknown), Idempotent: m.Idempotent, Retry: retryCareful,
		Notes: prose.MethodNotes(sdk, m), Table: table(sdk.Errors, m),
	}
	if m.Idempotent {
		out.Retry = retryIdempotent
	}
	if m.EndsSession {
		out.Notes = append(out.Notes, "When it succeeds, the caller's session is over.")
	}
	for _, p := range sdk.Protocols {
		out.Operations = append(out.Operations, operation(p, m.Binding(p)))
	}
	for _, h := range sdk.Headers {
		if list := protocolsOf(sdk, m, h); len(list) > 0 {
			out.Headers = append(out.Headers, Header{h.Name, h.Value, list, h.Secret})
		}
	}
	for _, d := range m.Defaults {
		out.Defaults = append(out.Defaults, Default{d.Field.Name, d.Setting})
	}
	for _, e := range m.Errors {
		text := e.Text
		if e.Prefix {
			text += "..."
		}
		out.Errors = append(out.Errors, Error{e.Code, text, e.Word})
	}
	t := &typesOf{method: m, seen: map[*ir.Message]bool{}, enums: map[*ir.Enum]bool{}}
	t.message(m.Request)
	t.message(m.Response)
	out.Types, out.Enums = t.types, t.list
	return out
}

func signature(s *ir.Service, m *ir.Method) string {
	var b strings.Builder
	b.WriteString("func (c *" + s.Client + ") " + m.GoName + "(ctx context.Context, ")
	if m.Request != nil {
		b.WriteString("req *" + m.Request.GoName + ", ")
	}
	b.WriteString("opts ...CallOption) ")
	switch {
	case m.Response == nil:
		return b.String() + "error"
	case m.Streams:
		return b.String() + "iter.Seq2[*" + m.Response.GoName + ", error]"
	}
	return b.String() + "(*" + m.Response.GoName + ", error)"
}

func operation(p ir.Protocol, b *ir.Binding) Operation {
	out := Operation{Protocol: string(p)}
	if b == nil {
		return out
	}
	op := b.Operation
	out.Operation, out.Kind, out.Place, out.MediaType = op.Key, string(op.Kind), op.Pos.String(), op.MediaType
	if b.Request != nil {
		out.Request = b.Request.Contract.Name
	}
	switch {
	case op.Response.Message != nil && op.Response.Single():
		out.Response = op.Response.Message.Name
	case op.Response.Scalar != contract.ScalarNone:
		out.Response, out.AnswerOmitted = op.Response.Wire, b.Response == nil
		if op.Details != nil && op.Details.Response.Text != "" {
			out.Response = op.Details.Response.Text
		}
	}
	if b.Envelope != nil {
		out.Envelope = b.Envelope.Name
	}
	return out
}

// protocolsOf are the protocols of the method that a header goes along with.
func protocolsOf(sdk *ir.SDK, m *ir.Method, h ir.Header) []string {
	var out []string
	for _, p := range sdk.Protocols {
		if m.Binding(p) != nil && (len(h.Protocols) == 0 || slices.Contains(h.Protocols, p)) {
			out = append(out, string(p))
		}
	}
	return out
}

// table is the part of the error table that concerns the method's protocols.
func table(e ir.Errors, m *ir.Method) Table {
	words := func(list []ir.WordCode) map[string]string {
		out := map[string]string{}
		for _, w := range list {
			out[w.Word] = w.Code
		}
		return out
	}
	var out Table
	if m.Binding(ir.GraphQL) != nil {
		out.Messages, out.Extensions = len(e.Messages), words(e.Extensions)
	}
	if m.Binding(ir.REST) != nil {
		out.Words = words(e.Codes)
	}
	if m.Binding(ir.GRPC) != nil {
		out.NonCanonical = e.NonCanonicalGRPC
	}
	return out
}

// scalarText is how a wire writes a type, in the contract's own words.
func scalarText(f *contract.Field) string {
	if f.Details != nil && f.Details.Type.Text != "" {
		return f.Details.Type.Text
	}
	return f.Type.Wire
}
