package runtime

import (
	"crypto/tls"
	"maps"
	"net/http"
	"slices"
	"time"
)

// DefaultMaxResponseBytes is the largest answer that is read when
// [WithMaxResponseBytes] does not say otherwise: 16 MiB.
const DefaultMaxResponseBytes = 16 << 20

// Option configures a client when it is constructed.
type Option interface{ applyClient(*config) error }

// CallOption configures one call, or every call of a view ([Client.With]).
type CallOption interface{ applyCall(*callConfig) error }

// SharedOption can be given to a constructor, where it is the default of
// every call, and to a single call.
type SharedOption interface {
	Option
	CallOption
}

// config is what the options of a constructor say.
type config struct {
	call         callConfig
	grpcEndpoint string
	httpClient   *http.Client
	tls          *tls.Config
	maxBytes     int64
	insecureGRPC bool
	transport    map[any][]any
	settings     []Setting
}

// callConfig is what the options of a call say, over those of its client.
type callConfig struct {
	protocol   Protocol
	fallback   []Protocol
	timeout    time.Duration
	tryTimeout time.Duration
	retry      RetryPolicy
	headers    []field // in the order given; an empty value removes the header
	cookies    []field // likewise
	session    *Session
	tokens     TokenSource
	info       *ResponseInfo

	insecureCookies bool
	around          []Interceptor

	// credential: the options being applied have named a user already, so that
	// what follows belongs to the same one.
	credential bool
}

// newUser is called by every option that names a user. The first of a call's
// options to do so forgets the credentials of the client, as a whole: those of
// two users never travel on one call.
func (c *callConfig) newUser() {
	if c.credential {
		return
	}
	c.credential = true
	c.headers = slices.DeleteFunc(slices.Clone(c.headers), func(f field) bool {
		return f.name == "Authorization" || f.name == "Cookie"
	})
	c.cookies, c.session, c.tokens = nil, nil, nil
}

// field is a header or cookie by name.
type field struct{ name, value string }

// clone makes a copy that can be changed without changing the original.
func (c callConfig) clone() callConfig {
	c.headers = slices.Clip(c.headers)
	c.cookies = slices.Clip(c.cookies)
	c.around = slices.Clip(c.around)
	return c
}

// clientOption is an option for constructors only.
type clientOption func(*config) error

func (o clientOption) applyClient(c *config) error { return o(c) }

// sharedOption is an option for constructors and calls.
type sharedOption func(*callConfig) error

func (o sharedOption) applyClient(c *config) error   { return o(&c.call) }
func (o sharedOption) applyCall(c *callConfig) error { return o(c) }

// newConfig applies the options of a constructor in order and returns every
// problem, not only the first. A nil option says nothing.
func newConfig(usual Protocol, opts []Option) (config, []error) {
	cfg := config{
		call:     callConfig{protocol: usual, tryTimeout: DefaultTryTimeout, retry: DefaultRetryPolicy()},
		maxBytes: DefaultMaxResponseBytes,
	}
	var problems []error
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o.applyClient(&cfg); err != nil {
			problems = append(problems, err)
		}
	}
	return cfg, append(problems, cfg.check()...)
}

// check finds options that exclude each other.
func (c *config) check() []error {
	if c.httpClient != nil && c.tls != nil {
		return []error{errTLSAndHTTPClient}
	}
	return nil
}

// withSettings lays the settings that options gave over those of the
// constructor, by name.
func (c *config) withSettings(given []Setting) map[string]Setting {
	all := make(map[string]Setting, len(given)+len(c.settings))
	for _, s := range given {
		all[s.Name] = s
	}
	for _, s := range c.settings {
		known := all[s.Name]
		known.Name, known.Value = s.Name, s.Value
		all[s.Name] = known
	}
	return all
}

// apply applies the options of a call in order and returns every problem.
func (c *callConfig) apply(opts []CallOption) []error {
	c.credential = false
	var problems []error
	for _, o := range opts {
		if o == nil {
			continue
		}
		if err := o.applyCall(c); err != nil {
			problems = append(problems, err)
		}
	}
	return problems
}

// cloneTransport copies the options meant for the gRPC half.
func (c *config) cloneTransport() map[any][]any { return maps.Clone(c.transport) }
