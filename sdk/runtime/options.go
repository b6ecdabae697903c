package runtime

import (
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"time"
)

// errTLSAndHTTPClient says why the two options exclude each other.
var errTLSAndHTTPClient = errors.New("WithTLSConfig cannot be combined with WithHTTPClient: " +
	"set the TLS configuration on the transport of that client, or leave one of the two out")

// WithProtocol selects the protocol. Methods that it does not offer fail
// before anything is sent. The default is the first that the API has of GraphQL,
// REST and gRPC.
func WithProtocol(p Protocol) SharedOption { return WithProtocolName(string(p)) }

// WithProtocolName is [WithProtocol] for a name from outside, such as an
// environment variable: "graphql", "rest" or "grpc", in any letter case.
// Another name is an error of the constructor or the call.
func WithProtocolName(s string) SharedOption {
	return sharedOption(func(c *callConfig) error {
		p, err := ParseProtocol(s)
		if err == nil {
			c.protocol = p
		}
		return err
	})
}

// WithGRPCEndpoint sets where gRPC listens, as host:port. The default is the
// URL's host and the service's usual port; the error of a connection that fails
// there says so.
func WithGRPCEndpoint(endpoint string) Option {
	return clientOption(func(c *config) error {
		c.grpcEndpoint = endpoint
		return checkEndpoint(endpoint)
	})
}

// WithHTTPClient sets the client that sends GraphQL and REST calls, with its
// transport and timeout, but without its cookie jar, which would mix the
// cookies of different users ([WithSession]). It is copied, never changed; its
// redirect policy is asked only about redirects that the SDK allows. Closing
// its connections stays the caller's business.
func WithHTTPClient(hc *http.Client) Option {
	return clientOption(func(c *config) error {
		if hc == nil {
			return errors.New("WithHTTPClient: the client is nil")
		}
		c.httpClient = hc
		return nil
	})
}

// WithTLSConfig sets the TLS configuration of every connection, HTTP and
// gRPC. It is copied. It cannot be combined with [WithHTTPClient].
func WithTLSConfig(t *tls.Config) Option {
	return clientOption(func(c *config) error {
		if t == nil {
			return errors.New("WithTLSConfig: the configuration is nil")
		}
		c.tls = t.Clone()
		return nil
	})
}

// WithHeader sets a header, over gRPC a metadata key. It replaces a header of
// the same name that came before it; an empty value removes that. Headers
// that frame the message (Content-Type, Accept, Host and such) are refused. One
// whose name speaks of authorization, an API or access key, a token, a secret, a
// password or a credential is taken for one: errors do not show its value, and
// over gRPC to other hosts it needs TLS, or [WithInsecureGRPC].
func WithHeader(name, value string) SharedOption {
	return sharedOption(func(c *callConfig) error {
		f, err := newHeader(name, value)
		if f.name == "Authorization" || f.name == "Cookie" {
			c.newUser()
		}
		if err == nil {
			c.headers = append(c.headers, f)
		}
		return err
	})
}

// WithHeaders is [WithHeader] for several headers. The map is copied.
func WithHeaders(headers map[string]string) SharedOption {
	headers = maps.Clone(headers)
	return sharedOption(func(c *callConfig) error {
		var problems []error
		seen := map[string]string{}
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			canonical := http.CanonicalHeaderKey(name)
			if first, ok := seen[canonical]; ok {
				problems = append(problems, fmt.Errorf("headers %s and %s are the same header", first, name))
			}
			seen[canonical] = name
			problems = append(problems, WithHeader(name, headers[name]).applyCall(c))
		}
		return errors.Join(problems...)
	})
}

// WithBearerToken sends a user's token as "Authorization: Bearer <token>".
func WithBearerToken(token string) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if token == "" {
			return errors.New("WithBearerToken: the token is empty")
		}
		return WithHeader("Authorization", "Bearer "+token).applyCall(c)
	})
}

// WithCookie adds a cookie to those sent. It replaces a cookie of the same
// name; an empty value removes that. The value is sent as it is. With the
// other options that name a user (a header Authorization or Cookie,
// [WithBearerToken], [WithSession], [WithTokenSource]) it replaces the
// credentials of the client as a whole.
func WithCookie(name, value string) SharedOption {
	return sharedOption(func(c *callConfig) error {
		f, err := newCookie(name, value)
		if err == nil {
			c.newUser()
			c.cookies = append(c.cookies, f)
		}
		return err
	})
}

// WithTimeout bounds the time of each call, on top of the deadline that the
// call's context may have. Zero means no bound.
func WithTimeout(d time.Duration) SharedOption {
	return sharedOption(func(c *callConfig) error {
		if d < 0 {
			return fmt.Errorf("WithTimeout: %s is negative", d)
		}
		c.timeout = d
		return nil
	})
}

// WithMaxResponseBytes bounds the size of an answer, after decompression. A
// larger one is an error with [CodeResourceExhausted]. The default is
// [DefaultMaxResponseBytes].
func WithMaxResponseBytes(n int64) Option {
	return clientOption(func(c *config) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not a size: expected at least 1", n)
		}
		c.maxBytes = min(n, math.MaxInt64-1) // one more byte is read
		return nil
	})
}

// WithSetting sets a [Setting] by name. Generated options are built on it.
func WithSetting(name, value string) Option {
	return clientOption(func(c *config) error {
		c.settings = append(c.settings, Setting{Name: name, Value: value})
		return nil
	})
}

// WithInsecureGRPC allows gRPC without TLS to carry a credential to a host
// that is not this machine. Anybody on the way can read it.
func WithInsecureGRPC() Option {
	return clientOption(func(c *config) error {
		c.insecureGRPC = true
		return nil
	})
}

// WithTransportOption hands a value to the gRPC half, which finds it under
// the key ([GRPCConfig.Values]). Values under one key add up in order.
func WithTransportOption(key, value any) Option {
	return clientOption(func(c *config) error {
		if c.transport == nil {
			c.transport = make(map[any][]any)
		}
		c.transport[key] = append(c.transport[key], value)
		return nil
	})
}
