package runtime

import (
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strings"
)

// checkSettings returns an error for each required setting that is empty.
// Values are never shown.
func checkSettings(settings map[string]Setting) []error {
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		if s := settings[name]; s.Required && strings.TrimSpace(s.Value) == "" {
			problems = append(problems, fmt.Errorf("%s is empty: expected a value", name))
		}
	}
	return problems
}

// newHeaderSource fills the settings into the API's headers, once per client.
func newHeaderSource(api *API, base baseURL, settings map[string]Setting) (*headerSource, []error) {
	src := &headerSource{
		fixed:  make(map[Protocol][]field),
		secret: map[string]bool{"Authorization": true, "Proxy-Authorization": true, "Cookie": true},
	}
	values := map[string]string{"origin": base.origin, "url": base.text}
	src.settings = values
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		values[name] = settings[name].Value
		if settings[name].Secret && settings[name].Value != "" {
			src.secrets = append(src.secrets, settings[name].Value)
		}
	}
	var problems []error
	for _, h := range api.Headers {
		h.Secret = h.Secret || holdsSecret(h.Value, settings)
		if err := src.add(h, values); err != nil {
			problems = append(problems, err)
		}
	}
	return src, problems
}

// holdsSecret reports whether a template refers to a secret setting: a header
// made of it is one, even if nobody said so.
func holdsSecret(template string, settings map[string]Setting) bool {
	for name, s := range settings {
		if s.Secret && strings.Contains(template, "{"+name+"}") {
			return true
		}
	}
	return false
}

// add fills one header in and files it under its protocols.
func (s *headerSource) add(h Header, values map[string]string) error {
	name := textproto.CanonicalMIMEHeaderKey(h.Name)
	if h.Secret {
		s.secret[name] = true
	}
	value, missing := expand(h.Value, values)
	if missing {
		return nil
	}
	if !isToken(h.Name) || !isHeaderValue(value) {
		return fmt.Errorf("header %s, made of %s, cannot be sent: its value holds a control character or a surrounding blank", name, h.Value)
	}
	for _, p := range protocols() {
		if h.goesOver(p) {
			s.fixed[p] = append(s.fixed[p], field{name, value})
		}
	}
	return nil
}

// expand replaces each "{name}" in a template; missing reports that one of
// them has no value. A brace that is never closed is plain text.
func expand(template string, values map[string]string) (text string, missing bool) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			b.WriteString(template)
			return b.String(), missing
		}
		b.WriteString(before + values[name])
		missing = missing || values[name] == ""
		template = after
	}
}
