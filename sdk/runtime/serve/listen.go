package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Serve answers on two listeners, either of which may be nil, until the context
// ends or one of them fails. It then stops: no new calls, and those that are
// under way have the grace period to end. It closes the listeners, and returns
// nil if it was told to stop and all calls ended in time. A server serves once.
func (s *Server) Serve(ctx context.Context, overHTTP, overGRPC net.Listener) error {
	web := &http.Server{Handler: s.handler, ReadHeaderTimeout: 30 * time.Second}
	failed := make(chan error, 2)
	running := 0
	start := func(l net.Listener, serve func(net.Listener) error) {
		if l == nil {
			return
		}
		running++
		go func() { failed <- serve(l) }()
	}
	start(overHTTP, web.Serve)
	start(overGRPC, s.grpc.Serve)
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		running--
	}
	err = errors.Join(err, s.stop(web))
	for range running {
		if end := <-failed; !errors.Is(end, http.ErrServerClosed) {
			err = errors.Join(err, end)
		}
	}
	return err
}

// stop ends both servers within the grace period.
func (s *Server) stop(web *http.Server) error {
	s.health.Shutdown()
	ctx, cancel := context.WithTimeout(context.Background(), s.grace)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		s.grpc.GracefulStop()
		close(ended)
	}()
	err := web.Shutdown(ctx)
	if err != nil {
		_ = web.Close()
	}
	select {
	case <-ended:
	case <-ctx.Done():
		s.grpc.Stop()
		<-ended
		err = ctx.Err()
	}
	return err
}
