package runtime

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// baseURL is the server's URL, checked, and what is derived from it.
type baseURL struct {
	text   string // without a trailing slash
	origin string // scheme://host
	scheme string
	host   string // with the port, if one was given
	name   string // without port and brackets
	path   string // decoded path prefix without a trailing slash, often ""
}

// parseURL checks the URL that a constructor was given. Its errors show the
// URL only if nothing in it can be a secret.
func parseURL(raw string) (baseURL, error) {
	const expected = "expected an absolute http or https URL such as https://auth.example.com"
	if strings.TrimSpace(raw) == "" {
		return baseURL{}, errors.New("url is empty: " + expected)
	}
	shown := shownAddress("url", raw)
	u, err := url.Parse(raw)
	if err != nil {
		return baseURL{}, fmt.Errorf("%s is malformed: %s", shown, expected)
	}
	if reason := urlFault(u); reason != "" {
		return baseURL{}, fmt.Errorf("%s %s: %s", shown, reason, expected)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return baseURL{
		text:   u.String(),
		origin: originOf(u),
		scheme: u.Scheme,
		host:   u.Host,
		name:   u.Hostname(),
		path:   u.Path,
	}, nil
}

// shownAddress is what errors say of an address that cannot be used: its text
// only if nothing in it can be a secret.
func shownAddress(what, raw string) string {
	if strings.ContainsAny(raw, "@?#") {
		return what
	}
	return fmt.Sprintf("%s %q", what, raw)
}

// urlFault says what is wrong with a URL that could be parsed.
func urlFault(u *url.URL) string {
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "has no http or https scheme"
	case u.Hostname() == "":
		return "has no host"
	case u.User != nil:
		return "holds a user name or password"
	case u.RawQuery != "" || u.ForceQuery:
		return "has a query"
	case u.Fragment != "":
		return "has a fragment"
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		return portFault(port)
	}
	return ""
}

// portFault says what is wrong with a port in text.
func portFault(port string) string {
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "has a port outside 1 to 65535"
	}
	return ""
}

// originOf is scheme://host[:port], as the URL has it.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

// grpcEndpoint is where gRPC listens when no endpoint was given.
func (b baseURL) grpcEndpoint(port int) string {
	return net.JoinHostPort(b.name, strconv.Itoa(port))
}

// checkEndpoint checks a gRPC endpoint of the form host:port.
func checkEndpoint(endpoint string) error {
	host, port, err := net.SplitHostPort(endpoint)
	if err != nil || host == "" || strings.ContainsAny(host, "/@ ") || portFault(port) != "" {
		return fmt.Errorf("%s is malformed: expected host:port such as auth.example.com:9091", shownAddress("gRPC endpoint", endpoint))
	}
	return nil
}

// isLoopback reports whether host:port is on this machine: what is sent there
// cannot be read on a network. A name is not resolved, since the answer could
// be another one when the connection is made.
func isLoopback(endpoint string) bool {
	host, _, err := net.SplitHostPort(endpoint)
	if err != nil {
		return false
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
