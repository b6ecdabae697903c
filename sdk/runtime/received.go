package runtime

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
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

// Format writes what came without what it holds, whatever the verb: headers
// hold cookies.
func (r ResponseInfo) Format(w fmt.State, _ rune) {
	_, _ = fmt.Fprintf(w, "ResponseInfo{Protocol:%s Attempts:%d HTTPStatus:%d Header:%v Trailer:%v}",
		r.Protocol, r.Attempts, r.HTTPStatus, slices.Sorted(maps.Keys(r.Header)), slices.Sorted(maps.Keys(r.Trailer)))
}

// LogValue is what Format writes.
func (r ResponseInfo) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(r)) }

// Cookies are the cookies that the answer set. They are credentials.
func (r *ResponseInfo) Cookies() []*http.Cookie {
	return (&http.Response{Header: r.Header}).Cookies()
}

// WithResponseInfo fills in what answers carry besides their result. The value
// belongs to one call at a time, so it is no option of a view.
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
	if value := header.Get("Retry-After"); value != "" && c.Protocol() != ProtocolGRPC {
		c.SetRetryAfter(retryAfterHeader(value, time.Now()))
	}
	if s := c.config.session; s != nil {
		s.storeHeader(header, c.core.base.origin, c.epoch)
	}
	if info := c.config.info; info != nil {
		*info = ResponseInfo{
			Protocol: c.Protocol(), Attempts: c.Attempt(), HTTPStatus: status,
			Header: header.Clone(), Trailer: trailer.Clone(),
		}
	}
}

// ReceivedTrailer takes in what comes at the end of a stream.
func (c *Call) ReceivedTrailer(trailer http.Header) {
	if info := c.config.info; info != nil {
		info.Trailer = trailer.Clone()
	}
}

// SetTurnedAway notes that the server takes no more requests for now, and did
// not process this one.
func (c *Call) SetTurnedAway() { c.turnedAway = true }

// SetRetryAfter notes how long the server asked to wait; 0 is nothing.
func (c *Call) SetRetryAfter(d time.Duration) { c.retryAfter = d }

// SetUnsent notes that the try certainly did not reach the server.
func (c *Call) SetUnsent() { c.unsent = true }

// maxRetryAfter, in seconds, is longer than anybody waits.
const maxRetryAfter = 365 * 24 * 60 * 60

// retryAfterHeader reads Retry-After: seconds, or a date.
func retryAfterHeader(value string, now time.Time) time.Duration {
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) { // then it is the largest or the smallest number
		return time.Duration(min(max(0, seconds), maxRetryAfter)) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
