package docs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// page is everything that a reader is shown, as text.
type page struct {
	Name, Contract  string
	Import, Package string
	Protocols       []protocol
	Groups          []group
	Types           []message
	Enums           []enum
	Setup           []snippet
	// Messages are the errors that GraphQL answers are recognized by.
	Messages []failure
	Codes    []failure
	Methods  int
}

type protocol struct{ ID, Title string }

// group is a heading and the methods below it.
type group struct {
	ID, Title, Doc string
	Methods        []method
}

// method is one method as it is shown.
type method struct {
	ID, GoName, Client, Title string
	// Doc is the first sentence, Notes are the paragraphs that follow.
	Doc   string
	Notes []string
	Marks []mark
	// Operations are what the method is over each protocol of the page, in their
	// order; empty where it is not offered.
	Operations []operation
	Signature  string
	Snippets   []snippet
	Request    *message
	Response   *message
	Errors     []failure
}

// mark is a word about a method that catches the eye.
type mark struct{ Kind, Text string }

type operation struct{ Protocol, Title, Key string }

// snippet is something to paste.
type snippet struct {
	ID, Title, Language string
	Parts               []part
}

type part struct{ Title, Language, Text string }

// message is a type and its fields.
type message struct {
	ID, GoName, Doc, Note string
	Request               bool
	Fields                []field
}

// field is a row of a table.
type field struct {
	GoName, Name string
	Type         string
	// Link is the GoName of the message that the type is made of, if any.
	Link     string
	Presence string
	Notes    []string
	Secret   bool
}

// enum is a set of values.
type enum struct {
	ID, GoName, Doc string
	Values          []enumValue
}

type enumValue struct {
	GoName, Name string
	Notes        []string
}

// failure is a code and what is behind it.
type failure struct {
	Code string
	// Text is what the server says, or, with Rest, how that begins.
	Text string
	Rest bool
	// Doc says it in words where the server's text is not known.
	Doc string
}

// newPage makes the view of a model.
func newPage(sdk *ir.SDK) (*page, error) {
	p := &page{
		Name: capital(sdk.Name), Contract: sdk.Contract, Import: sdk.Paths.SDK.Import, Package: sdk.Package,
		Codes: everyCode(),
	}
	for _, id := range sdk.Protocols {
		p.Protocols = append(p.Protocols, protocol{string(id), prose.Protocol(id)})
	}
	b := &builder{SDK: sdk, env: newEnvironment(sdk), services: map[*ir.Method]*ir.Service{}, usage: prose.Usages(sdk)}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			b.services[m] = s
		}
	}
	for _, g := range sdk.Groups {
		out := group{ID: fileName(g.Name, p.Groups), Title: g.Title, Doc: capital(prose.Sentence(g.Doc))}
		for _, m := range g.Methods {
			one, err := b.method(m)
			if err != nil {
				return nil, fmt.Errorf("the reference of %s: %w", m.Name, err)
			}
			out.Methods = append(out.Methods, one)
			p.Methods++
		}
		p.Groups = append(p.Groups, out)
	}
	for _, m := range sdk.Messages {
		p.Types = append(p.Types, *b.message(m))
	}
	for _, e := range sdk.Enums {
		p.Enums = append(p.Enums, newEnum(e))
	}
	for _, m := range sdk.Errors.Messages {
		p.Messages = append(p.Messages, failure{Code: m.Code, Text: m.Text, Rest: m.Prefix})
	}
	setup, err := b.setup()
	p.Setup = setup
	return p, err
}

// fileName is a group's own name for its file and its place on the page. Others
// of the Markdown files are called types, errors and README.
func fileName(name string, others []group) string {
	id := strings.ReplaceAll(name, "_", "-")
	for slices.Contains([]string{"types", "errors", "readme"}, id) || slices.ContainsFunc(others, func(g group) bool { return g.ID == id }) {
		id += "-methods"
	}
	return id
}

// builder makes the view.
type builder struct {
	*ir.SDK
	env      environment
	services map[*ir.Method]*ir.Service
	usage    func(*ir.Message) string
}

// capital begins a text with a capital.
func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// everyCode are the failures that any call can have, whatever the method.
func everyCode() []failure {
	return []failure{
		{Code: "invalid_argument", Doc: "The request holds what the selected protocol cannot express; nothing was sent, and the error names the field."},
		{Code: "unimplemented", Doc: "The selected protocol does not offer the method; nothing was sent, and the error names those that do."},
		{Code: "unavailable", Doc: "The server cannot be reached, or says so itself."},
		{Code: "deadline_exceeded", Doc: "The time of the context, of the call or of the last try is over."},
		{Code: "canceled", Doc: "The context was canceled."},
		{Code: "unknown", Doc: "The server said something that is not in the table of messages below."},
	}
}
