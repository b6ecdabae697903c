package serve

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Errorf makes an error for an implementation to return. The code decides the
// HTTP status and the gRPC status; the text is the message, the same over every
// protocol. Set ServerCode on it for a word of the server's own
// ("invalid_grant"), or for a gRPC status that is not canonical ("2017"), and
// HTTPStatus for another HTTP status than the code's.
//
// An implementation may return any other error too: that of a context keeps its
// code, all others are internal. Their text goes to the caller as it is, so do
// not return what callers must not see.
func Errorf(code runtime.Code, format string, args ...any) *runtime.Error {
	return &runtime.Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Unimplemented is the error of a method that an implementation does not have.
func Unimplemented(method string) error {
	return Errorf(runtime.CodeUnimplemented, "method %s is not implemented", method)
}

// asError makes one of any error: those of a context keep their code, all others
// are internal.
func asError(err error) *runtime.Error {
	var e *runtime.Error
	switch {
	case errors.As(err, &e):
		if e.Code == runtime.CodeOK {
			e = &runtime.Error{Code: runtime.CodeUnknown, Message: e.Message}
		}
		return e
	case errors.Is(err, context.Canceled):
		return Errorf(runtime.CodeCanceled, "%s", err)
	case errors.Is(err, context.DeadlineExceeded):
		return Errorf(runtime.CodeDeadlineExceeded, "%s", err)
	}
	return Errorf(runtime.CodeInternal, "%s", err)
}

// number is the gRPC status that the error asks for, if it is not canonical.
func number(e *runtime.Error) (uint32, bool) {
	n, err := strconv.ParseUint(e.ServerCode, 10, 32)
	return uint32(n), err == nil && n > uint64(runtime.CodeUnauthenticated)
}

// word is the server's own word for the error, if it has one.
func word(e *runtime.Error) string {
	if _, err := strconv.ParseUint(e.ServerCode, 10, 64); err == nil {
		return ""
	}
	return e.ServerCode
}

// httpStatus is the status of a code, as google/rpc/code.proto has it.
func httpStatus(e *runtime.Error) int {
	if e.HTTPStatus >= http.StatusBadRequest {
		return e.HTTPStatus
	}
	switch e.Code {
	case runtime.CodeCanceled:
		return 499
	case runtime.CodeInvalidArgument, runtime.CodeFailedPrecondition, runtime.CodeOutOfRange:
		return http.StatusBadRequest
	case runtime.CodeDeadlineExceeded:
		return http.StatusGatewayTimeout
	case runtime.CodeNotFound:
		return http.StatusNotFound
	case runtime.CodeAlreadyExists, runtime.CodeAborted:
		return http.StatusConflict
	case runtime.CodePermissionDenied:
		return http.StatusForbidden
	case runtime.CodeUnauthenticated:
		return http.StatusUnauthorized
	case runtime.CodeResourceExhausted:
		return http.StatusTooManyRequests
	case runtime.CodeUnimplemented:
		return http.StatusNotImplemented
	case runtime.CodeUnavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}
