package openapidoc

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// notInForm are the fields of an object that a form cannot hold, each with the
// reason.
func notInForm(m *contract.Message, encodings map[string]*openapi3.Encoding) map[string]string {
	out := map[string]string{}
	for _, f := range m.Fields {
		if reason := whyNotInForm(f.Type, encodings[f.Name]); reason != "" {
			out[f.Name] = reason
		}
	}
	return out
}

// whyNotInForm says why a field cannot be sent in a form; empty: it can.
func whyNotInForm(t contract.Type, encoding *openapi3.Encoding) string {
	switch {
	case t.Scalar == contract.ScalarUnsupported:
		return "" // it has a reason of its own
	case t.Map || t.Message != nil || t.Scalar == contract.ScalarObject || t.Scalar == contract.ScalarAny || t.Scalar == contract.ScalarNested:
		return "is more than the single values that a form holds"
	case encoding == nil:
		return ""
	case encoding.ContentType != "" && encoding.ContentType != "text/plain":
		return "is " + encoding.ContentType + " in a form"
	case t.List && (encoding.Style != "" && encoding.Style != "form" || encoding.Explode != nil && !*encoding.Explode):
		return "is a list that a form does not write as its name again for each value"
	}
	return ""
}
