package library

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/triwire/authorizer-sdk/examples/library/sdk"
	"github.com/triwire/authorizer-sdk/examples/library/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// seen notes the calls that a server gets.
type seen struct {
	mu    sync.Mutex
	calls []serve.Request
}

func (s *seen) intercept(ctx context.Context, req *serve.Request, next func(context.Context) error) error {
	s.mu.Lock()
	s.calls = append(s.calls, serve.Request{Protocol: req.Protocol, Method: req.Method, Header: req.Header.Clone()})
	s.mu.Unlock()
	return next(ctx)
}

// over are the calls since the last time, as method over protocol.
func (s *seen) over() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, c := range s.calls {
		out = append(out, c.Method+" "+string(c.Protocol))
	}
	s.calls = nil
	return strings.Join(out, ", ")
}

// last is the last call.
func (s *seen) last() serve.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[len(s.calls)-1]
}

// TestProtocolChoice: the client's protocol, that of one call, and what is taken
// where a method is not offered over it.
func TestProtocolChoice(t *testing.T) {
	var calls seen
	url, endpoint := start(t, serve.WithInterceptor(calls.intercept))
	ctx := t.Context()
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		catalog, desk := clients(t, url, endpoint, protocol, server.Key)
		b := book(t, desk, "7", "T", 1)
		get := &library.GetBookRequest{BookID: b.ID}
		for _, one := range []library.Protocol{library.ProtocolGraphQL, library.ProtocolREST, library.ProtocolGRPC} {
			if _, err := catalog.GetBook(ctx, get, library.WithProtocol(one)); err != nil {
				t.Errorf("a call over %s of a client over %s: %v", one, protocol, err)
			}
		}
		if got, want := calls.over(), "create_book "+protocol+", get_book graphql, get_book rest, get_book grpc"; got != want {
			t.Errorf("calls were %s, want %s", got, want)
		}
		if _, err := catalog.With(library.WithProtocol(library.ProtocolREST)).GetBook(ctx, get); err != nil || calls.over() != "get_book rest" {
			t.Errorf("a view of a client over %s: %v", protocol, err)
		}
	}

	catalog, _ := clients(t, url, endpoint, "graphql", server.Key)
	_, err := watch(ctx, catalog, "7")
	if want := "watch_loans over graphql: unimplemented: the method is not offered over graphql; works over rest, grpc"; err == nil || err.Error() != want || calls.over() != "" {
		t.Errorf("%v, want %s", err, want)
	}
	for _, fallback := range []library.Protocol{library.ProtocolREST, library.ProtocolGRPC} {
		if _, err := watch(ctx, catalog, "7", library.WithFallback(fallback)); err != nil || calls.over() != "watch_loans "+string(fallback) {
			t.Errorf("a stream that falls back on %s: %v", fallback, err)
		}
		for _, err := range catalog.With(library.WithFallback(library.ProtocolGraphQL, fallback)).ExportItems(ctx, nil) {
			if err != nil {
				t.Errorf("a view that falls back on %s: %v", fallback, err)
			}
		}
		if got := calls.over(); got != "export_items "+string(fallback) {
			t.Errorf("a view that falls back on %s called %s", fallback, got)
		}
		// What the selected protocol offers does not fall back.
		_, err := catalog.GetBook(ctx, &library.GetBookRequest{BookID: "none"}, library.WithFallback(fallback))
		if !errors.Is(err, library.ErrNotFound) || calls.over() != "get_book graphql" {
			t.Errorf("a method that needs no fallback: %v", err)
		}
	}
}

func watch(ctx context.Context, catalog *library.Catalog, shelf string, opts ...library.CallOption) (loans []*library.Loan, err error) {
	for loan, failed := range catalog.WatchLoans(ctx, &library.WatchLoansRequest{Shelf: shelf}, opts...) {
		if err = failed; err == nil {
			loans = append(loans, loan)
		}
	}
	return loans, err
}

