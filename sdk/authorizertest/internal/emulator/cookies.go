package emulator

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// The names of the cookies. Those of sessions come in pairs, the second one for
// the domain.
const (
	sessionCookie = "cookie_session"
	mfaCookie     = "mfa_session"
	adminCookie   = "authorizer-admin"
	domainSuffix  = "_domain"
)

// session is the value of the caller's session cookie.
func (c *Call) session() string { return c.pair(sessionCookie) }

func (c *Call) mfaSession() string { return c.pair(mfaCookie) }

func (c *Call) pair(name string) string {
	if v := c.cookie(name, url.PathUnescape); v != "" {
		return v
	}
	return c.cookie(name+domainSuffix, url.PathUnescape)
}

func (c *Call) setSession(value string) {
	c.setPair(sessionCookie, value, sessionLifetime)
}

func (c *Call) endSession() { c.setPair(sessionCookie, "", -1) }

func (c *Call) setMFASession(value string) { c.setPair(mfaCookie, value, mfaCookieLifetime) }

func (c *Call) setPair(name, value string, maxAge int) {
	host := hostOf(c.url())
	for _, pair := range [][2]string{{name, host}, {name + domainSuffix, domainOf(host)}} {
		c.SetCookie(&http.Cookie{
			Name: pair[0], Value: value, MaxAge: maxAge, Path: "/", Domain: pair[1],
			Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode,
		})
	}
}

func (c *Call) setAdmin(value string, maxAge int) {
	if c.Protocol == authorizer.ProtocolGraphQL {
		value = url.QueryEscape(value) // as the real server does, there only
	}
	c.SetCookie(&http.Cookie{
		Name: adminCookie, Value: value, MaxAge: maxAge, Path: "/", Domain: hostOf(c.url()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "localhost"
	}
	return u.Hostname()
}

// domainOf is the last two labels of a host's name. The real server cuts
// addresses too; here they stay whole.
func domainOf(host string) string {
	labels := strings.Split(host, ".")
	if len(labels) <= 2 || net.ParseIP(host) != nil {
		return strings.TrimPrefix(host, "www.")
	}
	return strings.Join(labels[len(labels)-2:], ".")
}
