package serve

import (
	"encoding/json"
	"math"
	"reflect"
	"strconv"
)

// scalar sets a single value, and reports whether it is of the kind.
func (d *treeDecoder) scalar(v any, dst reflect.Value) bool {
	switch {
	case dst.Kind() == reflect.String:
		text, ok := v.(string)
		if n, isNumber := asNumber(v); !ok && d.coerce && isNumber {
			text, ok = n, true
		}
		dst.SetString(text)
		return ok
	case dst.Kind() == reflect.Bool:
		value, ok := v.(bool)
		if text, isText := v.(string); isText && d.texts {
			parsed, err := strconv.ParseBool(text)
			value, ok = parsed, err == nil
		}
		dst.SetBool(value)
		return ok
	case dst.CanFloat():
		return setFloat(v, dst)
	case dst.CanInt():
		n, ok := integer(v)
		if !ok || dst.OverflowInt(n) {
			return false
		}
		dst.SetInt(n)
		return true
	case dst.CanUint():
		n, ok := unsigned(v)
		if !ok || dst.OverflowUint(n) {
			return false
		}
		dst.SetUint(n)
		return true
	}
	return false
}

func setFloat(v any, dst reflect.Value) bool {
	text, ok := numeric(v)
	x, err := strconv.ParseFloat(text, dst.Type().Bits())
	if !ok || err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return false
	}
	dst.SetFloat(x)
	return true
}

// maxExact is where a float is no longer sure to be the integer that was written.
const maxExact = 1 << 53

// integer reads an integer: a number, however it is written, or a text.
func integer(v any) (int64, bool) {
	text, ok := numeric(v)
	if !ok {
		return 0, false
	}
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return n, true
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || x != math.Trunc(x) || math.Abs(x) > maxExact {
		return 0, false
	}
	return int64(x), true
}

// unsigned is [integer] without a sign.
func unsigned(v any) (uint64, bool) {
	if text, ok := numeric(v); ok {
		if n, err := strconv.ParseUint(text, 10, 64); err == nil {
			return n, true
		}
	}
	n, ok := integer(v)
	return uint64(n), ok && n >= 0
}

// numeric is the text of a number, or a text that may be one.
func numeric(v any) (string, bool) {
	if text, ok := v.(string); ok {
		return text, true
	}
	return asNumber(v)
}

// asNumber is the text of a number.
func asNumber(v any) (string, bool) {
	switch v := v.(type) {
	case json.Number:
		return v.String(), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	}
	return "", false
}
