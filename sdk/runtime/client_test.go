package runtime

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func TestNewClientProblems(t *testing.T) {
	good := "https://auth.example.com"
	expected := ": expected an absolute http or https URL such as https://auth.example.com"
	cases := []struct {
		name, url string
		settings  []Setting
		opts      []Option
		want      []string
	}{
		{name: "empty url", url: " ", want: []string{"service: url is empty" + expected}},
		{name: "relative", url: "auth.example.com/x", want: []string{`service: url "auth.example.com/x" has no http or https scheme` + expected}},
		{name: "host and port", url: "localhost:8080", want: []string{`service: url "localhost:8080" has no http or https scheme` + expected}},
		{name: "other scheme", url: "ftp://h", want: []string{`service: url "ftp://h" has no http or https scheme` + expected}},
		{name: "no host", url: "https:///x", want: []string{`service: url "https:///x" has no host` + expected}},
		{name: "only a port", url: "http://:80", want: []string{`service: url "http://:80" has no host` + expected}},
		{name: "bad port", url: "http://h:0", want: []string{`service: url "http://h:0" has a port outside 1 to 65535` + expected}},
		{name: "big port", url: "http://h:65536", want: []string{`service: url "http://h:65536" has a port outside 1 to 65535` + expected}},
		{name: "no port", url: "http://h:", want: []string{`service: url "http://h:" has a port outside 1 to 65535` + expected}},
		{name: "unparsable", url: "http://h\x7f", want: []string{`service: url "http://h\x7f" is malformed` + expected}},
		{name: "query", url: good + "?t=" + canary, want: []string{"service: url has a query" + expected}},
		{name: "bare query", url: good + "?", want: []string{"service: url has a query" + expected}},
		{name: "fragment", url: good + "#" + canary, want: []string{"service: url has a fragment" + expected}},
		{name: "user", url: "https://me:" + canary + "@h", want: []string{"service: url holds a user name or password" + expected}},
		{name: "malformed user", url: "https://me:%zz" + canary + "@h", want: []string{"service: url is malformed" + expected}},
		{name: "required setting", url: good, settings: []Setting{{Name: "client_id", Required: true}, {Name: "b", Value: "x", Required: true}},
			want: []string{"service: client_id is empty: expected a value"}},
		{name: "setting with a control character", url: good, settings: []Setting{{Name: "admin_secret", Value: canary + "\n", Required: true, Secret: true}},
			want: []string{"service: 2 problems:\nheader X-Admin-Secret, made of {admin_secret}, cannot be sent: its value holds a control character or a surrounding blank"}},
		{name: "protocol", url: good, opts: []Option{WithProtocolName("soap")},
			want: []string{`service: unknown protocol "soap": expected one of graphql, rest, grpc`}},
		{name: "grpc not linked", url: good, opts: []Option{WithProtocol(ProtocolGRPC)},
			want: []string{`service: gRPC is not linked into this program: add the import _ "example.com/service/grpc"`}},
		{name: "endpoint", url: good, opts: []Option{WithGRPCEndpoint("grpc.example.com")},
			want: []string{`service: gRPC endpoint "grpc.example.com" is malformed: expected host:port such as auth.example.com:9091`}},
		{name: "endpoint with a password", url: good, opts: []Option{WithGRPCEndpoint("https://user:" + canary + "@grpc.example.com:9091")},
			want: []string{"service: gRPC endpoint is malformed: expected host:port"}},
		{name: "nil http client", url: good, opts: []Option{WithHTTPClient(nil)}, want: []string{"service: WithHTTPClient: the client is nil"}},
		{name: "nil tls", url: good, opts: []Option{WithTLSConfig(nil)}, want: []string{"service: WithTLSConfig: the configuration is nil"}},
		{name: "http client and tls", url: good, opts: []Option{WithHTTPClient(&http.Client{}), WithTLSConfig(&tls.Config{})},
			want: []string{"service: WithTLSConfig cannot be combined with WithHTTPClient"}},
		{name: "size", url: good, opts: []Option{WithMaxResponseBytes(0)}, want: []string{"service: WithMaxResponseBytes: 0 is not a size: expected at least 1"}},
		{name: "timeout", url: good, opts: []Option{WithTimeout(-1)}, want: []string{"service: WithTimeout: -1ns is negative"}},
		{name: "token", url: good, opts: []Option{WithBearerToken("")}, want: []string{"service: WithBearerToken: the token is empty"}},
		{name: "token with newline", url: good, opts: []Option{WithBearerToken(canary + "\r\nx: y")},
			want: []string{"service: the value of header Authorization holds a control character"}},
		{name: "header with DEL", url: good, opts: []Option{WithHeader("a", canary+"\x7f")}, want: []string{"service: the value of header A holds a control character"}},
		{name: "header name", url: good, opts: []Option{WithHeader("a b", canary)}, want: []string{`service: header name "a b" is malformed`}},
		{name: "framing header", url: good, opts: []Option{WithHeader("content-type", "text/plain")},
			want: []string{"service: header Content-Type is set by the SDK and cannot be replaced"}},
		{name: "cookie name", url: good, opts: []Option{WithCookie("a=", canary)}, want: []string{`service: cookie name "a=" is malformed`}},
		{name: "cookie value", url: good, opts: []Option{WithCookie("a", canary+"; b=c")},
			want: []string{"service: the value of cookie a holds a character that a cookie cannot carry"}},
		{name: "headers", url: good, opts: []Option{WithHeaders(map[string]string{"b b": canary, "a a": canary})},
			want: []string{"service: header name \"a a\" is malformed: expected letters, digits and dashes\nheader name \"b b\" is malformed"}},
		{name: "all at once", url: "", settings: []Setting{{Name: "client_id", Required: true}},
			opts: []Option{WithProtocolName("x"), nil, WithTimeout(-1)},
			want: []string{"service: 4 problems:\n", "url is empty", "client_id is empty", `unknown protocol "x"`, "WithTimeout"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c, err := NewClient(testAPI(), tc.url, tc.settings, tc.opts...)
			if err == nil || c != nil {
				t.Fatalf("got %v, %v, want an error and no client", c, err)
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got  %s\nwant %s", err, want)
				}
			}
			if strings.Contains(err.Error(), canary) {
				t.Errorf("a secret shows: %s", err)
			}
		})
	}
}

