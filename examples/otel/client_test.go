package otel_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/triwire/authorizer-sdk/examples/otel"
	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// A program that traces: its own span, and below it that of the call.
func Example() {
	server := start()
	defer server.stop()
	spans := tracetest.NewInMemoryExporter() // a program would export them elsewhere
	tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))

	client, err := otel.NewClient(server.http.URL, "client-id", tracers)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = client.Close() }()
	ctx, span := tracers.Tracer("example").Start(context.Background(), "sign up page")
	meta, err := client.Meta(ctx)
	span.End()
	fmt.Println(meta.Version, err)

	for _, s := range spans.GetSpans() {
		fmt.Printf("%s, kind %s, below a span: %t\n", s.Name, s.SpanKind, s.Parent.IsValid())
	}
	// Output:
	// 2.3.0 <nil>
	// HTTP POST, kind client, below a span: true
	// sign up page, kind internal, below a span: false
}

// server answers meta over the three protocols, the first call of each with a
// failure that passes, and notes what it is told of the caller's trace.
type server struct {
	authorizerv1.UnimplementedAuthorizerServiceServer

	failing  bool
	http     *httptest.Server
	grpc     *grpc.Server
	grpcAddr string

	mu      sync.Mutex
	parents []string
}

func start() *server {
	s := &server{grpc: grpc.NewServer()}
	s.http = httptest.NewServer(s)
	authorizerv1.RegisterAuthorizerServiceServer(s.grpc, s)
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	s.grpcAddr = lis.Addr().String()
	go func() { _ = s.grpc.Serve(lis) }()
	return s
}

func (s *server) stop() {
	s.grpc.Stop()
	s.http.Close()
}

// note keeps the caller's trace and reports whether the call is to fail.
func (s *server) note(parent string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.parents = append(s.parents, parent)
	return s.failing && len(s.parents) == 1
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.note(r.Header.Get("traceparent")) {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	body := `{"version":"2.3.0"}`
	if r.URL.Path == "/graphql" {
		body = `{"data":{"result":` + body + `}}`
	}
	_, _ = io.WriteString(w, body)
}

func (s *server) Meta(ctx context.Context, _ *authorizerv1.MetaRequest) (*authorizerv1.Meta, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	if s.note(strings.Join(md.Get("traceparent"), ",")) {
		return nil, status.Error(codes.Unavailable, "later")
	}
	return &authorizerv1.Meta{Version: "2.3.0"}, nil
}

// Every try is a span below the caller's, and the server is told of that span.
func TestEveryTryIsASpan(t *testing.T) {
	for _, p := range []authorizer.Protocol{authorizer.ProtocolGraphQL, authorizer.ProtocolREST, authorizer.ProtocolGRPC} {
		t.Run(string(p), func(t *testing.T) {
			s := start()
			defer s.stop()
			s.failing = true
			exported := tracetest.NewInMemoryExporter()
			tracers := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exported))
			client, err := otel.NewClient(s.http.URL, "client-id", tracers, authorizer.WithProtocol(p), authorizer.WithGRPCEndpoint(s.grpcAddr))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = client.Close() }()
			ctx, own := tracers.Tracer("test").Start(t.Context(), "own")
			meta, err := client.Meta(ctx)
			if err != nil || meta.Version != "2.3.0" {
				t.Fatalf("got %+v, %v", meta, err)
			}
			spans := atLeast(exported, 2)
			if len(spans) != 2 || len(s.parents) != 2 {
				t.Fatalf("%d spans and %d requests, want 2 tries", len(spans), len(s.parents))
			}
			for i, span := range spans {
				if span.Parent.SpanID() != own.SpanContext().SpanID() {
					t.Errorf("span %s is not below that of the caller", span.Name)
				}
				want := fmt.Sprintf("00-%s-%s-01", span.SpanContext.TraceID(), span.SpanContext.SpanID())
				if s.parents[i] != want {
					t.Errorf("the server was told of %q, want %q", s.parents[i], want)
				}
			}
		})
	}
}

// atLeast waits for spans that end after the call has returned.
func atLeast(exported *tracetest.InMemoryExporter, n int) tracetest.SpanStubs {
	for range 100 {
		if len(exported.GetSpans()) >= n {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return exported.GetSpans()
}
