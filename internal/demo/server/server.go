package server

import (
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/grpc"

	authorizerv1 "github.com/triwire/authorizer-sdk/gen/authorizer/v1"
)

// The credentials that the server knows.
const (
	ClientID    = "demo-client"
	AdminSecret = "demo-admin-secret"
)

// Server answers on two loopback ports until it is closed. It is safe for
// concurrent use.
type Server struct {
	state    *state
	handler  http.Handler
	http     *http.Server
	grpc     *grpc.Server
	httpAddr string
	grpcAddr string
}

// Start starts a server. The schema is the text of schema.graphql, by which
// GraphQL requests are validated.
func Start(schema string) (*Server, error) {
	parsed, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphql", Input: schema})
	if err != nil {
		return nil, fmt.Errorf("the schema of the embedded server: %w", err)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	s := &Server{state: &state{key: key}}
	s.state.reset()
	users, admin := &userService{state: s.state}, &adminService{state: s.state}
	ops := operations(users, admin)
	s.handler = httpHandler(ops, parsed)
	s.http = &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second}
	s.grpc = grpc.NewServer(grpc.UnaryInterceptor(intercept))
	authorizerv1.RegisterAuthorizerServiceServer(s.grpc, users)
	authorizerv1.RegisterAuthorizerAdminServiceServer(s.grpc, admin)
	return s, s.listen()
}

// listen opens both ports and answers on them in the background.
func (s *Server) listen() error {
	onHTTP, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("the embedded server cannot listen: %w", err)
	}
	onGRPC, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		_ = onHTTP.Close()
		return fmt.Errorf("the embedded server cannot listen: %w", err)
	}
	s.httpAddr, s.grpcAddr = onHTTP.Addr().String(), onGRPC.Addr().String()
	go func() { _ = s.http.Serve(onHTTP) }()
	go func() { _ = s.grpc.Serve(onGRPC) }()
	return nil
}

// URL is where GraphQL and REST are answered.
func (s *Server) URL() string { return "http://" + s.httpAddr }

// GRPCEndpoint is the host:port where gRPC is answered.
func (s *Server) GRPCEndpoint() string { return s.grpcAddr }

// Handler answers GraphQL and REST, for those who listen themselves.
func (s *Server) Handler() http.Handler { return s.handler }

// Reset forgets everything that happened, and starts counting anew.
func (s *Server) Reset() { s.state.reset() }

// Close ends all connections.
func (s *Server) Close() {
	s.grpc.Stop()
	_ = s.http.Close()
}
