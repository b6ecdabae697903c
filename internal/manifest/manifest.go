// Package manifest reads manifest.yaml: which methods exist, over which
// protocols each can be called, and the few facts about the wire that the
// contracts do not tell. Every value keeps its position, unknown keys are
// findings, and all findings are reported at once.
package manifest

import "github.com/triwire/authorizer-sdk/internal/diag"

// File is a whole manifest.
type File struct {
	Pos diag.Pos `yaml:"-"`
	// Version is the version of the manifest format: 1.
	Version Int `yaml:"version"`
	// API names the API in messages and tells the version of its contracts.
	API API `yaml:"api"`
	// Contracts says where the contract files are; a protocol without an entry
	// does not exist for this API.
	Contracts Contracts `yaml:"contracts"`
	// Output says where generated code goes.
	Output Output `yaml:"output"`
	// Naming holds what Go names cannot be derived from.
	Naming Naming `yaml:"naming"`
	// Scalars binds GraphQL custom scalars to string, bool, int32, int64, uint32,
	// uint64, float32, float64, bytes (base64), timestamp (RFC 3339), duration
	// ("3.5s"), object, any, or a map of one type such as map<string>.
	Scalars map[string]Text `yaml:"scalars"`
	// Objects are messages that only wrap a free-form JSON object.
	Objects []Object `yaml:"objects"`
	// Settings are the values that a client is constructed with.
	Settings []Setting `yaml:"settings"`
	// Headers are sent on every call, as HTTP headers and gRPC metadata.
	Headers []Header `yaml:"headers"`
	// Services group the methods; each becomes a client type.
	Services []Service `yaml:"services"`
	// Fields are what the contracts do not agree on, with the reason.
	Fields []FieldRule `yaml:"fields"`
	// Docs describes types and fields in the SDK, by Type, field or Type.field.
	Docs map[string]Text `yaml:"docs"`
	// Secrets are field names whose values are never printed, in any message.
	Secrets []Text `yaml:"secrets"`
	// Defaults fill request fields that the caller left unset from settings.
	Defaults []Default `yaml:"defaults"`
	// Paging are the ways in which lists come in pages. A method whose request
	// and answer have the fields of one gets an iterator over all pages: AllUsers
	// for Users or ListUsers.
	Paging []Paging `yaml:"paging"`
	// Tokens is the method that gets new tokens for old ones.
	Tokens *Tokens `yaml:"tokens"`
	// Errors maps what servers say on failure to status codes.
	Errors Errors `yaml:"errors"`
	// Ignored are operations of the contracts that no row covers, on purpose.
	Ignored []Ignored `yaml:"ignored"`
	// Accepted are findings of the check that are as they should be.
	Accepted []Accepted `yaml:"accepted"`
	// AcceptedPlaces is a file beside the manifest that lists all places that
	// open entries of Accepted stand for, so that a new one is a finding; without
	// it they stand for whatever comes.
	AcceptedPlaces Text `yaml:"accepted_places"`
	// Groups are the headings of the reference, in order. A row that names none
	// stands under that of its service; without one, under the service itself.
	Groups []Group `yaml:"groups"`
	// Examples are what fields hold in the reference's examples, by field or
	// Type.field.
	Examples map[string]Value `yaml:"examples"`
	// Methods are the rows.
	Methods []Method `yaml:"methods"`
}

// API is the head of a manifest.
type API struct {
	// Name is what the API is called in messages.
	Name Text `yaml:"name"`
	// Contract is the version of the contracts, for messages and documentation.
	Contract Text `yaml:"contract"`
}

// Contracts says where each contract is.
type Contracts struct {
	// GraphQL, REST and GRPC are the contracts, one for each protocol that the API
	// has.
	GraphQL *GraphQLContract `yaml:"graphql"`
	REST    *RESTContract    `yaml:"rest"`
	GRPC    *GRPCContract    `yaml:"grpc"`
}