// TestCredentials: the desk sends its key with every call, streams have none
// here; the catalog sends nothing that it was not told to.
func TestCredentials(t *testing.T) {
	var calls seen
	url, endpoint := start(t, serve.WithInterceptor(calls.intercept))
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		catalog, desk := clients(t, url, endpoint, protocol, server.Key)
		b := book(t, desk, "7", "T", 1)
		if h := calls.last().Header; h.Get("X-Desk-Key") != server.Key || h.Get("Authorization") != "" {
			t.Errorf("the desk sends %q over %s", h, protocol)
		}
		if _, err := catalog.GetBook(t.Context(), &library.GetBookRequest{BookID: b.ID}); err != nil {
			t.Error(err)
		}
		if h := calls.last().Header; h.Get("X-Desk-Key") != "" || h.Get("Authorization") != "" || h.Get("Cookie") != "" {
			t.Errorf("the catalog sends %q over %s", h, protocol)
		}
		reader := catalog.WithBearer("token-of-zoe")
		if _, err := reader.GetBook(t.Context(), &library.GetBookRequest{BookID: b.ID}); err != nil {
			t.Error(err)
		}
		if h := calls.last().Header; h.Get("Authorization") != "Bearer token-of-zoe" || h.Get("X-Desk-Key") != "" {
			t.Errorf("the catalog of a reader sends %q over %s", h, protocol)
		}
		if protocol == "graphql" {
			continue
		}
		if _, err := watch(t.Context(), reader, "7"); err != nil || calls.last().Header.Get("Authorization") != "Bearer token-of-zoe" {
			t.Errorf("a stream of a reader over %s: %v", protocol, err)
		}
	}
	if _, err := library.NewDesk(url, ""); err == nil || !strings.Contains(err.Error(), "desk_key") && !strings.Contains(err.Error(), "deskKey") {
		t.Errorf("a desk without a key: %v", err)
	}
}

// TestStreamsEnd: a stream that is left early ends at the server too, an error
// in its middle comes after what was sent, and one before is that of any call.
func TestStreamsEnd(t *testing.T) {
	for _, protocol := range []string{"rest", "grpc"} {
		t.Run(protocol, func(t *testing.T) {
			ended := make(chan error, 1)
			endless := func(ctx context.Context, req *serve.Request, next func(context.Context) error) error {
				if req.Method != "export_items" {
					return next(ctx)
				}
				var err error
				for err == nil {
					err = req.Send(&library.Item{Film: &library.Film{ID: "f"}})
				}
				ended <- err
				return err
			}
			url, endpoint := start(t, serve.WithInterceptor(endless))
			catalog, desk := clients(t, url, endpoint, protocol, server.Key)
			n := 0
			for _, err := range catalog.ExportItems(t.Context(), nil) {
				if n++; err != nil {
					t.Fatal(err)
				}
				if n == 3 {
					break
				}
			}
			if err := <-ended; err == nil {
				t.Error("the server was not told")
			}

			first, second := book(t, desk, "7", "T", 1), book(t, desk, "7", "U", 1)
			for _, id := range []string{first.ID, second.ID} {
				if _, err := desk.LendBook(t.Context(), &library.LendBookRequest{BookID: id, Reader: "zoe"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := desk.DeleteBook(t.Context(), &library.DeleteBookRequest{BookID: second.ID}); err != nil {
				t.Fatal(err)
			}
			loans, err := watch(t.Context(), catalog, "7")
			if len(loans) != 1 || loans[0].BookID != first.ID || !errors.Is(err, library.ErrDataLoss) {
				t.Errorf("%d loans, and %v", len(loans), err)
			}
			loans, err = watch(t.Context(), catalog, "none")
			if len(loans) != 0 || !errors.Is(err, library.ErrNotFound) {
				t.Errorf("%d loans, and %v", len(loans), err)
			}
		})
	}
}

// An interceptor cannot stream what is no stream.
func TestSendIsForStreams(t *testing.T) {
	sends := func(_ context.Context, req *serve.Request, _ func(context.Context) error) error {
		return req.Send(&library.Book{})
	}
	url, endpoint := start(t, serve.WithInterceptor(sends))
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		catalog, _ := clients(t, url, endpoint, protocol, server.Key)
		_, err := catalog.GetBook(t.Context(), &library.GetBookRequest{BookID: "b1"})
		if !errors.Is(err, library.ErrInternal) || !strings.Contains(err.Error(), "the answer of method get_book is no stream") {
			t.Errorf("over %s: %v", protocol, err)
		}
		if protocol == "graphql" {
			continue
		}
		// Nor messages of another kind.
		if _, err := watch(t.Context(), catalog, "7"); !errors.Is(err, library.ErrInternal) || !strings.Contains(err.Error(), "method watch_loans was answered with a *library.Book") {
			t.Errorf("over %s: %v", protocol, err)
		}
	}
}
