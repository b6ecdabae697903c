package pull_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection"
	refv1 "google.golang.org/grpc/reflection/grpc_reflection_v1"
	refv1alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/pull"
)

func answerFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(saved, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// startHTTP serves the saved answers as an Authorizer does: a POST needs the
// Origin of the server itself. An old server knows only the plain query.
func startHTTP(t *testing.T, old bool) string {
	t.Helper()
	var self string
	mux := http.NewServeMux()
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") != self {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"error":"csrf_validation_failed"}`)
			return
		}
		var body struct{ Query string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if old && strings.Contains(body.Query, "isOneOf") {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"errors":[{"message":"Cannot query field \"isOneOf\" on type \"__Type\"."}],"data":null}`)
			return
		}
		_, _ = w.Write(answerFile(t, "graphql-introspection.json"))
	})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(answerFile(t, "openapi2.json"))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	self = server.URL
	return server.URL
}

// services is the list that the saved descriptors hold, with those of gRPC.
type services struct{ files *protoregistry.Files }

func (s services) GetServiceInfo() map[string]grpc.ServiceInfo {
	out := map[string]grpc.ServiceInfo{}
	s.files.RangeFiles(func(fd protoreflect.FileDescriptor) bool {
		for i := range fd.Services().Len() {
			out[string(fd.Services().Get(i).FullName())] = grpc.ServiceInfo{}
		}
		return true
	})
	return out
}

// startGRPC serves reflection of the saved descriptors, v1 or only v1alpha.
func startGRPC(t *testing.T, old bool, opts ...grpc.ServerOption) string {
	t.Helper()
	set := &descriptorpb.FileDescriptorSet{}
	if err := proto.Unmarshal(answerFile(t, "descriptors.binpb"), set); err != nil {
		t.Fatal(err)
	}
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	ref := reflection.ServerOptions{Services: services{files}, DescriptorResolver: files}
	server := grpc.NewServer(opts...)
	if old {
		refv1alpha.RegisterServerReflectionServer(server, reflection.NewServer(ref))
	} else {
		refv1.RegisterServerReflectionServer(server, reflection.NewServerV1(ref))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// A live server and its saved answers give the same contract files.
func TestFromServer(t *testing.T) {
	for _, old := range []bool{false, true} {
		name := map[bool]string{false: "new server", true: "old server"}[old]
		t.Run(name, func(t *testing.T) {
			url := startHTTP(t, old)
			got, err := pull.FromServer(context.Background(), pull.Sources{
				GraphQL: url + "/graphql",
				OpenAPI: url + "/openapi.json",
				GRPC:    startGRPC(t, old),
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(texts(fromDir(t)), texts(got)); diff != "" {
				t.Errorf("a live pull differs from one of the saved answers (-saved +live):\n%s", diff)
			}
		})
	}
}

func TestFromServerHeaders(t *testing.T) {
	seen := make(chan string, 3)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("X-Secret")
		_, _ = w.Write(answerFile(t, map[string]string{"/graphql": "graphql-introspection.json", "/openapi.json": "openapi2.json"}[r.URL.Path]))
	}))
	defer server.Close()
	addr := startGRPC(t, false, grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, h grpc.StreamHandler) error {
		md, _ := metadata.FromIncomingContext(ss.Context())
		seen <- strings.Join(md.Get("x-secret"), ",")
		return h(srv, ss)
	}))
	_, err := pull.FromServer(context.Background(), pull.Sources{
		GraphQL: server.URL + "/graphql", OpenAPI: server.URL + "/openapi.json", GRPC: addr,
		Headers: map[string]string{"X-Secret": "s3"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := <-seen; got != "s3" {
			t.Errorf("a source was asked with X-Secret %q, want %q", got, "s3")
		}
	}
}

// Every failing source is named, with what to do, and no secret.
func TestFromServerErrors(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/disabled", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"errors":[{"message":"introspection disabled"}],"data":null}`)
	})
	mux.HandleFunc("/html", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html>\nnot found")
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://elsewhere.invalid/", http.StatusFound)
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		chunk := make([]byte, 1<<20)
		for range 34 {
			_, _ = w.Write(chunk)
		}
	})
	mux.HandleFunc("/fine", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(answerFile(t, "openapi2.json"))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	noReflection := grpc.NewServer(grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error {
		return status.Error(codes.Unimplemented, "unknown service")
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = noReflection.Serve(listener) }()
	defer noReflection.Stop()

	tests := []struct {
		name string
		in   pull.Sources
		want []string
	}{
		{"none", pull.Sources{}, []string{"nothing to pull from: give a GraphQL URL, an OpenAPI URL or a gRPC HOST:PORT"}},
		{"all at once", pull.Sources{GraphQL: server.URL + "/disabled?token=hush", OpenAPI: server.URL + "/html", GRPC: closed.Addr().String()}, []string{
			"GraphQL URL/disabled: the server answered the introspection query with: introspection disabled (if introspection is disabled, enable it on the server, or pull from saved answers)",
			"OpenAPI URL/html: the server answered with status 404: <html> not found (check the URL, and whether it needs a header)",
			"gRPC " + closed.Addr().String() + ": reflection failed: ",
			"this was tried without TLS)",
		}},
		{"one of two", pull.Sources{GraphQL: server.URL + "/html", OpenAPI: server.URL + "/fine"}, []string{
			"GraphQL URL/html: the server answered with status 404",
		}},
		{"redirect", pull.Sources{OpenAPI: server.URL + "/moved"}, []string{
			"OpenAPI URL/moved: the server redirects (status 302); give the URL that it redirects to",
		}},
		{"too large", pull.Sources{OpenAPI: server.URL + "/big"}, []string{
			"OpenAPI URL/big: more than 32 MiB, which no contract needs",
		}},
		{"not HTTP", pull.Sources{GraphQL: "localhost:8080/graphql", OpenAPI: "ftp://host/x"}, []string{
			"GraphQL localhost:8080/graphql: not a URL; write it as http://HOST:PORT/PATH or https://HOST/PATH",
			"OpenAPI ftp://host/x: not a URL",
		}},
		{"not HOST:PORT", pull.Sources{GRPC: "http://localhost:9091"}, []string{
			"gRPC http://localhost:9091: not an address of a gRPC server; write it as HOST:PORT, without a scheme",
		}},
		{"no reflection", pull.Sources{GRPC: listener.Addr().String()}, []string{
			"reflection failed: ", "Unimplemented", "check the port, that the server has reflection enabled",
		}},
		{"TLS", pull.Sources{GRPC: "server.invalid:1"}, []string{"this was tried with TLS)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := pull.FromServer(context.Background(), tt.in)
			if err == nil || got != nil {
				t.Fatalf("got %d files, error %v; want an error only", len(got), err)
			}
			text := strings.ReplaceAll(err.Error(), server.URL, "URL")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("error lacks %q:\n%s", want, text)
				}
			}
			if strings.Contains(text, "hush") {
				t.Errorf("error holds a secret: %s", text)
			}
		})
	}
}

// A server that never answers ends with the context.
func TestFromServerContext(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and is silent
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err = pull.FromServer(ctx, pull.Sources{GraphQL: server.URL, OpenAPI: server.URL, GRPC: listener.Addr().String()})
	if err == nil {
		t.Fatal("no error")
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	for _, want := range []string{"GraphQL ", "OpenAPI ", "gRPC ", "deadline exceeded"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}
