package runtime

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// maxRedirects is how many redirects within the server are followed.
const maxRedirects = 10

// redirectError is a redirect that was not followed. Only schemes, hosts and
// methods are shown: a location may hold a token.
type redirectError struct{ reason string }

func (e *redirectError) Error() string { return e.reason }

// redirectPolicy follows redirects only within the server. net/http forwards
// every header but Authorization and Cookie to whatever host an answer names,
// so a credential in a header of its own would travel on; and it turns a POST
// into a GET on 301, 302 and 303, which would call something else.
func redirectPolicy(next func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		first := via[0]
		if from, to := site(first.URL), site(req.URL); from != to {
			return &redirectError{fmt.Sprintf("the server at %s redirects to another host, %s; credentials are not sent on: use that URL if it is right", from, to)}
		}
		if req.Method != first.Method {
			return &redirectError{fmt.Sprintf("the server at %s redirects a %s in a way that makes it a %s", site(first.URL), first.Method, req.Method)}
		}
		if next != nil {
			return next(req, via)
		}
		if len(via) >= maxRedirects {
			return &redirectError{fmt.Sprintf("the server at %s redirects more than %d times", site(first.URL), maxRedirects)}
		}
		return nil
	}
}

// site is scheme, host and port of a URL, with the port spelled out.
func site(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
