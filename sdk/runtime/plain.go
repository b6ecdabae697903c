package runtime

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// plain copies a value into maps, lists and scalars, with secrets redacted.
func plain(v reflect.Value, depth int) any {
	if !v.IsValid() || depth > maxPrintDepth {
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return plain(v.Elem(), depth+1)
	case reflect.Struct:
		return plainStruct(v, depth)
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plain(v.Index(i), depth+1)
		}
		return list
	case reflect.Map:
		m := make(map[string]any, v.Len())
		for _, key := range v.MapKeys() {
			m[fmt.Sprint(key)] = plain(v.MapIndex(key), depth+1)
		}
		return m
	}
	if !v.CanInterface() {
		return nil
	}
	return v.Interface()
}

// plainStruct leaves fields out that are zero. A struct without exported
// fields, such as a time, is written as its text.
func plainStruct(v reflect.Value, depth int) any {
	m := make(map[string]any)
	exported := 0
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		exported++
		if !isEmpty(v.Field(i)) {
			m[jsonName(field)] = plainField(field, v.Field(i), depth)
		}
	}
	if exported == 0 && v.CanInterface() {
		return fmt.Sprint(v.Interface())
	}
	return m
}

func plainField(field reflect.StructField, v reflect.Value, depth int) any {
	if isSecret(field) {
		return redacted
	}
	return plain(v, depth+1)
}

// isSecret reports whether a field carries the tag `secret:"true"`.
func isSecret(field reflect.StructField) bool { return field.Tag.Get("secret") == "true" }

// isEmpty reports whether there is nothing to hide or show.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return v.IsZero()
}

// jsonName is the field's name on the wire, or in Go if it has no other.
func jsonName(field reflect.StructField) string {
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if name == "" || name == "-" {
		return field.Name
	}
	return name
}

// sortedKeys are the keys of a map in the order of their text.
func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return keys
}

// sortedNames are the keys of a map in order.
func sortedNames[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
