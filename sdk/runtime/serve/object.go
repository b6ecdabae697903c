package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
)

// free is a free-form value in the shapes of JSON alone, so that it is the same
// over every protocol: map[string]any, []any, string, float64, bool and nil.
func free(v any) (any, error) {
	if out, ok := jsonShape(v); ok {
		return out, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("a free-form value cannot be written as JSON: %w", err)
	}
	var out any
	err = json.Unmarshal(text, &out)
	return out, err
}

// jsonShape copies what has the shapes of JSON, or whose numbers can be made so.
func jsonShape(v any) (any, bool) {
	switch v := v.(type) {
	case nil, bool, string:
		return v, true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case []any:
		out := make([]any, len(v))
		for i := range v {
			item, ok := jsonShape(v[i])
			if !ok {
				return nil, false
			}
			out[i] = item
		}
		return out, true
	case map[string]any:
		out := make(map[string]any, len(v))
		for key := range v {
			item, ok := jsonShape(v[key])
			if !ok {
				return nil, false
			}
			out[key] = item
		}
		return out, true
	}
	return nil, false
}

// appendAny writes a value as encoding/json does, without escapes for HTML.
func appendAny(b []byte, v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return b, err
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...), nil
}
