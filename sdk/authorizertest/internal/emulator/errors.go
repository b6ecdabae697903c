package emulator

import (
	"errors"
	"fmt"
	"strconv"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// fail is an error with a code and the real server's message.
func fail(code authorizer.Code, message string) error {
	return &authorizer.Error{Code: code, Message: message}
}

func invalid(format string, args ...any) error {
	return fail(authorizer.CodeInvalidArgument, fmt.Sprintf(format, args...))
}

func unauthenticated(message string) error { return fail(authorizer.CodeUnauthenticated, message) }

func denied(message string) error { return fail(authorizer.CodePermissionDenied, message) }

func notFound(message string) error { return fail(authorizer.CodeNotFound, message) }

func precondition(message string) error { return fail(authorizer.CodeFailedPrecondition, message) }

// internal is what the real server answers for everything that it has no code
// for, such as an id that does not exist.
func internal(format string, args ...any) error {
	return fail(authorizer.CodeInternal, fmt.Sprintf(format, args...))
}

func unauthorized() error { return unauthenticated("unauthorized") }

// noRecord is the answer for an id or an address that does not exist.
func noRecord() error { return internal("record not found") }

// oauth is an error of the OAuth endpoints: an HTTP status, a word of RFC 6749
// and a description.
func oauth(status int, word, description string) error {
	code := authorizer.CodeInvalidArgument
	if status == 401 {
		code = authorizer.CodeUnauthenticated
	}
	return &authorizer.Error{Code: code, Message: description, ServerCode: word, HTTPStatus: status}
}

// numbered is an error of the FGA engine, whose number has no canonical meaning.
func numbered(number uint32, message string) error {
	return &authorizer.Error{Code: authorizer.CodeInternal, Message: message, ServerCode: strconv.FormatUint(uint64(number), 10)}
}

// asError is the error as one with a code, nil if it is none.
func asError(err error) *authorizer.Error {
	var e *authorizer.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}
