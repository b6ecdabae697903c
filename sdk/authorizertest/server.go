package authorizertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest/internal/emulator"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// Server is a running server. Its methods are safe for concurrent use.
type Server struct {
	// URL is where GraphQL and REST are, GRPCEndpoint (host:port) where gRPC is.
	URL, GRPCEndpoint string
	// ClientID and ClientSecret are those of OAuth, AdminSecret is the admin's.
	ClientID, ClientSecret, AdminSecret string

	emulator *emulator.Emulator
	clock    *Clock
	faults   faults
	http     *http.Server
	grpc     *grpc.Server
	done     sync.WaitGroup
	closing  sync.Once
}

// New starts a server that is closed when the test ends.
func New(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s, err := Start(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a server. It must be closed.
func Start(opts ...Option) (*Server, error) {
	c := newConfig(opts)
	c.emulator.Clock = emulator.NewClock()
	e, err := emulator.New(c.emulator)
	if err != nil {
		return nil, fmt.Errorf("authorizertest: %w", err)
	}
	s := &Server{
		ClientID: c.emulator.ClientID, ClientSecret: c.emulator.ClientSecret, AdminSecret: c.emulator.AdminSecret,
		emulator: e, clock: &Clock{c.emulator.Clock},
	}
	front, err := authorizerserver.New(authorizerserver.Services{User: e, Admin: e},
		serve.WithInterceptor(s.intercept), serve.WithRootField(emulator.RootField))
	if err != nil {
		return nil, fmt.Errorf("authorizertest: %w", err)
	}
	overHTTP, overGRPC, err := c.ports()
	if err != nil {
		return nil, err
	}
	s.URL, s.GRPCEndpoint = "http://"+overHTTP.Addr().String(), overGRPC.Addr().String()
	s.http = &http.Server{
		Handler: s.handler(front.Handler()), ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: log.New(io.Discard, "", 0), // it tells of connections that clients dropped
	}
	s.grpc = front.GRPC()
	s.done.Go(func() { _ = s.http.Serve(overHTTP) }) // ends with Close
	s.done.Go(func() { _ = s.grpc.Serve(overGRPC) })
	return s, nil
}

// ports opens both ports, or none.
func (c config) ports() (overHTTP, overGRPC net.Listener, err error) {
	if overHTTP, err = c.listen(c.httpAddr); err != nil {
		return nil, nil, err
	}
	if overGRPC, err = c.listen(c.grpcAddr); err != nil {
		return nil, nil, errors.Join(err, overHTTP.Close())
	}
	return overHTTP, overGRPC, nil
}

// Close stops the server at once, with the calls and deliveries that are under
// way. Closing it again does nothing.
func (s *Server) Close() {
	s.closing.Do(func() {
		_ = s.http.Close() // the listener's error tells nothing that matters now
		s.grpc.Stop()
		s.finish()
	})
}

// Shutdown stops the server when the calls that are under way are done, or when
// the context ends.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	s.closing.Do(func() {
		stopped := make(chan struct{})
		go func() { s.grpc.GracefulStop(); close(stopped) }()
		err = s.http.Shutdown(ctx)
		select {
		case <-stopped:
		case <-ctx.Done():
		}
		_ = s.http.Close()
		s.grpc.Stop()
		<-stopped
		s.finish()
	})
	return err
}

func (s *Server) finish() {
	s.done.Wait()
	s.emulator.Close()
}

// Reset forgets users, sessions, webhooks, templates, logs, mail, faults and the
// authorization model. Settings and clock stay as they are.
func (s *Server) Reset() {
	s.faults.clear()
	// The engine in memory cannot fail to forget; one of another kind that does
	// would make every test after it wrong.
	if err := s.emulator.Reset(context.Background()); err != nil {
		panic(fmt.Sprintf("authorizertest: reset: %v", err))
	}
}

// Clock is the server's time.
func (s *Server) Clock() *Clock { return s.clock }

// Outbox is the mail that the server sent.
func (s *Server) Outbox() *Outbox { return &Outbox{s.emulator.Outbox()} }

// WaitForWebhooks waits until the webhook calls that are under way have been
// answered, and are in the log. It must not be called by an endpoint.
func (s *Server) WaitForWebhooks() { s.emulator.WaitForWebhooks() }
