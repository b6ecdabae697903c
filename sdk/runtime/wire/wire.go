// Package wire holds the types of values that JSON writes in a way of their own:
// generated wire code has fields of these types. It depends on nothing but the
// standard library.
package wire

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Duration travels as seconds with a fraction and the letter s, as protobuf
// writes it in JSON: "3.5s".
type Duration time.Duration

// MarshalJSON implements [json.Marshaler].
func (d Duration) MarshalJSON() ([]byte, error) {
	whole, nanos := int64(d)/int64(time.Second), int64(d)%int64(time.Second)
	sign := ""
	if d < 0 {
		sign, whole, nanos = "-", -whole, -nanos
	}
	text := sign + strconv.FormatInt(whole, 10)
	if nanos != 0 {
		digits := strconv.FormatInt(nanos+int64(time.Second), 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return []byte(`"` + text + `s"`), nil
}

// UnmarshalJSON implements [json.Unmarshaler]. A duration that int64 nanoseconds
// cannot hold (about 292 years) is an error.
func (d *Duration) UnmarshalJSON(data []byte) error {
	text, null, err := textOf(data)
	if err != nil || null {
		return err
	}
	number, ok := strings.CutSuffix(text, "s")
	if !ok {
		return errDuration
	}
	negative := strings.HasPrefix(number, "-")
	whole, fraction, _ := strings.Cut(strings.TrimPrefix(number, "-"), ".")
	if !digits(whole) || len(fraction) > 9 || fraction != "" && !digits(fraction) || strings.HasSuffix(number, ".") {
		return errDuration
	}
	// One number of nanoseconds; ParseInt finds what does not fit.
	nanos := whole + fraction + strings.Repeat("0", 9-len(fraction))
	if negative {
		nanos = "-" + nanos
	}
	n, err := strconv.ParseInt(nanos, 10, 64)
	if err != nil {
		return errDuration
	}
	*d = Duration(n)
	return nil
}

// The errors say nothing of the value, which may be a secret.
var (
	errDuration = errors.New(`not a duration such as "3.5s"`)
	errNumber   = errors.New("not a whole number of its type, or a text of one")
	errText     = errors.New("not a text")
)

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// textOf is the text of a JSON string, or whether it is null.
func textOf(data []byte) (text string, null bool, err error) {
	if string(data) == "null" {
		return "", true, nil
	}
	if json.Unmarshal(data, &text) != nil {
		return "", false, errText
	}
	return text, false, nil
}

// Int64 travels as a text, since not all who read JSON have numbers of 64 bits. A
// number is read as well.
type Int64 int64

// MarshalJSON implements [json.Marshaler].
func (n Int64) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatInt(int64(n), 10) + `"`), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Int64) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	value, err := strconv.ParseInt(strings.Trim(string(data), `"`), 10, 64)
	if err != nil {
		return errNumber
	}
	*n = Int64(value)
	return nil
}

// Uint64 is [Int64] without a sign.
type Uint64 uint64

// MarshalJSON implements [json.Marshaler].
func (n Uint64) MarshalJSON() ([]byte, error) {
	return []byte(`"` + strconv.FormatUint(uint64(n), 10) + `"`), nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (n *Uint64) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	value, err := strconv.ParseUint(strings.Trim(string(data), `"`), 10, 64)
	if err != nil {
		return errNumber
	}
	*n = Uint64(value)
	return nil
}

// FieldMask travels as one text, its paths in camel case with commas between
// them, as protobuf writes a FieldMask in JSON: "author.displayName,title".
// Here the paths are in snake case.
type FieldMask []string

// MarshalJSON implements [json.Marshaler]. The paths must be those that [IsPath]
// accepts.
func (m FieldMask) MarshalJSON() ([]byte, error) {
	out := make([]string, len(m))
	for i, path := range m {
		out[i] = camel(path)
	}
	return json.Marshal(strings.Join(out, ","))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *FieldMask) UnmarshalJSON(data []byte) error {
	text, null, err := textOf(data)
	if err != nil || null {
		return err
	}
	*m = nil
	if text == "" {
		return nil
	}
	for _, path := range strings.Split(text, ",") {
		*m = append(*m, snake(path))
	}
	return nil
}

// IsPath tells whether a path in snake case comes back from camel case unchanged.
func IsPath(path string) bool {
	return path != "" && !strings.Contains(path, ",") && snake(camel(path)) == path
}

func camel(path string) string {
	var out strings.Builder
	upper := false
	for _, r := range path {
		switch {
		case r == '_':
			upper = true
			continue
		case upper && r >= 'a' && r <= 'z':
			out.WriteRune(r - 'a' + 'A')
		case upper:
			out.WriteRune('_')
			out.WriteRune(r)
		default:
			out.WriteRune(r)
		}
		upper = false
	}
	return out.String()
}

func snake(path string) string {
	var out strings.Builder
	for _, r := range path {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('_')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}
