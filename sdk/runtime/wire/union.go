package wire

import (
	"bytes"
	"encoding/json"
	"errors"
)

var errUnion = errors.New("not an object")

// MarshalVariant writes one variant of a union as an object. With a discriminator
// the object begins with it.
func MarshalVariant(discriminator, value string, variant any) ([]byte, error) {
	object, err := json.Marshal(variant)
	if err != nil || discriminator == "" {
		return object, err
	}
	member, err := json.Marshal(map[string]string{discriminator: value})
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(object, []byte("{"))
	if !ok {
		return nil, errUnion
	}
	out := append([]byte(nil), member[:len(member)-1]...)
	if string(rest) != "}" {
		out = append(out, ',')
	}
	return append(out, rest...), nil
}

// Discriminator is the value of a union's discriminator; empty without one, and
// for null.
func Discriminator(data []byte, name string) (string, error) {
	members, err := membersOf(data)
	if err != nil {
		return "", err
	}
	value, ok := members[name]
	if !ok {
		return "", nil
	}
	text, _, err := textOf(value)
	return text, err
}

// Members tells which members a union's value has that are not null.
func Members(data []byte) (func(name string) bool, error) {
	members, err := membersOf(data)
	return func(name string) bool {
		value, ok := members[name]
		return ok && string(value) != "null"
	}, err
}

func membersOf(data []byte) (map[string]json.RawMessage, error) {
	var out map[string]json.RawMessage
	if json.Unmarshal(data, &out) != nil {
		return nil, errUnion
	}
	return out, nil
}