// GraphQLContract is a schema file and the path that the server answers on.
type GraphQLContract struct {
	Pos diag.Pos `yaml:"-"`
	// Schema is the file with the schema, relative to the manifest.
	Schema Text `yaml:"schema"`
	// Path is the path that servers answer GraphQL on, such as /graphql.
	Path Text `yaml:"path"`
}

// RESTContract is one or more OpenAPI 3 documents that are read as one.
type RESTContract struct {
	Pos diag.Pos `yaml:"-"`
	// Documents are the files, relative to the manifest. They are read as one.
	Documents []Text `yaml:"documents"`
	// Base is the path that all paths of the documents lie below. Without it, it is
	// that of each document's first server, or of the first server that a path or an
	// operation has of its own; "/" is none. It is a part of the operations' paths:
	// POST /api/v1/users.
	Base Text `yaml:"base"`
	// Transcoded: the REST surface is a gRPC-JSON transcoding of the protos, so
	// that presence, and what an empty list means, follow the protos.
	Transcoded Bool `yaml:"transcoded"`
}

// GRPCContract is the root directory of the proto files and the default port.
type GRPCContract struct {
	Pos diag.Pos `yaml:"-"`
	// Protos is the directory, relative to the manifest, that imports of the proto
	// files start at.
	Protos Text `yaml:"protos"`
	// Port is the port that servers listen on for gRPC where the SDK is not told
	// another address.
	Port Int `yaml:"port"`
	// PublicOption is the full name of the boolean method option that marks
	// methods which need no credential, where the protos have one.
	PublicOption Text `yaml:"public_option"`
}

// Output says where generated code goes, relative to the manifest.
type Output struct {
	// Wire is the directory of the wire code, default "gen".
	Wire Text `yaml:"wire"`
	// SDK is the directory of the SDK, default "sdk".
	SDK Text `yaml:"sdk"`
	// Server is the directory of the server adapters: an interface for each
	// service, served over every protocol. Without it there are none.
	Server Text `yaml:"server"`
	// Docs is the directory of the reference; without it none is written.
	Docs Text `yaml:"docs"`
	// Package is the name of the SDK's Go package.
	Package Text `yaml:"package"`
	// Runtime is the import path of the runtime package, for SDKs outside of
	// the module that holds it.
	Runtime Text `yaml:"runtime"`
}

// Naming holds what Go names cannot be derived from.
type Naming struct {
	// Initialisms are words that Go names spell in capitals (ID, URL, JWT).
	Initialisms []Text `yaml:"initialisms"`
	// Types renames flat types: contract type name to Go name.
	Types map[string]Text `yaml:"types"`
	// Fields renames fields of flat types in Go: Type.field, in the SDK's own
	// names, to Go name. Their names in JSON stay.
	Fields map[string]Text `yaml:"fields"`
	// Methods renames methods in Go: the name of a row to Go name.
	Methods map[string]Text `yaml:"methods"`
}

// Object is a message that only wraps a free-form JSON object in one field.
type Object struct {
	Pos diag.Pos `yaml:"-"`
	// REST and GRPC are the message's names in the contracts that have it; one of
	// them or both.
	REST Text `yaml:"rest"`
	GRPC Text `yaml:"grpc"`
	// Field is the one field that holds the object.
	Field Text `yaml:"field"`
}

// Setting is a value that a client is constructed with.
type Setting struct {
	Pos diag.Pos `yaml:"-"`
	// Name is the setting's name, in snake case; headers and defaults refer to it.
	Name Text `yaml:"name"`
	// Doc says what it is, in the documentation of the constructor or option.
	Doc Text `yaml:"doc"`
	// Secret keeps the value out of all messages.
	Secret Bool `yaml:"secret"`
	// Option is the name of the Go option that sets it; a setting that no
	// service requires needs one.
	Option Text `yaml:"option"`
}

