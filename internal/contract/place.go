package contract

import (
	"regexp"
	"strings"
)

// In is where a part of a request travels outside of the message that carries
// the rest of it, or an answer that is no message.
type In string

// The places. InContent is a field of the message that carries the rest: the
// body over REST, GraphQL's one input object. InBody is the body itself, as one
// field of the request. InParts is a message that is no value on the wire itself:
// its fields have places of their own, such as the query parameters "filter.name"
// and "filter.since", or "filter[name]".
// InAnswer is the answer itself, as the one field of what callers get.
const (
	InArgument In = "argument"
	InPath     In = "path"
	InQuery    In = "query"
	InHeader   In = "header"
	InBody     In = "body"
	InContent  In = "content"
	InParts    In = "parts"
	InAnswer   In = "answer"
)

// Place is where a field travels: of a request that is put together from several
// parts, or of an answer that is no message.
type Place struct {
	In In
	// Name is that of GraphQL's argument or REST's parameter, where it is not the
	// field's own.
	Name string
	// Type is that of GraphQL's variable for an argument, such as "[ID!]!".
	Type string
	// Explode: each value of a list in a query stands under the name again,
	// instead of all of them in one text with commas.
	Explode bool
	// Pattern is what the value in a path must look like, such as "shelves/*",
	// where it may hold slashes; empty: one segment.
	Pattern string
	// Repeated is the field of the content that must hold the value too; nil: none.
	Repeated *Field
}

// Bare is the one field of an answer that is no message: the answer itself. It is
// nil for all other messages.
func (m *Message) Bare() *Field {
	if m == nil || len(m.Fields) != 1 || m.Fields[0].Place == nil || m.Fields[0].Place.In != InAnswer {
		return nil
	}
	return m.Fields[0]
}

// Parts tells what a request that is put together from several parts is made of.
type Parts struct {
	// Content is the message whose fields are fields of the request; nil: none.
	// ContentName is the GraphQL argument that it is, of the type ContentType.
	Content                  *Message
	ContentName, ContentType string
	// Within are parameters of REST's path that are fields of a field of the body.
	Within []*Within
}

// Within is a parameter of a path, such as "{book.name}", that is a field of a
// field of the request and travels in the body too.
type Within struct {
	Name  string
	Place *Place
	// Fields leads to it, from the field of the request on.
	Fields []*Field
}

// HTTPBinding is a way in which a gateway offers a gRPC method over HTTP.
type HTTPBinding struct {
	// Verb is GET, PUT, POST, DELETE or PATCH; Path is a template such as
	// "/v1/{name=shelves/*}".
	Verb, Path string
	// Body is the request's field that is the body, "*" for all fields that are
	// not in the path, empty for none. ResponseBody is the answer's field that is
	// the body, empty for the answer itself.
	Body, ResponseBody string
}

// variable is a variable of a path template: its name and, if it has one, its
// pattern.
var variable = regexp.MustCompile(`\{([^}=]*)(?:=([^}]*))?\}`)

// Is tells whether the binding is the operation of that key in an OpenAPI
// document, which has no patterns, and may have names in another convention.
func (b HTTPBinding) Is(key string) bool {
	return withoutPatterns(b.Verb+" "+b.Path) == withoutPatterns(key)
}

func withoutPatterns(path string) string {
	return variable.ReplaceAllStringFunc(path, func(v string) string {
		return "{" + variableKey(variable.FindStringSubmatch(v)[1]) + "}"
	})
}

// variableKey is the same for book_id and bookId.
func variableKey(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// Pattern is that of a variable that may hold slashes; empty for all others.
func (b HTTPBinding) Pattern(name string) string {
	for _, m := range variable.FindAllStringSubmatch(b.Path, -1) {
		if variableKey(m[1]) == variableKey(name) && m[2] != "*" {
			return m[2]
		}
	}
	return ""
}
