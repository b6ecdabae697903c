package openapidoc

import (
	"cmp"
	"fmt"
	"maps"
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
		if spread := b.spread(op, p); spread != nil {
			f.Type, f.Place = contract.Type{Scalar: contract.ScalarMessage, Message: spread, Wire: spread.Name}, &contract.Place{In: contract.InParts}
			f.Details.Type.Text = propertyName(p, "*")
		} else if reason := unsupportedParameter(p.Parameter, f.Type); reason != "" {
			f.Type = contract.Type{Scalar: contract.ScalarUnsupported, Wire: f.Type.Wire, Reason: fmt.Sprintf("is the %s parameter %q, which %s", p.In, p.Name, reason)}
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

// spread is the message whose fields are the parameters that an object in a query
// stands for: "filter[name]" in the style deepObject, and "name" in the style form
// that explodes, as it does if nothing is said; nil for all others.
func (b *builder) spread(op *contract.Operation, p parameter) *contract.Message {
	form := (p.Style == "" || p.Style == "form") && (p.Explode == nil || *p.Explode)
	if p.Style != "deepObject" && !form || p.In != "query" || p.Schema == nil || p.Schema.Value == nil || composed(p.Schema.Value) != "" || len(p.Schema.Value.Properties) == 0 {
		return nil
	}
	s := b.target(p.Schema)
	verb, path, _ := strings.Cut(op.Key, " ")
	out := &contract.Message{
		Name: clean(cmp.Or(op.OperationID, strings.ToLower(verb)+path)+"_"+p.Name) + "/" + op.Key, Pos: p.pos, Doc: s.Description, Spread: true, Details: &contract.MessageDetails{Kind: "parameters"},
	}
	if name := b.components[s]; name != "" {
		out.Name, out.Pos = name+"/"+op.Key+"/"+p.Name, b.src.near(pointer("/components/schemas", name))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		ref := s.Properties[name]
		f := b.param(parameter{&openapi3.Parameter{
			Name: propertyName(p, name), In: p.In, Schema: ref, Required: slices.Contains(s.Required, name),
			Deprecated: ref.Value.Deprecated, Description: ref.Value.Description,
		}, out.Pos})
		f.Name, f.Place.Name = name, f.Name
		if at := b.components[s]; at != "" {
			f.Pos = b.src.near(pointer("/components/schemas", at, "properties", name))
		}
		if !f.Type.Single() || f.Type.Message != nil || f.Type.Scalar == contract.ScalarObject || f.Type.Scalar == contract.ScalarAny {
			f.Type = contract.Type{Scalar: contract.ScalarUnsupported, Wire: f.Type.Wire, Reason: fmt.Sprintf("is in the query parameter %q, an object of which OpenAPI says only how single values are written", p.Name)}
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

// styleOf is how a parameter is written. All styles of the usual places write a
// single value alike, and what explode says matters to lists in queries and
// cookies, and to objects everywhere.
func styleOf(p *openapi3.Parameter, s *openapi3.Schema) string {
	style, spread := p.Style, p.In == "query" || p.In == "cookie"
	if style == "" {
		style = map[bool]string{true: "form", false: "simple"}[spread]
	}
	explode := style == "form"
	if p.Explode != nil {
		explode = *p.Explode
	}
	list, object := s.Type.Includes("array"), slices.Contains(kindsOf(s), "object")
	switch {
	case !list && !object && style != "label" && style != "matrix":
		return ""
	case style == "deepObject", !object && !(list && style != "simple"), !explode:
		return style
	}
	return style + ", exploded"
}

// propertyName is the parameter that a property of such an object is.
func propertyName(p parameter, property string) string {
	if p.Style == "deepObject" {
		return p.Name + "[" + property + "]"
	}
	return property
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
		return fmt.Sprintf("is written in the style %s; sdkgen knows %s, and deepObject for objects with properties that are single values", p.Style, usual[p.In])
	case t.Map || slices.Contains([]contract.Scalar{contract.ScalarMessage, contract.ScalarObject, contract.ScalarAny, contract.ScalarNested}, t.Scalar):
		return "is neither a single value nor a list of them"
	}
	return ""
}
