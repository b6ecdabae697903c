package serve

import (
	"context"
	"reflect"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Version1 exists while code generated for the first version of this package
// works with it; see [runtime.Version1].
const Version1 = true

// API is what generated code tells of an API. It is only read.
type API struct {
	// Name is the API's name in errors, "authorizer".
	Name string
	// GraphQL is how GraphQL is answered; nil where it is not.
	GraphQL *Schema
	// Messages that methods and fields refer to, by name.
	Messages []Message
	// Enums that fields refer to, by name.
	Enums []Enum
	// Methods that there are to call, each with its handler.
	Methods []Method
}

// Schema is how GraphQL is answered.
type Schema struct {
	// Path is where, such as "/graphql"; Text is the schema document.
	Path, Text string
	// CodeNames are the words of extensions.code by status code; a code that has
	// none goes by its canonical name.
	CodeNames map[runtime.Code]string
	// ByMessage: errors travel as messages alone, unless a method gave the error a
	// word of its own.
	ByMessage bool
}

// Message is how one flat type travels as one contract type. Names of messages
// are of the generator's choice and unique in an API.
type Message struct {
	// Name that fields and methods refer to.
	Name string
	// Type is the flat type, a struct; see [TypeOf].
	Type reflect.Type
	// Fields that travel, in the order of the contract.
	Fields []Field
	// Union: the message is a choice between its fields, of which each is a
	// variant.
	Union bool
	// Discriminator is the member that tells the variants of a union apart; empty
	// where none does.
	Discriminator string
	// Within are parameters of a path that are fields of a field.
	Within []Within
	// Choices are groups of fields, of which one is set at the most.
	Choices []Choice
}

// Choice is a group of fields of which a request sets one at the most.
type Choice struct {
	// Fields of the flat type, all of them pointers, slices or maps.
	Fields []string
	// Required: one of them must be set in a request.
	Required bool
}

// Within is a parameter of a path, such as "book.name", that is a field of a
// field of the request.
type Within struct {
	// Param is the parameter's name in the path.
	Param string
	// Fields are the names, on the wire, that lead to the field.
	Fields []string
}

// TypeOf is the flat type of a message.
func TypeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// Field is how one field of a flat type travels.
type Field struct {
	// Go is the field of the flat type, Wire its name in the contract.
	Go, Wire string
	// Message names the field's own message; empty for other values.
	Message string
	// Inner is the field of the wrapper around a free-form object; empty where
	// the object travels bare.
	Inner string
	// Presence: an unset field can be told from a zero one.
	Presence bool
	// Required: the contract demands a value.
	Required bool
	// Enum names the enum of the field's values; empty for others.
	Enum string
	// In is where the field travels, if it is not in the message that carries the
	// rest: [InPath] and the like in requests, [InAnswer] in answers. Param is the
	// name there, if it is not Wire.
	In, Param string
	// Explode: each item of a list stands under the name again, instead of all in
	// one text with commas.
	Explode bool
	// Variant tells a variant of a union from the others: GraphQL's type, or the
	// values of the discriminator, or members that no other variant has.
	Variant []string
	// Text: a 64-bit integer travels as a JSON string. Mask: a list of paths
	// travels as a field mask.
	Text, Mask bool
}

// Enum is how the values of an enum travel over one protocol.
type Enum struct {
	// Name that fields refer to.
	Name string
	// Values that the protocol has.
	Values []EnumValue
}

// EnumValue is a value of an enum.
type EnumValue struct {
	// Flat is the value of the flat type, empty for an absent one, Wire its name in
	// the contract.
	Flat, Wire string
	// Alias: of several names for one value, this one is only read.
	Alias bool
}

// Method is one method and how it is called over each protocol that offers it.
type Method struct {
	// Name is that of the manifest, Service that of its service there.
	Name, Service string
	// Handler calls the implementation.
	Handler Handler
	// GraphQL is the root field; nil where the method is not offered.
	GraphQL *GraphQL
	// REST is the HTTP operation; nil likewise.
	REST *REST
	// GRPC is the method of a gRPC service; nil likewise.
	GRPC *GRPC
}

// GraphQL is a root field.
type GraphQL struct {
	// Field is the root field, Argument the one that carries the request.
	Field, Argument string
	// Request and Response name the messages; empty where nothing travels.
	Request, Response string
	// Envelope is the field of the answer that holds the result.
	Envelope string
}

// REST is an HTTP operation.
type REST struct {
	// Verb in upper case, and Path with its parameters as {name}.
	Verb, Path string
	// Request and Response name the messages; empty where nothing travels.
	Request, Response string
	// Envelope is the member of the answer that holds the result; empty where the
	// answer is the result.
	Envelope string
	// Status is that of success, such as 200.
	Status int
	// Transcoded: the bodies are the JSON forms of the gRPC method's messages.
	Transcoded bool
	// Fixed is the JSON that is answered where the SDK leaves the answer out; empty:
	// an object with nothing in it.
	Fixed string
	// ResponseBody is the field of the transcoded answer that is all of the body;
	// empty for the answer itself.
	ResponseBody string
	// JSONNames: the members of transcoded answers have the JSON names of their
	// fields, not those of the protos.
	JSONNames bool
	// OAuthErrors: errors have the members of RFC 6749.
	OAuthErrors bool
}

// GRPC is a method of a gRPC service; its messages must be linked.
type GRPC struct {
	// FullMethod is "/package.Service/Method".
	FullMethod string
	// Request and Response name the messages; empty where nothing travels.
	Request, Response string
	// Envelope is the field of the answer that holds the result; empty where the
	// answer is the result.
	Envelope string
}

// Handler calls one method of an implementation. Make one with [Unary] and its
// like.
type Handler struct {
	request, response reflect.Type
	// streams: the answers go to send, and call returns none.
	streams bool
	call    func(ctx context.Context, req any, send func(any) error) (any, error)
}

// Unary is the handler of a method with a request and an answer.
func Unary[Req, Resp any](f func(context.Context, *Req) (*Resp, error)) Handler {
	return Handler{reflect.TypeFor[Req](), reflect.TypeFor[Resp](), false, func(ctx context.Context, req any, _ func(any) error) (any, error) {
		resp, err := f(ctx, req.(*Req))
		return orNil(resp), err
	}}
}

// NoRequest is the handler of a method with an answer only.
func NoRequest[Resp any](f func(context.Context) (*Resp, error)) Handler {
	return Handler{nil, reflect.TypeFor[Resp](), false, func(ctx context.Context, _ any, _ func(any) error) (any, error) {
		resp, err := f(ctx)
		return orNil(resp), err
	}}
}

// NoResponse is the handler of a method with a request only.
func NoResponse[Req any](f func(context.Context, *Req) error) Handler {
	return Handler{reflect.TypeFor[Req](), nil, false, func(ctx context.Context, req any, _ func(any) error) (any, error) {
		return nil, f(ctx, req.(*Req))
	}}
}

// Bare is the handler of a method with neither.
func Bare(f func(context.Context) error) Handler {
	return Handler{nil, nil, false, func(ctx context.Context, _ any, _ func(any) error) (any, error) { return nil, f(ctx) }}
}

// Stream is the handler of a method whose answer is a stream: it gives each
// message to send, and returns after the last one. send is not to be called by
// several goroutines at once; if it fails, the caller is gone.
func Stream[Req, Resp any](f func(ctx context.Context, req *Req, send func(*Resp) error) error) Handler {
	return Handler{reflect.TypeFor[Req](), reflect.TypeFor[Resp](), true, func(ctx context.Context, req any, send func(any) error) (any, error) {
		return nil, f(ctx, req.(*Req), func(resp *Resp) error { return send(orNil(resp)) })
	}}
}

// StreamNoRequest is the handler of such a method without a request.
func StreamNoRequest[Resp any](f func(ctx context.Context, send func(*Resp) error) error) Handler {
	return Handler{nil, reflect.TypeFor[Resp](), true, func(ctx context.Context, _ any, send func(any) error) (any, error) {
		return nil, f(ctx, func(resp *Resp) error { return send(orNil(resp)) })
	}}
}

// orNil is the pointer, or a nil that compares as one.
func orNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return p
}
