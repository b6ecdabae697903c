package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// documents are the JSON documents of an answer, one after the other.
type documents struct {
	call    *Call
	resp    *http.Response
	limited io.LimitedReader
	decoder *json.Decoder
}

// openStream sends a built request and leaves the body of a good answer to be
// read. It is closed when the context of the request ends.
func (c *Call) openStream(req *http.Request) (*documents, error) {
	if err := c.checkTarget(req); err != nil {
		return nil, err
	}
	resp, err := c.open(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		r, err := c.read(req.Context(), resp)
		if err != nil {
			return nil, err
		}
		defer r.release()
		return nil, c.errorFromBody(r)
	}
	d := &documents{call: c, resp: resp}
	d.limited.R = resp.Body
	d.decoder = json.NewDecoder(&d.limited)
	context.AfterFunc(req.Context(), d.close)
	return d, nil
}

// close lets the connection go. It may be called more than once, and while
// somebody reads.
func (d *documents) close() { _ = d.resp.Body.Close() }

// read decodes the result of the next document into out; io.EOF says that there
// is none. The limit on answers holds for each document.
func (d *documents) read(ctx context.Context, out any) error {
	c := d.call
	d.limited.N = c.core.maxBytes + 1
	var doc struct {
		Result json.RawMessage `json:"result"`
		Error  json.RawMessage `json:"error"`
	}
	err := d.decoder.Decode(&doc)
	status := d.resp.StatusCode
	switch {
	case errors.Is(err, io.EOF) && d.limited.N > 0 && ctx.Err() == nil:
		return io.EOF
	case err != nil && d.limited.N <= 0:
		return c.tooLarge(status)
	case err != nil:
		return d.broken(ctx, err)
	case present(doc.Error):
		body := append(append([]byte(`{"error":`), doc.Error...), '}')
		return c.errorFromBody(&reply{status: status, contentType: jsonType, body: body})
	case string(doc.Result) == "null" && c.method.MayBeNull:
		return nil
	case string(doc.Result) == "null":
		return c.badStream(status, "is null", nil)
	case len(doc.Result) == 0:
		return c.badStream(status, "has neither result nor error", nil)
	}
	if err := unmarshal(doc.Result, out); err != nil {
		var misfit *json.UnmarshalTypeError
		if errors.As(err, &misfit) {
			return c.badStream(status, misfitText(misfit), nil)
		}
		return c.badStream(status, "holds a value that does not fit its type", nil)
	}
	return nil
}

// present reports whether a member is there, and not null.
func present(member json.RawMessage) bool {
	return len(member) > 0 && string(member) != "null"
}

// broken is the error of a stream that ends in the middle, or is not JSON.
func (d *documents) broken(ctx context.Context, err error) error {
	var syntax *json.SyntaxError
	var misfit *json.UnmarshalTypeError
	switch {
	case ctx.Err() != nil:
		return d.call.contextError(ctx, err)
	case errors.As(err, &syntax):
		return d.call.badStream(d.resp.StatusCode, fmt.Sprintf("is not JSON at byte %d", syntax.Offset), nil)
	case errors.As(err, &misfit):
		return d.call.badStream(d.resp.StatusCode, misfitText(misfit), nil)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return d.call.badStream(d.resp.StatusCode, "is truncated", io.ErrUnexpectedEOF)
	}
	return d.call.transportError(ctx, d.resp, err)
}

// badStream is the error for a message of a stream that breaks the protocol.
func (c *Call) badStream(status int, problem string, cause error) *Error {
	e := c.Fail(CodeInternal, "a message of the stream "+problem, cause)
	e.HTTPStatus = status
	return e
}
