package runtime

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxMessage bounds what of a server's message is kept, in bytes.
const maxMessage = 4096

// Error is the one type of error that a call returns, over every protocol.
// Ask for its kind with errors.Is and a sentinel ([ErrNotFound]), for its
// parts with errors.As. What a server said is in Message. No text of an Error
// holds the body of a request or a credential, be it that the server quotes it.
type Error struct {
	// Code is the kind of failure, the same over every protocol. It is never
	// CodeOK.
	Code Code
	// Message is what the server said, or what the SDK has to say about an
	// answer or a request that it refused.
	Message string
	// Method is the method's name in the manifest, "verify_otp".
	Method string
	// Protocol is the protocol of the call; empty if it failed before one
	// could be chosen.
	Protocol Protocol
	// HTTPStatus is the status of the answer, 0 where there was none and over
	// gRPC.
	HTTPStatus int
	// ServerCode is the server's own name for the failure, as it came:
	// "invalid_grant", "GRAPHQL_VALIDATION_FAILED", "2017"; empty if it gave none.
	ServerCode string
	// Violations names the fields that were wrong, where that is known.
	Violations []FieldViolation

	cause error
}

// FieldViolation is one field of a request and what is wrong with it. Field
// is a path in the names of the wire: "pagination.limit", "tuples[2].user".
type FieldViolation struct {
	// Field is the field's path as the server names it, Description what is
	// wrong with its value.
	Field, Description string
}

// Error is one text of the form
//
//	login over rest: unauthenticated: invalid credentials (HTTP 401)
//
// followed by the violations, if there are any.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Method)
	if e.Protocol != "" {
		fmt.Fprintf(&b, " over %s", e.Protocol)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(e.Code.String())
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	// 200 says nothing, and what the SDK says of an answer has its status.
	if status := fmt.Sprintf("HTTP %d", e.HTTPStatus); e.HTTPStatus != 0 && e.HTTPStatus != 200 && !strings.Contains(e.Message, status) {
		b.WriteString(" (" + status + ")")
	}
	for i, v := range e.Violations {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		b.WriteString(separator + v.Field + ": " + v.Description)
	}
	return b.String()
}

// Unwrap is the cause, nil if there is none: the error of the connection, or
// context.Canceled and context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the sentinel of the error's code. For
// [context.DeadlineExceeded] it does not matter whose clock ran out: servers
// keep to the caller's deadline as well.
func (e *Error) Is(target error) bool {
	if target == context.DeadlineExceeded { //nolint:errorlint // as errors.Is has it
		return e.Code == CodeDeadlineExceeded
	}
	c, ok := target.(codeError)
	return ok && Code(c) == e.Code
}

// cutMark stands where a message was cut.
const cutMark = "..."

// shorten cuts a message to maxMessage bytes without cutting a character, and
// makes it valid UTF-8.
func shorten(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxMessage {
		return s
	}
	cut := maxMessage
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + cutMark
}
