package runtime

import (
	"errors"
	"net"
	"net/http"
	"strconv"
	"time"
)

// ResponseInfo is what an answer carries besides its result, for those who
// ask with [WithResponseInfo]. It is that of the last try.
type ResponseInfo struct {
	// Protocol that the call took.
	Protocol Protocol
	// Attempts is how often the call was sent.
	Attempts int
	// HTTPStatus is the status of the answer, 0 where there was none and over gRPC.
	HTTPStatus int
	// Header are the answer's headers, over gRPC its header metadata, under
	// canonical names. Trailer is gRPC's trailer metadata.
	Header, Trailer http.Header
}

// Cookies are the cookies that the answer set. They are credentials.
func (r *ResponseInfo) Cookies() []*http.Cookie {
	return (&http.Response{Header: r.Header}).Cookies()
}

// WithResponseInfo fills in what answers carry besides their result. The value
// belongs to one call at a time.
func WithResponseInfo(info *ResponseInfo) CallOption {
	return sharedOption(func(c *callConfig) error {
		if info == nil {
			return errors.New("WithResponseInfo: the value is nil")
		}
		c.info = info
		return nil
	})
}

// WantsHeader reports whether somebody looks at the headers of the answer.
func (c *Call) WantsHeader() bool { return c.config.session != nil || c.config.info != nil }

// Received takes in what an answer carries besides its result. Header names
// are canonical.
func (c *Call) Received(status int, header, trailer http.Header) {
	c.SetRetryAfter(retryAfterHeader(header.Get("Retry-After"), time.Now()))
	if s := c.config.session; s != nil {
		s.storeHeader(header)
	}
	if info := c.config.info; info != nil {
		*info = ResponseInfo{
			Protocol: c.protocol, Attempts: c.attempt, HTTPStatus: status,
			Header: header.Clone(), Trailer: trailer.Clone(),
		}
	}
}

// SetRetryAfter notes how long the server asked to wait; 0 is nothing.
func (c *Call) SetRetryAfter(d time.Duration) { c.retryAfter = d }

// SetUnsent notes that the try certainly did not reach the server.
func (c *Call) SetUnsent() { c.unsent = true }

// retryAfterHeader reads Retry-After: seconds, or a date.
func retryAfterHeader(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(value); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// isDialError reports whether no connection came about.
func isDialError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
