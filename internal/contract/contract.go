// Package contract is the neutral picture of one contract file set: its
// operations, messages and fields, whatever the format. The packages below it
// each read one format into this picture; the resolver reads only the picture.
package contract

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Contract is what one protocol offers.
type Contract struct {
	// Operations by key: for GraphQL the root field name ("_users"), for REST
	// verb and path ("POST /v1/login"), for gRPC the full method
	// ("authorizer.v1.AuthorizerService/Login").
	Operations map[string]*Operation
	// Messages by name as the contract spells it ("AuthResponse",
	// "v1AuthResponse", "authorizer.v1.AuthResponse").
	Messages map[string]*Message
	// Root is the place to name when the contract as a whole is meant.
	Root diag.Pos
}

// Operation is one callable operation.
type Operation struct {
	Key  string
	Pos  diag.Pos
	Kind Kind
	// Doc and Deprecated (the reason) come from the contract, if it has them.
	Doc, Deprecated string
	// Request is the message that carries the request fields: the input object
	// of the one GraphQL argument, the REST body, the gRPC request. Nil: none.
	Request *Message
	// RequestName is the GraphQL argument that carries Request ("params").
	RequestName string
	// RequestOptional tells that the GraphQL argument may be left out.
	RequestOptional bool
	// RequestType is that of GraphQL's variable for it, such as "BookInput!".
	RequestType string
	// Params are what the request has outside of Request: GraphQL's other
	// arguments, and REST's parameters. Each has a place.
	Params []*Field
	// Streams: the answer is a stream of messages of the type of Response.
	Streams bool
	// HTTP is how a gateway offers the gRPC method.
	HTTP []HTTPBinding
	// Response is what a successful call answers. Kind None: nothing.
	Response Type
	// MayBeEmpty: a REST answer of success may be without content although others
	// have some.
	MayBeEmpty bool
	// Body is the REST body where that is no object, and has no Request; its Scalar
	// is ScalarNone otherwise.
	Body Type
	// MediaType is that of the REST request body ("application/json",
	// "application/x-www-form-urlencoded"), empty without one.
	MediaType string
	// Form: that is a form. NotInForm are the fields of Request that it cannot hold,
	// each with the reason.
	Form      bool
	NotInForm map[string]string
	// OperationID is the REST operationId; it may be empty.
	OperationID string
	// GoName, GoService and GoImport are how the contract's own generator calls
	// the operation (gRPC): the stub's method, its service, and the directory of
	// the proto file. Empty otherwise.
	GoName, GoService, GoImport string
	// Unsupported says why sdkgen cannot call the operation; empty: it can.
	Unsupported string
	// Details is filled by the packages that read contracts.
	Details *OperationDetails
}

// WithoutBase is a REST operation's key without the path of the server's address.
func (o *Operation) WithoutBase() string {
	if o.Details == nil {
		return o.Key
	}
	return strings.Replace(o.Key, " "+o.Details.Base, " ", 1)
}

// Kind is what sort of operation it is.
type Kind string

// The kinds of operation.
const (
	KindQuery    Kind = "query"
	KindMutation Kind = "mutation"
	KindHTTP     Kind = "http"
	KindUnary    Kind = "unary"
)

// Message is an object type with fields: GraphQL object or input object,
// OpenAPI object schema, protobuf message.
type Message struct {
	// Name is unique within the contract, as the contract spells it.
	Name   string
	Pos    diag.Pos
	Doc    string
	Fields []*Field
	// GoName is the Go identifier that the contract's own generator will use
	// for this type, where it is known beforehand (gRPC); empty otherwise.
	GoName string
	// GoImport is the import path below the module that the type lives in
	// (gRPC: the directory of the proto package); empty otherwise.
	GoImport string
	// Extensible: files elsewhere may add fields (protobuf extensions).
	Extensible bool
	// Unsupported says why the message cannot be used; empty: it can.
	Unsupported string
	// Union is set for a choice between messages (GraphQL union or interface,
	// OpenAPI oneOf): its fields are the variants, of which a value has one.
	Union *Union
	// Parts is set for requests that the resolver puts together from parameters
	// and what carries the rest.
	Parts *Parts
	// Spread: the message is no value on the wire itself; each of its fields is a
	// parameter of the request and has a place. Its name is the method's and the
	// field's, with slashes.
	Spread bool
	// Details is filled by the packages that read contracts.
	Details *MessageDetails
}

// Union is how the variants of a union are told apart.
type Union struct {
	// Discriminator is the property that tells (REST), empty where GraphQL's
	// __typename does, or for REST the properties that a variant alone has.
	Discriminator string
}

// Variant is what tells one variant of a union from the others.
type Variant struct {
	// Names: for GraphQL the one name of its type; for REST the values of the
	// discriminator, of which the first is sent, or, without a discriminator, the
	// property that this variant alone has.
	Names []string
	// GoName is the Go type of a oneof's field (gRPC).
	GoName string
}

