package openapidoc

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

func (b *builder) operationDetails(parameters []parameter, in *openapi3.Operation) *contract.OperationDetails {
	out := &contract.OperationDetails{Arguments: b.arguments(parameters), Answers: b.answers(in)}
	if body := in.RequestBody; body != nil && body.Value != nil {
		out.MediaTypes = slices.Sorted(maps.Keys(body.Value.Content))
		out.BodyRequired = body.Value.Required
		if schema := schemaOf(body.Value.Content, b.bodyMedia(body.Value.Content)); schema != nil {
			out.Body = b.typeDetails(schema)
		}
	}
	if answer := success(in.Responses); answer != nil {
		if schema := schemaOf(answer.Value.Content, jsonMedia(answer.Value.Content)); schema != nil {
			out.Response = b.typeDetails(schema)
		}
	}
	security := b.doc.Security
	if in.Security != nil {
		security = *in.Security
	}
	if len(security) > 0 {
		out.Security = canonical(security)
	}
	return out
}

func (b *builder) arguments(parameters []parameter) []*contract.Argument {
	var out []*contract.Argument
	for _, p := range parameters {
		arg := &contract.Argument{Name: p.Name, In: p.In, Pos: p.pos, Required: p.Required}
		if p.Deprecated {
			arg.Deprecated = deprecated
		}
		if schema := p.Schema; schema != nil && schema.Value != nil {
			arg.Type, arg.Details, arg.Default = b.typeOf(schema), b.typeDetails(schema), defaultOf(schema.Value)
			arg.Style, arg.Limits = styleOf(p.Parameter, schema.Value), limits(schema.Value)
		}
		out = append(out, arg)
	}
	return out
}

func (b *builder) answers(in *openapi3.Operation) []contract.Answer {
	var out []contract.Answer
	if in.Responses == nil {
		return nil
	}
	all := in.Responses.Map()
	for _, status := range slices.Sorted(maps.Keys(all)) {
		answer := contract.Answer{Status: status}
		if v := all[status].Value; v != nil {
			answer.MediaTypes = slices.Sorted(maps.Keys(v.Content))
			if schema := schemaOf(v.Content, jsonMedia(v.Content)); schema != nil {
				answer.Type, answer.Details = b.typeOf(schema), b.typeDetails(schema)
			}
		}
		out = append(out, answer)
	}
	return out
}

func (b *builder) fieldDetails(ref *openapi3.SchemaRef) *contract.FieldDetails {
	out := &contract.FieldDetails{Type: b.typeDetails(ref)}
	if b.names[b.target(ref)] == "" { // a component has limits of its own
		out.Default = defaultOf(ref.Value)
		out.Limits = limits(ref.Value)
	}
	return out
}

func defaultOf(s *openapi3.Schema) *string {
	if s.Default == nil {
		return nil
	}
	text := canonical(s.Default)
	return &text
}

func (b *builder) typeDetails(ref *openapi3.SchemaRef) contract.TypeDetails {
	s := b.target(ref)
	out := contract.TypeDetails{Text: b.text(ref, 0), Nullable: isNullable(s) || isNullable(ref.Value) || marked(ref), Enum: enumOf(s)}
	if s.Items != nil && s.Items.Value != nil {
		out.NullableItem = isNullable(s.Items.Value)
		if out.Enum == nil {
			out.Enum = enumOf(s.Items.Value)
		}
	}
	return out
}

func enumOf(s *openapi3.Schema) *contract.Enum {
	if len(s.Enum) == 0 {
		return nil
	}
	out := &contract.Enum{}
	for _, v := range s.Enum {
		out.Values = append(out.Values, contract.EnumValue{Name: canonical(v)})
	}
	return out
}

// maxText bounds how deep types are written out; deeper ones cannot be used anyway.
const maxText = 8

// text writes a schema's type: "string/int64", "array<v1User>", "map<string>".
func (b *builder) text(ref *openapi3.SchemaRef, depth int) string {
	if ref == nil || ref.Value == nil || depth > maxText {
		return "any"
	}
	s := b.target(ref)
	if name := b.names[s]; name != "" {
		return name
	}
	kinds := kindsOf(s)
	out := strings.Join(kinds, "|")
	if s.Format != "" {
		out += "/" + s.Format
	}
	switch {
	case s.Type.Includes("array"):
		return "array<" + b.text(s.Items, depth+1) + ">"
	case s.AdditionalProperties.Schema != nil && len(s.Properties) == 0:
		return "map<" + b.text(s.AdditionalProperties.Schema, depth+1) + ">"
	}
	for _, choice := range []struct {
		word string
		refs openapi3.SchemaRefs
	}{{"oneOf", s.OneOf}, {"anyOf", s.AnyOf}, {"allOf", s.AllOf}} {
		if len(choice.refs) == 0 {
			continue
		}
		var parts []string
		for _, one := range choice.refs {
			parts = append(parts, b.text(one, depth+1))
		}
		slices.Sort(parts)
		out += fmt.Sprintf("%s(%s)", choice.word, strings.Join(parts, ", "))
	}
	if out == "" {
		return "any"
	}
	return out
}

// limits are the rules that a schema puts on values, by OpenAPI's words.
func limits(s *openapi3.Schema) map[string]string { return limitsAt(s, 0) }

func limitsAt(s *openapi3.Schema, depth int) map[string]string {
	out := map[string]string{}
	number := func(name string, v *float64) {
		if v != nil {
			out[name] = strconv.FormatFloat(*v, 'g', -1, 64)
		}
	}
	count := func(name string, v *uint64) {
		if v != nil {
			out[name] = strconv.FormatUint(*v, 10)
		}
	}
	flag := func(name string, v bool) {
		if v {
			out[name] = "true"
		}
	}
	number("minimum", s.Min)
	number("maximum", s.Max)
	number("multipleOf", s.MultipleOf)
	flag("exclusiveMinimum", s.ExclusiveMin.IsTrue())
	flag("exclusiveMaximum", s.ExclusiveMax.IsTrue())
	if s.MinLength > 0 {
		count("minLength", &s.MinLength)
	}
	count("maxLength", s.MaxLength)
	if s.MinItems > 0 {
		count("minItems", &s.MinItems)
	}
	count("maxItems", s.MaxItems)
	flag("uniqueItems", s.UniqueItems)
	flag("readOnly", s.ReadOnly)
	flag("writeOnly", s.WriteOnly)
	if s.Pattern != "" {
		out["pattern"] = s.Pattern
	}
	if s.Items != nil && s.Items.Value != nil && len(kindsOf(s)) == 1 && depth < maxText {
		for name, v := range limitsAt(s.Items.Value, depth+1) {
			out["items."+name] = v
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// messageLimits are those of an object as a whole.
func messageLimits(s *openapi3.Schema) map[string]string {
	out := map[string]string{}
	if s.AdditionalProperties.Has != nil && !*s.AdditionalProperties.Has {
		out["additionalProperties"] = "false"
	}
	if s.MinProps > 0 {
		out["minProperties"] = strconv.FormatUint(s.MinProps, 10)
	}
	if s.MaxProps != nil {
		out["maxProperties"] = strconv.FormatUint(*s.MaxProps, 10)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// canonical writes a JSON value; encoding/json sorts the keys of maps.
func canonical(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
