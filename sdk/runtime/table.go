package runtime

import (
	"net/http"
	"strconv"
	"strings"
)

// ErrorTable says how a server names its failures. Names that are canonical
// codes themselves ("not_found") are understood without an entry.
type ErrorTable struct {
	// Messages gives a code to GraphQL messages that come without one.
	Messages []MessageCode
	// Extensions gives a code to the extensions.code of a GraphQL error.
	Extensions map[string]Code
	// ServerCodes gives a code to the `code` of a REST error and to the
	// `error` of an OAuth error.
	ServerCodes map[string]Code
	// NonCanonicalGRPC is the code of a gRPC status outside 0 to 16. The zero
	// value means CodeUnknown.
	NonCanonicalGRPC Code
}

// MessageCode gives a code to one message, or with Prefix to every message
// that begins with it. An exact entry beats a prefix, a longer prefix a
// shorter one.
type MessageCode struct {
	// Message is what the server says or, with Prefix, how that begins.
	Message string
	// Prefix: what follows the message does not matter.
	Prefix bool
	// Code is what the message stands for.
	Code Code
}

// GRPCCode is the code for the number of a gRPC status, and the server's own
// text for it: the number where it is not canonical, otherwise empty.
func (t *ErrorTable) GRPCCode(status uint32) (Code, string) {
	if status <= uint32(CodeUnauthenticated) {
		return Code(status), ""
	}
	code := t.NonCanonicalGRPC
	if code == CodeOK {
		code = CodeUnknown
	}
	return code, strconv.FormatUint(uint64(status), 10)
}

// message looks a GraphQL message up.
func (t *ErrorTable) message(text string) (Code, bool) {
	code, length := CodeUnknown, -1
	for _, m := range t.Messages {
		if !m.Prefix && m.Message == text {
			return m.Code, true
		}
		if m.Prefix && len(m.Message) > length && strings.HasPrefix(text, m.Message) {
			code, length = m.Code, len(m.Message)
		}
	}
	return code, length >= 0
}

// extension looks the extensions.code of a GraphQL error up.
func (t *ErrorTable) extension(name string) (Code, bool) { return lookup(t.Extensions, name) }

// server looks a REST code or an OAuth error up.
func (t *ErrorTable) server(name string) (Code, bool) { return lookup(t.ServerCodes, name) }

// lookup never answers CodeOK: what reaches it is an error.
func lookup(table map[string]Code, name string) (Code, bool) {
	if name == "" {
		return CodeUnknown, false
	}
	code, ok := table[name]
	if !ok {
		code, ok = canonicalCode(name)
	}
	if code == CodeOK {
		return CodeUnknown, false
	}
	return code, ok
}

// codeFromHTTP is the code of an HTTP status where the body says nothing
// better. It follows the mapping in google/rpc/code.proto, read backwards;
// where several codes share a status, the least specific wins: 409 is
// aborted, not already_exists. 422 is what GraphQL servers answer to a
// document or variables that do not fit, 405 is a path without that verb.
func codeFromHTTP(status int) Code {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return CodeInvalidArgument
	case http.StatusUnauthorized:
		return CodeUnauthenticated
	case http.StatusForbidden:
		return CodePermissionDenied
	case http.StatusNotFound, http.StatusGone:
		return CodeNotFound
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return CodeUnimplemented
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return CodeDeadlineExceeded
	case http.StatusConflict:
		return CodeAborted
	case http.StatusPreconditionFailed:
		return CodeFailedPrecondition
	case http.StatusRequestedRangeNotSatisfiable:
		return CodeOutOfRange
	case http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusRequestHeaderFieldsTooLarge:
		return CodeResourceExhausted
	case 499: // nginx: the client closed the request
		return CodeCanceled
	case http.StatusInternalServerError:
		return CodeInternal
	case http.StatusBadGateway, http.StatusServiceUnavailable:
		return CodeUnavailable
	}
	return CodeUnknown
}
