// Package server is a library that answers over GraphQL, REST and gRPC from one
// state, for the tests of the SDK. It implements the interfaces that sdkgen
// generates.
package server

import (
	"context"
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

	mu sync.Mutex
	// items are books and films, by id; one of them is set.
	items        map[string]*library.Item
	loans        []*library.Loan
	reservations []*library.Reservation
	next         int
}

// New serves a library without items over its three protocols.
func New(now time.Time, opts ...serve.Option) (*serve.Server, error) {
	l := &Library{Now: now, items: map[string]*library.Item{}}
	return libraryserver.New(libraryserver.Services{Catalog: l, Desk: l}, append(opts, serve.WithInterceptor(atDesk))...)
}

// atDesk wants the key of the desk.
func atDesk(ctx context.Context, req *serve.Request, next func(context.Context) error) error {
	if req.Service == "desk" && req.Header.Get("X-Desk-Key") != Key {
		return serve.Errorf(library.CodeUnauthenticated, "the desk wants its key")
	}
	return next(ctx)
}

// item is that of the state; l.mu is held. Items are never changed, only replaced,
// so that answers can be written after l.mu is released.
func (l *Library) item(id string) (*library.Item, error) {
	if item := l.items[id]; item != nil {
		return item, nil
	}
	return nil, serve.Errorf(library.CodeNotFound, "there is no item %q", id)
}

// book is the book of the state; l.mu is held.
func (l *Library) book(id string) (*library.Book, error) {
	if item := l.items[id]; item != nil && item.Book != nil {
		return item.Book, nil
	}
	return nil, serve.Errorf(library.CodeNotFound, "there is no book %q", id)
}

// demand is an error if a text is empty that must not be: over gRPC nothing else
// refuses it.
func demand(name, text string) error {
	if text == "" {
		return serve.Errorf(library.CodeInvalidArgument, "%s is missing", name)
	}
	return nil
}

// value is what a pointer is to, or zero.
func value[T any](p *T) T {
	if p == nil {
		p = new(T)
	}
	return *p
}
