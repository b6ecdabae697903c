// Package ir is the resolved model: what the SDK looks like to a caller, and
// for each protocol how every method, message and field travels. It is pure
// data; the resolver writes it, checks and emitters read it.
package ir

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Protocol is a way to call a method.
type Protocol string

// The protocols, in the order in which they are listed everywhere.
const (
	GraphQL Protocol = "graphql"
	REST    Protocol = "rest"
	GRPC    Protocol = "grpc"
)

// Protocols returns all protocols in their order.
func Protocols() []Protocol { return []Protocol{GraphQL, REST, GRPC} }

// GoIdent is a Go name in the package of that import path.
type GoIdent struct {
	Path, Name string
}

// SDK is everything that is generated.
type SDK struct {
	// Name is the API's name in messages, Contract the version of its contracts.
	Name, Contract string
	// Package is the Go package name of the SDK.
	Package string
	// Paths are the import paths and directories of the output.
	Paths Paths
	// GraphQLPath is the path that servers answer GraphQL on; GRPCPort the
	// default port of gRPC.
	GraphQLPath string
	GRPCPort    int
	// Protocols are those that the API has a contract for.
	Protocols []Protocol
	Settings  []Setting
	Headers   []Header
	Services  []*Service
	// Groups hold every method once, in the order of the reference.
	Groups []Group
	// Messages are the flat types, and Enums the sets of values, sorted by Go name.
	Messages []*Message
	Enums    []*Enum
	Errors   Errors
}

// Paths are the import paths of the output and their directories, relative to
// the manifest and with forward slashes.
type Paths struct {
	// SDK is the package that people import, GRPC the one that links gRPC, Link
	// the one through which the two meet.
	SDK, GRPC, Link Package
	// GraphQL and REST are the wire packages; Wire is the directory above them,
	// below which the proto packages stand, too.
	GraphQL, REST, Wire Package
	// Docs is the directory of the reference; empty: none is written.
	Docs string
	// Server is the package of the server adapters; zero: there are none.
	Server Package
	// ServerRuntime is the hand-written half of servers.
	ServerRuntime string
	// Runtime and GRPCRuntime are the hand-written halves.
	Runtime, GRPCRuntime string
}

// Package is an import path and the directory that holds it.
type Package struct {
	Import, Dir string
}

// Setting is a value that a client is constructed with.
type Setting struct {
	Name, GoName, Doc string
	Secret            bool
	// Option is the Go option that sets it; empty without one.
	Option string
}

// Header is sent on every call over the listed protocols (none: all).
type Header struct {
	Name, Value string
	Protocols   []Protocol
	Secret      bool
}

// Service is a client type and its methods, in the manifest's order.
type Service struct {
	Name, GoName, Doc   string
	Client, Constructor string
	Requires            []Setting
	Methods             []*Method
}

// Method is one manifest row, resolved.
type Method struct {
	Pos         diag.Pos
	Name        string
	GoName      string
	Doc         string
	Deprecated  string
	Destructive bool
	Idempotent  bool
	EndsSession bool
	// Always is the one protocol that the method is sent over, whatever is
	// selected; empty: the selected one.
	Always Protocol
	// Request and Response are nil where there is nothing to send or to return.
	Request, Response *Message
	// Streams: the answer is a stream of messages, each a Response.
	Streams bool
	// Bindings, one for each protocol that offers the method, in order.
	Bindings []*Binding
	Defaults []Default
	// Tokens is set for the method that gets new tokens for old ones.
	Tokens *Tokens
	// Paging is set where the answer is one page of a list.
	Paging *Paging
	// Credential is what the method is called with, Errors what it is known to
	// fail with, Example a request; nil where there is nothing to send.
	Credential Credential
	Errors     []MethodError
	Example    *Example
}

// Tokens are the fields of the method that gets new tokens for old ones.
type Tokens struct {
	Constants []Constant
	// RequestRefresh is a field of the request, the others are of the answer.
	RequestRefresh, Access, Refresh, ExpiresIn *Field
}

// Constant is a request field with a fixed value.
type Constant struct {
	Field *Field
	Value string
}

