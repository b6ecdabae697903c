// Package server is a library that answers over GraphQL, REST and gRPC from one
// state, for the tests of the SDK. It implements the interfaces that sdkgen
// generates.
package server

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	library "github.com/triwire/authorizer-sdk/examples/library/sdk"
	libraryserver "github.com/triwire/authorizer-sdk/examples/library/sdk/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// Key is what the desk's methods want as X-Desk-Key.
const Key = "the-key-of-the-desk"

// usualPeriod is how long a book is lent.
const usualPeriod = 21 * 24 * time.Hour

// pageSize is that of lists that do not say it.
const pageSize = 10

// Library is the state, and both services.
type Library struct {
	libraryserver.UnimplementedCatalogServer
	libraryserver.UnimplementedDeskServer

	// Now is the time at which books are lent.
	Now time.Time

	mu    sync.Mutex
	books map[string]*library.Book
	loans []*library.Loan
	next  int
}

// New serves a library without books over its three protocols.
func New(now time.Time) (*serve.Server, error) {
	l := &Library{Now: now, books: map[string]*library.Book{}}
	return libraryserver.New(libraryserver.Services{Catalog: l, Desk: l}, serve.WithInterceptor(atDesk))
}

// atDesk wants the key of the desk.
func atDesk(ctx context.Context, req *serve.Request, next func(context.Context) error) error {
	if req.Service == "desk" && req.Header.Get("X-Desk-Key") != Key {
		return serve.Errorf(library.CodeUnauthenticated, "the desk wants its key")
	}
	return next(ctx)
}

// GetBook implements the catalog.
func (l *Library) GetBook(_ context.Context, in *library.GetBookRequest) (*library.Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.copyOf(in.BookID)
}

// book is the book of the state; l.mu is held.
func (l *Library) book(id string) (*library.Book, error) {
	if book := l.books[id]; book != nil {
		return book, nil
	}
	return nil, serve.Errorf(library.CodeNotFound, "there is no book %q", id)
}

// copyOf is a book for an answer, which is written after l.mu is released. Lists
// and maps of books are never changed, only replaced.
func (l *Library) copyOf(id string) (*library.Book, error) {
	book, err := l.book(id)
	if err != nil {
		return nil, err
	}
	out := *book
	return &out, nil
}

// ListBooks implements the catalog. Its tokens are the ids that pages begin after.
func (l *Library) ListBooks(_ context.Context, in *library.ListBooksRequest) (*library.ListBooksResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := int(cmp.Or(value(in.PageSize), pageSize))
	if size < 0 {
		return nil, serve.Errorf(library.CodeInvalidArgument, "page_size is negative")
	}
	out := &library.ListBooksResponse{}
	for _, id := range slices.Sorted(maps.Keys(l.books)) {
		book := l.books[id]
		switch {
		case id <= value(in.PageToken):
		case len(in.Genres) > 0 && !slices.Contains(in.Genres, book.Genre):
		case in.Since != nil && book.PublishedAt.Before(*in.Since):
		case len(out.Books) == size:
			out.NextPageToken = out.Books[size-1].ID
			return out, nil
		default:
			out.Books = append(out.Books, *book)
		}
	}
	return out, nil
}

// WatchLoans implements the catalog: it tells of the loans that there were, and
// ends. A shelf that holds nothing is not found.
func (l *Library) WatchLoans(_ context.Context, in *library.WatchLoansRequest, send func(*library.Loan) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := false
	for _, book := range l.books {
		found = found || book.Shelf == in.Shelf
	}
	if !found {
		return serve.Errorf(library.CodeNotFound, "nothing stands on %s", in.Shelf)
	}
	for _, loan := range l.loans {
		book := l.books[loan.BookID]
		if book == nil {
			return serve.Errorf(library.CodeDataLoss, "book %s was lent and is gone", loan.BookID)
		}
		if book.Shelf == in.Shelf {
			if err := send(loan); err != nil {
				return err
			}
		}
	}
	return nil
}

// CreateBook implements the desk.
func (l *Library) CreateBook(_ context.Context, in *library.CreateBookRequest) (*library.Book, error) {
	if value(in.Book.Title) == "" {
		return nil, serve.Errorf(library.CodeInvalidArgument, "a book needs a title")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next++
	book := &library.Book{ID: cmp.Or(value(in.Book.ID), "b"+strconv.Itoa(l.next))}
	if l.books[book.ID] != nil {
		return nil, serve.Errorf(library.CodeAlreadyExists, "there is a book %q already", book.ID)
	}
	for _, set := range fields() {
		set(book, &in.Book)
	}
	book.Shelf = in.Shelf
	l.books[book.ID] = book
	return l.copyOf(book.ID)
}

// UpdateBook implements the desk.
func (l *Library) UpdateBook(_ context.Context, in *library.UpdateBookRequest) (*library.Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	book, err := l.book(value(in.Book.ID))
	if err != nil {
		return nil, err
	}
	for _, path := range in.UpdateMask {
		set := fields()[path]
		if set == nil {
			return nil, serve.Errorf(library.CodeInvalidArgument, "update_mask: %s cannot be changed", path)
		}
		set(book, &in.Book)
	}
	return l.copyOf(book.ID)
}

// fields are those of a book that can be changed: by its input, which clears what
// it does not have.
func fields() map[string]func(book *library.Book, in *library.BookInput) {
	return map[string]func(*library.Book, *library.BookInput){
		"title":        func(b *library.Book, in *library.BookInput) { b.Title = value(in.Title) },
		"authors":      func(b *library.Book, in *library.BookInput) { b.Authors = in.Authors },
		"genre":        func(b *library.Book, in *library.BookInput) { b.Genre = value(in.Genre) },
		"published_at": func(b *library.Book, in *library.BookInput) { b.PublishedAt = value(in.PublishedAt) },
		"labels":       func(b *library.Book, in *library.BookInput) { b.Labels = in.Labels },
		"copies":       func(b *library.Book, in *library.BookInput) { b.Copies = value(in.Copies) },
		"shelf":        func(b *library.Book, in *library.BookInput) { b.Shelf = value(in.Shelf) },
	}
}

// DeleteBook implements the desk.
func (l *Library) DeleteBook(_ context.Context, in *library.DeleteBookRequest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.book(in.BookID)
	delete(l.books, in.BookID)
	return err
}

// LendBook implements the desk.
func (l *Library) LendBook(_ context.Context, in *library.LendBookRequest) (*library.Loan, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	book, err := l.book(in.BookID)
	if err != nil {
		return nil, err
	}
	if book.Copies == 0 {
		return nil, serve.Errorf(library.CodeFailedPrecondition, "no copy of %s is left", book.ID)
	}
	book.Copies--
	period := usualPeriod
	if in.Period != nil {
		period = *in.Period
	}
	loan := &library.Loan{ID: fmt.Sprintf("l%d", len(l.loans)+1), BookID: book.ID, Reader: in.Reader, DueAt: l.Now.Add(period)}
	l.loans = append(l.loans, loan)
	return loan, nil
}

// value is what a pointer is to, or zero.
func value[T any](p *T) T {
	if p == nil {
		p = new(T)
	}
	return *p
}
