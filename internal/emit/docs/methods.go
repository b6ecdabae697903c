package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/emit/sdk"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (b *builder) method(m *ir.Method) (method, error) {
	s := b.services[m]
	out := method{
		ID: m.Name, GoName: m.GoName, Client: s.Client, Title: s.Client + "." + m.GoName,
		Doc: capital(prose.Sentence(m.Doc)), Notes: b.notes(m), Marks: marks(m),
		Signature: sdk.Signature(s, m), Errors: b.failures(m),
	}
	for _, p := range b.Protocols {
		o := operation{Protocol: string(p), Title: prose.Protocol(p)}
		if binding := m.Binding(p); binding != nil {
			o.Key = binding.Operation.Key
		}
		out.Operations = append(out.Operations, o)
	}
	if m.Request != nil {
		out.Request = b.message(m.Request)
	}
	if m.Response != nil {
		out.Response = b.message(m.Response)
	}
	example, err := b.goSnippet(s, m)
	if err != nil {
		return out, err
	}
	out.Snippets = append(out.Snippets, example)
	for _, binding := range m.Bindings {
		out.Snippets = append(out.Snippets, b.wireSnippet(s, m, binding))
	}
	return out, nil
}

// wireSnippet is what to paste to make the call without the SDK.
func (b *builder) wireSnippet(s *ir.Service, m *ir.Method, binding *ir.Binding) snippet {
	switch binding.Protocol {
	case ir.GraphQL:
		return b.graphQLSnippet(s, m, binding)
	case ir.REST:
		return b.restSnippet(s, m, binding)
	}
	return b.grpcSnippet(s, m, binding)
}

// marks are the words about a method that catch the eye.
func marks(m *ir.Method) []mark {
	var out []mark
	if m.Destructive {
		out = append(out, mark{"destructive", "destroys data"})
	}
	if m.Deprecated != "" {
		out = append(out, mark{"deprecated", "deprecated"})
	}
	if m.Idempotent {
		out = append(out, mark{"idempotent", "idempotent"})
	}
	if m.Paging != nil {
		out = append(out, mark{"paged", "paged"})
	}
	return out
}

// notes are the paragraphs below the first sentence.
func (b *builder) notes(m *ir.Method) []string {
	notes := prose.MethodNotes(b.SDK, m)
	switch m.Credential {
	case ir.CredentialBearer:
		notes = append(notes, "It needs a user: a bearer token, or the cookies of a session.")
	case ir.CredentialCookie:
		notes = append(notes, "It needs the cookies of a session; a bearer token is not taken for one.")
	case ir.CredentialNone:
		notes = append(notes, "It needs no credential.")
	case ir.CredentialSetting:
		notes = append(notes, "It needs "+b.secretSettings(m)+", which the client sends with every call.")
	}
	if m.EndsSession {
		notes = append(notes, "When it succeeds, the caller's session is over.")
	}
	if m.Idempotent {
		notes = append(notes, "Sending it twice is the same as sending it once, so it is sent again after passing failures.")
	}
	if m.Deprecated != "" {
		notes = append(notes, "Deprecated: "+prose.Sentence(m.Deprecated))
	}
	return notes
}

// secretSettings names what a client proves itself with.
func (b *builder) secretSettings(m *ir.Method) string {
	var names []string
	for _, setting := range b.services[m].Requires {
		if setting.Secret {
			names = append(names, setting.Doc)
		}
	}
	return prose.And(names)
}

// failures are what the method is known to fail with: what follows from the
// contracts, then what its row says.
func (b *builder) failures(m *ir.Method) []failure {
	var out []failure
	if m.Request != nil && slices.ContainsFunc(m.Request.Fields, func(f *ir.Field) bool { return f.Required }) {
		out = append(out, failure{Code: "invalid_argument", Doc: "A required field is missing or empty."})
	}
	if m.Credential != ir.CredentialNone && m.Credential != ir.CredentialUnknown {
		out = append(out, failure{Code: "unauthenticated", Doc: "The credential is missing or not valid."})
	}
	for _, e := range m.Errors {
		f := failure{Code: e.Code, Text: e.Text, Rest: e.Prefix}
		switch {
		case e.Word != "":
			f.Doc = fmt.Sprintf("The answer's error is %s.", e.Word)
		case e.Text == "":
			f.Doc = codeDoc(e.Code)
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b failure) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// codeDoc is what a canonical code means, where nothing else is known.
func codeDoc(code string) string {
	docs := map[string]string{
		"invalid_argument":    "The request is not valid.",
		"unauthenticated":     "The credential is missing or not valid.",
		"permission_denied":   "The caller may not do this, or lacks a relation that the request requires.",
		"not_found":           "There is no such thing.",
		"already_exists":      "It exists already.",
		"failed_precondition": "The state of the server does not allow it.",
		"resource_exhausted":  "Too many calls, or a quota is used up.",
		"aborted":             "Something else changed it meanwhile.",
		"out_of_range":        "A value is out of range.",
		"unimplemented":       "The server does not implement it.",
		"unavailable":         "The server is not available.",
	}
	if doc := docs[code]; doc != "" {
		return doc
	}
	return "The server failed."
}
