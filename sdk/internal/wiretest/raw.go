package wiretest

import (
	"net"
	"slices"
	"sync"
	"testing"

	"google.golang.org/grpc"
)

// Raw is a server that answers every method over gRPC with the same bytes.
type Raw struct {
	// Addr is host:port.
	Addr string

	mu   sync.Mutex
	body []byte
}

// Serve starts a server that ends with the test.
func Serve(tb testing.TB) *Raw {
	tb.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Raw{Addr: lis.Addr().String()}
	srv := grpc.NewServer(grpc.ForceServerCodec(asIs{}), grpc.UnknownServiceHandler(s.handle))
	go func() { _ = srv.Serve(lis) }()
	tb.Cleanup(srv.Stop)
	return s
}

// Set says what to answer from now on.
func (s *Raw) Set(body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body = body
}

func (s *Raw) handle(_ any, stream grpc.ServerStream) error {
	if err := stream.RecvMsg(new([]byte)); err != nil {
		return err
	}
	s.mu.Lock()
	body := slices.Clone(s.body)
	s.mu.Unlock()
	return stream.SendMsg(&body)
}

// asIs is a codec that passes bytes on as they are.
type asIs struct{}

func (asIs) Name() string { return "proto" }

func (asIs) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

func (asIs) Unmarshal([]byte, any) error { return nil }
