package runtime

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Every broken answer is a typed error that says what came and quotes nothing.
func TestBrokenAnswers(t *testing.T) {
	page := "<html>" + canary + "</html>"
	cases := []struct {
		name, contentType, graphql, rest string
		status                           int
		code                             Code
		want                             string // after "the answer "; GraphQL and REST alike
	}{
		{name: "empty", contentType: "application/json", code: CodeInternal, want: "is empty (HTTP 200, application/json, 0 bytes)"},
		{name: "blank", contentType: "application/json", graphql: " \n", rest: " \n", code: CodeInternal, want: "is empty (HTTP 200, application/json, 2 bytes)"},
		{name: "null", contentType: "application/json", graphql: "null", rest: " null ", code: CodeInternal, want: "is null (HTTP 200"},
		{name: "html", contentType: "text/html; charset=utf-8", graphql: page, rest: page, code: CodeInternal, want: "is not JSON (HTTP 200, text/html, 37 bytes)"},
		{name: "html that says it is json", contentType: "application/json", graphql: page, rest: page, code: CodeInternal, want: "is not JSON at byte 1 (HTTP 200"},
		{name: "json that says it is html", contentType: "text/html", graphql: `{"data":{"result":{"text":"x"}}}`, rest: `{"text":"x"}`, code: CodeInternal, want: "is not JSON (HTTP 200, text/html"},
		{name: "malformed type", contentType: "/" + canary, graphql: `{"data":{"result":{"text":"x"}}}`, rest: `{"text":"x"}`, code: CodeInternal, want: "is not JSON (HTTP 200, malformed content type"},
		{name: "truncated", contentType: "application/json", graphql: `{"data":{"result":{"text":"` + canary, rest: `{"text":"` + canary, code: CodeInternal, want: "is truncated (HTTP 200"},
		{name: "more", contentType: "application/json", graphql: `{"data":{}} {"x":"` + canary + `"}`, rest: `{"text":""} {"x":"` + canary + `"}`, code: CodeInternal, want: "has more data after its JSON document, from byte 11 on (HTTP 200"},
		{name: "misfit", contentType: "application/json", graphql: `{"data":{"result":{"count":17.5}}}`, rest: `{"count":17.5}`, code: CodeInternal, want: "does not fit: number at \""},
		{name: "no object", contentType: "application/json", graphql: `[1]`, rest: `[1]`, code: CodeInternal, want: "does not fit: array where object was expected"},
		{name: "page of a proxy", contentType: "text/html", graphql: page, rest: page, status: 502, code: CodeUnavailable, want: "says nothing that can be read (HTTP 502, text/html, 37 bytes)"},
		{name: "empty error", status: 503, code: CodeUnavailable, want: "says nothing that can be read (HTTP 503, no content type, 0 bytes)"},
		{name: "null error", contentType: "application/json", graphql: "null", rest: "null", status: 401, code: CodeUnauthenticated, want: "says nothing that can be read"},
		{name: "truncated error", contentType: "application/json", graphql: `{"message":"` + canary, rest: `{"message":"` + canary, status: 404, code: CodeNotFound, want: "says nothing that can be read"},
		{name: "error without a text", contentType: "application/json", graphql: `{"message":17}`, rest: `{"error":{"a":"` + canary + `"}}`, status: 500, code: CodeInternal, want: "says nothing that can be read"},
		{name: "data with a failure", contentType: "application/json", graphql: `{"data":{"result":{"text":"x"}}}`, rest: `{"text":"x"}`, status: 500, code: CodeInternal, want: "says nothing that can be read"},
		{name: "html that says it is an error", contentType: "text/html", graphql: page, rest: page, status: 500, code: CodeInternal, want: "says nothing that can be read"},
		{name: "redirect to nowhere", status: 302, code: CodeUnknown, want: "says nothing that can be read (HTTP 302"},
	}
	for _, p := range httpProtocols() {
		for _, tc := range cases {
			t.Run(string(p)+"/"+tc.name, func(t *testing.T) {
				body := map[Protocol]string{ProtocolGraphQL: tc.graphql, ProtocolREST: tc.rest}[p]
				status := max(tc.status, 200)
				if tc.status == 0 {
					status = 200
				}
				c := serve(t, respond(status, tc.contentType, body), WithProtocol(p))
				got, err := ask(context.Background(), c, nil)
				e := asError(t, err)
				if got != nil || e.Code != tc.code || e.HTTPStatus != status || !strings.HasPrefix(e.Message, "the answer "+tc.want) {
					t.Errorf("got  %v, %v, HTTP %d\nwant %s: the answer %s", got, err, e.HTTPStatus, tc.code, tc.want)
				}
				if n := strings.Count(err.Error(), fmt.Sprintf("HTTP %d", status)); n != 1 {
					t.Errorf("the status is named %d times: %v", n, err)
				}
				if strings.Contains(err.Error(), canary) {
					t.Errorf("the body is quoted: %v", err)
				}
			})
		}
	}
}

