// Package library tests the SDK of the library over its three protocols: the same
// calls give the same values and the same errors.
package library

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/examples/library/sdk"
	_ "github.com/triwire/authorizer-sdk/examples/library/sdk/grpc"
	libraryserver "github.com/triwire/authorizer-sdk/examples/library/sdk/server"
	"github.com/triwire/authorizer-sdk/examples/library/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve/servetest"
)

var now = time.Date(2025, 5, 1, 12, 0, 0, 500_000_000, time.UTC)

// start runs a library below a path and returns its URL and where gRPC answers.
func start(t *testing.T) (url, endpoint string) {
	t.Helper()
	srv, err := server.New(now)
	if err != nil {
		t.Fatal(err)
	}
	return serveIt(t, srv)
}

// serveIt serves below a path.
func serveIt(t *testing.T, srv *serve.Server) (url, endpoint string) {
	t.Helper()
	web := httptest.NewServer(http.StripPrefix("/library", srv.Handler()))
	t.Cleanup(web.Close)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.GRPC().Serve(listener) }()
	t.Cleanup(srv.GRPC().Stop)
	return web.URL + "/library", listener.Addr().String()
}

// clients are those of both services over one protocol.
func clients(t *testing.T, url, endpoint, protocol, key string) (*library.Catalog, *library.Desk) {
	t.Helper()
	opts := []library.Option{library.WithProtocolName(protocol), library.WithGRPCEndpoint(endpoint)}
	catalog, err := library.NewCatalog(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = catalog.Close() })
	desk, err := library.NewDesk(url, key, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = desk.Close() })
	return catalog, desk
}

// transcript is what a story tells: what was answered, and how calls failed.
type transcript []string

func (s *transcript) tell(what string, value any, err error) {
	if err != nil {
		var e *library.Error
		if !errors.As(err, &e) {
			value = err
		} else {
			value = fmt.Sprintf("%v: %s", e.Code, e.Message)
		}
	}
	*s = append(*s, fmt.Sprintf("%s: %+v", what, value))
}

// story makes the same calls over one protocol, on a library of its own.
func story(t *testing.T, protocol string) transcript {
	t.Helper()
	url, endpoint := start(t)
	catalog, desk := clients(t, url, endpoint, protocol, server.Key)
	_, stranger := clients(t, url, endpoint, protocol, "another key")

	var s transcript
	ctx := t.Context()
	for i, genre := range []library.Genre{library.GenreNovel, library.GenreScience, library.GenreNovel} {
		book, err := desk.CreateBook(ctx, &library.CreateBookRequest{Shelf: "shelves/7 a", Book: library.BookInput{
			Title: library.Ptr(fmt.Sprintf("Book & %d/%d", i, i)), Authors: []string{"A, B", "C"}, Genre: library.Ptr(genre), Copies: library.Ptr(int64(1) << 40),
			PublishedAt: library.Ptr(now.AddDate(-i, 0, 0)), Labels: map[string]string{"a b": "c", "": "empty"},
		}})
		s.tell("create", book, err)
	}
	book, err := catalog.GetBook(ctx, &library.GetBookRequest{BookID: "b1"})
	s.tell("get", book, err)
	_, err = catalog.GetBook(ctx, &library.GetBookRequest{BookID: "no/such book"})
	s.tell("get what is not there", nil, err)
	list, err := catalog.ListBooks(ctx, &library.ListBooksRequest{Genres: []library.Genre{library.GenreNovel}, Since: library.Ptr(now.AddDate(-1, 0, 0))})
	s.tell("list", list, err)
	for book, err := range catalog.AllListBooks(ctx, &library.ListBooksRequest{PageSize: library.Ptr(int32(2))}) {
		s.tell("all", book.Title, err)
	}
	_, err = catalog.ListBooks(ctx, &library.ListBooksRequest{PageSize: library.Ptr(int32(-1))})
	s.tell("list badly", nil, err)
	book, err = desk.UpdateBook(ctx, &library.UpdateBookRequest{
		Book: library.BookInput{ID: library.Ptr("b1"), Copies: library.Ptr(int64(2))}, UpdateMask: []string{"copies", "labels", "published_at"},
	})
	s.tell("update by mask", book, err)
	_, err = desk.UpdateBook(ctx, &library.UpdateBookRequest{Book: library.BookInput{ID: library.Ptr("b1")}, UpdateMask: []string{"id"}})
	s.tell("update what cannot be", nil, err)
	loan, err := desk.LendBook(ctx, &library.LendBookRequest{BookID: "b1", Reader: "zoe", Period: library.Ptr(90*time.Minute + time.Millisecond)})
	s.tell("lend", loan, err)
	loan, err = desk.LendBook(ctx, &library.LendBookRequest{BookID: "b1", Reader: "bob"})
	s.tell("lend for the usual time", loan, err)
	_, err = desk.LendBook(ctx, &library.LendBookRequest{BookID: "b1", Reader: "eve"})
	s.tell("lend what is not left", nil, err)
	_, err = stranger.CreateBook(ctx, &library.CreateBookRequest{Shelf: "shelves/1", Book: library.BookInput{Title: library.Ptr("x")}})
	s.tell("create with another key", nil, err)
	if protocol == "graphql" {
		return s
	}
	s.watch(ctx, catalog, "shelves/7 a")
	s.watch(ctx, catalog, "shelves/none")
	s.tell("delete", nil, desk.DeleteBook(ctx, &library.DeleteBookRequest{BookID: "b1"}))
	s.tell("delete again", nil, desk.DeleteBook(ctx, &library.DeleteBookRequest{BookID: "b1"}))
	s.watch(ctx, catalog, "shelves/7 a")
	return s
}

