package demo

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// leaf is one field of an answer, as people read it.
type leaf struct{ path, text string }

// leaves lists the fields of an answer, those of nested values too, in their
// order. Paths are in the names of the wire: "user.app_data.plan".
func leaves(value any) []leaf {
	var all []leaf
	walk(reflect.ValueOf(value), "", false, func(path, text string) {
		all = append(all, leaf{path, text})
	})
	return all
}

func walk(v reflect.Value, path string, secret bool, add func(path, text string)) {
	switch v.Kind() {
	case reflect.Invalid:
		add(path, "null")
	case reflect.Pointer:
		walk(v.Elem(), path, secret, add)
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			walk(v.Field(i), join(path, jsonName(f)), secret || f.Tag.Get("secret") == "true", add)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			add(path, empty(v, "none", "[], not nil"))
		}
		for i := range v.Len() {
			walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i), secret, add)
		}
	case reflect.Map:
		if v.Len() == 0 {
			add(path, empty(v, "none", "{}, not nil"))
		}
		for _, k := range slices.Sorted(maps.Keys(texts(v))) {
			walk(v.MapIndex(reflect.ValueOf(k)), join(path, k), secret, add)
		}
	case reflect.Interface:
		walkFree(v, path, secret, add)
	default:
		add(path, plain(v, secret))
	}
}

// walkFree walks a value of a free-form map. Types that JSON has no name for
// are told, for they would make two answers differ.
func walkFree(v reflect.Value, path string, secret bool, add func(path, text string)) {
	switch each := v.Interface().(type) {
	case nil, bool, string, float64:
		text, _ := json.Marshal(each)
		add(path, string(text))
	case map[string]any, []any:
		walk(v.Elem(), path, secret, add)
	default:
		add(path, fmt.Sprintf("%v (%T)", each, each))
	}
}

// plain is the text of a scalar. Of a secret there is only enough to see
// whether two are the same.
func plain(v reflect.Value, secret bool) string {
	text := fmt.Sprint(v.Interface())
	switch {
	case secret && text != "":
		return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))[:len("sha256:")+8]
	case v.Kind() == reflect.String && (text == "" || strings.TrimSpace(text) != text):
		return fmt.Sprintf("%q", text)
	}
	return text
}

func empty(v reflect.Value, none, some string) string {
	if v.IsNil() {
		return none
	}
	return some
}

func texts(v reflect.Value) map[string]bool {
	keys := map[string]bool{}
	for _, k := range v.MapKeys() {
		keys[k.String()] = true
	}
	return keys
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
