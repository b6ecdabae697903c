package openapidoc

import "strings"

// inlinePathItems puts the path items that OpenAPI 3.1 has under components where
// paths refer to them: the parser does not know the section.
func inlinePathItems(src *source) {
	components := asObject(src.value["components"])
	items := asObject(components["pathItems"])
	if items == nil {
		return
	}
	paths := asObject(src.value["paths"])
	for _, path := range sortedKeys(paths) {
		own := asObject(paths[path])
		ref, _ := own["$ref"].(string)
		name, ok := strings.CutPrefix(ref, "#/components/pathItems/")
		item := asObject(items[name])
		if !ok || item == nil {
			continue
		}
		delete(own, "$ref")
		from, to := pointer("/components/pathItems", name), pointer("/paths", path)
		for _, key := range sortedKeys(item) {
			if _, has := own[key]; !has {
				own[key] = clone(item[key])
				src.copyPos(src, item[key], pointer(from, key), pointer(to, key))
			}
		}
	}
	delete(components, "pathItems")
	if len(components) == 0 {
		delete(src.value, "components")
	}
}

// clone copies a value, for two places that may come to differ.
func clone(value any) any {
	switch v := value.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, child := range v {
			out[key] = clone(child)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, child := range v {
			out[i] = clone(child)
		}
		return out
	}
	return value
}
