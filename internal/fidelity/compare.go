package fidelity

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// comparer says where an answer differs from the recorded one.
type comparer struct {
	names *names
	found []string
}

func (c *comparer) differ(path string, want, got any) {
	c.found = append(c.found, fmt.Sprintf("%s: the real server said %s, the emulator %s", path, show(want), show(got)))
}

func show(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%v", v)
	}
	if len(text) > 300 {
		return string(text[:300]) + "..."
	}
	return string(text)
}

func (c *comparer) text(path, want, got string) {
	// protojson makes its errors unstable on purpose: with this space.
	got = strings.ReplaceAll(got, "\u00a0", " ")
	if !c.names.same(strings.ReplaceAll(want, "\u00a0", " "), got) {
		c.differ(path, want, got)
	}
}

// values compares two JSON values. Outside of free-form objects, null, absent
// and zero are one value: that is what the SDK makes of them.
func (c *comparer) values(path string, want, got any, free bool) {
	if !free && zero(want) && zero(got) {
		return
	}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			c.differ(path, want, got)
			return
		}
		c.objects(path, w, g, free)
	case []any:
		g, ok := got.([]any)
		if !ok || len(w) != len(g) {
			c.differ(path, want, got)
			return
		}
		for i := range w {
			c.values(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], free)
		}
	case string:
		g, ok := got.(string)
		switch {
		case !ok:
			c.differ(path, want, got)
		case strings.HasSuffix(path, ".tree") && w != "":
			c.values(path, decode(w), decode(g), true) // the white space of this text varies
		default:
			c.text(path, w, g)
		}
	default:
		if want != got {
			c.differ(path, want, got)
		}
	}
}

func (c *comparer) objects(path string, want, got map[string]any, free bool) {
	keys := maps.Clone(want)
	maps.Copy(keys, got)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		w, inWant := want[key]
		g, inGot := got[key]
		if free && inWant != inGot {
			c.differ(path+"."+key, w, g)
			continue
		}
		if !free && freeForm(key) && empty(w) && empty(g) {
			continue
		}
		c.values(path+"."+key, w, g, free || freeForm(key))
	}
}

// freeForm tells whether a field holds an object of any form.
func freeForm(key string) bool {
	return key == "app_data" || key == "claims" || key == "headers"
}

// empty is zero for a free-form object, in which every key counts.
func empty(v any) bool {
	object, isObject := v.(map[string]any)
	return v == nil || isObject && len(object) == 0
}

func zero(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == "" || v == "0"
	case json.Number:
		return v == "0"
	case []any:
		return len(v) == 0
	case map[string]any:
		for key, inner := range v { // an object that is absent is one with nothing in it
			if freeForm(key) && !empty(inner) || !freeForm(key) && !zero(inner) {
				return false
			}
		}
		return true
	}
	return false
}

// documents are the JSON documents of a body; ok is false if it is no JSON.
func documents(body []byte) (out []any, ok bool) {
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	for dec.More() {
		var v any
		if dec.Decode(&v) != nil {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

func decode(text string) any {
	docs, ok := documents([]byte(text))
	if !ok || len(docs) != 1 {
		return text
	}
	return docs[0]
}
