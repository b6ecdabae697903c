package keys

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// node is a part of a JSON Schema; the fields stand in the order in which people
// read them.
type node struct {
	Schema      string           `json:"$schema,omitempty"`
	ID          string           `json:"$id,omitempty"`
	Title       string           `json:"title,omitempty"`
	Description string           `json:"description,omitempty"`
	Ref         string           `json:"$ref,omitempty"`
	Type        any              `json:"type,omitempty"`
	Const       any              `json:"const,omitempty"`
	Default     any              `json:"default,omitempty"`
	Enum        []string         `json:"enum,omitempty"`
	Pattern     string           `json:"pattern,omitempty"`
	Items       *node            `json:"items,omitempty"`
	MinItems    int              `json:"minItems,omitempty"`
	Unique      bool             `json:"uniqueItems,omitempty"`
	AllOf       []*node          `json:"allOf,omitempty"`
	Required    []string         `json:"required,omitempty"`
	Properties  map[string]*node `json:"properties,omitempty"`
	Additional  any              `json:"additionalProperties,omitempty"`
	Definitions map[string]*node `json:"definitions,omitempty"`
}

// Schema is the JSON Schema of the manifest, draft 7, which the language servers of
// editors know best.
func Schema(objects []*Object) ([]byte, error) {
	root := objectNode(objects[0])
	root.Schema, root.ID, root.Title = "http://json-schema.org/draft-07/schema#", manifest.SchemaURL, "manifest of sdkgen"
	root.Properties["version"] = &node{Description: root.Properties["version"].Description, Const: 1}
	root.Definitions = map[string]*node{}
	for _, o := range objects[1:] {
		root.Definitions[o.Name] = objectNode(o)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	err := enc.Encode(root)
	return out.Bytes(), err
}

func objectNode(o *Object) *node {
	out := &node{Description: plain(o.Doc), Type: "object", Properties: map[string]*node{}, Additional: false}
	for _, k := range o.Keys {
		out.Properties[k.Name] = keyNode(k)
		if k.Required {
			out.Required = append(out.Required, k.Name)
		}
	}
	return out
}

func keyNode(k *Key) *node {
	value := valueNode(k)
	switch {
	case k.Type.List:
		value = &node{Type: "array", Items: value, Unique: len(k.Words) > 0}
		if k.Required {
			value.MinItems = 1
		}
	case k.Type.Map:
		value = &node{Type: "object", Additional: value}
	case value.Ref != "":
		// In draft 7 nothing counts beside a $ref.
		value = &node{AllOf: []*node{value}}
	}
	value.Description = plain(k.Doc)
	if k.Default != "" && !k.Type.List {
		value.Default = k.Default
	}
	return value
}

func valueNode(k *Key) *node {
	switch k.Type.Of {
	case "text":
		if len(k.Words) > 0 {
			return &node{Type: "string", Enum: k.Words}
		}
		if k.Pattern != "" {
			return &node{Type: "string", Pattern: k.Pattern}
		}
		// What YAML takes for a number is a text as well: contract: 2.4.
		return &node{Type: []string{"string", "number", "boolean"}}
	case "boolean", "integer":
		return &node{Type: k.Type.Of}
	case "any":
		return &node{}
	}
	return &node{Ref: "#/definitions/" + k.Type.Of}
}

// plain is a text without the marks of Markdown.
func plain(doc string) string { return strings.ReplaceAll(doc, "`", "") }
