package pull

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
)

// introspect asks for the schema: first for all that newer servers tell, then,
// if the server refuses that, for what every server knows.
func introspect(ctx context.Context, s Sources) ([]byte, error) {
	var refused *graphqlschema.ServerError
	for _, query := range graphqlschema.IntrospectionQueries() {
		body, err := json.Marshal(map[string]string{"query": query, "operationName": "IntrospectionQuery"})
		if err != nil {
			return nil, err
		}
		status, data, err := s.do(ctx, http.MethodPost, s.GraphQL, body)
		if err != nil {
			return nil, err
		}
		// The status of an answer with GraphQL errors differs by server and
		// Accept header: the body says more.
		_, err = graphqlschema.FromIntrospection(data)
		if errors.As(err, &refused) {
			continue
		}
		if status != http.StatusOK {
			return nil, statusError(status, data)
		}
		return data, err
	}
	return nil, fmt.Errorf("%w (if introspection is disabled, enable it on the server, or pull from saved answers)", refused)
}

func getOpenAPI(ctx context.Context, s Sources) ([]byte, error) {
	status, data, err := s.do(ctx, http.MethodGet, s.OpenAPI, nil)
	if err == nil && status != http.StatusOK {
		err = statusError(status, data)
	}
	return data, err
}

// do sends one request and reads the whole answer.
func (s Sources) do(ctx context.Context, method, address string, body []byte) (int, []byte, error) {
	req, err := s.request(ctx, method, address, body)
	if err != nil {
		return 0, nil, err
	}
	client := http.Client{}
	if s.HTTPClient != nil {
		client = *s.HTTPClient
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("the server cannot be reached: %w", cause(err))
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := readAll(resp.Body)
	return resp.StatusCode, data, err
}

func (s Sources) request(ctx context.Context, method, address string, body []byte) (*http.Request, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("not a URL; write it as http://HOST:PORT/PATH or https://HOST/PATH")
	}
	req, err := http.NewRequestWithContext(ctx, method, address, reader(body))
	if err != nil {
		return nil, cause(err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		// Servers that guard against forged requests refuse a POST without it.
		req.Header.Set("Origin", u.Scheme+"://"+u.Host)
	}
	for name, value := range s.Headers {
		req.Header.Set(name, value)
	}
	return req, nil
}

func reader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

// statusError tells the status and the beginning of the answer.
func statusError(status int, data []byte) error {
	const most = 200
	text := strings.Join(strings.Fields(string(data[:min(len(data), most)])), " ")
	if status >= 300 && status < 400 {
		return fmt.Errorf("the server redirects (status %d); give the URL that it redirects to", status)
	}
	return fmt.Errorf("the server answered with status %d: %s (check the URL, and whether it needs a header)", status, text)
}

// cause is what went wrong without the URL, which can hold a secret and stands
// in front of the error anyway.
func cause(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// redacted is the address without credentials and query.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	u.RawQuery, u.Fragment = "", ""
	return u.Redacted()
}
