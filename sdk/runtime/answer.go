package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// What counts as a good answer, over GraphQL and REST alike: a status of 2xx,
// a content type that is JSON, and one JSON document that is not null and fits
// the type. A content type that is missing, or text/plain, is let pass if the
// rest holds, since small servers and stubs often leave it to chance; HTML and
// everything else is not, whatever it contains.

// decodeREST decodes an answer into out, or makes an error of it.
func (c *Call) decodeREST(r *reply, out any) error {
	if !r.ok() {
		return c.errorFromBody(r)
	}
	result := out
	if _, ignored := out.(*struct{}); ignored {
		if len(bytes.TrimSpace(r.body)) == 0 {
			return nil
		}
		out = new(json.RawMessage)
	}
	if c.method.MayBeEmpty && len(bytes.TrimSpace(r.body)) == 0 {
		return nil
	}
	if c.method.MayBeNull && isJSON(r.contentType) && string(bytes.TrimSpace(r.body)) == "null" {
		return nil
	}
	if err := c.checkDocument(r); err != nil {
		return err
	}
	err := unmarshal(r.body, out)
	if err != nil && unmarshalGenerous(r.body, out) != nil {
		if e := c.disguisedOther(r, out); e != nil {
			return e
		}
		return c.undecodable(r, err)
	}
	if e := c.disguised(r, result); e != nil {
		return e
	}
	return nil
}

// decodeGraphQL decodes the data of an answer into the value that data points
// to, or makes an error of it.
func (c *Call) decodeGraphQL(r *reply, data any) error {
	target := reflect.ValueOf(data)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return c.Errorf(CodeInternal, "the answer cannot be decoded into %T", data)
	}
	target.Elem().SetZero()
	env := envelope{Data: data}
	err := unmarshalEnvelope(r.body, &env)
	if failed := c.graphqlErrors(r, env.Errors); failed != nil {
		return failed
	}
	if !r.ok() {
		return c.errorFromBody(r)
	}
	if problem := c.checkDocument(r); problem != nil {
		return problem
	}
	if err != nil {
		return c.undecodable(r, err)
	}
	if !env.found {
		return c.badAnswer(r, "has neither data nor errors", nil)
	}
	return nil
}

// checkDocument refuses what is not a JSON document that says something.
func (c *Call) checkDocument(r *reply) error {
	body := bytes.TrimSpace(r.body)
	switch {
	case len(body) == 0:
		return c.badAnswer(r, "is empty", io.ErrUnexpectedEOF)
	case !isJSON(r.contentType):
		return c.badAnswer(r, "is not JSON", nil)
	case string(body) == "null":
		return c.badAnswer(r, "is null", nil)
	}
	return nil
}

// isJSON reports whether a content type may hold JSON; see the rule above.
func isJSON(kind string) bool {
	return kind == "" || kind == "application/json" || kind == "text/plain" || strings.HasSuffix(kind, "+json")
}

// badAnswer is the error for an answer that breaks the protocol. It says what
// came, never what it contains.
func (c *Call) badAnswer(r *reply, problem string, cause error) *Error {
	code := CodeInternal
	if !r.ok() {
		code = codeFromHTTP(r.status)
	}
	e := c.Fail(code, fmt.Sprintf("the answer %s (%s)", problem, r), cause)
	e.HTTPStatus = r.status
	return e
}

// misfitText says which kind of value came where another was expected. The
// value that encoding/json notes may be the whole number: only its kind is shown.
func misfitText(e *json.UnmarshalTypeError) string {
	came, _, _ := strings.Cut(e.Value, " ")
	where := ""
	if e.Field != "" {
		where = fmt.Sprintf(" at %q", e.Field)
	}
	return fmt.Sprintf("does not fit: %s%s where %s was expected", came, where, jsonKind(e.Type))
}

// jsonKind is the JSON value that a Go type is decoded from.
func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "object"
	case reflect.Slice, reflect.Array:
		return "array"
	case reflect.Pointer:
		return jsonKind(t.Elem())
	}
	return t.Kind().String()
}

// undecodable says why a body could not be decoded, without quoting it.
func (c *Call) undecodable(r *reply, err error) *Error {
	var misfit *json.UnmarshalTypeError
	if errors.As(err, &misfit) {
		return c.badAnswer(r, misfitText(misfit), nil)
	}
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	var first json.RawMessage
	var syntax *json.SyntaxError
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return c.badAnswer(r, "is truncated", io.ErrUnexpectedEOF)
	case errors.As(err, &syntax):
		return c.badAnswer(r, fmt.Sprintf("is not JSON at byte %d", syntax.Offset), nil)
	case err == nil && len(bytes.TrimSpace(r.body[decoder.InputOffset():])) > 0:
		return c.badAnswer(r, fmt.Sprintf("has more data after its JSON document, from byte %d on", decoder.InputOffset()), nil)
	}
	return c.badAnswer(r, "holds a value that does not fit its type", nil)
}