// Header is sent on every call. Its value may hold settings in braces, and
// {origin} and {url}; it is left out while one of them is not set.
type Header struct {
	Pos diag.Pos `yaml:"-"`
	// Name is that of the HTTP header and of the gRPC metadata.
	Name Text `yaml:"name"`
	// Value is what is sent: text with settings in braces.
	Value Text `yaml:"value"`
	// Protocols are those that it is sent over; default all.
	Protocols []Text `yaml:"protocols"`
}

// Service is a group of methods with a client of its own.
type Service struct {
	Pos diag.Pos `yaml:"-"`
	// Name is what rows refer to the service by, in snake case.
	Name Text `yaml:"name"`
	// Doc is what follows the client's name in its documentation: "Client DOC".
	Doc Text `yaml:"doc"`
	// Client is the Go name of the client type, Constructor that of the
	// function that makes one.
	Client      Text `yaml:"client"`
	Constructor Text `yaml:"constructor"`
	// Group is the heading in the reference of methods that name none.
	Group Text `yaml:"group"`
	// Requires are settings that are arguments of the constructor.
	Requires []Text `yaml:"requires"`
	// GraphQL, REST and GRPC are the conventions by which a row's operation is
	// found: "{name}" stands for the row's name (get_user), "{Name}" for it in camel
	// case (GetUser), "{camelName}" for it in lower camel case (getUser).
	GraphQL Text `yaml:"graphql"`
	REST    Text `yaml:"rest"`
	GRPC    Text `yaml:"grpc"`
}

// FieldRule is what the contracts do not agree on about one field.
type FieldRule struct {
	Pos diag.Pos `yaml:"-"`
	// Type and Field name the field by its flat type and its logical name.
	Type  Text `yaml:"type"`
	Field Text `yaml:"field"`
	// GraphQL, REST and GRPC are the field's name where it is another one.
	GraphQL Text `yaml:"graphql"`
	REST    Text `yaml:"rest"`
	GRPC    Text `yaml:"grpc"`
	// Omit leaves the field out of the SDK and says why.
	Omit Text `yaml:"omit"`
	// Only keeps a request field although just these protocols have it; a call
	// over another protocol that sets it fails before it is sent.
	Only []Text `yaml:"only"`
	// Reason says why only these protocols have it, or why one of them calls it
	// otherwise; without one the check reports it.
	Reason Text `yaml:"reason"`
	// Doc describes the field in the SDK.
	Doc Text `yaml:"doc"`
}

// Default fills a request field that the caller left unset from a setting.
type Default struct {
	Pos diag.Pos `yaml:"-"`
	// Field is the request field, by its logical name.
	Field Text `yaml:"field"`
	// Setting is the setting that it is filled from.
	Setting Text `yaml:"setting"`
	// Methods are the rows whose requests it is filled in.
	Methods []Text `yaml:"methods"`
}

// Tokens is the method that gets new tokens for old ones, from which the client
// of its service makes a source of tokens.
type Tokens struct {
	Pos diag.Pos `yaml:"-"`
	// Method is the row.
	Method Text `yaml:"method"`
	// Constants are request fields and their values.
	Constants map[string]Text `yaml:"constants"`
	// Refresh is the field, of request and answer, with the refresh token;
	// Access and ExpiresIn (seconds) are fields of the answer.
	Refresh   Text `yaml:"refresh"`
	Access    Text `yaml:"access"`
	ExpiresIn Text `yaml:"expires_in"`
}

// Paging is a way in which lists come in pages.
type Paging struct {
	Pos diag.Pos `yaml:"-"`
	// Style is number (pages have numbers) or token (an answer names the next
	// page by a token).
	Style Text `yaml:"style"`
	// Request is the request's field that holds Page, or that is the token;
	// Answer the answer's field that holds Offset and Total, or that is the token.
	// Page, Offset and Total are for the style number only.
	Request Text `yaml:"request"`
	Page    Text `yaml:"page"`
	Answer  Text `yaml:"answer"`
	Offset  Text `yaml:"offset"`
	Total   Text `yaml:"total"`
}

