package runtime

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// minSecret is the shortest secret that is looked for anywhere in an error's
// text. Shorter ones, such as one-time codes, are looked for as words, if they
// have a digit from minCode on. The others are words like "admin" in every other
// message, and are taken out only where a text quotes a value: in quotes, or
// after an equals sign.
const (
	minSecret = 8
	minWord   = 6
	minCode   = 4
)

// scrub takes secrets out of everything that the error's text is made of, and
// out of the text of its cause. A server may quote what it was sent.
func (e *Error) scrub(secrets []string) {
	clean := scrubber(secrets)
	if clean == nil {
		return
	}
	e.Message, e.ServerCode = clean(e.Message), clean(e.ServerCode)
	e.Violations = slices.Clone(e.Violations)
	for i, v := range e.Violations {
		e.Violations[i] = FieldViolation{clean(v.Field), clean(v.Description)}
	}
	e.cause = cleaned(e.cause, clean)
}

// withoutSecrets takes secrets out of an error's text.
func withoutSecrets(err error, secrets ...string) error {
	clean := scrubber(secrets)
	if clean == nil {
		return err
	}
	return cleaned(err, clean)
}

// cleaned is an error whose text is clean; it stays what it is if it already is.
func cleaned(err error, clean func(string) string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if c := clean(text); c != text {
		return &cleanCause{err, c}
	}
	return err
}

// scrubber returns a function that takes the secrets out of a text, also where
// they are quoted as JSON or in a URL; nil if there is nothing to look for.
func scrubber(secrets []string) func(string) string {
	var pairs, words, values, all []string
	for _, s := range longestFirst(secrets) {
		switch {
		case len(s) >= minSecret:
			for _, form := range forms(s) {
				pairs, all = append(pairs, form, redacted), append(all, form)
			}
		case len(s) >= minWord || len(s) >= minCode && strings.ContainsAny(s, "0123456789"):
			words, all = append(words, regexp.QuoteMeta(s)), append(all, s)
		case s != "":
			values = append(values, regexp.QuoteMeta(s))
		}
	}
	if len(all)+len(values) == 0 {
		return nil
	}
	replacer, word, value := strings.NewReplacer(pairs...), wordReplacer(words), valueReplacer(values)
	return func(text string) string { return withoutStump(value(word(replacer.Replace(text))), all) }
}

// valueReplacer returns a function that takes out what is quoted as a value.
func valueReplacer(values []string) func(string) string {
	if len(values) == 0 {
		return func(text string) string { return text }
	}
	one := "(?:" + strings.Join(values, "|") + ")"
	quoted := regexp.MustCompile("([\"'`\u201c\u2018])" + one + "(\\\\?[\"'`\u201d\u2019])")
	assigned := regexp.MustCompile(`(=)` + one + `($|[^\pL\pN])`)
	return func(text string) string {
		return assigned.ReplaceAllString(quoted.ReplaceAllString(text, "${1}"+redacted+"${2}"), "${1}"+redacted+"${2}")
	}
}

// wordReplacer returns a function that takes out whole words.
func wordReplacer(words []string) func(string) string {
	if len(words) == 0 {
		return func(text string) string { return text }
	}
	word := regexp.MustCompile(`(^|[^\pL\pN])(?:` + strings.Join(words, "|") + `)($|[^\pL\pN])`)
	return func(text string) string {
		// Twice, since what stands between two words belongs to the first match.
		for range 2 {
			text = word.ReplaceAllString(text, "${1}"+redacted+"${2}")
		}
		return text
	}
}

// minStump is how much of a secret is looked for where a text was cut.
const minStump = 3

// withoutStump takes out the beginning of a secret at the end of a text that
// was cut.
func withoutStump(text string, secrets []string) string {
	head, cut := strings.CutSuffix(text, cutMark)
	if !cut {
		return text
	}
	longest := 0
	for _, s := range secrets {
		for n := min(len(s)-1, len(head)); n >= max(minStump, longest+1); n-- {
			if strings.HasSuffix(head, s[:n]) {
				longest = n
			}
		}
	}
	if longest == 0 {
		return text
	}
	return head[:len(head)-longest] + redacted + cutMark
}

// longestFirst sorts the secrets: one may be part of another.
func longestFirst(secrets []string) []string {
	out := slices.Clone(secrets)
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// forms are the ways in which a secret is quoted: as it is, in JSON with and
// without the escapes for HTML, in a query and in a path.
func forms(secret string) []string {
	out := []string{secret}
	for _, html := range []bool{true, false} {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(html)
		if enc.Encode(secret) == nil {
			out = append(out, strings.Trim(strings.TrimSpace(b.String()), `"`))
		}
	}
	out = append(out, url.QueryEscape(secret), url.PathEscape(secret))
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return slices.Compact(out)
}

// cleanCause is a cause whose text held a secret. What it is can still be asked
// for; its text cannot.
type cleanCause struct {
	err  error
	text string
}

func (c *cleanCause) Error() string        { return c.text }
func (c *cleanCause) Is(target error) bool { return errors.Is(c.err, target) }
func (c *cleanCause) As(target any) bool   { return errors.As(c.err, target) }

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
		if secret && v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			*found = append(*found, string(v.Bytes()), base64.StdEncoding.EncodeToString(v.Bytes()))
			return
		}
		for i := range v.Len() {
			collectSecrets(v.Index(i), secret, depth+1, found)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collectSecrets(v.MapIndex(key), secret, depth+1, found)
		}
	}
}