func (s *transcript) watch(ctx context.Context, catalog *library.Catalog, shelf string) {
	for loan, err := range catalog.WatchLoans(ctx, &library.WatchLoansRequest{Shelf: shelf}) {
		s.tell("watch "+shelf, loan, err)
	}
}

// The last calls exist over REST and gRPC only.
func TestSameOverAllProtocols(t *testing.T) {
	rpc := story(t, "grpc")
	for _, protocol := range []string{"graphql", "rest"} {
		got := story(t, protocol)
		if want := rpc[:len(got)]; !reflect.DeepEqual(got, want) {
			for i := range got {
				if got[i] != want[i] {
					t.Errorf("over %s\n%s\nand over grpc\n%s", protocol, got[i], want[i])
				}
			}
		}
		if protocol == "rest" && len(got) != len(rpc) {
			t.Errorf("%d calls over rest, %d over grpc", len(got), len(rpc))
		}
	}
	all := strings.Join(rpc, "\n")
	for _, want := range []string{
		"create: &{ID:b1 Title:Book & 0/0 Authors:[A, B C] Genre:NOVEL PublishedAt:2025-05-01 12:00:00.5 +0000 UTC Labels:map[:empty a b:c] Copies:1099511627776 Shelf:shelves/7 a}",
		`get what is not there: not_found: there is no book "no/such book"`,
		"all: Book & 0/0\nall: Book & 1/1\nall: Book & 2/2\n",
		"update by mask: &{ID:b1 Title:Book & 0/0 Authors:[A, B C] Genre:NOVEL PublishedAt:0001-01-01 00:00:00 +0000 UTC Labels:map[] Copies:2 Shelf:shelves/7 a}",
		"update what cannot be: invalid_argument: update_mask: id cannot be changed",
		"lend: &{ID:l1 BookID:b1 Reader:zoe DueAt:2025-05-01 13:30:00.501 +0000 UTC}",
		"lend what is not left: failed_precondition: no copy of b1 is left",
		"create with another key: unauthenticated: the desk wants its key",
		"watch shelves/7 a: &{ID:l2 BookID:b1 Reader:bob DueAt:2025-05-22 12:00:00.5 +0000 UTC}",
		"watch shelves/none: not_found: nothing stands on shelves/none",
		"delete again: not_found",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing tells %q; what was told:\n%s", want, all)
		}
	}
}

