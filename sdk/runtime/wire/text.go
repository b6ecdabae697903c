package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Text is a single value as it stands in a path, a query, a header or a form: as
// JSON writes it, without quotes.
func Text(v reflect.Value) (string, error) {
	if v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch value := v.Interface().(type) {
	case time.Time:
		return value.Format(time.RFC3339Nano), nil
	case []byte:
		return base64.StdEncoding.EncodeToString(value), nil
	case json.Marshaler:
		return jsonText(value)
	}
	switch v.Kind() {
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(v.Uint(), 10), nil
	case reflect.Float32, reflect.Float64:
		text, err := json.Marshal(v.Interface())
		return string(text), err
	}
	return "", fmt.Errorf("%s is no single value", v.Kind())
}

// jsonText is the text of a value that writes itself as JSON.
func jsonText(value json.Marshaler) (string, error) {
	data, err := value.MarshalJSON()
	if err != nil {
		return "", err
	}
	var text string
	if json.Unmarshal(data, &text) == nil {
		return text, nil
	}
	return string(data), nil
}
