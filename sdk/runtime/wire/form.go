package wire

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// MarshalForm writes the fields of a struct, or of a pointer to one, as a form,
// under the names that their JSON tags say: a single value as its text, a list
// as the name again for each of its values. A nil pointer, list or map is left
// out. What holds more than that has no place in a form and is an error.
func MarshalForm(body any) (url.Values, error) {
	v := reflect.Indirect(reflect.ValueOf(body))
	if v.Kind() != reflect.Struct {
		return nil, errors.New("the body of a form is no struct")
	}
	out := url.Values{}
	for i := range v.NumField() {
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		texts, err := formTexts(v.Field(i), options)
		if err != nil {
			return nil, fmt.Errorf("the field %s cannot be sent in a form: %w", name, err)
		}
		if len(texts) > 0 {
			out[name] = texts
		}
	}
	return out, nil
}

// formTexts are the texts of a field: none, one, or those of a list.
func formTexts(v reflect.Value, options string) ([]string, error) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if v.IsNil() {
			return nil, nil
		}
	}
	if v.IsZero() && (strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")) {
		return nil, nil
	}
	if v.Kind() != reflect.Slice || v.Type().Elem().Kind() == reflect.Uint8 || v.Type() == reflect.TypeFor[FieldMask]() {
		text, err := Text(v)
		return []string{text}, err
	}
	var out []string
	for i := range v.Len() {
		text, err := Text(v.Index(i))
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}
