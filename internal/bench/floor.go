package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// What both sides identify themselves with.
const (
	clientID    = "9a3b1c52-7d1e-4c61-8f58-c7f0f1f2d3a4"
	bearerToken = "a-bearer-token-of-a-plausible-length-for-a-user-of-the-service"
	adminSecret = "an-admin-secret"
)

// call makes one call and returns what it decoded, a pointer.
type call func(ctx context.Context) (any, error)

// floorHTTP is the client that somebody writes by hand for a few calls. It
// sends what the SDK sends, from headers that are made once.
type floorHTTP struct {
	client      *http.Client
	url         string
	user, admin http.Header
}

func newFloorHTTP(address string) floorHTTP {
	url := "http://" + address
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	f := floorHTTP{client: &http.Client{Transport: transport}, url: url}
	f.user, f.admin = make(http.Header), make(http.Header)
	for _, h := range []http.Header{f.user, f.admin} {
		h.Set("Accept", "application/json")
		h.Set("Origin", url)
		h.Set("X-Authorizer-Url", url)
	}
	f.user.Set("X-Authorizer-Client-Id", clientID)
	f.user.Set("Authorization", "Bearer "+bearerToken)
	f.admin.Set("X-Authorizer-Admin-Secret", adminSecret)
	return f
}

func (f floorHTTP) rest(op operation) call {
	url := f.url + restPaths()[op]
	switch op {
	case opMeta:
		return func(ctx context.Context) (any, error) {
			return do[authorizer.Meta](ctx, f, http.MethodGet, url, f.user, nil)
		}
	case opProfile:
		return func(ctx context.Context) (any, error) {
			return do[restUser](ctx, f, http.MethodGet, url, f.user, nil)
		}
	}
	headers := withJSON(f.admin)
	return func(ctx context.Context) (any, error) {
		return do[restUsers](ctx, f, http.MethodPost, url, headers, paged())
	}
}

func (f floorHTTP) graphql(op operation) call {
	url, user, admin := f.url+"/graphql", withJSON(f.user), withJSON(f.admin)
	switch op {
	case opMeta:
		return func(ctx context.Context) (any, error) {
			return do[graphqlData[authorizer.Meta]](ctx, f, http.MethodPost, url, user, graphqlRequest{Query: metaQuery})
		}
	case opProfile:
		return func(ctx context.Context) (any, error) {
			return do[graphqlData[authorizer.User]](ctx, f, http.MethodPost, url, user, graphqlRequest{Query: profileQuery})
		}
	}
	return func(ctx context.Context) (any, error) {
		request := graphqlRequest{usersQuery, usersVariables{paged()}}
		return do[graphqlData[authorizer.UsersResponse]](ctx, f, http.MethodPost, url, admin, request)
	}
}

func withJSON(headers http.Header) http.Header {
	out := headers.Clone()
	out.Set("Content-Type", "application/json")
	return out
}

// paged asks for one page that holds all users.
func paged() usersRequest {
	return usersRequest{pageRequest{Limit: userCount, Page: 1}}
}

// do sends a request and decodes the answer. A json.Decoder takes as long and
// allocates as much as io.ReadAll and Unmarshal do.
func do[Out any](ctx context.Context, f floorHTTP, method, url string, headers http.Header, in any) (*Out, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return nil, err
	}
	req.Header = headers
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	out := new(Out)
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal(text, out)
}
