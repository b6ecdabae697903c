package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"
	reflectionv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/types/descriptorpb"
)

const (
	savedAnswers = "../../internal/pull/testdata/2.3.0-rc.9"
	projectRoot  = "../.."
)

// server answers as a live one does, from saved answers that a test may change.
type server struct {
	introspection, openapi map[string]any
	descriptors            *descriptorpb.FileDescriptorSet
	mutex                  sync.Mutex
	requests               []string
}

func savedServer(t *testing.T) *server {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(savedAnswers, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	s := &server{descriptors: &descriptorpb.FileDescriptorSet{}}
	for name, to := range map[string]any{"graphql-introspection.json": &s.introspection, "openapi2.json": &s.openapi} {
		if err := json.Unmarshal(read(name), to); err != nil {
			t.Fatal(err)
		}
	}
	if err := proto.Unmarshal(read("descriptors.binpb"), s.descriptors); err != nil {
		t.Fatal(err)
	}
	return s
}

// start returns the flags that lead to the server.
func (s *server) start(t *testing.T) []string {
	t.Helper()
	mux := http.NewServeMux()
	answer := func(what string, value any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			s.mutex.Lock()
			s.requests = append(s.requests, r.Method+" "+what)
			s.mutex.Unlock()
			if r.Header.Get("X-Key") != "hush" {
				http.Error(w, "no key", http.StatusUnauthorized)
				return
			}
			_ = json.NewEncoder(w).Encode(value)
		}
	}
	mux.HandleFunc("POST /graphql", answer("introspection", s.introspection))
	mux.HandleFunc("GET /openapi.json", answer("openapi", s.openapi))
	web := httptest.NewServer(mux)
	t.Cleanup(web.Close)
	return []string{"--graphql", web.URL + "/graphql", "--openapi", web.URL + "/openapi.json", "--grpc", s.startGRPC(t), "--header", "X-Key: hush"}
}

type serviceNames []string

func (s serviceNames) GetServiceInfo() map[string]grpc.ServiceInfo {
	out := map[string]grpc.ServiceInfo{}
	for _, name := range s {
		out[name] = grpc.ServiceInfo{}
	}
	return out
}

