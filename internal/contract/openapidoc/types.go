package openapidoc

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// maxTypeDepth bounds how deep lists and maps hold one another; a component that
// is a list of itself has no end.
const maxTypeDepth = 8

// typeOf is the neutral type of a schema; whether it may be null is the field's.
func (b *builder) typeOf(ref *openapi3.SchemaRef) contract.Type { return b.typeAt(ref, 0) }

func (b *builder) typeAt(ref *openapi3.SchemaRef, depth int) contract.Type {
	s := b.target(ref)
	kinds := kindsOf(s)
	out := contract.Type{Scalar: contract.ScalarUnsupported, Reason: composed(s)}
	if len(kinds) > 0 {
		out.Wire = kinds[0]
	}
	if s.Format != "" {
		out.Wire += "/" + s.Format
	}
	switch {
	case isUnion(s) && b.out.Messages[b.names[s]] != nil:
		name := b.names[s]
		return contract.Type{Scalar: contract.ScalarMessage, Message: b.out.Messages[name], Wire: name}
	case out.Reason != "":
	case depth > maxTypeDepth:
		out.Reason = "is nested too deeply, or holds itself"
	case isEnum(s):
		out.Scalar, out.Enum = contract.ScalarEnum, b.enumType(s)
	case len(kinds) == 0:
		out.Scalar = contract.ScalarAny
	case kinds[0] == "array":
		return b.list(s, depth)
	case kinds[0] == "object":
		return b.object(out, s, depth)
	default:
		out.Scalar, out.Form, out.Reason = scalarOf(kinds[0], formatOf(s))
	}
	return out
}

// formatOf is a schema's format: what OpenAPI 3.0 has as byte is an encoding in 3.1.
func formatOf(s *openapi3.Schema) string {
	if s.Format == "" && s.ContentEncoding == "base64" {
		return "byte"
	}
	return s.Format
}

// target is the schema that a reference leads to. For a reference of OpenAPI 3.1
// that has something beside it the parser makes a copy.
func (b *builder) target(ref *openapi3.SchemaRef) *openapi3.Schema {
	name, ok := strings.CutPrefix(ref.Ref, "#/components/schemas/")
	if !ok {
		return ref.Value
	}
	component := b.doc.Components.Schemas[name]
	switch {
	case component == nil || component.Value == nil:
		return ref.Value
	case component.Ref != "":
		return b.target(component)
	}
	return component.Value
}

// isEnum tells whether a schema lists texts. Lists of other values say which of
// them are allowed, but not what kind of value they are.
func isEnum(s *openapi3.Schema) bool {
	kinds := kindsOf(s)
	if len(kinds) == 1 && kinds[0] != "string" {
		return false
	}
	_, isText := s.Const.(string)
	return isText || len(enumTexts(s)) > 0
}

// enumTexts are the texts among an enum's values; null is no value.
func enumTexts(s *openapi3.Schema) []string {
	var out []string
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			out = append(out, text)
		}
	}
	return out
}

// enumType is the neutral enum of a schema, the same for all references to it.
func (b *builder) enumType(s *openapi3.Schema) *contract.Enum {
	if known := b.enums[s]; known != nil {
		return known
	}
	out := &contract.Enum{Name: b.components[s], Doc: s.Description}
	if out.Name != "" {
		out.Pos = b.src.near(pointer("/components/schemas", out.Name))
	}
	texts := enumTexts(s)
	if text, ok := s.Const.(string); ok {
		texts = []string{text}
	}
	for _, text := range texts {
		out.Values = append(out.Values, contract.EnumValue{Name: text, Pos: out.Pos})
	}
	b.enums[s] = out
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
	case isUnion(s):
		return ""
	case len(s.OneOf) > 0:
		return "is a choice of schemas (oneOf) that are not all objects with properties"
	case len(s.AnyOf) > 0:
		return "is a choice of schemas (anyOf)"
	case len(s.AllOf) > 0:
		return "is put together from schemas (allOf)"
	case s.Not != nil || s.If != nil:
		return "is a conditional schema"
	case s.Const != nil && len(kindsOf(s)) == 0 && !isEnum(s), len(s.Enum) > 0 && len(kindsOf(s)) == 0 && !isEnum(s), len(s.Enum) > 0 && isEnum(s) && len(enumTexts(s))+nulls(s.Enum) < len(s.Enum):
		return "is an enum of values that are not all texts"
	case len(kindsOf(s)) > 1:
		return "has more than one type"
	}
	return ""
}

