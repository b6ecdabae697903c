package replay

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// FieldDifference is one place where two results are not the same.
type FieldDifference struct {
	// Path is the place in wire names, with [] for any list element:
	// "audit_logs[].metadata". It is empty for the result as a whole.
	Path      string
	Want, Got string
}

// String shows the place and both values.
func (d FieldDifference) String() string {
	return fmt.Sprintf("%s: expected %s, got %s", orElse(d.Path, "result"), d.Want, d.Got)
}

// DiffValues compares two results field by field with no tolerance: a nil list
// is not an empty one, and 1 is not 1.0.
func DiffValues(want, got any) []FieldDifference {
	var w walker
	w.walk("", reflect.ValueOf(want), reflect.ValueOf(got))
	return w.found
}

type walker struct{ found []FieldDifference }

func (w *walker) walk(path string, a, b reflect.Value) {
	switch {
	case !a.IsValid() && !b.IsValid():
	case !a.IsValid() || !b.IsValid() || a.Type() != b.Type():
		w.differ(path, a, b)
	case nilable(a.Kind()) && a.IsNil() != b.IsNil():
		w.differ(path, a, b)
	default:
		w.walkSame(path, a, b)
	}
}

// walkSame compares two values of one type, both nil or neither.
func (w *walker) walkSame(path string, a, b reflect.Value) {
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		w.walk(path, a.Elem(), b.Elem())
	case reflect.Struct:
		w.structs(path, a, b)
	case reflect.Slice, reflect.Array:
		w.lists(path, a, b)
	case reflect.Map:
		w.maps(path, a, b)
	default:
		if !a.Equal(b) {
			w.differ(path, a, b)
		}
	}
}

func (w *walker) structs(path string, a, b reflect.Value) {
	for i := range a.NumField() {
		w.walk(join(path, wireName(a.Type().Field(i))), a.Field(i), b.Field(i))
	}
}

func (w *walker) lists(path string, a, b reflect.Value) {
	if a.Len() != b.Len() {
		w.differ(path, a, b)
		return
	}
	for i := range a.Len() {
		w.walk(path+"[]", a.Index(i), b.Index(i))
	}
}

func (w *walker) maps(path string, a, b reflect.Value) {
	keys := map[string]reflect.Value{}
	for _, key := range append(a.MapKeys(), b.MapKeys()...) {
		keys[key.String()] = key
	}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		w.walk(join(path, name), a.MapIndex(keys[name]), b.MapIndex(keys[name]))
	}
}

func (w *walker) differ(path string, a, b reflect.Value) {
	w.found = append(w.found, FieldDifference{path, text(a), text(b)})
}

func nilable(k reflect.Kind) bool {
	return k == reflect.Pointer || k == reflect.Interface || k == reflect.Slice || k == reflect.Map
}

func text(v reflect.Value) string {
	if !v.IsValid() {
		return "(nothing)"
	}
	return fmt.Sprintf("%#v", v)
}

func wireName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return orElse(name, f.Name)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Paths are the places of the differences, each once, sorted.
func Paths(ds []FieldDifference) []string {
	paths := make([]string, len(ds))
	for i, d := range ds {
		paths[i] = d.Path
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