// Paging is how all pages of a list are walked.
type Paging struct {
	// Iterator is the Go name of the method that walks them.
	Iterator string
	// Request is the field that holds Page; Page is nil where Request itself is
	// the token of a page.
	Request, Page *Field
	// Answer is the field that holds Offset and Total; both are nil where Answer
	// itself is the token of the next page.
	Answer, Offset, Total *Field
	// Items is the answer's field with the entries of the page.
	Items *Field
}

// Binding returns the method's binding for the protocol, or nil.
func (m *Method) Binding(p Protocol) *Binding {
	for _, b := range m.Bindings {
		if b.Protocol == p {
			return b
		}
	}
	return nil
}

// Default fills a request field that the caller left unset from a setting.
type Default struct {
	Field   *Field
	Setting string
}

// Binding is how one method travels over one protocol.
type Binding struct {
	Protocol  Protocol
	Operation *contract.Operation
	// Document is the name of the operation in GraphQL's document, and of what
	// the wire code calls it by; empty over other protocols.
	Document string
	// Request and Response are nil where there is nothing on the wire that the
	// caller gives or gets.
	Request, Response *Wire
	// Envelope is the field of the answer that holds the result, or nil.
	Envelope *contract.Field
	// Transcoded: over REST, the bodies are the JSON forms of the messages of the
	// method's gRPC binding.
	Transcoded bool
	// Streams: the answer is a stream. Over REST it is one of JSON documents that
	// each hold a "result", of the type of Response, or the "error" that ends it.
	Streams bool
	// Credential is none or bearer, as the contract says it; unknown where it
	// says nothing.
	Credential Credential
}

// Message is a flat type: a plain Go struct.
type Message struct {
	GoName string
	Doc    string
	// Request: the message travels to the server.
	Request bool
	Fields  []*Field
	// Oneofs are groups of fields of which at most one is set.
	Oneofs []*Oneof
	// Wires are the contract types that the message travels as, by protocol
	// order and then by name.
	Wires []*Wire
}

