package replay

import (
	"fmt"
	"net"
	"net/http/httptest"
	"slices"
	"sync"

	"google.golang.org/grpc"
)

// Server is a loopback server that answers one recorded step at a time, over
// HTTP and gRPC. It is safe for concurrent use.
type Server struct {
	contracts *Contracts
	http      *httptest.Server
	grpc      *grpc.Server
	listener  net.Listener

	mu      sync.Mutex
	step    *Step
	allowed []Part
	visit   Visit
}

// Visit is what the server saw since Play.
type Visit struct {
	// Calls counts the requests, refused ones too.
	Calls int
	// Refused tells that a request was refused.
	Refused bool
	// Differences are those of all requests, allowed ones too.
	Differences Differences
	// Sent are the headers or the metadata of the last request, as they came.
	Sent map[string][]string
}

// NewServer starts a server. Close it after use.
func NewServer(c *Contracts) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("replay server: %w", err)
	}
	s := &Server{contracts: c, listener: listener}
	s.http = httptest.NewServer(s.httpHandler())
	s.grpc = s.newGRPC()
	go func() { _ = s.grpc.Serve(listener) }()
	return s, nil
}

// HTTPAddr is the host:port that speaks HTTP.
func (s *Server) HTTPAddr() string { return s.http.Listener.Addr().String() }

// GRPCAddr is the host:port that speaks gRPC.
func (s *Server) GRPCAddr() string { return s.listener.Addr().String() }

// Close stops both listeners.
func (s *Server) Close() {
	s.grpc.Stop()
	s.http.Close()
}

// Play makes step the current one. Requests may differ from the recorded one
// in the allowed parts and in no other.
func (s *Server) Play(step *Step, allowed ...Part) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.step, s.allowed, s.visit = step, allowed, Visit{}
}

// Visit returns what was seen since Play.
func (s *Server) Visit() Visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.visit
}

func (s *Server) current() *Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.step
}

// judge compares a request with the recorded one, notes it, and returns why it
// is refused; empty: it is not.
func (s *Server) judge(step *Step, got message, sent map[string][]string) string {
	ds := s.contracts.recorded(step).differences(got)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visit.Calls++
	s.visit.Sent = sent
	s.visit.Differences = append(s.visit.Differences, ds...)
	for _, part := range ds.Parts() {
		if !slices.Contains(s.allowed, part) {
			s.visit.Refused = true
			return fmt.Sprintf("replay: request of step %s refused:\n%s", step.Name, ds)
		}
	}
	return ""
}

const noStep = "replay: request refused: no step is being played"
