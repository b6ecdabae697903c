package emulator

import (
	"net/url"
	"regexp"
	"strings"
)

// origin is host and port of a URL without the usual ports. Schemes do not count.
func origin(raw string) string {
	raw = strings.TrimSpace(raw)
	if !strings.HasPrefix(raw, "http://") && !strings.HasPrefix(raw, "https://") {
		raw = "https://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		return u.Hostname() + ":" + port
	}
	return u.Hostname()
}

func (s Settings) anyOrigin() bool {
	return len(s.AllowedOrigins) == 0 || contains(s.AllowedOrigins, "*")
}

// allowed tells whether a URL is of one of the allowed origins.
func (s Settings) allowed(raw string) bool {
	for _, known := range s.AllowedOrigins {
		if wildcard(origin(known)).MatchString(origin(raw)) {
			return true
		}
	}
	return false
}

// wildcard matches an origin in which a leading *. stands for any labels and
// another * for any part of one.
func wildcard(pattern string) *regexp.Regexp {
	prefix := ""
	if rest, ok := strings.CutPrefix(pattern, "*."); ok {
		prefix, pattern = `([^.]+\.)+`, rest
	}
	return regexp.MustCompile("^" + prefix + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, "[^.]*") + "$")
}

// redirectAllowed tells whether a login may lead to the URL.
func (e *Emulator) redirectAllowed(c *Call, raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return false
	}
	if e.settings.anyOrigin() {
		return origin(raw) == origin(c.url())
	}
	return e.settings.allowed(raw)
}

// OriginAllowed tells whether a browser's page of the origin may change
// anything on the server at host.
func (e *Emulator) OriginAllowed(from, host string) bool {
	if !e.settings.anyOrigin() {
		return e.settings.allowed(from)
	}
	u, err := url.Parse(from)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}
