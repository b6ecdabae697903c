package runtime

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestInvokeBothProtocols(t *testing.T) {
	for _, prefix := range []string{"", "/a/b"} {
		var requests []seen
		c := serve(t, record(&requests))
		c = newTestClient(t, c.core.base.text+prefix+"/")
		for _, p := range httpProtocols() {
			got, err := ask(context.Background(), c, &askRequest{Text: "hi"}, WithProtocol(p))
			if err != nil || got.Text != "fine" {
				t.Errorf("%s: got %v, %v", p, got, err)
			}
		}
		if got := requests[0].Method + " " + requests[0].URL.Path; got != "POST "+prefix+"/graphql" {
			t.Errorf("got %s", got)
		}
		if got := requests[1].Method + " " + requests[1].URL.Path; got != "POST "+prefix+"/v1/ask" {
			t.Errorf("got %s", got)
		}
		var body struct {
			Query, OperationName string
			Variables            map[string]map[string]any
		}
		if err := json.Unmarshal([]byte(requests[0].body), &body); err != nil {
			t.Fatal(err)
		}
		if body.OperationName != "ask" || !strings.HasPrefix(body.Query, "query ask(") || body.Variables["params"]["text"] != "hi" {
			t.Errorf("got %s", requests[0].body)
		}
	}
}

func TestProtocolSelection(t *testing.T) {
	cases := []struct {
		name   string
		client []Option
		call   []CallOption
		always Protocol
		want   string
	}{
		{name: "default", want: "/graphql"},
		{name: "client", client: []Option{WithProtocolName(" REST ")}, want: "/v1/ask"},
		{name: "call over client", client: []Option{WithProtocol(ProtocolREST)}, call: []CallOption{WithProtocol(ProtocolGraphQL)}, want: "/graphql"},
		{name: "always", call: []CallOption{WithProtocol(ProtocolGRPC)}, always: ProtocolREST, want: "/v1/ask"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			var requests []seen
			c := serve(t, record(&requests), tc.client...)
			m := methodAsk()
			if tc.always != "" {
				m.Always, m.Protocols = tc.always, nil
			}
			if _, err := Invoke(context.Background(), c, m, bindingsAsk(), nil, tc.call); err != nil {
				t.Fatal(err)
			}
			if got := requests[0].URL.Path; got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	onlyGraphQL := methodAsk()
	onlyGraphQL.Protocols = []Protocol{ProtocolGraphQL}
	cases := []struct {
		name   string
		ctx    context.Context
		method *Method
		req    *askRequest
		opts   []CallOption
		want   string
	}{
		{name: "not offered", method: onlyGraphQL, opts: []CallOption{WithProtocol(ProtocolREST)},
			want: "ask over rest: unimplemented: the method is not offered over rest; works over graphql"},
		{name: "not offered over grpc", method: onlyGraphQL, opts: []CallOption{WithProtocol(ProtocolGRPC)},
			want: "ask over grpc: unimplemented: the method is not offered over grpc; works over graphql"},
		{name: "not linked", opts: []CallOption{WithProtocol(ProtocolGRPC)},
			want: `ask over grpc: failed_precondition: gRPC is not linked into this program: add the import _ "example.com/service/grpc"`},
		{name: "bad option", opts: []CallOption{WithProtocolName("x")},
			want: `ask over graphql: invalid_argument: unknown protocol "x": expected one of graphql, rest, grpc`},
		{name: "violation", req: &askRequest{Text: "\xff", Object: map[string]any{"a": func() {}}},
			want: "ask over graphql: invalid_argument: the request cannot be sent over graphql: text: is not valid UTF-8; object.a: cannot be written as JSON: JSON has no form for func()"},
		{name: "violation over rest", req: &askRequest{Text: "\xff"}, opts: []CallOption{WithProtocol(ProtocolREST)},
			want: "ask over rest: invalid_argument: the request cannot be sent over rest: text: is not valid UTF-8"},
		{name: "context is over", ctx: canceled, want: "ask over graphql: canceled: context canceled"},
	}
	var requests []seen
	c := serve(t, record(&requests))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if tc.ctx == nil {
				tc.ctx = context.Background()
			}
			if tc.method == nil {
				tc.method = methodAsk()
			}
			got, err := Invoke(tc.ctx, c, tc.method, bindingsAsk(), tc.req, tc.opts)
			if got != nil || err == nil || err.Error() != tc.want {
				t.Errorf("got  %v, %v\nwant %s", got, err, tc.want)
			}
		})
	}
	//lint:ignore SA1012 that a nil context is refused is what is tested
	if _, err := ask(nil, c, nil); !errors.Is(err, ErrInvalidArgument) {
		t.Errorf("nil context: got %v", err)
	}
	if _, err := Invoke(context.Background(), c, methodAsk(), Bindings[askRequest, askAnswer]{}, nil, nil); !errors.Is(err, ErrUnimplemented) {
		t.Errorf("no binding: got %v", err)
	}
	if len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

