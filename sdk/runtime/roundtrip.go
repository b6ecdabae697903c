package runtime

import "net/http"

// do is [http.Client.Do] without what that prepares for redirects, such as a
// copy of all headers, which nearly no call needs. What is not a plain answer
// is handed to the client after all, so that redirects and errors are its own.
func (c *core) do(req *http.Request) (*http.Response, error) {
	transport := c.http.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	if c.http.Timeout > 0 {
		return c.http.Do(req)
	}
	resp, err := transport.RoundTrip(req)
	if err == nil && resp != nil && resp.Body != nil && resp.StatusCode/100 != 3 {
		return resp, nil
	}
	client := *c.http
	client.Transport = &replay{next: transport, resp: resp, err: err}
	return client.Do(req)
}

// replay gives the client what came of its first request, which has been sent
// already. It serves one call.
type replay struct {
	next     http.RoundTripper
	replayed bool
	resp     *http.Response
	err      error
}

// RoundTrip implements [http.RoundTripper].
func (r *replay) RoundTrip(req *http.Request) (*http.Response, error) {
	if r.replayed {
		return r.next.RoundTrip(req)
	}
	r.replayed = true
	return r.resp, r.err
}
