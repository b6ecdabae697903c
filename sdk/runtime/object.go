package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep a free-form value may be nested. Servers stop at
// about ten thousand levels, and protobuf needs several for each of ours.
const maxDepth = 1000

// Object is for a free-form map. The result is a deep copy in the shapes
// of JSON: map[string]any, []any, string, float64, bool and nil; nil stays
// nil. Whatever encoding/json can write may be in it. What would arrive as
// something else is a violation, the same over every protocol: a number that
// float64 cannot hold, NaN and infinities, text that is not UTF-8, a cycle,
// and values that JSON has no form for.
func Object(e *Encoder, field string, m map[string]any) map[string]any {
	if m == nil {
		return nil
	}
	n := normalizer{e: e}
	var out map[string]any
	e.In(field, func() { out, _ = n.object(m).(map[string]any) })
	return out
}

// normalizer copies one free-form value. open holds the maps and slices that
// are being copied: meeting one of them again is a cycle.
type normalizer struct {
	e    *Encoder
	open []container
}

// container identifies a map or slice.
type container struct {
	data uintptr
	size int
}

// enter runs f inside a map or slice unless that would go round in circles.
func (n *normalizer) enter(v any, f func()) {
	r := reflect.ValueOf(v)
	id := container{r.Pointer(), r.Len()}
	switch {
	case id.size == 0:
		return
	case slices.Contains(n.open, id):
		n.e.violation("", "contains itself")
	case len(n.open) >= maxDepth:
		n.e.violation("", "is nested deeper than %d levels", maxDepth)
	default:
		n.open = append(n.open, id)
		f()
		n.open = n.open[:len(n.open)-1]
	}
}

// value copies any value. The shapes that JSON itself has are copied by hand,
// which keeps the path; everything else is asked for its JSON.
func (n *normalizer) value(v any) any {
	switch v := v.(type) {
	case nil, bool:
		return v
	case string:
		n.e.checkText("", v)
		return v
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			n.e.violation("", "is %v, which JSON cannot hold", v)
		}
		return v
	case map[string]any:
		return n.object(v)
	case []any:
		return n.array(v)
	}
	return n.viaJSON(v)
}

func (n *normalizer) object(m map[string]any) any {
	if m == nil {
		return nil
	}
	out := make(map[string]any, len(m))
	n.enter(m, func() {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !utf8.ValidString(key) {
				n.e.violation("", "has the key %q, which is not valid UTF-8", key)
			}
			n.e.In(key, func() { out[key] = n.value(m[key]) })
		}
	})
	return out
}

func (n *normalizer) array(list []any) any {
	if list == nil {
		return nil
	}
	out := make([]any, len(list))
	n.enter(list, func() {
		for i, v := range list {
			n.e.At(i, func() { out[i] = n.value(v) })
		}
	})
	return out
}

// viaJSON writes a value with encoding/json and reads it back. Numbers keep
// their text until it is known that float64 can hold them.
func (n *normalizer) viaJSON(v any) any {
	text, err := json.Marshal(v)
	if err != nil {
		n.e.violation("", "cannot be written as JSON: %s", marshalReason(err))
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain any
	if err := decoder.Decode(&plain); err != nil || !utf8.Valid(text) {
		n.e.violation("", "is written as JSON that cannot be read back")
		return nil
	}
	// encoding/json puts U+FFFD where text is not UTF-8. It writes that as an
	// escape, and a real U+FFFD as it is.
	if strings.Count(string(text), "\uFFFD") != replacements(plain) {
		n.e.violation("", "holds text that is not valid UTF-8")
		return nil
	}
	return n.numbers(plain)
}

// marshalReason is the reason without the value: encoding/json quotes it.
func marshalReason(err error) string {
	var kind *json.UnsupportedTypeError
	var custom *json.MarshalerError
	switch {
	case errors.As(err, &kind):
		return "JSON has no form for " + kind.Type.String()
	case errors.As(err, &custom):
		return "the marshaler of " + custom.Type.String() + " failed"
	}
	return "it holds a number that JSON has no form for, or contains itself"
}

// replacements counts U+FFFD in the texts of a decoded value.
func replacements(v any) int {
	count := 0
	switch v := v.(type) {
	case string:
		return strings.Count(v, "\uFFFD")
	case []any:
		for _, item := range v {
			count += replacements(item)
		}
	case map[string]any:
		for key, item := range v {
			count += strings.Count(key, "\uFFFD") + replacements(item)
		}
	}
	return count
}

// numbers turns the numbers of a decoded value into float64.
func (n *normalizer) numbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, ok := exactFloat(v.String())
		if !ok {
			n.e.violation("", "is a number that float64 cannot hold exactly: send it as a string")
		}
		return f
	case []any:
		for i := range v {
			n.e.At(i, func() { v[i] = n.numbers(v[i]) })
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			n.e.In(key, func() { v[key] = n.numbers(v[key]) })
		}
	}
	return v
}
