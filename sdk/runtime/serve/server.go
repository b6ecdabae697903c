package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// Server answers one API. It is safe for concurrent use.
type Server struct {
	api          *compiled
	interceptors []Interceptor
	log          *slog.Logger
	maxBytes     int64
	grace        time.Duration
	grpcOptions  []grpc.ServerOption
	rootField    func(ctx context.Context, field string) error

	handler http.Handler
	grpc    *grpc.Server
	health  *health.Server
}

// Option configures a server. A nil one says nothing.
type Option func(*Server)

// WithInterceptor adds functions that are called around every call, the first
// one outermost.
func WithInterceptor(interceptors ...Interceptor) Option {
	return func(s *Server) { s.interceptors = append(s.interceptors, interceptors...) }
}

// WithMaxRequestBytes limits the size of requests in bytes, up to 2 GiB. The
// default is 4 MiB.
func WithMaxRequestBytes(n int64) Option { return func(s *Server) { s.maxBytes = n } }

// WithLogger says where panics of an implementation are logged. The default is
// [slog.Default].
func WithLogger(logger *slog.Logger) Option { return func(s *Server) { s.log = logger } }

// WithGracePeriod is how long [Server.Serve] waits for calls that are under way
// when it is told to stop. The default is 10 seconds.
func WithGracePeriod(d time.Duration) Option { return func(s *Server) { s.grace = d } }

// WithGRPCOptions adds options to those that the gRPC server is made with.
func WithGRPCOptions(opts ...grpc.ServerOption) Option {
	return func(s *Server) { s.grpcOptions = append(s.grpcOptions, opts...) }
}

// WithRootField says what root fields of GraphQL answer that no method has: the
// error that the function returns. Without it, and where it returns nil, that is
// one with the code unimplemented.
func WithRootField(f func(ctx context.Context, field string) error) Option {
	return func(s *Server) { s.rootField = f }
}

// unbound is the error of a root field that no method has.
func (s *Server) unbound(ctx context.Context, field string) error {
	if s.rootField != nil {
		if err := s.rootField(ctx, field); err != nil {
			return err
		}
	}
	return Errorf(runtime.CodeUnimplemented, "%s is not implemented", field)
}

// The defaults of the options.
const (
	defaultMaxBytes = 4 << 20
	defaultGrace    = 10 * time.Second
)

// New makes a server of an API's description. It fails if an option cannot be
// used, or if the description does not hold together, which is the fault of the
// generated code.
func New(api *API, opts ...Option) (*Server, error) {
	s := &Server{log: slog.Default(), maxBytes: defaultMaxBytes, grace: defaultGrace}
	for _, o := range opts {
		if o != nil {
			o(s)
		}
	}
	err := s.checkOptions()
	if err != nil {
		return nil, err
	}
	if s.api, err = compile(api); err != nil {
		return nil, err
	}
	if s.handler, err = s.newHandler(); err != nil {
		return nil, err
	}
	s.newGRPC()
	return s, nil
}

// checkOptions finds what options cannot say, all of it at once.
func (s *Server) checkOptions() error {
	var problems []error
	if s.log == nil {
		problems = append(problems, errors.New("WithLogger: the logger is nil"))
	}
	if slices.ContainsFunc(s.interceptors, func(i Interceptor) bool { return i == nil }) {
		problems = append(problems, errors.New("WithInterceptor: an interceptor is nil"))
	}
	if s.maxBytes < 1 || s.maxBytes > math.MaxInt32 {
		problems = append(problems, fmt.Errorf("WithMaxRequestBytes: %d is not a size: expected 1 to %d", s.maxBytes, math.MaxInt32))
	}
	if s.grace < 0 {
		problems = append(problems, fmt.Errorf("WithGracePeriod: %s is negative", s.grace))
	}
	return errors.Join(problems...)
}

// Handler answers GraphQL and REST.
func (s *Server) Handler() http.Handler { return s.handler }

// GRPC answers gRPC, with reflection and health.
func (s *Server) GRPC() *grpc.Server { return s.grpc }
