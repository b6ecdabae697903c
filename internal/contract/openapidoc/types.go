package openapidoc

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// typeOf is the neutral type of a schema; whether it may be null is the field's.
func (b *builder) typeOf(ref *openapi3.SchemaRef) contract.Type {
	s := ref.Value
	kinds := kindsOf(s)
	out := contract.Type{Scalar: contract.ScalarUnsupported, Reason: composed(s)}
	if len(kinds) > 0 {
		out.Wire = kinds[0]
	}
	if s.Format != "" {
		out.Wire += "/" + s.Format
	}
	switch {
	case out.Reason != "":
	case len(kinds) == 0:
		out.Reason = "may be any JSON value"
	case kinds[0] == "array":
		return b.list(s)
	case kinds[0] == "object":
		b.object(&out, s)
	default:
		out.Scalar, out.Reason = scalarOf(kinds[0], s.Format)
	}
	return out
}

// kindsOf lists the types of a schema but for null.
func kindsOf(s *openapi3.Schema) []string {
	if s.Type == nil && len(s.Properties) > 0 {
		return []string{"object"}
	}
	return slices.DeleteFunc(slices.Clone(s.Type.Slice()), func(t string) bool { return t == "null" })
}

// composed tells what puts a schema beyond sdkgen whatever its type; empty: nothing.
func composed(s *openapi3.Schema) string {
	switch {
	case len(s.OneOf) > 0:
		return "is a choice of schemas (oneOf)"
	case len(s.AnyOf) > 0:
		return "is a choice of schemas (anyOf)"
	case len(s.AllOf) > 0:
		return "is put together from schemas (allOf)"
	case s.Not != nil || s.If != nil:
		return "is a conditional schema"
	case len(s.Enum) > 0 || s.Const != nil:
		return "is an enum"
	case len(kindsOf(s)) > 1:
		return "has more than one type"
	}
	return ""
}

func (b *builder) list(s *openapi3.Schema) contract.Type {
	if s.Items == nil || s.Items.Value == nil {
		return contract.Type{Scalar: contract.ScalarUnsupported, List: true, Wire: "array", Reason: "is a list of any JSON values"}
	}
	out := b.typeOf(s.Items)
	if out.List {
		return contract.Type{Scalar: contract.ScalarUnsupported, List: true, Wire: "array", Reason: "is a list of lists"}
	}
	out.List = true
	return out
}

func (b *builder) object(out *contract.Type, s *openapi3.Schema) {
	switch {
	case len(s.Properties) > 0:
		name := b.names[s]
		if out.Message = b.out.Messages[name]; out.Message == nil {
			out.Reason = "refers to an object that has no name under components"
			return
		}
		out.Scalar, out.Wire = contract.ScalarMessage, name
	case s.AdditionalProperties.Schema != nil && !isAny(s.AdditionalProperties.Schema.Value):
		out.Reason = "is a map with values of one type"
	default:
		out.Scalar = contract.ScalarObject
	}
}

// isMap tells whether an object without properties says that it has some.
func isMap(s *openapi3.Schema) bool {
	return s.AdditionalProperties.Schema != nil || isTrue(s.AdditionalProperties.Has)
}

// isAny tells whether a schema accepts every value.
func isAny(s *openapi3.Schema) bool {
	return len(kindsOf(s)) == 0 && composed(s) == ""
}

// scalarOf is the neutral scalar of a type and format, or why there is none:
// formats for which code generators make a type of their own are left out, and
// those that another protocol cannot carry unchanged.
func scalarOf(kind, format string) (contract.Scalar, string) {
	switch kind + "/" + format {
	case "boolean/":
		return contract.ScalarBool, ""
	case "integer/int32":
		return contract.ScalarInt32, ""
	case "integer/int64", "string/int64", "string/uint64":
		return contract.ScalarInt64, ""
	case "number/double":
		return contract.ScalarFloat64, ""
	case "string/byte", "string/binary", "string/date", "string/date-time", "string/email", "string/json", "string/uuid":
		return contract.ScalarUnsupported, "is a string of format " + format
	}
	if kind == "string" {
		return contract.ScalarString, ""
	}
	return contract.ScalarUnsupported, "is of type " + kind + " and format " + format
}