func TestProblemsOfAViewComeBackFromCalls(t *testing.T) {
	var requests []seen
	view := serve(t, record(&requests)).With(WithProtocolName("x")).With(WithTimeout(-1))
	_, err := ask(context.Background(), view, nil, WithBearerToken(""))
	for _, want := range []string{`unknown protocol "x"`, "WithTimeout", "WithBearerToken"} {
		if e := asError(t, err); e.Code != CodeInvalidArgument || !strings.Contains(e.Message, want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if len(requests) != 0 {
		t.Error("the call was sent")
	}
}

func TestTimeout(t *testing.T) {
	for _, p := range httpProtocols() {
		stop := make(chan struct{})
		c := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-stop:
			case <-r.Context().Done():
			}
		}, WithProtocol(p), WithTimeout(time.Hour))
		t.Cleanup(func() { close(stop) })
		_, err := ask(context.Background(), c, nil, WithTimeout(20*time.Millisecond))
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, ErrDeadlineExceeded) {
			t.Errorf("%s: timeout: got %v", p, err)
		}
		cause := errors.New("the user went away")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
		_, err = ask(ctx, c, nil)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, ErrCanceled) || !errors.Is(err, cause) {
			t.Errorf("%s: cancel: got %v", p, err)
		}
	}
}

func TestNoResultIsAnError(t *testing.T) {
	c := serve(t, respond(200, "application/json", `{"data":{"result":null}}`))
	got, err := ask(context.Background(), c, nil)
	if e := asError(t, err); got != nil || e.Code != CodeInternal || e.Message != "the answer has no result" {
		t.Errorf("got %v, %v", got, err)
	}
	b := bindingsAsk()
	b.REST = REST(encodeAsk, buildAsk, func(*askWire) *askAnswer { return nil })
	got, err = Invoke(context.Background(), c, methodAsk(), b, nil, []CallOption{WithProtocol(ProtocolREST)})
	if e := asError(t, err); got != nil || e.Code != CodeInternal || e.Message != "the answer has no result" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A server that quotes a credential, or a secret field of the request, must
// not get it into the error's text.
func TestSecretsAreTakenOutOfErrors(t *testing.T) {
	const password = "pass-word-0123"
	quote := `{"code":"` + canary + `","message":"bad token ` + canary + ` and password ` + password + `"}`
	c := serve(t, respond(400, "application/json", quote), WithProtocol(ProtocolREST), WithBearerToken(canary))
	_, err := ask(context.Background(), c, &askRequest{Secret: password})
	if got, want := err.Error(), "ask over rest: invalid_argument: bad token [redacted] and password [redacted] (HTTP 400)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if e := asError(t, err); e.ServerCode != redacted {
		t.Errorf("got server code %q", e.ServerCode)
	}
}

func TestConcurrentUse(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		respond(200, "application/json", `{"text":"`+r.Header.Get("X-Caller")+`","data":{"result":{"text":"`+r.Header.Get("X-Caller")+`"}}}`)(w, r)
	})
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			who := strings.Repeat("x", i+1)
			p := httpProtocols()[i%2]
			got, err := ask(context.Background(), c.With(WithHeader("X-Caller", who)), nil, WithProtocol(p))
			if err != nil || got.Text != who {
				t.Errorf("caller %d: got %v, %v", i, got, err)
			}
		})
	}
	wg.Wait()
}
