package runtime

import (
	"encoding/json"
	"reflect"
	"strings"
)

// Some servers and gateways send errors with a status of success. Over GraphQL
// and gRPC an answer says which of the two it is; over REST the contract tells
// them apart, or nobody can.

// disguised is the error that an answer with a status of success holds instead
// of the result that out points to; nil if it is the result. It is an error if
// it has one of the shapes of [Call.errorFromBody], with members that the type
// of the result does not have ("code", which must be one that is known, or
// "error"), and nothing that the type does have but a message.
func (c *Call) disguised(r *reply, out any) *Error {
	v := reflect.ValueOf(out).Elem()
	if v.Kind() != reflect.Struct || saysMore(v) {
		return nil
	}
	doc := firstDocument(r)
	for name := range doc {
		if name != "message" && jsonField(v.Type(), name) {
			return nil
		}
	}
	return c.errorOf(r, doc)
}

// disguisedOther is disguised for an answer that does not fit a result which is no
// object.
func (c *Call) disguisedOther(r *reply, out any) *Error {
	if reflect.TypeOf(out).Elem().Kind() == reflect.Struct {
		return nil
	}
	return c.errorOf(r, firstDocument(r))
}

// errorOf is the error that a document says it is; nil if it says none.
func (c *Call) errorOf(r *reply, doc map[string]any) *Error {
	if !c.knownCode(doc["code"]) && !saysError(doc["error"]) {
		return nil
	}
	return c.errorFromBody(r)
}

// saysMore reports whether a result has a value besides a message.
func saysMore(v reflect.Value) bool {
	for i := range v.NumField() {
		if jsonName(v.Type().Field(i)) != "message" && !v.Field(i).IsZero() {
			return true
		}
	}
	return false
}

// saysError reports whether a member "error" says that something went wrong.
func saysError(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v) != ""
	case map[string]any:
		return len(v) > 0
	}
	return false
}

// knownCode reports whether a member "code" is one that means failure.
func (c *Call) knownCode(v any) bool {
	switch code := v.(type) {
	case string:
		_, ok := c.ErrorTable().server(code)
		return ok
	case json.Number:
		n, err := code.Int64()
		return err == nil && n > 0 && n <= int64(CodeUnauthenticated)
	}
	return false
}

// jsonField reports whether a struct has a field of that name in JSON.
func jsonField(t reflect.Type, name string) bool {
	for i := range t.NumField() {
		if strings.EqualFold(jsonName(t.Field(i)), name) {
			return true
		}
	}
	return false
}