func TestURLIsKeptAsPrefix(t *testing.T) {
	cases := []struct{ url, text, origin, grpc string }{
		{"https://auth.example.com", "https://auth.example.com", "https://auth.example.com", "auth.example.com:9091"},
		{"https://auth.example.com/", "https://auth.example.com", "https://auth.example.com", "auth.example.com:9091"},
		{"http://h:8080/a/b//", "http://h:8080/a/b", "http://h:8080", "h:9091"},
		{"HTTP://[::1]:8080/a%2Fb/", "http://[::1]:8080/a%2Fb", "http://[::1]:8080", "[::1]:9091"},
	}
	for _, tc := range cases {
		b, err := parseURL(tc.url)
		if err != nil {
			t.Errorf("%s: %v", tc.url, err)
			continue
		}
		if got := b.grpcEndpoint(9091); b.text != tc.text || b.origin != tc.origin || got != tc.grpc {
			t.Errorf("%s: got %q %q %q, want %q %q %q", tc.url, b.text, b.origin, got, tc.text, tc.origin, tc.grpc)
		}
	}
}

func TestIsLoopback(t *testing.T) {
	for endpoint, want := range map[string]bool{
		"localhost:1": true, "LOCALHOST.:1": true, "a.localhost:1": true, "127.0.0.1:1": true, "127.9.9.9:1": true,
		"[::1]:1": true, "[::ffff:127.0.0.1]:1": true,
		"localhost.example.com:1": false, "127.0.0.1.example.com:1": false, "10.0.0.1:1": false, "0.0.0.0:1": false,
		"[fe80::1%eth0]:1": false, "localhost": false,
	} {
		if got := isLoopback(endpoint); got != want {
			t.Errorf("%s: got %t, want %t", endpoint, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	c := newTestClient(t, "https://h", WithSetting("redirect_url", "https://h/app"), WithSetting("client_id", "other"))
	for name, want := range map[string]string{"redirect_url": "https://h/app", "client_id": "other", "admin_secret": "", "unknown": ""} {
		if got, ok := c.Setting(name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q %t, want %q", name, got, ok, want)
		}
	}
	if _, err := NewClient(testAPI(), "https://h", testSettings(), WithSetting("client_id", "")); err == nil {
		t.Error("a required setting was emptied by an option")
	}
}

func TestNothingSecretIsPrinted(t *testing.T) {
	settings := []Setting{{Name: "client_id", Value: clientID}, {Name: "admin_secret", Value: canary, Secret: true}}
	c, err := NewClient(testAPI(), "https://h", settings, WithBearerToken(canary), WithCookie("a", canary))
	if err != nil {
		t.Fatal(err)
	}
	call, err := c.newCall(context.Background(), methodAsk(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	header := Header{Name: "a", Value: canary, Secret: true}
	for _, v := range []any{c, struct{ c *Client }{c}, &struct{ c *Client }{c}, call, struct{ c *Call }{call}, settings[1], &settings[1], settings, header, []Header{header}, struct{ S Setting }{settings[1]}, c.core.grpcConfig} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T shows the secret: %s", verb, v, got)
			}
		}
		logger.Info("x", "v", v)
	}
	if strings.Contains(log.String(), canary) {
		t.Errorf("the log shows the secret: %s", log.String())
	}
	if got, want := fmt.Sprint(c), "Client{API:service URL:https://h Protocol:graphql}"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestClose(t *testing.T) {
	var requests []seen
	c := serve(t, record(&requests))
	view := c.With(WithTimeout(0))
	other := c.With()
	if err := view.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ask(context.Background(), view, nil); !errors.Is(err, ErrFailedPrecondition) {
		t.Errorf("closed view: got %v, want failed_precondition", err)
	}
	if _, err := ask(context.Background(), c, nil); err != nil {
		t.Errorf("closing a view closed its client: %v", err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, closed := range map[string]*Client{"client": c, "view": other, "view of closed": c.With()} {
		_, err := ask(context.Background(), closed, nil)
		if e := asError(t, err); e.Code != CodeFailedPrecondition || e.Message != "the client is closed" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if len(requests) != 1 {
		t.Errorf("%d requests were sent, want 1", len(requests))
	}
}

func TestZeroClient(t *testing.T) {
	for _, c := range []*Client{nil, {}} {
		if _, err := ask(context.Background(), c, nil); !errors.Is(err, ErrFailedPrecondition) {
			t.Errorf("got %v, want failed_precondition", err)
		}
		if _, ok := c.Setting("x"); ok || c.Close() != nil || c.With() != c {
			t.Error("a client that was not constructed does something")
		}
		_ = fmt.Sprint(c)
	}
}
