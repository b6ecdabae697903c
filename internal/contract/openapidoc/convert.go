package openapidoc

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// FromServer turns what a server tells about itself (a Swagger 2 or OpenAPI 3
// document, JSON or YAML) into an OpenAPI 3 document as YAML. Swagger 2 is
// converted, OpenAPI 3 keeps its content. The keys are in a fixed order, so the
// same content gives the same bytes.
func FromServer(data []byte) ([]byte, error) {
	list := &diag.List{}
	src := parseSource("document", data, list)
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("the document is neither JSON nor YAML of the expected shape: %w", err)
	}
	value := src.value
	switch {
	case isSwagger(value):
		converted, err := fromSwagger(value)
		if err != nil {
			return nil, err
		}
		value = converted
	case versionOf(value) == "":
		return nil, errors.New("the document is neither Swagger 2 nor OpenAPI 3: it has neither \"swagger: 2.0\" nor \"openapi: 3.x\"")
	}
	if _, err := loadJSON(value); err != nil {
		return nil, fmt.Errorf("the document is not valid OpenAPI 3: %w", err)
	}
	return encodeYAML(value)
}

// fromSwagger converts a Swagger 2 document, by way of kin-openapi's types.
func fromSwagger(value map[string]any) (map[string]any, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var doc2 openapi2.T
	if err := json.Unmarshal(data, &doc2); err != nil {
		return nil, fmt.Errorf("the document is not valid Swagger 2: %w", err)
	}
	doc3, err := openapi2conv.ToV3(&doc2)
	if err != nil {
		return nil, fmt.Errorf("the Swagger 2 document cannot be converted: %w", err)
	}
	if data, err = json.Marshal(doc3); err != nil {
		return nil, err
	}
	out := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return out, dec.Decode(&out)
}

// topLevel is the order of the keys of a document; other keys are sorted.
func topLevel() []string {
	return []string{"openapi", "info", "servers", "security", "tags", "paths", "components"}
}

// encodeYAML writes the document with its keys in a fixed order.
func encodeYAML(value map[string]any) ([]byte, error) {
	root, err := yamlNode(value, func(a, b string) int {
		order := topLevel()
		return cmp.Or(cmp.Compare(rank(order, a), rank(order, b)), cmp.Compare(a, b))
	})
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	enc := yaml.NewEncoder(&buf)
	enc.SetIndent(2)
	if err := errors.Join(enc.Encode(root), enc.Close()); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func rank(order []string, key string) int {
	if i := slices.Index(order, key); i >= 0 {
		return i
	}
	return len(order)
}

// yamlNode builds the tree of a JSON-like value. The order governs the keys of
// the outermost object; those below are sorted.
func yamlNode(value any, order func(a, b string) int) (*yaml.Node, error) {
	node := &yaml.Node{}
	switch v := value.(type) {
	case map[string]any:
		node.Kind, node.Tag = yaml.MappingNode, "!!map"
		for _, key := range slices.SortedFunc(maps.Keys(v), order) {
			child, err := yamlNode(v[key], cmp.Compare[string])
			if err != nil {
				return nil, err
			}
			name := &yaml.Node{}
			name.SetString(key)
			node.Content = append(node.Content, name, child)
		}
	case []any:
		node.Kind, node.Tag = yaml.SequenceNode, "!!seq"
		for _, item := range v {
			child, err := yamlNode(item, cmp.Compare[string])
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, child)
		}
	case json.Number:
		// As it stands: a float64 would lose digits of large integers.
		node.Kind, node.Value = yaml.ScalarNode, v.String()
	default:
		return node, node.Encode(value)
	}
	return node, nil
}