// Oneof is a group of fields of which one message has at most one.
type Oneof struct {
	Name string
	// Required: it has exactly one.
	Required bool
	// GoName is the field that the contract's own generator writes (gRPC).
	GoName string
}

// Field returns the field of that name, or nil.
func (m *Message) Field(name string) *Field {
	if m == nil {
		return nil
	}
	for _, f := range m.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// Field is one field of a message.
type Field struct {
	Name string
	// GoName as for Message.
	GoName string
	Pos    diag.Pos
	Type   Type
	// Required: the contract demands a value (GraphQL non-null without default,
	// OpenAPI required, proto2 required).
	Required bool
	// Presence: the format itself can tell an unset field from a zero one
	// (GraphQL nullable, OpenAPI optional, proto optional or message).
	Presence bool
	// Nullable: list elements or the value may be null on the wire.
	Nullable bool
	// Oneof is the group that the field belongs to, the same pointer for all of
	// the group; nil: none.
	Oneof *Oneof
	// Variant is set in unions and oneofs.
	Variant *Variant
	// Doc and Deprecated (the reason) come from the contract, if it has them.
	Doc, Deprecated string
	// Alias is the name under which GraphQL operations select the field, or the wire
	// code of REST has it, where its own would clash with that of another or has
	// nothing in it that Go can have in a name; empty: its own.
	Alias string
	// Place is where the field travels in a request that is put together from
	// parts, and in an answer that is no message; nil in every other message.
	Place *Place
	// Details is filled by the packages that read contracts.
	Details *FieldDetails
}

// Type is the type of a field or answer.
type Type struct {
	Scalar Scalar
	// List: a list of Scalar.
	List bool
	// Map: a map from strings to Scalar. A type is not both.
	Map bool
	// Elem is set for Scalar ScalarNested: what each item of the list or map is,
	// which is a list or a map itself.
	Elem *Type
	// Message is set for Scalar ScalarMessage, Enum for ScalarEnum.
	Message *Message
	Enum    *Enum
	// Form is how the wire writes the value, where it has a way of its own.
	Form Form
	// Wire is the contract's own word for the type ("Int64", "string/int64",
	// "TYPE_INT64"), for messages to people and for custom scalars.
	Wire string
	// Reason says why a type is ScalarUnsupported.
	Reason string
}

// Leaf is the type without the lists and maps around it.
func (t Type) Leaf() Type {
	for t.Elem != nil {
		t = *t.Elem
	}
	t.List, t.Map = false, false
	return t
}

// Single tells whether the type is one value, neither a list nor a map.
func (t Type) Single() bool { return !t.List && !t.Map }

// Scalar is the shape of a single value.
type Scalar string

// The scalars. ScalarObject is a free-form JSON object (a GraphQL scalar the
// manifest binds to object, an OpenAPI object without properties, a
// google.protobuf.Struct), ScalarAny any JSON value.
const (
	ScalarNone        Scalar = ""
	ScalarString      Scalar = "string"
	ScalarBool        Scalar = "bool"
	ScalarInt32       Scalar = "int32"
	ScalarInt64       Scalar = "int64"
	ScalarUint32      Scalar = "uint32"
	ScalarUint64      Scalar = "uint64"
	ScalarFloat32     Scalar = "float32"
	ScalarFloat64     Scalar = "float64"
	ScalarBytes       Scalar = "bytes"
	ScalarTimestamp   Scalar = "timestamp"
	ScalarDuration    Scalar = "duration"
	ScalarEnum        Scalar = "enum"
	ScalarAny         Scalar = "any"
	ScalarObject      Scalar = "object"
	ScalarMessage     Scalar = "message"
	ScalarNested      Scalar = "nested"
	ScalarUnsupported Scalar = "unsupported"
)

// MapOf is the scalar, in the manifest, of a map whose values are of a scalar.
func MapOf(value Scalar) Scalar { return "map<" + value + ">" }

// MapValue is the scalar of the values of such a map.
func (s Scalar) MapValue() (Scalar, bool) {
	rest, ok := strings.CutPrefix(string(s), "map<")
	value, closed := strings.CutSuffix(rest, ">")
	return Scalar(value), ok && closed
}

// Form is a way in which a wire writes a value.
type Form string

// The forms. FormText is a whole number that JSON writes as a string.
// FormWrapper is a message of google/protobuf/wrappers.proto around a scalar,
// FormFieldMask a list of paths as google.protobuf.FieldMask or as its JSON text,
// FormPaths as a plain list of them, FormListValue a list as google.protobuf.ListValue, FormDouble a
// number of single precision that travels with double.
const (
	FormPlain     Form = ""
	FormText      Form = "text"
	FormWrapper   Form = "wrapper"
	FormFieldMask Form = "fieldmask"
	FormListValue Form = "listvalue"
	FormDouble    Form = "double"
	FormPaths     Form = "paths"
)
