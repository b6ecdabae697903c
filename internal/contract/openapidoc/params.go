package openapidoc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// parameter is a parameter of an operation and where it stands.
type parameter struct {
	*openapi3.Parameter
	pos diag.Pos
}

// parametersOf are the parameters of a path's operation: its own, and those of
// the path that it does not have itself.
func (b *builder) parametersOf(path, verb string, item *openapi3.PathItem, in *openapi3.Operation) []parameter {
	at := func(list openapi3.Parameters, ptr string) []parameter {
		var out []parameter
		for i, p := range list {
			if p != nil && p.Value != nil {
				out = append(out, parameter{p.Value, b.src.near(pointer(ptr, "parameters", strconv.Itoa(i)))})
			}
		}
		return out
	}
	own := at(in.Parameters, pointer("/paths", path, strings.ToLower(verb)))
	shared := slices.DeleteFunc(at(item.Parameters, pointer("/paths", path)), func(p parameter) bool {
		return slices.ContainsFunc(own, func(o parameter) bool { return o.Name == p.Name && o.In == p.In })
	})
	return append(shared, own...)
}

// params takes the parameters as parts of the request.
func (b *builder) params(op *contract.Operation, list []parameter) {
	for _, p := range list {
		if ignoredHeader(p.Parameter) {
			continue
		}
		f := b.param(p)
		if reason := unsupportedParameter(p.Parameter, f.Type); reason != "" {
			op.Unsupported = fmt.Sprintf("has the %s parameter %q, which %s", p.In, p.Name, reason)
		}
		for _, other := range op.Params {
			if other.Name == f.Name {
				op.Unsupported = fmt.Sprintf("has two parameters %q, in %s and in %s", p.Name, other.Place.In, p.In)
			}
		}
		op.Params = append(op.Params, f)
	}
}

// ignoredHeader tells whether OpenAPI itself says that the parameter means nothing.
func ignoredHeader(p *openapi3.Parameter) bool {
	return p.In == "header" && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name))
}

func (b *builder) param(p parameter) *contract.Field {
	f := &contract.Field{
		Name:     p.Name,
		Pos:      p.pos,
		Type:     contract.Type{Scalar: contract.ScalarUnsupported, Reason: "has no schema"},
		Required: p.Required,
		Doc:      p.Description,
		Place:    &contract.Place{In: contract.In(p.In), Explode: p.Explode == nil && p.In == "query" || p.Explode != nil && *p.Explode},
		Details:  &contract.FieldDetails{},
	}
	if p.Deprecated {
		f.Deprecated = deprecated
	}
	if p.Schema != nil && p.Schema.Value != nil {
		f.Type, f.Details = b.typeOf(p.Schema), b.fieldDetails(p.Schema)
	}
	// What is not sent differs from what is zero, but no parameter is an empty list.
	f.Presence = !p.Required && !f.Type.List
	return f
}

// unsupportedParameter says why a parameter cannot be sent; empty: it can.
func unsupportedParameter(p *openapi3.Parameter, t contract.Type) string {
	usual := map[string]string{"path": "simple", "query": "form", "header": "simple"}
	switch {
	case p.In == "cookie":
		return "travels in a cookie: cookies belong to the session of a client, not to a request"
	case usual[p.In] == "":
		return "stands in an unknown place"
	case len(p.Content) > 0:
		return "is a document of its own (content)"
	case p.Style != "" && p.Style != usual[p.In] && (p.Style != "spaceDelimited" && p.Style != "pipeDelimited" || t.List):
		return fmt.Sprintf("is written in the style %s; sdkgen knows %s", p.Style, usual[p.In])
	case t.Map || slices.Contains([]contract.Scalar{contract.ScalarMessage, contract.ScalarObject, contract.ScalarAny, contract.ScalarNested}, t.Scalar):
		return "is neither a single value nor a list of them"
	}
	return ""
}
