package openapidoc

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// merge puts all documents into one. Paths and components are united; of all
// else the first document counts.
func merge(sources []*source, list *diag.List) *source {
	out := &source{value: map[string]any{}, pos: map[string]diag.Pos{}}
	for _, src := range sources {
		if out.file == "" {
			out.file = src.file
		}
		checkVersion(out, src, list)
		for _, key := range slices.Sorted(maps.Keys(src.value)) {
			if key == "paths" || key == "components" {
				mergeSection(out, src, key, list)
			} else if _, ok := out.value[key]; !ok {
				out.take(out.value, key, src.value[key], src, pointer("", key))
			}
		}
	}
	return out
}

// checkVersion keeps 3.0 and 3.1 apart: they write the same thing differently.
func checkVersion(out, src *source, list *diag.List) {
	first, this := versionOf(out.value), versionOf(src.value)
	if first != "" && minor(first) != minor(this) {
		list.Add(diag.Finding{
			Pos:     src.near("/openapi"),
			Message: fmt.Sprintf("this document is OpenAPI %s, but that at %s is %s", this, out.near("/openapi"), first),
			Hint:    "write all documents in one version",
		})
	}
}

func minor(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// mergeSection unites a section of two levels: path and verb, or kind of
// component and name.
func mergeSection(out, src *source, section string, list *diag.List) {
	from, _ := src.value[section].(map[string]any)
	to := child(out, src, out.value, section, "")
	for _, outer := range slices.Sorted(maps.Keys(from)) {
		ptr := pointer("", section, outer)
		items, ok := from[outer].(map[string]any)
		if !ok {
			continue // the validation of each document has seen it
		}
		target := child(out, src, to, outer, pointer("", section))
		for _, key := range slices.Sorted(maps.Keys(items)) {
			at := pointer(ptr, key)
			if old, ok := target[key]; !ok {
				out.take(target, key, items[key], src, at)
			} else if !reflect.DeepEqual(old, items[key]) {
				list.Add(diag.Finding{
					Pos:     src.near(at),
					Message: fmt.Sprintf("%s is defined differently at %s", label(section, outer, key), out.near(at)),
					Hint:    "keep one of the two, or rename one",
				})
			}
		}
	}
}

// label names an entry of a section for people.
func label(section, outer, key string) string {
	if section == "paths" {
		return strings.ToUpper(key) + " " + outer
	}
	return fmt.Sprintf("%s %q", outer, key)
}

// child is the object under the key, made if it is not there.
func child(out, src *source, parent map[string]any, key, base string) map[string]any {
	if m, ok := parent[key].(map[string]any); ok {
		return m
	}
	m := map[string]any{}
	parent[key] = m
	ptr := pointer(base, key)
	out.pos[ptr] = src.near(ptr)
	return m
}

// take copies a value of another source together with its places.
func (s *source) take(parent map[string]any, key string, value any, from *source, ptr string) {
	parent[key] = value
	s.copyPos(from, value, ptr, ptr)
}

// copyPos copies the places of a value, and of all that it holds, to another
// pointer. It goes by the value: looking through all places for each value would
// take a time that grows with the square of the document.
func (s *source) copyPos(from *source, value any, ptr, to string) {
	if pos, ok := from.pos[ptr]; ok {
		s.pos[to] = pos
	}
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			s.copyPos(from, child, pointer(ptr, key), pointer(to, key))
		}
	case []any:
		for i, child := range v {
			at := "/" + strconv.Itoa(i)
			s.copyPos(from, child, ptr+at, to+at)
		}
	}
}
