package openapidoc

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// name gives every object schema that is written in place a name under
// components, and puts a reference in its place: code generators and the
// neutral model can then treat all objects alike. Names are made from where the
// schema stands ("User_address", "login_request", "login_response_200"). It
// also writes out the widths of numbers that are left open. Choices between
// objects (oneOf) are named if choices are.
func name(src *source, choices bool) {
	components, _ := src.value["components"].(map[string]any)
	if components == nil {
		components = map[string]any{}
		src.value["components"] = components
	}
	n := &namer{src: src, choices: choices, schemas: child(src, src, components, "schemas", "/components")}
	for _, key := range sortedKeys(n.schemas) {
		n.inside(n.schemas[key], pointer("/components/schemas", key), key)
	}
	for _, kind := range []string{"requestBodies", "responses"} {
		for _, key := range sortedKeys(components[kind]) {
			item := components[kind].(map[string]any)[key]
			n.content(item, pointer("/components", kind, key), key, kind == "requestBodies")
		}
	}
	for _, key := range sortedKeys(components["parameters"]) {
		parameterType(components["parameters"].(map[string]any)[key])
	}
	for _, path := range sortedKeys(src.value["paths"]) {
		item := src.value["paths"].(map[string]any)[path]
		if m, ok := item.(map[string]any); ok {
			parameterTypes(m)
		}
		for _, verb := range sortedKeys(item) {
			if op, ok := item.(map[string]any)[verb].(map[string]any); ok {
				n.operation(op, pointer("/paths", path, verb), operationName(op, verb, path))
			}
		}
	}
}

func sortedKeys(value any) []string {
	m, _ := value.(map[string]any)
	return slices.Sorted(maps.Keys(m))
}

// operationName is the operationId, or one made from verb and path.
func operationName(op map[string]any, verb, path string) string {
	if id, ok := op["operationId"].(string); ok && id != "" {
		return clean(id)
	}
	return verb + clean(path)
}

// clean makes a text fit for the name of a component.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.':
			return r
		}
		return '_'
	}, s)
}

type namer struct {
	src *source
	// choices are named too: those that are left once schemas are put together.
	choices bool
	schemas map[string]any
}

// parameterTypes writes out the widths of the parameters of a path or an
// operation. Their schemas are single values and lists, or of no use, and so get
// no names.
func parameterTypes(holder map[string]any) {
	list, _ := holder["parameters"].([]any)
	for _, p := range list {
		parameterType(p)
	}
}

func parameterType(value any) {
	p, _ := value.(map[string]any)
	schema, ok := p["schema"].(map[string]any)
	if !ok {
		return
	}
	widen(schema)
	if items, ok := schema["items"].(map[string]any); ok {
		widen(items)
	}
	for _, property := range asObject(schema["properties"]) {
		widen(asObject(property))
	}
}

func (n *namer) operation(op map[string]any, ptr, name string) {
	parameterTypes(op)
	n.content(op["requestBody"], pointer(ptr, "requestBody"), name+"_request", true)
	responses, _ := op["responses"].(map[string]any)
	for _, status := range sortedKeys(responses) {
		n.content(responses[status], pointer(ptr, "responses", status), name+"_response_"+status, false)
	}
}

// content names the schemas of a request body or response. An empty object is
// named only as a request, where it is a request without fields.
func (n *namer) content(value any, ptr, name string, empty bool) {
	body, _ := value.(map[string]any)
	content, _ := body["content"].(map[string]any)
	for _, media := range sortedKeys(content) {
		if m, ok := content[media].(map[string]any); ok && m["schema"] != nil {
			m["schema"] = n.schema(m["schema"], pointer(ptr, "content", media, "schema"), name, empty)
		}
	}
}

// schema returns what is to stand in place of a schema.
func (n *namer) schema(value any, ptr, name string, empty bool) any {
	s, ok := value.(map[string]any)
	if !ok || s["$ref"] != nil {
		return value
	}
	properties, _ := s["properties"].(map[string]any)
	choice := n.choices && schemasIn(s["oneOf"]) != nil
	if len(properties) == 0 && !choice && !(empty && s["type"] == "object") {
		n.inside(s, ptr, name)
		return s
	}
	name = n.unique(clean(name))
	n.schemas[name] = s
	at := pointer("/components/schemas", name)
	n.src.copyPos(n.src, s, ptr, at)
	n.inside(s, at, name)
	return map[string]any{"$ref": "#" + at}
}

// inside treats what a schema holds: its properties and its items.
func (n *namer) inside(value any, ptr, name string) {
	s, ok := value.(map[string]any)
	if !ok {
		return
	}
	widen(s)
	properties, _ := s["properties"].(map[string]any)
	for _, key := range sortedKeys(properties) {
		properties[key] = n.schema(properties[key], pointer(ptr, "properties", key), name+"_"+key, false)
	}
	if items, ok := s["items"]; ok {
		s["items"] = n.schema(items, pointer(ptr, "items"), name, false)
	}
	if values, ok := s["additionalProperties"].(map[string]any); ok {
		s["additionalProperties"] = n.schema(values, pointer(ptr, "additionalProperties"), name+"_value", false)
	}
	for i, part := range schemasIn(s["allOf"]) {
		n.inside(part, fmt.Sprintf("%s/allOf/%d", ptr, i), name)
	}
	if !n.choices {
		return
	}
	for i, variant := range schemasIn(s["oneOf"]) {
		at := fmt.Sprintf("%s/oneOf/%d", ptr, i)
		s["oneOf"].([]any)[i] = n.schema(variant, at, variantName(variant, name, i), false)
	}
}

// variantName is the name of a variant that is written in place: its title, or
// else its number.
func variantName(variant map[string]any, name string, i int) string {
	if title, ok := variant["title"].(string); ok && title != "" {
		return title
	}
	return fmt.Sprintf("%s_%d", name, i+1)
}

// widen makes explicit what OpenAPI leaves open, and code generators would
// narrow: an integer may need 64 bits, a number the double precision.
func widen(s map[string]any) {
	if s == nil || s["format"] != nil {
		return
	}
	switch s["type"] {
	case "integer":
		s["format"] = "int64"
	case "number":
		s["format"] = "double"
	}
}

func (n *namer) unique(name string) string {
	for i, base := 2, name; n.schemas[name] != nil; i++ {
		name = fmt.Sprintf("%s_%d", base, i)
	}
	return name
}
