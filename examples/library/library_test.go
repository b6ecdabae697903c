// Package library tests the SDK of the library over its three protocols: the same
// calls give the same values and the same errors.
package library

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/examples/library/sdk"
	_ "github.com/triwire/authorizer-sdk/examples/library/sdk/grpc"
	"github.com/triwire/authorizer-sdk/examples/library/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

var now = time.Date(2025, 5, 1, 12, 0, 0, 500_000_000, time.UTC)

// start runs a library below a path and returns its URL and where gRPC answers.
func start(t *testing.T, opts ...serve.Option) (url, endpoint string) {
	t.Helper()
	srv, err := server.New(now, opts...)
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
func clients(t *testing.T, url, endpoint, protocol, key string, opts ...library.Option) (*library.Catalog, *library.Desk) {
	t.Helper()
	opts = append([]library.Option{library.WithProtocolName(protocol), library.WithGRPCEndpoint(endpoint)}, opts...)
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

// book adds a book.
func book(t *testing.T, desk *library.Desk, shelf, title string, copies int64) *library.Book {
	t.Helper()
	book, err := desk.CreateBook(t.Context(), &library.CreateBookRequest{Shelf: shelf, Book: library.BookInput{
		Title: &title, Copies: &copies, Genre: library.Ptr(library.GenreNovel), PublishedAt: &now,
	}})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// What one protocol cannot express never leaves the program.
func TestRefused(t *testing.T) {
	url, endpoint := start(t)
	client := &http.Client{Transport: forbidden{t}}
	email, letter := &library.EmailInput{Address: "a"}, &library.LetterInput{Street: "s", Town: "t"}
	for _, protocol := range []string{"graphql", "rest", "grpc"} {
		catalog, desk := clients(t, url, endpoint, protocol, server.Key)
		if protocol != "grpc" {
			catalog, desk = clients(t, url, endpoint, protocol, server.Key, library.WithHTTPClient(client))
		}
		_, err := catalog.ListBooks(t.Context(), &library.ListBooksRequest{Genres: []library.Genre{"POETRY"}})
		refused(t, protocol, err, "genres[0]")
		_, err = desk.ReserveItem(t.Context(), &library.ReserveItemRequest{ItemID: "b1", Reader: "zoe", Notify: library.ContactInput{Email: email, Letter: letter}})
		refused(t, protocol, err, "notify.letter: cannot be set together with email: only one of email, letter can")
		_, err = desk.ReserveItem(t.Context(), &library.ReserveItemRequest{ItemID: "b1", Reader: "zoe"})
		refused(t, protocol, err, "notify.email: must be set, or another one of email, letter")
		_, err = desk.LendBook(t.Context(), &library.LendBookRequest{BookID: "b1", Reader: "zoe", Period: library.Ptr(time.Hour), DueAt: &now})
		refused(t, protocol, err, "due_at: cannot be set together with period: only one of period, due_at can")
		switch protocol {
		case "grpc":
			_, err = desk.UpdateBook(t.Context(), &library.UpdateBookRequest{BookID: "b1", Book: library.BookInput{Authors: []string{}}})
			refused(t, protocol, err, "book.authors")
		case "rest":
			_, err = catalog.GetBook(t.Context(), &library.GetBookRequest{BookID: ".."})
			refused(t, protocol, err, "book_id")
		}
	}
}

// What a client of another make sends is refused by the server: gRPC cannot even
// express it.
func TestRefusedByTheServer(t *testing.T) {
	url, _ := start(t)
	for path, body := range map[string]string{
		"/v1/books/b1/loans": `{"reader": "zoe", "period": "3600s", "dueAt": "2025-05-02T12:00:00Z"}`,
		"/graphql":           `{"query": "mutation { lendBook(bookId: \"b1\", input: {reader: \"zoe\", period: \"3600s\", dueAt: \"2025-05-02T12:00:00Z\"}) { id } }"}`,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Api-Key", server.Key)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if want := "dueAt cannot be set together with period: only one of period, dueAt can"; err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s answers %s (%v), want %s", path, text, err, want)
		}
	}
}

func refused(t *testing.T, protocol string, err error, text string) {
	t.Helper()
	if !errors.Is(err, library.ErrInvalidArgument) || !strings.Contains(err.Error(), text) {
		t.Errorf("over %s: %v, want %q", protocol, err, text)
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
