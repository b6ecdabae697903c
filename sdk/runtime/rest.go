package runtime

import (
	"context"
	"net/http"
	"strings"
)

// REST makes an adapter of a builder as oapi-codegen writes them
// (NewLoginRequest). The server handed to build is the client's URL with one
// slash at its end, path prefix included, so that "./v1/login" can be resolved
// against it. decode returns nil if the answer has no result.
//
// An Out of struct{} means that nothing in the answer matters: it may be
// empty, but if there is a body it must be JSON.
func REST[Req, In, Out, Resp any](
	encode func(*Encoder, *Req) In,
	build func(server string, in In) (*http.Request, error),
	decode func(*Out) *Resp,
) Adapter[Req, Resp] {
	return func(ctx context.Context, call *Call, req *Req) (*Resp, error) {
		in := encode(call.Encoder(), req)
		if err := call.Refused(); err != nil {
			return nil, err
		}
		httpReq, err := build(call.core.restBase, in)
		if err != nil {
			return nil, call.Errorf(CodeInternal, "the request cannot be made: %w", err)
		}
		out := new(Out)
		if err := call.sendREST(httpReq.WithContext(ctx), out); err != nil {
			return nil, err
		}
		return answer(call, decode(out))
	}
}

// sendREST sends a built request and decodes its answer into out.
func (c *Call) sendREST(req *http.Request, out any) error {
	if err := c.checkTarget(req); err != nil {
		return err
	}
	reply, err := c.send(req)
	if err != nil {
		return err
	}
	defer reply.release()
	return c.decodeREST(reply, out)
}

// checkTarget holds a builder to the server and prefix it was given: the
// request is about to receive the credentials.
func (c *Call) checkTarget(req *http.Request) error {
	base := c.core.base
	if rest, doubled := strings.CutPrefix(req.URL.Path, base.path+"//"); doubled {
		// A builder that appends "/oauth/token" to the server's URL.
		req.URL.Path, req.URL.RawPath = base.path+"/"+rest, ""
	}
	if originOf(req.URL) != base.origin || !strings.HasPrefix(req.URL.Path, base.path+"/") {
		return c.Errorf(CodeInternal, "the request was built for %s%s, which is not below %s", originOf(req.URL), req.URL.Path, base.text)
	}
	return nil
}