// nulls counts the values of an enum that are null.
func nulls(values []any) int {
	n := 0
	for _, v := range values {
		if v == nil {
			n++
		}
	}
	return n
}

func (b *builder) list(s *openapi3.Schema, depth int) contract.Type {
	if s.Items == nil || s.Items.Value == nil {
		return contract.Type{Scalar: contract.ScalarAny, List: true, Wire: "array"}
	}
	out := b.typeAt(s.Items, depth+1)
	if out.List || out.Map {
		item := out
		return contract.Type{Scalar: contract.ScalarNested, List: true, Elem: &item, Wire: "array"}
	}
	out.List = true
	return out
}

func (b *builder) object(out contract.Type, s *openapi3.Schema, depth int) contract.Type {
	additional := s.AdditionalProperties.Schema
	switch {
	case len(s.Properties) > 0:
		name := b.names[s]
		if out.Message = b.out.Messages[name]; out.Message == nil {
			out.Reason = "refers to an object that has no name under components"
			return out
		}
		out.Scalar, out.Wire = contract.ScalarMessage, name
	case additional != nil && !isAny(additional.Value):
		return b.mapOf(additional, depth)
	default:
		out.Scalar = contract.ScalarObject
	}
	return out
}

// mapOf is a map with values of one type.
func (b *builder) mapOf(value *openapi3.SchemaRef, depth int) contract.Type {
	out := b.typeAt(value, depth+1)
	switch {
	case out.Scalar == contract.ScalarUnsupported:
		out.Reason = "is a map whose value " + out.Reason
		out.List = false
	case out.List || out.Map:
		item := out
		return contract.Type{Scalar: contract.ScalarNested, Map: true, Elem: &item, Wire: "object"}
	default:
		out.Map = true
	}
	return out
}

// isMap tells whether an object without properties says that it has some.
func isMap(s *openapi3.Schema) bool {
	return s.AdditionalProperties.Schema != nil || isTrue(s.AdditionalProperties.Has)
}

// isAny tells whether a schema accepts every value.
func isAny(s *openapi3.Schema) bool {
	return len(kindsOf(s)) == 0 && composed(s) == ""
}

// scalarOf is the neutral scalar of a type and format and how it is written, or
// why there is none. A format that says nothing of the shape, such as email, is
// none; integers of few bits are read into the next width that all protocols have.
func scalarOf(kind, format string) (contract.Scalar, contract.Form, string) {
	switch kind + "/" + format {
	case "boolean/":
		return contract.ScalarBool, contract.FormPlain, ""
	case "integer/int8", "integer/int16", "integer/int32":
		return contract.ScalarInt32, contract.FormPlain, ""
	case "integer/uint8", "integer/uint16", "integer/uint32":
		return contract.ScalarUint32, contract.FormPlain, ""
	case "integer/uint64":
		return contract.ScalarUint64, contract.FormPlain, ""
	case "string/int64":
		return contract.ScalarInt64, contract.FormText, ""
	case "string/uint64":
		return contract.ScalarUint64, contract.FormText, ""
	case "number/float":
		return contract.ScalarFloat32, contract.FormPlain, ""
	case "number/double":
		return contract.ScalarFloat64, contract.FormPlain, ""
	case "string/byte":
		return contract.ScalarBytes, contract.FormPlain, ""
	case "string/date-time":
		return contract.ScalarTimestamp, contract.FormPlain, ""
	case "string/google-duration":
		return contract.ScalarDuration, contract.FormPlain, ""
	case "string/binary":
		return contract.ScalarUnsupported, contract.FormPlain, "is raw bytes (format binary), which JSON cannot hold: write format byte for base64"
	}
	switch kind {
	case "string":
		return contract.ScalarString, contract.FormPlain, ""
	case "integer":
		return contract.ScalarInt64, contract.FormPlain, ""
	}
	return contract.ScalarUnsupported, contract.FormPlain, "is of type " + kind + " and format " + format
}