// Errors maps what servers say on failure to status codes.
type Errors struct {
	// Messages are for GraphQL answers that carry nothing but a message.
	Messages []Message `yaml:"messages"`
	// Extensions are values of GraphQL's extensions.code.
	Extensions map[string]Text `yaml:"extensions"`
	// Codes are words that REST answers carry as code or error, as far as they
	// are not the canonical names.
	Codes map[string]Text `yaml:"codes"`
	// NonCanonicalGRPC stands for gRPC codes above 16; default unknown.
	NonCanonicalGRPC Text `yaml:"noncanonical_grpc"`
}

// Message is one entry of the message table: an exact text or a prefix.
type Message struct {
	Pos diag.Pos `yaml:"-"`
	// Text is the whole message, Prefix what messages begin with; one of them.
	Text   Text `yaml:"text"`
	Prefix Text `yaml:"prefix"`
	// Code is the status code that it stands for.
	Code Text `yaml:"code"`
}

// Method is one row.
type Method struct {
	Pos diag.Pos `yaml:"-"`
	// Name is the method's name, in snake case; its Go name is made of it.
	Name Text `yaml:"name"`
	// Service is the service that it belongs to.
	Service Text `yaml:"service"`
	// Doc is what follows the method's name in its documentation: "GetUser DOC".
	Doc Text `yaml:"doc"`
	// Protocols are those that it can be called over.
	Protocols []Text `yaml:"protocols"`
	// Always sends the method over this protocol, whatever is selected; only rest,
	// for a row whose one protocol that is.
	Always Text `yaml:"always"`
	// GraphQL, REST and GRPC spell out the operation where the service's
	// convention does not lead to it.
	GraphQL Text `yaml:"graphql"`
	REST    Text `yaml:"rest"`
	GRPC    Text `yaml:"grpc"`
	// Body names, for rest and graphql, the request's field that the body or the
	// one input object is; "*" says that its fields are fields of the request. A
	// body that is no object, such as a list, is always one field.
	// Without it the google.api.http rule of the gRPC method decides, and then
	// whether the gRPC request has a message of the argument's name.
	Body map[string]Text `yaml:"body"`
	// Envelope names, per protocol, the answer's field that holds the result.
	Envelope map[string]Text `yaml:"envelope"`
	// Answer names, per protocol, the field that an answer is as a whole, which is
	// no object: a list, a map, a single value. Without it the response_body of the
	// google.api.http rule says it, or the field of that type in the object which
	// another protocol answers; without any it is items for a list, and value for
	// all else. An object can be named, too, and is then that one field.
	Answer map[string]Text `yaml:"answer"`
	// Destructive: the call destroys data. Idempotent: sending it twice is the
	// same as sending it once.
	Destructive Bool `yaml:"destructive"`
	Idempotent  Bool `yaml:"idempotent"`
	// EndsSession: when the method succeeds, the caller's session is over.
	EndsSession Bool `yaml:"ends_session"`
	// Deprecated says what to use instead.
	Deprecated Text `yaml:"deprecated"`
	// Secrets are fields of this row's request and answer that are secret.
	Secrets []Text `yaml:"secrets"`
	// Group is the row's heading in the reference.
	Group Text `yaml:"group"`
	// Credential is what the method is called with, where the contracts do not
	// say it: bearer (a user's token or session), cookie (a session only), none.
	Credential Text `yaml:"credential"`
	// Errors are the failures that the method is known for: texts and prefixes
	// of errors.messages, words of errors.codes, or codes.
	Errors []Text `yaml:"errors"`
	// Example is the request that the reference shows, by field. Required fields
	// that it leaves out come from Examples.
	Example Value `yaml:"example"`
}
