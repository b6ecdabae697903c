package runtime

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxGraphQLErrors is how many errors of one answer are kept.
const maxGraphQLErrors = 16

// graphqlErrors makes an error of the `errors` of an answer, nil if there are
// none. Data beside errors does not help: a result with holes in it is not
// the same value as over the other protocols.
func (c *Call) graphqlErrors(r *reply, raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	var decoded any
	if json.Unmarshal(raw, &decoded) != nil || decoded == nil {
		return nil
	}
	list, ok := decoded.([]any)
	if ok && len(list) == 0 {
		return nil
	}
	if !ok {
		list = []any{decoded}
	}
	return c.joinGraphQLErrors(r, list)
}

// joinGraphQLErrors makes one error of several: all messages, and the code of
// the first error that has one.
func (c *Call) joinGraphQLErrors(r *reply, list []any) *Error {
	e := c.Fail(CodeUnknown, "", nil)
	e.HTTPStatus = r.status
	var messages []string
	for _, item := range list[:min(len(list), maxGraphQLErrors)] {
		one := parseGraphQLError(item)
		messages = append(messages, one.message)
		if code, ok := c.graphqlCode(one); ok && e.Code == CodeUnknown {
			e.Code = code
		}
		if e.ServerCode == "" {
			e.ServerCode = shorten(one.code)
		}
		if one.field != "" {
			e.Violations = append(e.Violations, FieldViolation{shorten(one.field), shorten(one.message)})
		}
	}
	if e.Code == CodeUnknown && !r.ok() {
		e.Code = codeFromHTTP(r.status)
	}
	e.Message = shorten(strings.Join(messages, "; "))
	return e
}

// graphqlCode is the code of one error, if anything says it.
func (c *Call) graphqlCode(e graphqlError) (Code, bool) {
	if code, ok := c.ErrorTable().extension(e.code); ok {
		return code, true
	}
	return c.ErrorTable().message(e.message)
}

// graphqlError is what matters of one element of `errors`.
type graphqlError struct{ message, code, field string }

// parseGraphQLError takes what it can from one element of `errors`, however
// malformed that is.
func parseGraphQLError(item any) graphqlError {
	if text, ok := item.(string); ok {
		item = map[string]any{"message": text}
	}
	m, _ := item.(map[string]any)
	extensions, _ := m["extensions"].(map[string]any)
	path, _ := m["path"].([]any)
	e := graphqlError{message: firstText(m, "message"), field: variableField(path)}
	switch code := extensions["code"].(type) {
	case string:
		e.code = code
	case float64, json.Number:
		e.code = fmt.Sprint(code)
	}
	if e.message == "" {
		e.message = "an error without a message"
	}
	return e
}

// variableField is the request's field that a path like ["variable",
// "params", "checks", 0, "object"] points at: "checks[0].object". The name of
// the variable itself is dropped where a field of it follows.
func variableField(path []any) string {
	if len(path) < 2 || path[0] != "variable" {
		return ""
	}
	path = path[1:]
	if len(path) > 1 {
		if _, named := path[1].(string); named {
			path = path[1:]
		}
	}
	var b strings.Builder
	for _, step := range path {
		switch step := step.(type) {
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(step)
		case float64, json.Number:
			fmt.Fprintf(&b, "[%v]", step)
		}
	}
	return b.String()
}
