package contract

import "regexp"

// In is where a part of a request travels outside of the message that carries
// the rest of it.
type In string

// The places. InContent is a field of the message that carries the rest: the
// body over REST, GraphQL's one input object. InBody is the body itself, as one
// field of the request.
const (
	InArgument In = "argument"
	InPath     In = "path"
	InQuery    In = "query"
	InHeader   In = "header"
	InBody     In = "body"
	InContent  In = "content"
)

// Place is where a field of a request travels, for requests that are put together
// from several parts.
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

// Parts tells what a request that is put together from several parts is made of.
type Parts struct {
	// Content is the message whose fields are fields of the request; nil: none.
	// ContentName is the GraphQL argument that it is, of the type ContentType.
	Content                  *Message
	ContentName, ContentType string
	// Within are parameters of REST's path that are fields of a field.
	Within []*Within
}

// Within is a parameter of a path, such as "{book.name}", that is a field of a
// field of the request.
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

// Key is the key of the operation that the binding is in an OpenAPI document,
// which has no patterns.
func (b HTTPBinding) Key() string {
	return b.Verb + " " + variable.ReplaceAllString(b.Path, "{$1}")
}

// Patterns are those of the variables that may hold slashes, by name.
func (b HTTPBinding) Patterns() map[string]string {
	out := map[string]string{}
	for _, m := range variable.FindAllStringSubmatch(b.Path, -1) {
		if m[2] != "" && m[2] != "*" {
			out[m[1]] = m[2]
		}
	}
	return out
}
