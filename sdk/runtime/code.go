package runtime

import (
	"fmt"
	"strings"
)

// Code says what kind of failure an [Error] is. The codes are the canonical
// codes of gRPC, numbers 0 to 16, and are the same over every protocol.
type Code uint32

// The canonical codes.
const (
	CodeOK                 Code = 0  // no failure; an Error never has it
	CodeCanceled           Code = 1  // the caller gave up
	CodeUnknown            Code = 2  // the server did not say what kind of failure it is
	CodeInvalidArgument    Code = 3  // the request is wrong, whatever the server's state
	CodeDeadlineExceeded   Code = 4  // the time for the call ran out
	CodeNotFound           Code = 5  // what was asked for does not exist
	CodeAlreadyExists      Code = 6  // what was to be made exists
	CodePermissionDenied   Code = 7  // the caller is known and may not do this
	CodeResourceExhausted  Code = 8  // a limit was reached: a rate, a quota, a size
	CodeFailedPrecondition Code = 9  // the state of server or client does not allow the call
	CodeAborted            Code = 10 // a conflict with another call; may work when tried again
	CodeOutOfRange         Code = 11 // a position past the end
	CodeUnimplemented      Code = 12 // the method is not offered, or not over this protocol
	CodeInternal           Code = 13 // the server, or its answer, is broken
	CodeUnavailable        Code = 14 // the server cannot be reached at the moment
	CodeDataLoss           Code = 15 // data is lost or damaged
	CodeUnauthenticated    Code = 16 // no valid credential
)

// codeNames holds the text of every code, indexed by it.
func codeNames() [17]string {
	return [17]string{
		"ok", "canceled", "unknown", "invalid_argument", "deadline_exceeded",
		"not_found", "already_exists", "permission_denied", "resource_exhausted",
		"failed_precondition", "aborted", "out_of_range", "unimplemented",
		"internal", "unavailable", "data_loss", "unauthenticated",
	}
}

// String is the canonical name in lower snake case, "invalid_argument"; a
// number that is no code prints as "code(99)".
func (c Code) String() string {
	names := codeNames()
	if int64(c) < int64(len(names)) {
		return names[c]
	}
	return fmt.Sprintf("code(%d)", uint32(c))
}

// canonicalCode reads a canonical name in any letter case: "invalid_argument" and
// "INVALID_ARGUMENT" are the same. The British spelling is understood because
// servers send it.
func canonicalCode(s string) (Code, bool) {
	s = strings.ToLower(s)
	if s == "cancelled" {
		return CodeCanceled, true
	}
	for i, name := range codeNames() {
		if s == name {
			return Code(i), true
		}
	}
	return CodeUnknown, false
}

// codeError is the type of the sentinels: a code on its own, to be compared
// with, never returned by a call.
type codeError Code

func (c codeError) Error() string { return Code(c).String() }

// The sentinels, one for each code: errors.Is(err, ErrNotFound) reports
// whether err is an [*Error] with [CodeNotFound].
var (
	ErrCanceled           error = codeError(CodeCanceled)           // matches errors with [CodeCanceled]
	ErrUnknown            error = codeError(CodeUnknown)            // matches errors with [CodeUnknown]
	ErrInvalidArgument    error = codeError(CodeInvalidArgument)    // matches errors with [CodeInvalidArgument]
	ErrDeadlineExceeded   error = codeError(CodeDeadlineExceeded)   // matches errors with [CodeDeadlineExceeded]
	ErrNotFound           error = codeError(CodeNotFound)           // matches errors with [CodeNotFound]
	ErrAlreadyExists      error = codeError(CodeAlreadyExists)      // matches errors with [CodeAlreadyExists]
	ErrPermissionDenied   error = codeError(CodePermissionDenied)   // matches errors with [CodePermissionDenied]
	ErrResourceExhausted  error = codeError(CodeResourceExhausted)  // matches errors with [CodeResourceExhausted]
	ErrFailedPrecondition error = codeError(CodeFailedPrecondition) // matches errors with [CodeFailedPrecondition]
	ErrAborted            error = codeError(CodeAborted)            // matches errors with [CodeAborted]
	ErrOutOfRange         error = codeError(CodeOutOfRange)         // matches errors with [CodeOutOfRange]
	ErrUnimplemented      error = codeError(CodeUnimplemented)      // matches errors with [CodeUnimplemented]
	ErrInternal           error = codeError(CodeInternal)           // matches errors with [CodeInternal]
	ErrUnavailable        error = codeError(CodeUnavailable)        // matches errors with [CodeUnavailable]
	ErrDataLoss           error = codeError(CodeDataLoss)           // matches errors with [CodeDataLoss]
	ErrUnauthenticated    error = codeError(CodeUnauthenticated)    // matches errors with [CodeUnauthenticated]
)
