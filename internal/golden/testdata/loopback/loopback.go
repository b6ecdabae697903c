// Package loopback answers the calls of generated SDKs: GraphQL and REST over
// HTTP and gRPC, all three on this machine and from one description.
package loopback

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// Call is what arrived.
type Call struct {
	// Protocol is "graphql", "rest" or "grpc".
	Protocol string
	// Name is the GraphQL root field, the verb and path, or the full method.
	Name string
	// Target is the path with its query, as it was sent over REST.
	Target string
	// Body is the JSON body, or GraphQL's variables; Form is a form body.
	Body map[string]any
	Form url.Values
	// Header holds the headers, or the metadata.
	Header http.Header
}

// Fail is an answer that is an error.
type Fail struct {
	Status int
	Body   any
}

// Server is a running server and what it was asked last.
type Server struct {
	URL, GRPC string

	mu    sync.Mutex
	calls []Call
}

// Config says how to answer. An HTTP answer is a value for JSON, a [Fail], or
// nil for an answer without content; a GraphQL answer is the result, or a list
// of errors as []any.
type Config struct {
	GraphQL map[string]any
	REST    map[string]any
	GRPC    func(*grpc.Server)
}

// Start runs a server until the test ends.
func Start(t *testing.T, config Config) *Server {
	t.Helper()
	s := &Server{}
	mux := http.NewServeMux()
	for _, path := range []string{"/graphql", "/api/graphql"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { s.graphql(w, r, config.GraphQL) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.rest(w, r, config.REST) })
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	s.URL = web.URL
	if config.GRPC != nil {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server := grpc.NewServer(grpc.UnaryInterceptor(s.unary))
		config.GRPC(server)
		go func() { _ = server.Serve(listener) }()
		t.Cleanup(server.Stop)
		s.GRPC = listener.Addr().String()
	}
	return s
}

// Last is the last call, and how many there were since Last was asked before.
func (s *Server) Last() (Call, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.calls)
	if n == 0 {
		return Call{}, 0
	}
	last := s.calls[n-1]
	s.calls = nil
	return last, n
}

func (s *Server) note(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
}

func (s *Server) graphql(w http.ResponseWriter, r *http.Request, answers map[string]any) {
	var body struct {
		Query     string         `json:"query"`
		Variables map[string]any `json:"variables"`
	}
	if err := decoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, rest, _ := strings.Cut(body.Query, "result: ")
	field := rest[:strings.IndexAny(rest+" ", "( {\n")]
	s.note(Call{Protocol: "graphql", Name: field, Body: body.Variables, Header: r.Header})
	answer, ok := answers[field]
	errors, failed := answer.([]any)
	switch {
	case !ok:
		reply(w, http.StatusOK, map[string]any{"errors": []any{map[string]any{"message": "no field " + field}}})
	case failed:
		reply(w, http.StatusOK, map[string]any{"errors": errors, "data": nil})
	default:
		reply(w, http.StatusOK, map[string]any{"data": map[string]any{"result": answer}})
	}
}

func (s *Server) rest(w http.ResponseWriter, r *http.Request, answers map[string]any) {
	call := Call{Protocol: "rest", Name: r.Method + " " + r.URL.Path, Target: r.URL.RequestURI(), Header: r.Header}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" {
		call.Form, _ = url.ParseQuery(string(data))
	} else if len(data) > 0 {
		if err := decoder(bytes.NewReader(data)).Decode(&call.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	s.note(call)
	answer, ok := answers[call.Name]
	fail, failed := answer.(Fail)
	switch {
	case !ok:
		reply(w, http.StatusNotFound, map[string]any{"code": "not_found", "message": "no " + call.Name})
	case failed:
		reply(w, fail.Status, fail.Body)
	case answer == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		reply(w, http.StatusOK, answer)
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Server) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	header := http.Header{}
	for name, values := range md {
		header[http.CanonicalHeaderKey(name)] = values
	}
	s.note(Call{Protocol: "grpc", Name: info.FullMethod, Header: header})
	return next(ctx, req)
}

// Protocols runs a test for each protocol.
func Protocols(t *testing.T, test func(t *testing.T, protocol string)) {
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		t.Run(protocol, func(t *testing.T) { test(t, protocol) })
	}
}

// Equal fails the test if the two differ.
func Equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %#v\nwant %#v", what, got, want)
	}
}

// JSON parses an object, to write down an answer or what is expected. Numbers are
// json.Number, as in [Call].
func JSON(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := decoder(strings.NewReader(text)).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// decoder keeps numbers exact.
func decoder(r io.Reader) *json.Decoder {
	d := json.NewDecoder(r)
	d.UseNumber()
	return d
}

// Failed fails the test if there is no error, or one with another text.
func Failed(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("the error is %q, which lacks %q", err, text)
	}
}

// Mutate calls f with an answer in which one value, at any depth, is of another
// kind: each value once for each kind.
func Mutate(answer map[string]any, f func(map[string]any)) {
	kinds := []any{nil, true, json.Number("1.5"), json.Number("-9223372036854775809"), "x", "", []any{}, []any{nil}, map[string]any{}}
	var walk func(value any, set func(any))
	walk = func(value any, set func(any)) {
		for _, kind := range kinds {
			set(kind)
			f(answer)
		}
		set(value)
		switch v := value.(type) {
		case map[string]any:
			for key, item := range v {
				walk(item, func(changed any) { v[key] = changed })
			}
		case []any:
			for i, item := range v {
				walk(item, func(changed any) { v[i] = changed })
			}
		}
	}
	for key, item := range answer {
		walk(item, func(changed any) { answer[key] = changed })
	}
}
