package runtime

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/Khan/genqlient/graphql"
)

// The service of these tests: one method that asks a question.

const (
	canary   = "canary-secret-0123456789"
	clientID = "client-1"
)

type askRequest struct {
	Text   string
	Secret string `secret:"true"`
	Object map[string]any
}

type askAnswer struct{ Text string }

// askWire is the answer on the wire, over GraphQL below `result`.
type askWire struct {
	Text  string `json:"text"`
	Count int    `json:"count"`
}

type askData struct {
	Result *askWire `json:"result"`
}

func testAPI() *API {
	return &API{
		Name: "service", GraphQLPath: "/graphql", GRPCPort: 9091, GRPCImport: "example.com/service/grpc",
		Headers: []Header{
			{Name: "Origin", Value: "{origin}", Protocols: []Protocol{ProtocolGraphQL, ProtocolREST}},
			{Name: "x-service-url", Value: "{url}"},
			{Name: "x-client-id", Value: "{client_id}"},
			{Name: "x-admin-secret", Value: "{admin_secret}", Secret: true},
			{Name: "x-partial", Value: "for {admin_secret}"},
		},
		Errors: ErrorTable{
			Messages: []MessageCode{
				{Message: "no such user", Code: CodeNotFound},
				{Message: "no such", Prefix: true, Code: CodeInternal},
				{Message: "no such user in", Prefix: true, Code: CodeAborted},
				{Message: "no such user ", Prefix: true, Code: CodeDataLoss},
			},
			Extensions:       map[string]Code{"GRAPHQL_VALIDATION_FAILED": CodeInvalidArgument},
			ServerCodes:      map[string]Code{"invalid_grant": CodeUnauthenticated, "csrf_validation_failed": CodePermissionDenied},
			NonCanonicalGRPC: CodeInternal,
		},
	}
}

func testSettings() []Setting {
	return []Setting{{Name: "client_id", Value: clientID, Required: true}, {Name: "admin_secret", Secret: true}}
}

func methodAsk() *Method {
	return &Method{Name: "ask", Service: "user", Protocols: []Protocol{ProtocolGraphQL, ProtocolREST, ProtocolGRPC}}
}

func encodeAsk(e *Encoder, r *askRequest) map[string]any {
	return map[string]any{"text": Plain(e, "text", r.Text), "object": Object(e, "object", r.Object)}
}

// doAsk is what genqlient generates.
func doAsk(ctx context.Context, c graphql.Client, in map[string]any) (*askData, error) {
	data := &askData{}
	err := c.MakeRequest(ctx, &graphql.Request{
		OpName: "ask", Query: "query ask($params: AskRequest!) { result: ask(params: $params) { text count } }",
		Variables: map[string]any{"params": in},
	}, &graphql.Response{Data: data})
	return data, err
}

// buildAsk resolves its path as oapi-codegen does.
func buildAsk(server string, _ map[string]any) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, server, strings.NewReader(`{"text":"hi"}`))
	if err != nil {
		return nil, err
	}
	req.URL, err = req.URL.Parse("./v1/ask")
	return req, err
}

func fromWire(w *askWire) *askAnswer {
	if w == nil {
		return nil
	}
	return &askAnswer{Text: w.Text}
}

func bindingsAsk() Bindings[askRequest, askAnswer] {
	return Bindings[askRequest, askAnswer]{
		GraphQL: GraphQL(encodeAsk, doAsk, func(d *askData) *askAnswer { return fromWire(d.Result) }),
		REST:    REST(encodeAsk, buildAsk, fromWire),
	}
}

func ask(ctx context.Context, c *Client, req *askRequest, opts ...CallOption) (*askAnswer, error) {
	return Invoke(ctx, c, methodAsk(), bindingsAsk(), req, opts)
}

// seen is a request as the server saw it.
type seen struct {
	*http.Request
	body string
}

// serve answers every request with one function and returns a client for the
// server, closed when the test ends.
func serve(t *testing.T, h http.HandlerFunc, opts ...Option) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return newTestClient(t, srv.URL, opts...)
}

func newTestClient(t *testing.T, url string, opts ...Option) *Client {
	t.Helper()
	c, err := NewClient(testAPI(), url, testSettings(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// record answers both protocols with a good answer and keeps the requests.
func record(requests *[]seen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*requests = append(*requests, seen{r, string(body)})
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/graphql") {
			_, _ = io.WriteString(w, `{"data":{"result":{"text":"fine"}}}`)
			return
		}
		_, _ = io.WriteString(w, `{"text":"fine"}`)
	}
}

// reply writes one answer.
func respond(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil // no guess by net/http
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.Copy(w, bytes.NewReader([]byte(body)))
	}
}

// asError is errors.As for a test.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want *Error", err, err)
	}
	return e
}

// httpProtocols are those that share the HTTP path.
func httpProtocols() []Protocol { return []Protocol{ProtocolGraphQL, ProtocolREST} }