// Field returns the field of that logical name, or nil.
func (m *Message) Field(name string) *Field {
	for _, f := range m.Fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// HasSecret tells whether a value of the message can hold a secret.
func (m *Message) HasSecret() bool { return m.hasSecret(map[*Message]bool{}) }

func (m *Message) hasSecret(seen map[*Message]bool) bool {
	if seen[m] {
		return false
	}
	seen[m] = true
	for _, f := range m.Fields {
		if leaf := f.Type.Leaf(); f.Secret || leaf.Message != nil && leaf.Message.hasSecret(seen) {
			return true
		}
	}
	return false
}

// Field is a field of a flat type.
type Field struct {
	// Name is the logical name, the same on every protocol and in JSON.
	Name, GoName string
	Doc          string
	Deprecated   string
	Type         Type
	// Pointer: a request field whose zero value differs from leaving it out.
	Pointer bool
	// Required: the server demands a value.
	Required bool
	Secret   bool
	// Oneof is the group that the field belongs to, or nil. Such a field is a
	// pointer in answers, too.
	Oneof *Oneof
}

// Oneof is a group of fields of which at most one is set; if it is required,
// exactly one.
type Oneof struct {
	Name     string
	Required bool
	Fields   []*Field
}

// Oneofs are the groups of which the protocol's part has a field.
func (w *Wire) Oneofs() []*Oneof {
	var out []*Oneof
	for _, o := range w.Message.Oneofs {
		if slices.ContainsFunc(w.Fields, func(f *WireField) bool { return f.Field.Oneof == o && f.Contract != nil }) {
			out = append(out, o)
		}
	}
	return out
}

// Type is the Go-side type of a field.
type Type struct {
	Scalar contract.Scalar
	// List or Map (with string keys) of Scalar, or one value.
	List, Map bool
	// Elem is what each item is, for Scalar ScalarNested.
	Elem *Type
	// Message is set for Scalar ScalarMessage, Enum for ScalarEnum.
	Message *Message
	Enum    *Enum
}

// Single tells whether the type is one value, neither a list nor a map.
func (t Type) Single() bool { return !t.List && !t.Map }

// HasNil tells whether Go has nil for the type itself, so that a field of it is
// never a pointer.
func (t Type) HasNil() bool {
	switch t.Scalar {
	case contract.ScalarObject, contract.ScalarAny, contract.ScalarBytes:
		return true
	}
	return !t.Single()
}

// Leaf is the type without the lists and maps around it.
func (t Type) Leaf() Type {
	for t.Elem != nil {
		t = *t.Elem
	}
	t.List, t.Map = false, false
	return t
}

// Enum is a set of texts with a Go type of its own.
type Enum struct {
	GoName, Doc string
	Values      []*EnumValue
	// Wires, one for each protocol that has the enum, in order.
	Wires []*EnumWire
}

// Wire is how the enum travels over the protocol, or nil.
func (e *Enum) Wire(p Protocol) *EnumWire {
	for _, w := range e.Wires {
		if w.Protocol == p {
			return w
		}
	}
	return nil
}

// EnumValue is one value as callers see it.
type EnumValue struct {
	// Name is the logical name, the same on every protocol.
	Name, GoName    string
	Doc, Deprecated string
}

// EnumWire is how an enum travels over one protocol.
type EnumWire struct {
	Protocol Protocol
	Contract *contract.Enum
	Values   []EnumWireValue
}

// Has tells whether the protocol can express the value.
func (w *EnumWire) Has(v *EnumValue) bool {
	return slices.ContainsFunc(w.Values, func(o EnumWireValue) bool { return o.Value == v })
}

// Over are the protocols that can express the value.
func (e *Enum) Over(v *EnumValue) []Protocol {
	var out []Protocol
	for _, w := range e.Wires {
		if w.Has(v) {
			out = append(out, w.Protocol)
		}
	}
	return out
}

// EnumElsewhere are values that the same protocols have.
type EnumElsewhere struct {
	Values []*EnumValue
	Over   []Protocol
}

// Lacks are the values that only other protocols have, by these.
func (e *Enum) Lacks(w *EnumWire) []EnumElsewhere {
	var out []EnumElsewhere
	for _, v := range e.Values {
		if w.Has(v) {
			continue
		}
		over := e.Over(v)
		i := slices.IndexFunc(out, func(o EnumElsewhere) bool { return slices.Equal(o.Over, over) })
		if i < 0 {
			i, out = len(out), append(out, EnumElsewhere{Over: over})
		}
		out[i].Values = append(out[i].Values, v)
	}
	return out
}

// EnumWireValue is a name that one protocol has.
type EnumWireValue struct {
	Contract contract.EnumValue
	// Value is what the name stands for; nil: an absent value.
	Value *EnumValue
	// Alias: another name stands for the same value and is the one to send.
	Alias bool
}

// Wire is how a flat message travels over one protocol as one contract type.
type Wire struct {
	Protocol Protocol
	Message  *Message
	Contract *contract.Message
	Fields   []*WireField
}

// WireField is how one field travels.
type WireField struct {
	Field *Field
	// Contract is nil where the protocol does not have the field.
	Contract *contract.Field
	// Type is the field's type on the wire: the contract's, or for a transcoded
	// field that the contract writes as a text what the proto says it is.
	Type contract.Type
	// Presence: over this protocol a field that is not sent differs from a zero
	// value (for lists: from an empty list).
	Presence bool
	// Over are the protocols that can express what this one cannot.
	Over []Protocol
	// Wire is that of the message which the field, or the items of its list or
	// map, hold.
	Wire *Wire
	// Object is the message that wraps a free-form object, and Inner its field;
	// both nil where the object travels bare.
	Object *contract.Message
	Inner  *contract.Field
}

// Errors maps what servers say to status codes (canonical names).
type Errors struct {
	Messages         []MessageCode
	Extensions       []WordCode
	Codes            []WordCode
	NonCanonicalGRPC string
}

// MessageCode is an entry of the table of messages.
type MessageCode struct {
	Text   string
	Prefix bool
	Code   string
}

// WordCode is a word that stands for a code.
type WordCode struct {
	Word, Code string
}
