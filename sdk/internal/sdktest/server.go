package sdktest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"google.golang.org/grpc"
)

// Server answers on two loopback ports until its test ends. It is safe for
// concurrent use.
type Server struct {
	contracts *contracts
	http      *httptest.Server
	grpc      *grpc.Server
	grpcAddr  string
	queries   sync.Map // documents that were parsed before, by their text

	mu       sync.Mutex
	handlers map[string]Handler
	requests []*Request
	counts   map[string]int
}

// Start starts a server that answers every method with an empty result.
func Start(t testing.TB) *Server {
	t.Helper()
	c, err := loadContracts()
	if err != nil {
		t.Fatal(err)
	}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{contracts: c, grpcAddr: lis.Addr().String(), handlers: map[string]Handler{}, counts: map[string]int{}}
	s.http = httptest.NewServer(http.HandlerFunc(s.serveHTTP))
	s.grpc = s.newGRPC()
	go func() { _ = s.grpc.Serve(lis) }()
	t.Cleanup(s.Close)
	return s
}

// Close ends all connections.
func (s *Server) Close() {
	s.grpc.Stop()
	s.http.CloseClientConnections()
	s.http.Close()
}

// URL is where GraphQL and REST are answered, HTTPAddr its host:port.
func (s *Server) URL() string { return s.http.URL }

// HTTPAddr is the host:port of GraphQL and REST.
func (s *Server) HTTPAddr() string { return s.http.Listener.Addr().String() }

// GRPCAddr is the host:port of gRPC.
func (s *Server) GRPCAddr() string { return s.grpcAddr }

// On sets what answers a method, in any spelling of its name; "" is every
// method that has no handler of its own.
func (s *Server) On(method string, h Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[key(method)] = h
}

// Calls are the calls of a method so far; "" is all methods.
func (s *Server) Calls(method string) []*Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*Request
	for _, r := range s.requests {
		if method == "" || r.Method == key(method) {
			found = append(found, r)
		}
	}
	return found
}

// Forget forgets the calls so far, and counts anew.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests, s.counts = nil, map[string]int{}
}

// answer notes a call and asks its handler.
func (s *Server) answer(r *Request) *Answer {
	s.mu.Lock()
	s.counts[r.Method]++
	r.Nth = s.counts[r.Method]
	s.requests = append(s.requests, r)
	h := s.handlers[r.Method]
	if h == nil {
		h = s.handlers[""]
	}
	s.mu.Unlock()
	if h != nil {
		if a := h(r); a != nil {
			return a
		}
	}
	return &Answer{}
}
