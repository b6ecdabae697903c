package contract

import "github.com/triwire/authorizer-sdk/internal/diag"

// OperationDetails is what a contract says of an operation beyond the neutral
// picture: nothing that decides what the SDK looks like, but what a peer of
// another version relies on. Each format fills what it knows.
type OperationDetails struct {
	// Arguments are GraphQL's arguments, and REST's parameters outside of the body.
	Arguments []*Argument
	// Body is how the type of the REST body is written.
	Body TypeDetails
	// MediaTypes are those of the REST request body, sorted; BodyRequired tells
	// that it must not be left out.
	MediaTypes   []string
	BodyRequired bool
	// Answers are the REST responses, sorted by status.
	Answers []Answer
	// Response is how the answer's type is written.
	Response TypeDetails
	// ClientStreams and ServerStreams are those of a gRPC method.
	ClientStreams, ServerStreams bool
	// Base is the beginning of a REST operation's path that comes from the address
	// of the server; the annotations of a gRPC method do not have it.
	Base string
	// HTTP is the gRPC method's verb and path, where a gateway offers it.
	HTTP string
	// Options are the custom options of the gRPC method but for that, by their
	// full names and below ("authorizer.v1.public": "true").
	Options map[string]string
	// Security is what REST demands of callers, as canonical JSON; empty: nothing.
	Security string
}

// Answer is one REST response.
type Answer struct {
	// Status is a code such as "200" or "default".
	Status string
	// MediaTypes are sorted.
	MediaTypes []string
	// Type is that of the JSON body; its Scalar is ScalarNone without one.
	Type    Type
	Details TypeDetails
}

// Argument is an argument of a GraphQL field, or a REST parameter.
type Argument struct {
	Name string
	// In is where a REST parameter stands: path, query, header or cookie.
	In       string
	Pos      diag.Pos
	Required bool
	Type     Type
	Details  TypeDetails
	// Style is how a REST parameter is written ("form, exploded"), where there is
	// more than one way to write a value of its type; else empty.
	Style string
	// Default is the value as the contract writes it; nil: none.
	Default *string
	// Limits are the rules that values must keep, by name, as for fields.
	Limits map[string]string
	// Deprecated is the reason, empty without a deprecation.
	Deprecated string
}

// MessageDetails is what a contract says of a message beyond the neutral
// picture.
type MessageDetails struct {
	// Kind is the contract's word: "type", "input", "schema", "message".
	Kind string
	// OneOf: exactly one field of a GraphQL input must be set.
	OneOf bool
	// Reserved are the protobuf field numbers and names that must not be used
	// again, such as "4", "8 to 10" and "old_name", sorted.
	Reserved []string
	// Limits are the rules that whole values must keep, by name.
	Limits map[string]string
}

// FieldDetails is what a contract says of a field beyond the neutral picture.
type FieldDetails struct {
	Type TypeDetails
	// Number and JSONName are those of protobuf. Code that reads the wire itself
	// needs the number.
	Number   int32
	JSONName string
	// Oneof is the protobuf oneof that the field belongs to.
	Oneof string
	// Default is the value as the contract writes it; nil: none.
	Default *string
	// Limits are the rules that values must keep ("maxLength": "320"), by name.
	Limits map[string]string
	// Arguments are those of a GraphQL field.
	Arguments []*Argument
}

// TypeDetails is how a type is written.
type TypeDetails struct {
	// Text is the type without its nullability: "[User]", "array<string/int64>",
	// "map<string, TYPE_INT32>".
	Text string
	// Nullable: the value may be null. NullableItem: an item of the list may be.
	Nullable, NullableItem bool
	// Enum is set where only some values are allowed.
	Enum *Enum
}

// Enum is a set of values.
type Enum struct {
	// Name is empty where the values are listed in place.
	Name string
	Doc  string
	Pos  diag.Pos
	// Prefix begins the names of all values and says nothing ("COLOR_").
	Prefix string
	Values []EnumValue
	// Closed: protobuf takes other values for unknown fields.
	Closed bool
	// GoName and GoImport as for Message.
	GoName, GoImport string
}

// EnumValue is one of them.
type EnumValue struct {
	Name string
	Doc  string
	// Number is that of protobuf, where several values may have the same one.
	Number     int32
	Pos        diag.Pos
	Deprecated string
	// GoName is that of the constant that the contract's own generator writes,
	// where it is known beforehand (gRPC).
	GoName string
}
