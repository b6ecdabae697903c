package openapidoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// isUnion tells whether a schema is a choice between objects.
func isUnion(s *openapi3.Schema) bool {
	if len(s.OneOf) == 0 || len(s.AnyOf) > 0 || len(s.AllOf) > 0 || len(s.Properties) > 0 {
		return false
	}
	return !slices.ContainsFunc(s.OneOf, func(ref *openapi3.SchemaRef) bool {
		return ref.Ref == "" || ref.Value == nil || !isObject(ref.Value) || len(ref.Value.Properties) == 0
	})
}

func componentOf(ref *openapi3.SchemaRef) string {
	return strings.TrimPrefix(ref.Ref, "#/components/schemas/")
}

// discriminators finds the properties that say nothing but which variant of a
// union an object is. A variant that is used elsewhere, too, keeps it.
func (b *builder) discriminators(schemas openapi3.Schemas) {
	b.tells = map[string]string{}
	elsewhere := map[string]bool{}
	references(b.src.value, false, elsewhere)
	for _, ref := range schemas {
		if ref.Ref != "" || !isUnion(ref.Value) || ref.Value.Discriminator == nil {
			continue
		}
		for _, variant := range ref.Value.OneOf {
			if name := componentOf(variant); !elsewhere[name] {
				b.tells[name] = ref.Value.Discriminator.PropertyName
			}
		}
	}
}

// references notes the components that are referred to outside of unions.
func references(value any, inChoice bool, out map[string]bool) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			references(item, inChoice, out)
		}
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok && !inChoice {
			out[strings.TrimPrefix(ref, "#/components/schemas/")] = true
		}
		for key, item := range v {
			_, isList := item.([]any)
			references(item, key == "oneOf" && isList, out)
		}
	}
}

// variants are the fields of a union: its objects, in snake case.
func (b *builder) variants(msg *contract.Message, s *openapi3.Schema) {
	msg.Union = &contract.Union{}
	if s.Discriminator != nil {
		msg.Union.Discriminator = s.Discriminator.PropertyName
	}
	one := &contract.Oneof{Name: "variant", Required: true}
	for i, ref := range s.OneOf {
		name := componentOf(ref)
		f := &contract.Field{
			Name: contract.Snake(name), Pos: b.src.near(fmt.Sprintf("%s/oneOf/%d", pointer("/components/schemas", msg.Name), i)),
			Type:     contract.Type{Scalar: contract.ScalarMessage, Message: b.out.Messages[name], Wire: name},
			Presence: true, Oneof: one, Variant: &contract.Variant{Names: told(s, ref)},
			Details: &contract.FieldDetails{Type: contract.TypeDetails{Text: name}},
		}
		if len(f.Variant.Names) == 0 {
			msg.Unsupported = fmt.Sprintf("is a choice (oneOf) without a discriminator, and %s has no required property that no other of them has: add a discriminator", name)
		}
		msg.Fields = append(msg.Fields, f)
	}
}

// told is what tells a variant: the values of the discriminator that lead to it,
// or the required property that it alone has.
func told(s *openapi3.Schema, ref *openapi3.SchemaRef) []string {
	if s.Discriminator != nil {
		var out []string
		for value, target := range s.Discriminator.Mapping {
			if target.Ref == ref.Ref || target.Ref == componentOf(ref) {
				out = append(out, value)
			}
		}
		slices.Sort(out)
		if len(out) == 0 {
			out = []string{componentOf(ref)}
		}
		return out
	}
	for _, name := range slices.Sorted(slices.Values(ref.Value.Required)) {
		others := slices.ContainsFunc(s.OneOf, func(o *openapi3.SchemaRef) bool {
			return o != ref && o.Value.Properties[name] != nil
		})
		if !others && ref.Value.Properties[name] != nil {
			return []string{name}
		}
	}
	return nil
}
