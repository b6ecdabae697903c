package ir

// Group is a heading of the reference and the methods below it.
type Group struct {
	Name, Title, Doc string
	Methods          []*Method
}

// Credential is what a method is called with.
type Credential string

// The credentials. A user's token also stands for a session's cookie.
const (
	// CredentialUnknown: neither the contracts nor the manifest say it.
	CredentialUnknown Credential = ""
	// CredentialNone: everybody may call.
	CredentialNone Credential = "none"
	// CredentialBearer: a user's token.
	CredentialBearer Credential = "bearer"
	// CredentialCookie: the cookie of a session, and no token.
	CredentialCookie Credential = "cookie"
	// CredentialSetting: a secret setting of the client, which it always sends.
	CredentialSetting Credential = "setting"
)

// MethodError is a failure that a method is known for.
type MethodError struct {
	Code string
	// Text is what the server says, or the beginning of it; Word is the word
	// that its answer carries instead of a code. Both may be empty.
	Text   string
	Prefix bool
	Word   string
}

// Example is a message with something in it, in the order of its fields.
type Example struct {
	Message *Message
	Fields  []ExampleField
}

// Field returns the value of a field, or nil where the example leaves it out.
func (e *Example) Field(f *Field) *ExampleValue {
	for i := range e.Fields {
		if e.Fields[i].Field == f {
			return &e.Fields[i].Value
		}
	}
	return nil
}

// ExampleField is one field of an example.
type ExampleField struct {
	Field *Field
	Value ExampleValue
}

// ExampleValue holds a value by the field's type: a list of values, a message,
// or else a string (also for enums), bool, a number, time.Time or time.Duration.
// For free-form values, and for maps and lists of lists, it is what encoding/json
// makes of them.
type ExampleValue struct {
	List    []ExampleValue
	Message *Example
	Plain   any
}
