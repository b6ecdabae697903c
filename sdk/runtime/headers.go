package runtime

import (
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"sync"
)

// headerSet is the final headers of a call over one protocol. It is shared by
// calls and never changed.
type headerSet struct {
	values     http.Header         // canonical names, one value each
	metadata   map[string][]string // of values, over gRPC only
	userAgent  string              // of values
	madeOnce   sync.Once           // of made
	made       any                 // what the gRPC half makes of the metadata
	secrets    []string            // values that must not show up in any text
	credential bool                // something in it proves who the caller is
}

// reserved reports whether a header belongs to the message itself. Setting it
// by hand would break the framing, the decoding or the routing.
func reserved(name string) bool {
	switch name {
	case "Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length",
		"Content-Type", "Host", "Keep-Alive", "Proxy-Connection", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade":
		return true
	}
	return false
}

// newHeader checks a header given by an option. Errors never show the value.
func newHeader(name, value string) (field, error) {
	if !isToken(name) {
		return field{}, fmt.Errorf("header name %q is malformed: expected letters, digits and dashes", name)
	}
	canonical := textproto.CanonicalMIMEHeaderKey(name)
	if reserved(canonical) {
		return field{}, fmt.Errorf("header %s is set by the SDK and cannot be replaced", canonical)
	}
	if !isHeaderValue(value) {
		return field{}, fmt.Errorf("the value of header %s holds a control character or a surrounding blank", canonical)
	}
	return field{canonical, value}, nil
}

// newCookie checks a cookie given by an option. Errors never show the value.
func newCookie(name, value string) (field, error) {
	return checkedCookie(name, value, "; ")
}

// receivedCookie is a cookie to be sent back as it came: servers set values with
// blanks and in quotes.
func receivedCookie(c *http.Cookie) (field, error) {
	value := c.Value
	if c.Quoted {
		value = `"` + value + `"`
	}
	return checkedCookie(c.Name, value, ";")
}

func checkedCookie(name, value, without string) (field, error) {
	if !isToken(name) {
		return field{}, fmt.Errorf("cookie name %q is malformed: expected letters, digits, dashes and underscores", name)
	}
	if !isHeaderValue(value) || strings.ContainsAny(value, without) {
		return field{}, fmt.Errorf("the value of cookie %s holds a character that a cookie cannot carry", name)
	}
	return field{name, value}, nil
}

// isToken reports whether s is a token as HTTP defines it.
func isToken(s string) bool {
	for _, c := range []byte(s) {
		alnum := '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !alnum && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return s != ""
}

// isHeaderValue reports whether s arrives as it was sent: HTTP strips blanks
// around a value and has no place for control characters.
func isHeaderValue(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c == 0x7f {
			return false
		}
	}
	return strings.TrimSpace(s) == s
}

// headerSource is what headers are made of, fixed when a client is made.
type headerSource struct {
	fixed   map[Protocol][]field // the API's headers with settings filled in
	secret  map[string]bool      // canonical names of headers that carry a credential
	secrets []string             // values of secret settings

	settings map[string]string // every setting, and what is derived from the URL
}

// set lays client and call headers over the API's.
func (s *headerSource) set(p Protocol, call *callConfig) *headerSet {
	values := make(http.Header, len(s.fixed[p])+len(call.headers)+3)
	for _, layer := range [][]field{s.fixed[p], call.headers} {
		for _, f := range layer {
			if f.value == "" {
				values.Del(f.name)
				continue
			}
			values[f.name] = []string{f.value}
		}
	}
	cookies := joinCookies(values.Get("Cookie"), call.cookies)
	if cookies != "" {
		values["Cookie"] = []string{cookies}
	}
	set := s.seal(p, values)
	if p == ProtocolGRPC {
		set.metadata = metadataOf(values)
	}
	return set
}

// metadataOf is headers as gRPC has them. The User-Agent belongs to the
// connection.
func metadataOf(values http.Header) map[string][]string {
	out := make(map[string][]string, len(values))
	for name, v := range values {
		if name != "User-Agent" {
			out[strings.ToLower(name)] = v
		}
	}
	return out
}

// seal notes what in the headers is secret.
func (s *headerSource) seal(p Protocol, values http.Header) *headerSet {
	set := &headerSet{values: values, userAgent: values.Get("User-Agent"), secrets: slices.Clone(s.secrets)}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !s.isSecret(p, name) {
			continue
		}
		set.credential = true
		set.secrets = append(set.secrets, secretParts(name, values.Get(name))...)
	}
	return set
}

// isSecret reports whether a header carries a credential. The manifest says so of
// the API's; of others, such as those that a gateway asks for, their names do.
func (s *headerSource) isSecret(p Protocol, name string) bool {
	if s.secret[name] {
		return true
	}
	api := slices.ContainsFunc(s.fixed[p], func(f field) bool { return f.name == name })
	return !api && soundsSecret(name)
}

// soundsSecret reports whether a header's name is one that credentials have.
func soundsSecret(name string) bool {
	name = strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(name, "-", ""), "_", ""))
	return slices.ContainsFunc([]string{"authorization", "apikey", "accesskey", "token", "secret", "password", "credential"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

// secretParts is a secret header's value and, where it is made of parts, the
// parts: a server that quotes a token quotes it without "Bearer".
func secretParts(name, value string) []string {
	parts := []string{value}
	switch name {
	case "Authorization", "Proxy-Authorization":
		if _, token, ok := strings.Cut(value, " "); ok {
			parts = append(parts, token)
		}
	case "Cookie":
		for pair := range strings.SplitSeq(value, "; ") {
			if _, v, ok := strings.Cut(pair, "="); ok {
				parts = append(parts, v, strings.Trim(v, `"`))
			}
		}
	}
	return parts
}

// joinCookies appends cookies to a Cookie header; of two with one name the
// later stays.
func joinCookies(header string, cookies []field) string {
	var pairs []string
	if header != "" {
		pairs = append(pairs, header)
	}
	for i, c := range cookies {
		replaced := slices.ContainsFunc(cookies[i+1:], func(later field) bool { return later.name == c.name })
		if !replaced && c.value != "" {
			pairs = append(pairs, c.name+"="+c.value)
		}
	}
	return strings.Join(pairs, "; ")
}
