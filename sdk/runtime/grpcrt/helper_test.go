package grpcrt_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
	"github.com/triwire/authorizer-sdk/sdk/runtime/grpcrt"
)

// The service of these tests is written by hand: one method whose messages
// are well-known types, so that no generated code is needed.

const (
	canary  = "canary-secret-0123456789"
	askPath = "/test.v1.Asker/Ask"
)

type askRequest struct {
	Text   string
	Secret string `secret:"true"`
}

type askAnswer struct{ Text string }

// handler answers a call of the test server.
type handler func(ctx context.Context, in *structpb.Struct) (*structpb.Struct, error)

// echo answers with the text that it was sent.
func echo(_ context.Context, in *structpb.Struct) (*structpb.Struct, error) { return in, nil }

// asker is a server on the loopback interface.
type asker struct {
	addr  string
	conns atomic.Int32 // ever made
	open  atomic.Int32
	mu    sync.Mutex
	md    []metadata.MD
}

// countingListener tells how many connections a client makes, and how many of
// them are still open.
type countingListener struct {
	net.Listener
	a *asker
}

type countedConn struct {
	net.Conn
	once sync.Once
	a    *asker
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.a.open.Add(-1) })
	return c.Conn.Close()
}

func (l countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.a.conns.Add(1)
	l.a.open.Add(1)
	return &countedConn{Conn: conn, a: l.a}, nil
}

func serve(t *testing.T, h handler, opts ...grpc.ServerOption) *asker {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, lis, h, opts...)
}

func serveOn(t *testing.T, lis net.Listener, h handler, opts ...grpc.ServerOption) *asker {
	t.Helper()
	a := &asker{addr: lis.Addr().String()}
	srv := grpc.NewServer(opts...)
	srv.RegisterService(&grpc.ServiceDesc{
		ServiceName: "test.v1.Asker", HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{{MethodName: "Ask", Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			in := new(structpb.Struct)
			if err := decode(in); err != nil {
				return nil, err
			}
			md, _ := metadata.FromIncomingContext(ctx)
			a.mu.Lock()
			a.md = append(a.md, md)
			a.mu.Unlock()
			return h(ctx, in)
		}}},
	}, struct{}{})
	go func() { _ = srv.Serve(countingListener{lis, a}) }()
	t.Cleanup(srv.Stop)
	return a
}

// last is the metadata of the last call.
func (a *asker) last(t *testing.T) metadata.MD {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.md) == 0 {
		t.Fatal("nothing was sent")
	}
	return a.md[len(a.md)-1]
}

func encodeAsk(e *runtime.Encoder, r *askRequest) *structpb.Struct {
	return &structpb.Struct{Fields: map[string]*structpb.Value{"text": structpb.NewStringValue(runtime.Plain(e, "text", r.Text))}}
}

func decodeAsk(out *structpb.Struct) *askAnswer {
	text, ok := out.GetFields()["text"]
	if !ok {
		return nil
	}
	return &askAnswer{text.GetStringValue()}
}

func adapters() map[string]grpcrt.Adapter {
	return map[string]grpcrt.Adapter{
		"ask":       grpcrt.Unary(encodeAsk, askPath, decodeAsk),
		"tail":      grpcrt.ServerStream(encodeAsk, "/test.v1.Asker/Tail", decodeAsk),
		"ask_other": grpcrt.Unary(func(*runtime.Encoder, *string) *structpb.Struct { return nil }, askPath, decodeAsk),
		"ask_wrong": grpcrt.Unary(encodeAsk, askPath, func(*structpb.Struct) *string { return new(string) }),
	}
}

func testAPI() *runtime.API {
	return &runtime.API{
		Name: "service", GraphQLPath: "/graphql", GRPCPort: 9091, GRPCImport: "example.com/service/grpc",
		GRPC: func() runtime.GRPCDialer { return grpcrt.NewDialer(adapters()) },
		Headers: []runtime.Header{
			{Name: "Origin", Value: "{origin}", Protocols: []runtime.Protocol{runtime.ProtocolGraphQL, runtime.ProtocolREST}},
			{Name: "X-Service-URL", Value: "{url}"},
			{Name: "x-admin-secret", Value: "{admin_secret}", Secret: true},
			{Name: "x-partial", Value: "for {admin_secret}"},
		},
		Errors: runtime.ErrorTable{NonCanonicalGRPC: runtime.CodeInternal},
	}
}

func newClient(t *testing.T, url, endpoint string, opts ...runtime.Option) *runtime.Client {
	t.Helper()
	opts = append([]runtime.Option{runtime.WithProtocol(runtime.ProtocolGRPC)}, opts...)
	if endpoint != "" {
		opts = append(opts, runtime.WithGRPCEndpoint(endpoint))
	}
	c, err := runtime.NewClient(testAPI(), url, []runtime.Setting{{Name: "admin_secret", Secret: true}}, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func askAs(ctx context.Context, c *runtime.Client, name string, req *askRequest, opts ...runtime.CallOption) (*askAnswer, error) {
	m := &runtime.Method{Name: name, Service: "user", Protocols: []runtime.Protocol{runtime.ProtocolGRPC}}
	return runtime.Invoke(ctx, c, m, runtime.Bindings[askRequest, askAnswer]{}, req, opts)
}

func ask(ctx context.Context, c *runtime.Client, req *askRequest, opts ...runtime.CallOption) (*askAnswer, error) {
	return askAs(ctx, c, "ask", req, opts...)
}

func asError(t *testing.T, err error) *runtime.Error {
	t.Helper()
	var e *runtime.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want *Error", err, err)
	}
	return e
}