func (s *server) startGRPC(t *testing.T) string {
	t.Helper()
	files, err := protodesc.NewFiles(s.descriptors)
	if err != nil {
		t.Fatal(err)
	}
	var names serviceNames
	for _, f := range s.descriptors.File {
		for _, service := range f.Service {
			names = append(names, f.GetPackage()+"."+service.GetName())
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	out := grpc.NewServer()
	reflectionv1.RegisterServerReflectionServer(out, reflection.NewServerV1(reflection.ServerOptions{Services: names, DescriptorResolver: files}))
	go func() { _ = out.Serve(listener) }()
	t.Cleanup(out.Stop)
	return listener.Addr().String()
}

// typeNamed is a type of the introspection.
func (s *server) typeNamed(name string) map[string]any {
	types := s.introspection["data"].(map[string]any)["__schema"].(map[string]any)["types"].([]any)
	i := slices.IndexFunc(types, func(t any) bool { return t.(map[string]any)["name"] == name })
	return types[i].(map[string]any)
}

// change takes logout away over GraphQL, forgot_password over REST and session
// over gRPC, and a field of User over GraphQL; the server has another method
// over each protocol.
func (s *server) change() {
	mutation := s.typeNamed("Mutation")
	mutation["fields"] = slices.DeleteFunc(mutation["fields"].([]any), func(f any) bool { return f.(map[string]any)["name"] == "logout" })
	query := s.typeNamed("Query")
	meta := query["fields"].([]any)[slices.IndexFunc(query["fields"].([]any), func(f any) bool { return f.(map[string]any)["name"] == "meta" })].(map[string]any)
	added := map[string]any{}
	for k, v := range meta {
		added[k] = v
	}
	added["name"] = "passkeys"
	query["fields"] = append(query["fields"].([]any), added)
	user := s.typeNamed("User")
	user["fields"] = slices.DeleteFunc(user["fields"].([]any), func(f any) bool { return f.(map[string]any)["name"] == "nickname" })
	paths := s.openapi["paths"].(map[string]any)
	delete(paths, "/v1/forgot_password")
	paths["/v1/passkeys"] = map[string]any{"get": map[string]any{"operationId": "passkeys", "responses": map[string]any{"200": map[string]any{"description": "x"}}}}
	for _, f := range s.descriptors.File {
		for _, service := range f.Service {
			if service.GetName() == "AuthorizerService" {
				service.Method = slices.DeleteFunc(service.Method, func(m *descriptorpb.MethodDescriptorProto) bool { return m.GetName() == "Session" })
				last := proto.Clone(service.Method[0]).(*descriptorpb.MethodDescriptorProto)
				last.Name, last.InputType, last.Options = proto.String("Passkeys"), proto.String(".authorizer.v1.MetaRequest"), nil
				service.Method = append(service.Method, last)
			}
		}
	}
}

func sdkgen(args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(context.Background(), args, &out, &err)
	return code, out.String(), err.String()
}

// A server that is what the contracts say is clean, for drift and for diff.
func TestDriftClean(t *testing.T) {
	flags := savedServer(t).start(t)
	code, stdout, stderr := sdkgen(append([]string{"drift", "--live", "--dir", projectRoot, "--any"}, flags...)...)
	if want := "the working tree against the live server, graphql, rest and grpc (not compared: openapi.oauth.yaml): no findings\n"; code != exitClean || stdout != want || stderr != "" {
		t.Errorf("drift: code %d\n%s%s", code, stdout, stderr)
	}
	for _, sides := range [][]string{{"--base", "live:", "--head", "dir:" + projectRoot}, {"--base", "dir:" + projectRoot, "--head", "live:"}} {
		code, stdout, stderr = sdkgen(append(append([]string{"diff", "--dir", projectRoot, "--fail-on", "any"}, sides...), flags...)...)
		if code != exitClean || !strings.Contains(stdout, "graphql, rest and grpc (not compared: openapi.oauth.yaml): no findings\n") || stderr != "" {
			t.Errorf("diff %v: code %d\n%s%s", sides, code, stdout, stderr)
		}
	}
}

func TestDriftFindings(t *testing.T) {
	s := savedServer(t)
	s.change()
	flags := s.start(t)
	code, stdout, stderr := sdkgen(append([]string{"drift", "--live", "--dir", projectRoot}, flags...)...)
	if code != exitFindings || stderr != "" {
		t.Errorf("code %d\n%s", code, stderr)
	}
	for _, want := range []string{
		"error: the server lacks logout over graphql [server-lacks]",
		"error: the server lacks POST /v1/forgot_password over rest [server-lacks]",
		"error: the server lacks authorizer.v1.AuthorizerService/Session over grpc [server-lacks]",
		"error: the server lacks User.nickname over graphql [server-lacks]",
		"info: the server adds passkeys over graphql [server-adds]",
		"info: the server adds GET /v1/passkeys over rest [server-adds]",
		"info: the server adds authorizer.v1.AuthorizerService/Passkeys over grpc [server-adds]",
		"error: calls of logout over graphql would fail: logout is gone [method-fails]",
		"error: calls of forgot_password over rest would fail: POST /v1/forgot_password is gone [method-fails]",
		"error: calls of session over grpc would fail: authorizer.v1.AuthorizerService/Session is gone [method-fails]",
		"error: calls of login over graphql would fail: User.nickname is gone [method-fails]",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, absent := range []string{"calls of login over rest", "calls of logout over rest", "calls of get_token", "hush", "one-sided"} {
		if strings.Contains(stdout, absent) {
			t.Errorf("the report holds %q", absent)
		}
	}
	if t.Failed() {
		t.Log(stdout)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, r := range s.requests {
		if r != "POST introspection" && r != "GET openapi" {
			t.Errorf("the server was asked for %s", r)
		}
	}
}

// The same server as a side of diff.
func TestDiffLive(t *testing.T) {
	s := savedServer(t)
	s.change()
	flags := s.start(t)
	code, stdout, _ := sdkgen(append([]string{"diff", "--dir", projectRoot, "--base", "dir:" + projectRoot, "--head", "live:", "--format", "json"}, flags...)...)
	if code != exitFindings || !strings.Contains(stdout, `"rule": "operation-removed"`) || !strings.Contains(stdout, `"rule": "one-sided"`) {
		t.Errorf("diff: code %d\n%s", code, stdout)
	}
}

// One contract alone can be compared; the others are named as not compared.
func TestDriftOneSource(t *testing.T) {
	s := savedServer(t)
	s.change()
	flags := s.start(t)
	code, stdout, _ := sdkgen(append([]string{"drift", "--live", "--dir", projectRoot}, slices.Concat(flags[2:4], flags[6:])...)...)
	if code != exitFindings || !strings.Contains(stdout, "rest (not compared: graphql, grpc, openapi.oauth.yaml)") || strings.Contains(stdout, "over graphql") {
		t.Errorf("code %d\n%s", code, stdout)
	}
}

// A source that cannot be reached never reads as clean, however well the others answer.
func TestDriftUnreachable(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	good := savedServer(t).start(t)
	for i, address := range map[int]string{1: "http://" + closed.Addr().String() + "/graphql", 3: "http://" + closed.Addr().String() + "/x", 5: closed.Addr().String()} {
		flags := slices.Clone(good)
		flags[i] = address
		for _, command := range [][]string{{"drift", "--live"}, {"diff", "--head", "live:", "--base", "dir:" + projectRoot}} {
			code, stdout, stderr := sdkgen(slices.Concat(command, []string{"--dir", projectRoot}, flags)...)
			if code != exitUnusable || stdout != "" || !strings.Contains(stderr, closed.Addr().String()) || !strings.Contains(stderr, "nothing was compared") {
				t.Errorf("%v without %s: code %d\n%s%s", command, flags[i-1], code, stdout, stderr)
			}
			code, stdout, _ = sdkgen(slices.Concat(command, []string{"--format", "json", "--dir", projectRoot}, flags)...)
			if code != exitUnusable || !strings.Contains(stdout, `"status": "unusable"`) {
				t.Errorf("%v as JSON without %s: code %d\n%s", command, flags[i-1], code, stdout)
			}
		}
	}
	// The header is needed, and is not printed.
	code, _, stderr := sdkgen(slices.Concat([]string{"drift", "--live", "--dir", projectRoot}, good[:4], []string{"--header", "X-Key: hushhush"})...)
	if code != exitUnusable || !strings.Contains(stderr, "401") || strings.Contains(stderr, "hush") {
		t.Errorf("a wrong header: code %d\n%s", code, stderr)
	}
}

// A server may repeat the header that it refuses: init and pull do not.
func TestHeaderIsNotRepeated(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "wrong key \x1b[31m"+r.Header.Get("X-Key"), http.StatusForbidden)
	}))
	t.Cleanup(web.Close)
	for _, command := range []string{"init", "pull"} {
		code, stdout, stderr := sdkgen(command, "--dir", t.TempDir(), "--graphql", web.URL, "--header", "X-Key: hushhush")
		if code != exitUnusable || stdout != "" || !strings.Contains(stderr, "wrong key") || strings.Contains(stderr, "hush") || strings.Contains(stderr, "\x1b") {
			t.Errorf("%s: code %d\n%s%q", command, code, stdout, stderr)
		}
	}
}

// A server may ask for a header, whatever the command.
func TestPullWithHeader(t *testing.T) {
	dir := t.TempDir()
	flags := savedServer(t).start(t)
	if code, stdout, stderr := sdkgen(slices.Concat([]string{"pull", "--dir", dir}, flags)...); code != exitClean {
		t.Errorf("code %d\n%s%s", code, stdout, stderr)
	}
	if _, err := os.Stat(filepath.Join(dir, "schema.graphql")); err != nil {
		t.Error(err)
	}
}
