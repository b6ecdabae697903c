package runtime

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// errorFromBody makes an error of an answer whose status says failure. The
// shapes that are understood, in the first JSON document of the body:
//
//	{"code": "unauthenticated", "message": "..."}       REST
//	{"error": "invalid_grant", "error_description": "..."}  OAuth, RFC 6749
//	{"code": 16, "message": "...", "details": [...]}    google.rpc.Status
//	{"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "..."}}
//	{"title": "...", "status": 401, "detail": "..."}    RFC 9457
//
// Anything else is an error too, with the code of the HTTP status.
func (c *Call) errorFromBody(r *reply) *Error {
	doc := firstDocument(r)
	if nested, ok := doc["error"].(map[string]any); ok {
		doc = nested
	}
	if list, ok := doc["errors"].([]any); ok && len(list) > 0 && c.Protocol() == ProtocolGraphQL {
		return c.joinGraphQLErrors(r, list)
	}
	message := firstText(doc, "message", "error_description", "error", "detail", "title", "status", "code")
	if message == "" {
		return c.badAnswer(r, "says nothing that can be read", nil)
	}
	code, name := c.serverCode(r.status, doc)
	e := c.Fail(code, message, nil)
	e.HTTPStatus, e.ServerCode = r.status, shorten(name)
	e.Violations = badRequest(doc["details"])
	return e
}

// firstDocument is the first JSON object of a body, nil if there is none,
// whatever the content type. A server that goes on after it has failed may
// write a second one.
func firstDocument(r *reply) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.UseNumber()
	var doc map[string]any
	if decoder.Decode(&doc) != nil {
		return nil
	}
	return doc
}

// firstText is the first of several members that is a text with something in it.
func firstText(doc map[string]any, names ...string) string {
	for _, name := range names {
		if s, ok := doc[name].(string); ok && strings.TrimSpace(s) != "" {
			return s
		}
	}
	return ""
}

// serverCode is the code of an error document and the server's own name for
// it. What the server says comes before what its HTTP status says.
func (c *Call) serverCode(status int, doc map[string]any) (Code, string) {
	for _, member := range []string{"code", "status", "error"} {
		name := firstText(doc, member)
		if code, ok := c.ErrorTable().server(name); ok {
			return code, name
		}
	}
	name := firstText(doc, "code", "error", "status")
	if number, ok := doc["code"].(json.Number); ok {
		name = number.String()
		n, err := strconv.ParseUint(name, 10, 32)
		if err == nil && n > 0 && n <= uint64(CodeUnauthenticated) {
			return Code(n), name
		}
	}
	return codeFromHTTP(status), name
}

// badRequest reads the field violations out of the details of a
// google.rpc.Status.
func badRequest(details any) []FieldViolation {
	list, _ := details.([]any)
	var found []FieldViolation
	for _, item := range list {
		detail, _ := item.(map[string]any)
		violations, _ := detail["fieldViolations"].([]any)
		for _, v := range violations {
			violation, _ := v.(map[string]any)
			if field := firstText(violation, "field"); field != "" {
				found = append(found, FieldViolation{shorten(field), shorten(firstText(violation, "description"))})
			}
		}
	}
	return found
}
