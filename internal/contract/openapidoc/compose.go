package openapidoc

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// compose writes out schemas that are put together from others, so that neither
// the model nor code generators need to: allOf becomes one object, and a choice
// of which null is one becomes the rest, which may be null. It comes before the
// objects are named.
func compose(src *source, list *diag.List) {
	c := &composer{src: src, list: list, done: map[string]bool{}, open: map[string]bool{}}
	components, _ := src.value["components"].(map[string]any)
	c.schemas, _ = components["schemas"].(map[string]any)
	for _, name := range sortedKeys(c.schemas) {
		c.component(name)
	}
	for _, key := range sortedKeys(src.value) {
		if key != "components" {
			src.value[key] = c.value(src.value[key], pointer("", key))
		}
	}
	for _, kind := range sortedKeys(components) {
		if kind != "schemas" {
			components[kind] = c.value(components[kind], pointer("/components", kind))
		}
	}
}

// nullMark stands beside a reference that may also be null.
const nullMark = "x-sdkgen-nullable"

type composer struct {
	src     *source
	list    *diag.List
	schemas map[string]any
	// done are the components that are composed, open those that are being so.
	done, open map[string]bool
}

// component composes a schema under components, once.
func (c *composer) component(name string) any {
	if !c.done[name] && !c.open[name] {
		c.open[name] = true
		c.schemas[name] = c.value(c.schemas[name], pointer("/components/schemas", name))
		c.done[name] = true
	}
	return c.schemas[name]
}

// value composes what is below first.
func (c *composer) value(value any, ptr string) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = c.value(v[i], fmt.Sprintf("%s/%d", ptr, i))
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			v[key] = c.value(v[key], pointer(ptr, key))
		}
		return c.schema(v, ptr)
	}
	return value
}

func (c *composer) schema(s map[string]any, ptr string) any {
	for _, word := range []string{"oneOf", "anyOf"} {
		if parts := schemasIn(s[word]); parts != nil {
			s = c.withoutNull(s, word, parts, ptr)
		}
	}
	parts := schemasIn(s["allOf"])
	switch {
	case parts == nil:
		return s
	case len(parts) == 1 && onlyNotes(s):
		return only(s, parts[0])
	}
	return c.allOf(s, parts, ptr)
}

// schemasIn are the schemas of a list, nil if it is none.
func schemasIn(value any) []map[string]any {
	list, _ := value.([]any)
	var out []map[string]any
	for _, item := range list {
		s, ok := item.(map[string]any)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	return out
}

// withoutNull takes null out of a choice; a choice of one is that one.
func (c *composer) withoutNull(s map[string]any, word string, parts []map[string]any, ptr string) map[string]any {
	var rest []any
	for _, part := range parts {
		if !isNull(part) {
			rest = append(rest, part)
		}
	}
	null := len(rest) < len(parts)
	if len(rest) == 1 && onlyNotes(s) {
		if i := slices.IndexFunc(parts, func(p map[string]any) bool { return !isNull(p) }); i >= 0 {
			c.src.copyPos(c.src, parts[i], fmt.Sprintf("%s/%s/%d", ptr, word, i), ptr)
		}
		if null {
			s["nullable"] = true
		}
		delete(s, word)
		return only(s, rest[0].(map[string]any))
	}
	if null {
		s[word], s["nullable"] = rest, true
	}
	return s
}

func isNull(s map[string]any) bool {
	if s["type"] == "null" {
		return true
	}
	values, ok := s["enum"].([]any)
	return ok && len(values) == 1 && values[0] == nil
}

// onlyNotes tells whether a schema says nothing of the shape beside the schemas
// that it is put together from.
func onlyNotes(s map[string]any) bool {
	for key := range s {
		switch key {
		case "allOf", "oneOf", "anyOf", "title", "description", "nullable", "deprecated", "default", "example", "examples", "readOnly", "writeOnly", "externalDocs":
		default:
			if !strings.HasPrefix(key, "x-") {
				return false
			}
		}
	}
	return true
}

// only is the one schema that another consists of, with what that says of it.
func only(s, part map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range part {
		out[key] = value
	}
	if out["$ref"] != nil {
		if s["nullable"] == true {
			out[nullMark] = true
		}
		return out
	}
	for key, value := range s {
		if key != "allOf" && key != "oneOf" && key != "anyOf" {
			out[key] = value
		}
	}
	return out
}

// allOf puts objects together into one. What is no object stays as it is, and is
// refused where it is used.
func (c *composer) allOf(s map[string]any, parts []map[string]any, ptr string) any {
	out := map[string]any{"type": "object"}
	properties := map[string]any{}
	required := c.union(nil, s["required"])
	for key, value := range s {
		if key != "allOf" && key != "properties" && key != "required" {
			out[key] = value
		}
	}
	own := func(part map[string]any, at string) bool {
		if !isObjectSchema(part) {
			return false
		}
		c.merge(properties, part, at, ptr)
		required = c.union(required, part["required"])
		if additional, ok := part["additionalProperties"]; ok {
			if _, has := out["additionalProperties"]; !has {
				out["additionalProperties"] = additional
			}
		}
		return true
	}
	for i, part := range parts {
		at := fmt.Sprintf("%s/allOf/%d", ptr, i)
		if ref, ok := part["$ref"].(string); ok {
			name, isSchema := strings.CutPrefix(ref, "#/components/schemas/")
			part, _ = c.component(name).(map[string]any)
			at = pointer("/components/schemas", name)
			if !isSchema || c.open[name] && !c.done[name] {
				return s
			}
		}
		if !own(part, at) {
			return s
		}
	}
	c.merge(properties, s, ptr, ptr)
	if len(properties) > 0 {
		out["properties"] = properties
	}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// isObjectSchema tells whether a schema is an object, or says nothing of the shape
// (such as a list of required properties alone).
func isObjectSchema(s map[string]any) bool {
	for _, word := range []string{"oneOf", "anyOf", "allOf", "enum", "$ref"} {
		if s[word] != nil {
			return false
		}
	}
	return s["type"] == "object" || s["type"] == nil
}

// merge adds the properties of a part; the same name twice must be the same schema.
func (c *composer) merge(into, part map[string]any, from, ptr string) {
	properties, _ := part["properties"].(map[string]any)
	for _, key := range sortedKeys(properties) {
		if old, ok := into[key]; ok && !reflect.DeepEqual(old, properties[key]) {
			c.list.Add(diag.Finding{
				Pos:     c.src.near(pointer(from, "properties", key)),
				Message: fmt.Sprintf("the property %s is another one in a schema that is put together with this one (allOf) at %s", key, c.src.near(ptr)),
				Hint:    "leave it out of one of the two",
			})
			continue
		}
		into[key] = properties[key]
		if from != ptr {
			c.src.copyPos(c.src, properties[key], pointer(from, "properties", key), pointer(ptr, "properties", key))
		}
	}
}

func (c *composer) union(list []any, more any) []any {
	extra, _ := more.([]any)
	for _, name := range extra {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
