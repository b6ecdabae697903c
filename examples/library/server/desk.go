package server

import (
	"context"
	"fmt"

	library "github.com/triwire/authorizer-sdk/examples/library/sdk"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// CreateBook implements the desk.
func (l *Library) CreateBook(_ context.Context, in *library.CreateBookRequest) (*library.Book, error) {
	if err := demand("title", value(in.Book.Title)); err != nil {
		return nil, err
	}
	book := &library.Book{}
	for _, f := range fields() {
		f.set(book, &in.Book)
	}
	book.Shelf = in.Shelf
	l.mu.Lock()
	defer l.mu.Unlock()
	book.ID = l.newID("b")
	l.items[book.ID] = &library.Item{Book: book}
	return book, nil
}

// CreateFilm implements the desk.
func (l *Library) CreateFilm(_ context.Context, in *library.CreateFilmRequest) (*library.Film, error) {
	if err := demand("title", in.Film.Title); err != nil {
		return nil, err
	}
	film := &library.Film{
		Title: in.Film.Title, Director: in.Film.Director, Shelf: in.Shelf,
		Length: value(in.Film.Length), Rating: value(in.Film.Rating), Copies: value(in.Film.Copies),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	film.ID = l.newID("f")
	l.items[film.ID] = &library.Item{Film: film}
	return film, nil
}

// newID is that of the next item; l.mu is held.
func (l *Library) newID(letter string) string {
	l.next++
	return fmt.Sprintf("%s%d", letter, l.next)
}

// UpdateBook implements the desk.
func (l *Library) UpdateBook(_ context.Context, in *library.UpdateBookRequest) (*library.Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, err := l.book(in.BookID)
	if err != nil {
		return nil, err
	}
	book := *old
	known := fields()
	for _, path := range in.UpdateMask {
		f, ok := known[path]
		if !ok {
			return nil, serve.Errorf(library.CodeInvalidArgument, "update_mask: %s cannot be changed", path)
		}
		f.set(&book, &in.Book)
	}
	if len(in.UpdateMask) == 0 {
		for _, f := range known {
			if f.has(&in.Book) {
				f.set(&book, &in.Book)
			}
		}
	}
	l.items[book.ID] = &library.Item{Book: &book}
	return &book, nil
}

// field is one of a book that can be changed: by its input, which clears what it
// does not have.
type field struct {
	has func(in *library.BookInput) bool
	set func(book *library.Book, in *library.BookInput)
}

// fields are those of a book that can be changed, by their names in masks.
func fields() map[string]field {
	return map[string]field{
		"title": {
			func(in *library.BookInput) bool { return in.Title != nil },
			func(b *library.Book, in *library.BookInput) { b.Title = value(in.Title) },
		},
		"authors": {
			func(in *library.BookInput) bool { return in.Authors != nil },
			func(b *library.Book, in *library.BookInput) { b.Authors = in.Authors },
		},
		"genre": {
			func(in *library.BookInput) bool { return in.Genre != nil },
			func(b *library.Book, in *library.BookInput) { b.Genre = value(in.Genre) },
		},
		"published_at": {
			func(in *library.BookInput) bool { return in.PublishedAt != nil },
			func(b *library.Book, in *library.BookInput) { b.PublishedAt = value(in.PublishedAt) },
		},
		"labels": {
			func(in *library.BookInput) bool { return in.Labels != nil },
			func(b *library.Book, in *library.BookInput) { b.Labels = in.Labels },
		},
		"copies": {
			func(in *library.BookInput) bool { return in.Copies != nil },
			func(b *library.Book, in *library.BookInput) { b.Copies = value(in.Copies) },
		},
		"shelf": {
			func(in *library.BookInput) bool { return in.Shelf != nil },
			func(b *library.Book, in *library.BookInput) { b.Shelf = value(in.Shelf) },
		},
	}
}

// DeleteBook implements the desk.
func (l *Library) DeleteBook(_ context.Context, in *library.DeleteBookRequest) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.book(in.BookID); err != nil {
		return err
	}
	delete(l.items, in.BookID)
	return nil
}

// LendBook implements the desk.
func (l *Library) LendBook(_ context.Context, in *library.LendBookRequest) (*library.Loan, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	old, err := l.book(in.BookID)
	if err != nil {
		return nil, err
	}
	if old.Copies == 0 {
		return nil, serve.Errorf(library.CodeFailedPrecondition, "no copy of %s is left", old.ID)
	}
	book := *old
	book.Copies--
	l.items[book.ID] = &library.Item{Book: &book}
	due := l.Now.Add(usualPeriod)
	switch {
	case in.Period != nil:
		due = l.Now.Add(*in.Period)
	case in.DueAt != nil:
		due = *in.DueAt
	}
	loan := &library.Loan{ID: fmt.Sprintf("l%d", len(l.loans)+1), BookID: book.ID, Reader: in.Reader, DueAt: due}
	l.loans = append(l.loans, loan)
	return loan, nil
}

// ReserveItem implements the desk: an item of which a copy is left is ready at once.
func (l *Library) ReserveItem(_ context.Context, in *library.ReserveItemRequest) (*library.Reservation, error) {
	notify, err := contact(in.Notify)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	item, err := l.item(in.ItemID)
	if err != nil {
		return nil, err
	}
	out := &library.Reservation{ID: fmt.Sprintf("r%d", len(l.reservations)+1), ItemID: in.ItemID, Reader: in.Reader, Notify: notify}
	if copiesOf(item) > 0 {
		out.ReadySince = library.Ptr(l.Now)
	} else {
		before := int32(0)
		for _, r := range l.reservations {
			if r.ItemID == in.ItemID {
				before++
			}
		}
		out.PlaceInQueue = &before
	}
	l.reservations = append(l.reservations, out)
	return out, nil
}

// contact is where a reader is told, as answers have it. Over gRPC nothing
// refuses a contact that is none.
func contact(in library.ContactInput) (library.Contact, error) {
	switch {
	case in.Email != nil:
		return library.Contact{Email: &library.Email{Address: in.Email.Address}}, nil
	case in.Letter != nil:
		return library.Contact{Letter: &library.Letter{Street: in.Letter.Street, Town: in.Letter.Town}}, nil
	}
	return library.Contact{}, serve.Errorf(library.CodeInvalidArgument, "notify is missing")
}

func copiesOf(item *library.Item) int64 {
	if item.Film != nil {
		return item.Film.Copies
	}
	return item.Book.Copies
}
