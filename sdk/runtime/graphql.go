package runtime

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/Khan/genqlient/graphql"
)

// GraphQL makes an adapter of a genqlient function. encode makes its
// variables, decode the result of its data; decode returns nil if the data
// has no result.
func GraphQL[Req, In, Data, Resp any](
	encode func(*Encoder, *Req) In,
	do func(context.Context, graphql.Client, In) (*Data, error),
	decode func(*Data) *Resp,
) Adapter[Req, Resp] {
	return func(ctx context.Context, call *Call, req *Req) (*Resp, error) {
		in := encode(call.Encoder(), req)
		if err := call.Refused(); err != nil {
			return nil, err
		}
		data, err := do(ctx, graphqlClient{call}, in)
		if err != nil {
			return nil, err
		}
		if data == nil {
			return answer[Resp](call, nil)
		}
		return answer(call, decode(data))
	}
}

// graphqlClient is what genqlient's functions send through: one call.
type graphqlClient struct{ call *Call }

var _ graphql.Client = graphqlClient{}

// MakeRequest implements [graphql.Client] with POST and JSON.
func (g graphqlClient) MakeRequest(ctx context.Context, req *graphql.Request, resp *graphql.Response) error {
	c := g.call
	body, err := json.Marshal(req)
	if err != nil {
		return c.Errorf(CodeInvalidArgument, "the request cannot be written as JSON: %w", err)
	}
	httpReq, err := http.NewRequestWithContext(ctx, http.MethodPost, c.core.graphqlURL, bytes.NewReader(body))
	if err != nil {
		return c.Errorf(CodeInternal, "the request cannot be made: %w", err)
	}
	reply, err := c.send(httpReq)
	if err != nil {
		return err
	}
	defer reply.release()
	return c.decodeGraphQL(reply, resp.Data)
}