// TestRoundTrip sends random requests over every protocol, and answers with
// random values: both arrive as they were sent.
func TestRoundTrip(t *testing.T) {
	//lint:ignore SA1019 a deprecated value travels, too
	genres := []library.Genre{library.GenreNovel, library.GenreScience, library.GenreAlmanac}
	echo := &servetest.Echo{
		Rounds: 100, Enums: []any{genres},
		Prepare: func(_ string, request any) {
			switch r := request.(type) {
			case *library.ListBooksRequest: // GraphQL has a default for it
				r.PageSize = cmp.Or(r.PageSize, library.Ptr(int32(1)))
			case *library.CreateBookRequest: // what it must look like over REST
				r.Shelf = "shelves/" + strings.ReplaceAll(r.Shelf, "/", "-")
			case *library.UpdateBookRequest: // a part of the path
				r.Book.ID = cmp.Or(r.Book.ID, library.Ptr("b1"))
				r.UpdateMask = []string{"copies", "published_at"}
			}
		},
	}
	srv, err := libraryserver.New(libraryserver.Services{}, serve.WithInterceptor(echo.Intercept))
	if err != nil {
		t.Fatal(err)
	}
	url, endpoint := serveIt(t, srv)
	for protocol, want := range map[string][]string{
		"graphql": {"GetBook", "ListBooks", "CreateBook", "LendBook", "UpdateBook"},
		"rest":    {"GetBook", "ListBooks", "CreateBook", "DeleteBook", "LendBook", "UpdateBook"},
		"grpc":    {"GetBook", "ListBooks", "CreateBook", "DeleteBook", "LendBook", "UpdateBook"},
	} {
		t.Run(protocol, func(t *testing.T) {
			catalog, desk := clients(t, url, endpoint, protocol, server.Key)
			if got := append(echo.RoundTrip(t, catalog), echo.RoundTrip(t, desk)...); !slices.Equal(got, want) {
				t.Errorf("%q came through, want %q", got, want)
			}
		})
	}
}

// What one protocol cannot express never leaves the program.
func TestRefused(t *testing.T) {
	url, endpoint := start(t)
	client := &http.Client{Transport: forbidden{t}}
	for _, protocol := range []string{"graphql", "rest"} {
		opts := []library.Option{library.WithProtocolName(protocol), library.WithGRPCEndpoint(endpoint), library.WithHTTPClient(client)}
		catalog, err := library.NewCatalog(url, opts...)
		if err != nil {
			t.Fatal(err)
		}
		defer catalog.Close()
		var errs []error
		for _, err := range catalog.WatchLoans(t.Context(), &library.WatchLoansRequest{Shelf: "7"}) {
			errs = append(errs, err)
		}
		want := map[string]string{
			"graphql": "watch_loans over graphql: unimplemented: the method is not offered over graphql; works over rest, grpc",
			"rest":    `shelf: does not look like "shelves/*", as its part of the path must over rest`,
		}[protocol]
		if len(errs) != 1 || errs[0] == nil || !strings.Contains(errs[0].Error(), want) {
			t.Errorf("over %s: %v, want %q", protocol, errs, want)
		}
		genre := []library.Genre{"POETRY"}
		_, err = catalog.ListBooks(t.Context(), &library.ListBooksRequest{Genres: genre})
		if !errors.Is(err, library.ErrInvalidArgument) || !strings.Contains(err.Error(), "genres[0]") {
			t.Errorf("an unknown genre over %s: %v", protocol, err)
		}
	}
}

type forbidden struct{ t *testing.T }

func (f forbidden) RoundTrip(r *http.Request) (*http.Response, error) {
	f.t.Errorf("%s %s was sent", r.Method, r.URL)
	return nil, errors.New("forbidden")
}

// The key of the desk is in no text.
func TestNoSecretInTexts(t *testing.T) {
	desk, err := library.NewDesk("http://127.0.0.1:1", "the-key-of-the-desk", library.WithProtocol(library.ProtocolREST), library.WithoutRetry())
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Close()
	err = desk.DeleteBook(t.Context(), &library.DeleteBookRequest{BookID: "the-key-of-the-desk"})
	texts := []string{fmt.Sprint(err), fmt.Sprintf("%+v", desk), fmt.Sprintf("%#v", err)}
	if slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, "the-key-of-the-desk") }) {
		t.Errorf("the key is in one of %q", texts)
	}
}