func TestNoDataIsAnError(t *testing.T) {
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":null,"errors":[]}`, `{"errors":null}`, `{"message":"x"}`} {
		c := serve(t, respond(200, "application/json", body))
		got, err := ask(context.Background(), c, nil)
		if e := asError(t, err); got != nil || e.Code != CodeInternal || !strings.HasPrefix(e.Message, "the answer has neither data nor errors") {
			t.Errorf("%s: got %v, %v", body, got, err)
		}
	}
}

func TestGoodAnswers(t *testing.T) {
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "application/graphql-response+json", "text/plain; charset=utf-8", ""} {
		for _, status := range []int{200, 201} {
			c := serve(t, respond(status, kind, ` {"extra":1,"text":"x","data":{"result":{"text":"x","more":[{}]}},"errors":[]} `))
			for _, p := range httpProtocols() {
				if got, err := ask(context.Background(), c, nil, WithProtocol(p)); err != nil || got.Text != "x" {
					t.Errorf("%s, %q, %d: got %v, %v", p, kind, status, got, err)
				}
			}
		}
	}
}

// An Out of struct{} ignores what is in the answer, not that it is broken.
func TestIgnoredAnswer(t *testing.T) {
	b := Bindings[askRequest, askAnswer]{REST: REST(encodeAsk, buildAsk, func(*struct{}) *askAnswer { return &askAnswer{} })}
	cases := []struct {
		body string
		ok   bool
	}{{"", true}, {" ", true}, {"{}", true}, {`{"text":1}`, true}, {"[]", true}, {"null", false}, {"{", false}, {"{} x", false}, {"<html>", false}}
	for _, tc := range cases {
		c := serve(t, respond(200, "application/json", tc.body), WithProtocol(ProtocolREST))
		if got, err := Invoke(context.Background(), c, methodAsk(), b, nil, nil); (err == nil) != tc.ok || (got != nil) != tc.ok {
			t.Errorf("%q: got %v, %v", tc.body, got, err)
		}
		c = serve(t, respond(400, "application/json", tc.body), WithProtocol(ProtocolREST))
		if _, err := Invoke(context.Background(), c, methodAsk(), b, nil, nil); !errors.Is(err, ErrInvalidArgument) {
			t.Errorf("%q with 400: got %v", tc.body, err)
		}
	}
}

func TestSizeLimit(t *testing.T) {
	body := `{"text":"0123456789","data":{"result":{"text":"0123456789"}}}`
	chunked := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body[:5])
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, body[5:])
	}
	zipped := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, body)
		_ = z.Close()
	}
	for name, h := range map[string]http.HandlerFunc{"length": respond(200, "application/json", body), "chunked": chunked, "gzip": zipped} {
		for _, p := range httpProtocols() {
			c := serve(t, h, WithProtocol(p), WithMaxResponseBytes(int64(len(body))))
			if got, err := ask(context.Background(), c, nil); err != nil || got.Text != "0123456789" {
				t.Errorf("%s, %s: at the limit: got %v, %v", name, p, got, err)
			}
			c = serve(t, h, WithProtocol(p), WithMaxResponseBytes(int64(len(body)-1)))
			_, err := ask(context.Background(), c, nil)
			want := "the answer is larger than the limit of 60 bytes (see WithMaxResponseBytes)"
			if e := asError(t, err); e.Code != CodeResourceExhausted || e.Message != want || e.HTTPStatus != 200 {
				t.Errorf("%s, %s: over the limit: got %v", name, p, err)
			}
		}
	}
	c := serve(t, respond(200, "application/json", body), WithMaxResponseBytes(1<<63-1))
	if _, err := ask(context.Background(), c, nil); err != nil {
		t.Errorf("largest limit: %v", err)
	}
}
