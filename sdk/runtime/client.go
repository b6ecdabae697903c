package runtime

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
)

// Client holds the connections and the defaults of every call. It is safe for
// concurrent use. Generated clients are thin shims over it.
type Client struct {
	core *core
	view bool // made by With: closing it leaves the connections open

	// A pointer, as everything here that holds a secret: fmt does not follow
	// pointers below the first, so that even a struct of the caller's around a
	// client cannot print it.
	call     *callConfig
	sets     map[Protocol]*headerSet // the headers of calls without options
	problems []error                 // of the options given to With
	closed   atomic.Bool
}

// NewClient checks everything it is given and returns every problem at once;
// nothing is sent or dialled. The URL is absolute, http or https, without
// query, fragment or user name; a path is kept as a prefix of every path of
// the server. Errors never show the value of a secret setting.
func NewClient(api *API, rawURL string, settings []Setting, opts ...Option) (*Client, error) {
	base, urlErr := parseURL(rawURL)
	cfg, problems := newConfig(cmp.Or(api.Protocol, ProtocolGraphQL), opts)
	all := cfg.withSettings(settings)
	problems = slices.Concat(problemOf(urlErr), checkSettings(all), problems)
	if cfg.call.protocol == ProtocolGRPC && api.dialer() == nil {
		problems = append(problems, errors.New(notLinked(api)))
	}
	var headers *headerSource
	if urlErr == nil {
		var more []error
		headers, more = newHeaderSource(api, base, all)
		problems = append(problems, more...)
	}
	if len(problems) > 0 {
		return nil, constructionError(api, problems)
	}
	return newClient(newCore(api, base, headers, cfg), &cfg.call, nil), nil
}

// newClient makes a client or view over a core.
func newClient(c *core, call *callConfig, problems []error) *Client {
	sets := make(map[Protocol]*headerSet, 3)
	for _, p := range protocols() {
		sets[p] = c.headers.set(p, call)
	}
	return &Client{core: c, call: call, sets: sets, problems: problems}
}

// problemOf is a list of one error, or none.
func problemOf(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}

// constructionError joins the problems under the service's name.
func constructionError(api *API, problems []error) error {
	if len(problems) == 1 {
		return fmt.Errorf("%s: %w", api.Name, problems[0])
	}
	return fmt.Errorf("%s: %d problems:\n%w", api.Name, len(problems), errors.Join(problems...))
}

// With is a view of the client with its own defaults, laid over the client's:
// another credential, protocol or timeout. It shares the connections.
// Problems of the options come back from every call of the view.
func (c *Client) With(opts ...CallOption) *Client {
	if c == nil || c.core == nil {
		return c
	}
	call := c.call.clone()
	problems := call.apply(opts)
	if call.info != nil {
		problems = append(problems, errors.New("WithResponseInfo is an option of one call, not of a view"))
	}
	v := newClient(c.core, &call, slices.Concat(c.problems, problems))
	v.view = true
	v.closed.Store(c.closed.Load())
	return v
}

// Setting is the value of a setting, and whether it has one. "origin" and "url"
// are there too, derived from the URL.
func (c *Client) Setting(name string) (string, bool) {
	if c == nil || c.core == nil {
		return "", false
	}
	value := c.core.headers.settings[name]
	return value, value != ""
}

// Close ends the client: later calls of it and of its views fail with
// [CodeFailedPrecondition], idle connections are closed. Closing a view ends
// only the view. Close may be called more than once.
func (c *Client) Close() error {
	if c == nil || c.core == nil || c.closed.Swap(true) || c.view {
		return nil
	}
	return c.core.close()
}

// Format writes where the client points to, and nothing that can be secret,
// whatever the verb.
func (c *Client) Format(s fmt.State, _ rune) {
	if c == nil || c.core == nil {
		_, _ = fmt.Fprint(s, "Client{}")
		return
	}
	_, _ = fmt.Fprintf(s, "Client{API:%s URL:%s Protocol:%s}", c.core.api.Name, c.core.base.text, c.call.protocol)
}
