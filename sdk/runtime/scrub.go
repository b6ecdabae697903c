package runtime

import (
	"reflect"
	"slices"
	"strings"
)

// minSecret is the shortest secret that is looked for in an error's text.
// Shorter ones are words like "admin", which every message may contain.
const minSecret = 8

// scrub takes secrets out of everything that the error's text is made of. A
// server may quote what it was sent.
func (e *Error) scrub(secrets []string) {
	secrets = slices.DeleteFunc(secrets, func(s string) bool { return len(s) < minSecret })
	if len(secrets) == 0 {
		return
	}
	// The longest first: one secret may be part of another.
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(secrets))
	for _, s := range secrets {
		pairs = append(pairs, s, redacted)
	}
	replacer := strings.NewReplacer(pairs...)
	e.Message = replacer.Replace(e.Message)
	e.ServerCode = replacer.Replace(e.ServerCode)
	e.Violations = slices.Clone(e.Violations)
	for i, v := range e.Violations {
		e.Violations[i] = FieldViolation{replacer.Replace(v.Field), replacer.Replace(v.Description)}
	}
}

// secretsIn collects the texts in a request's fields that carry the tag
// `secret:"true"`, at any depth.
func secretsIn(req any) []string {
	var found []string
	collectSecrets(reflect.ValueOf(req), false, 0, &found)
	return found
}

func collectSecrets(v reflect.Value, secret bool, depth int, found *[]string) {
	if !v.IsValid() || depth > maxPrintDepth {
		return
	}
	switch v.Kind() {
	case reflect.String:
		if secret {
			*found = append(*found, v.String())
		}
	case reflect.Pointer, reflect.Interface:
		collectSecrets(v.Elem(), secret, depth+1, found)
	case reflect.Struct:
		for i := range v.NumField() {
			collectSecrets(v.Field(i), secret || isSecret(v.Type().Field(i)), depth+1, found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			collectSecrets(v.Index(i), secret, depth+1, found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collectSecrets(v.MapIndex(key), secret, depth+1, found)
		}
	}
}
