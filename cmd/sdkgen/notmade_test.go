package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
)

// TestDriftNotMade: whatever keeps one of the three contracts from being
// compared, the code is 2, nothing is said to be clean, and what to do is told;
// also where the other two are fine.
func TestDriftNotMade(t *testing.T) {
	good := savedServer(t).start(t)
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	plain := grpc.NewServer()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = plain.Serve(listener) }()
	defer plain.Stop()
	secure := httptest.NewTLSServer(text(http.StatusOK, "{}"))
	defer secure.Close()
	for _, c := range []struct {
		name, flag, address string
		handler             http.HandlerFunc
		want                string
	}{
		{"introspection is off", "--graphql", "", text(200, `{"errors":[{"message":"introspection disabled"}],"data":null}`), "if introspection is disabled"},
		{"a page instead of GraphQL", "--graphql", "", text(200, "<html>Welcome</html>"), "GraphQL http"},
		{"no schema", "--graphql", "", text(200, `{"data": {}}`), "holds no schema"},
		{"GraphQL behind TLS of its own", "--graphql", secure.URL, nil, "certificate"},
		{"there is no document", "--openapi", "", text(404, "not found"), "status 404"},
		{"a page instead of a document", "--openapi", "", text(200, "<html>Welcome</html>"), "OpenAPI http"},
		{"an empty document", "--openapi", "", text(200, ""), "OpenAPI http"},
		{"no OpenAPI", "--openapi", "", text(200, `{"hello": "world"}`), "neither Swagger 2 nor OpenAPI 3"},
		{"half a document", "--openapi", "", text(200, `{"openapi": "3.0.3", "info": {`), "OpenAPI http"},
		{"OpenAPI without TLS where there is", "--openapi", strings.Replace(secure.URL, "https", "http", 1), nil, "status 400"},
		{"reflection is off", "--grpc", listener.Addr().String(), nil, "has reflection enabled"},
		{"gRPC behind TLS", "--grpc", secure.Listener.Addr().String(), nil, "this was tried without TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.handler != nil {
				server := httptest.NewServer(c.handler)
				defer server.Close()
				c.address = server.URL
			}
			flags := slices.Clone(good)
			flags[slices.Index(flags, c.flag)+1] = c.address
			code, stdout, stderr := sdkgen(slices.Concat([]string{"drift", "--live", "--dir", projectRoot}, flags)...)
			if code != exitUnusable || stdout != "" || !strings.Contains(stderr, c.want) || !strings.Contains(stderr, "nothing was compared") {
				t.Errorf("code %d\n%s%s", code, stdout, stderr)
			}
		})
	}
	// The same for the other commands and in the other formats.
	flags := slices.Concat(good[:4], []string{"--grpc", listener.Addr().String()}, good[6:])
	for i, format := range []string{"json", "github", "sarif", "markdown"} {
		command := [][]string{{"drift", "--live"}, {"diff", "--head", "live:", "--base", "dir:" + projectRoot}, {"diff", "--base", "live:", "--head", "dir:" + projectRoot}}[i%3]
		code, stdout, _ := sdkgen(slices.Concat(command, []string{"--format", format, "--dir", projectRoot}, flags)...)
		if code != exitUnusable || !strings.Contains(stdout, "reflection failed") || strings.Contains(stdout, "no findings") || strings.Contains(stdout, `"clean"`) {
			t.Errorf("%q as %s: code %d\n%s", command, format, code, stdout)
		}
	}
}

// TestDriftSlow: a server that does not answer is given up when the context
// ends, and then nothing was compared.
func TestDriftSlow(t *testing.T) {
	flags := savedServer(t).start(t)
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	flags[slices.Index(flags, "--openapi")+1] = server.URL
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	var out, stderr bytes.Buffer
	code := run(ctx, slices.Concat([]string{"drift", "--live", "--format", "json", "--dir", projectRoot}, flags), &out, &stderr)
	var report struct {
		Status   string
		Findings []struct{ Message string }
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v\n%s%s", err, &out, &stderr)
	}
	if code != exitUnusable || report.Status != "unusable" || len(report.Findings) != 1 || !strings.Contains(report.Findings[0].Message, "OpenAPI ") {
		t.Errorf("code %d\n%s", code, &out)
	}
}
