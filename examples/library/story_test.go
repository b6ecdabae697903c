package library

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/examples/library/sdk"
	"github.com/triwire/authorizer-sdk/examples/library/server"
)

// told is one call of a story: what it answered, or how it failed.
type told struct {
	What    string
	Answer  any
	Code    library.Code
	Message string
}

// story makes the same calls over one protocol, on a library of its own.
type story struct {
	t       *testing.T
	catalog *library.Catalog
	desk    *library.Desk
	told    []told
}

func newStory(t *testing.T, protocol string) *story {
	t.Helper()
	url, endpoint := start(t)
	s := &story{t: t}
	s.catalog, s.desk = clients(t, url, endpoint, protocol, server.Key)
	s.write()
	s.read()
	s.change()
	_, stranger := clients(t, url, endpoint, protocol, "another key")
	_, err := stranger.CreateBook(t.Context(), &library.CreateBookRequest{Shelf: "1", Book: library.BookInput{Title: library.Ptr("x")}})
	s.tell("create with another key", nil, err)
	streams := protocol != "graphql"
	if streams {
		s.export("7 a/b")
		s.export("8", "none")
		s.export("none")
		s.watch("7 a/b")
		s.watch("none")
	}
	for range 2 {
		s.tell("delete", nil, s.desk.DeleteBook(t.Context(), &library.DeleteBookRequest{BookID: "b1"}))
	}
	if streams {
		s.watch("7 a/b") // fails after the first message
	}
	return s
}

func (s *story) tell(what string, answer any, err error) {
	s.t.Helper()
	one := told{What: what, Answer: answer}
	if err != nil {
		var e *library.Error
		if !errors.As(err, &e) {
			s.t.Fatalf("%s: %v", what, err)
		}
		one = told{What: what, Code: e.Code, Message: e.Message}
	}
	s.told = append(s.told, one)
}

// call tells of one call.
func call[Req, Resp any](s *story, what string, f func(context.Context, *Req, ...library.CallOption) (*Resp, error), req Req) {
	s.t.Helper()
	answer, err := f(s.t.Context(), &req)
	s.tell(what, answer, err)
}

// write fills the library with three books and two films.
func (s *story) write() {
	for i, genre := range []library.Genre{library.GenreNovel, library.GenreScience, library.GenreNovel} {
		call(s, "create", s.desk.CreateBook, library.CreateBookRequest{Shelf: "7 a/b", Book: library.BookInput{
			Title: library.Ptr(fmt.Sprintf("Book & %d/%d", i, i)), Authors: []string{"A, B", "C"}, Genre: library.Ptr(genre), Copies: library.Ptr(int64(1) << 40),
			PublishedAt: library.Ptr(now.AddDate(-i, 0, 0)), Labels: map[string]string{"a b": "c", "": "empty"},
		}})
	}
	call(s, "create a film", s.desk.CreateFilm, library.CreateFilmRequest{Shelf: "7 a/b", Film: library.FilmInput{
		Title: "The Book & more", Director: "D", Length: library.Ptr(90*time.Minute + time.Nanosecond), Rating: library.Ptr(4.5), Copies: library.Ptr[int64](1),
	}})
	call(s, "create a film of which little is known", s.desk.CreateFilm, library.CreateFilmRequest{Shelf: "8", Film: library.FilmInput{Title: "More", Director: "E"}})
	call(s, "create without a title", s.desk.CreateBook, library.CreateBookRequest{Shelf: "8"})
}

func (s *story) read() {
	call(s, "get a book", s.catalog.GetBook, library.GetBookRequest{BookID: "b1"})
	call(s, "get what is not there", s.catalog.GetBook, library.GetBookRequest{BookID: "no/such book"})
	call(s, "get a film as a book", s.catalog.GetBook, library.GetBookRequest{BookID: "f4"})
	for _, id := range []string{"b2", "f4", "f5", "x"} {
		call(s, "get item "+id, s.catalog.GetItem, library.GetItemRequest{ItemID: id})
	}
	call(s, "list", s.catalog.ListBooks, library.ListBooksRequest{Genres: []library.Genre{library.GenreNovel}, Since: library.Ptr(now.AddDate(-1, 0, 0))})
	for book, err := range s.catalog.AllBooks(s.t.Context(), &library.ListBooksRequest{PageSize: library.Ptr[int32](2)}) {
		s.tell("all", book, err)
	}
	call(s, "list badly", s.catalog.ListBooks, library.ListBooksRequest{PageSize: library.Ptr[int32](-1)})
	call(s, "search", s.catalog.Search, library.SearchRequest{Query: "more & book"})
	call(s, "search for nothing", s.catalog.Search, library.SearchRequest{Query: "ham"})
	for hit, err := range s.catalog.AllSearch(s.t.Context(), &library.SearchRequest{Query: "more book", PageSize: library.Ptr[int32](2)}) {
		s.tell("all hits", hit, err)
	}
}

func (s *story) change() {
	b1 := func(in library.BookInput, mask ...string) library.UpdateBookRequest {
		return library.UpdateBookRequest{BookID: "b1", Book: in, UpdateMask: mask}
	}
	update := s.desk.UpdateBook
	call(s, "update what is set", update, b1(library.BookInput{Title: library.Ptr("Other"), Genre: library.Ptr(library.GenreScience)}))
	call(s, "update by mask", update, b1(library.BookInput{Title: library.Ptr("not in the mask"), Copies: library.Ptr[int64](2)}, "copies", "labels", "published_at"))
	call(s, "update to zero", update, b1(library.BookInput{Title: library.Ptr("")}))
	call(s, "update what cannot be", update, b1(library.BookInput{}, "id"))
	call(s, "update what is not there", update, library.UpdateBookRequest{BookID: "b9"})

	lend := s.desk.LendBook
	call(s, "lend for a period", lend, library.LendBookRequest{BookID: "b2", Reader: "amy", Period: library.Ptr(90*time.Minute + time.Millisecond)})
	call(s, "lend until a time", lend, library.LendBookRequest{BookID: "b1", Reader: "zoe", DueAt: library.Ptr(now.Add(time.Nanosecond))})
	call(s, "lend for the usual time", lend, library.LendBookRequest{BookID: "b1", Reader: "bob"})
	call(s, "lend what is not left", lend, library.LendBookRequest{BookID: "b1", Reader: "eve"})

	email, letter := library.ContactInput{Email: &library.EmailInput{Address: "e"}}, library.ContactInput{Letter: &library.LetterInput{Street: "s", Town: "t"}}
	reserve := s.desk.ReserveItem
	call(s, "reserve a film", reserve, library.ReserveItemRequest{ItemID: "f4", Reader: "amy", Notify: letter})
	call(s, "reserve what is not left", reserve, library.ReserveItemRequest{ItemID: "b1", Reader: "amy", Notify: email})
	call(s, "reserve it again", reserve, library.ReserveItemRequest{ItemID: "b1", Reader: "bob", Notify: email})
	call(s, "reserve what is not there", reserve, library.ReserveItemRequest{ItemID: "x", Reader: "bob", Notify: email})
}

func (s *story) export(shelves ...string) {
	for item, err := range s.catalog.ExportItems(s.t.Context(), &library.ExportItemsRequest{Shelves: shelves}) {
		s.tell("export "+strings.Join(shelves, ", "), item, err)
	}
}

func (s *story) watch(shelf string) {
	for loan, err := range s.catalog.WatchLoans(s.t.Context(), &library.WatchLoansRequest{Shelf: shelf}) {
		s.tell("watch "+shelf, loan, err)
	}
}

// TestSameOverAllProtocols compares the story over each protocol with that over
// gRPC, and that with what it has to tell.
func TestSameOverAllProtocols(t *testing.T) {
	rpc := newStory(t, "grpc").told
	if d := cmp.Diff(newStory(t, "rest").told, rpc); d != "" {
		t.Errorf("over REST (-) it is not as over gRPC (+):\n%s", d)
	}
	calls := slices.DeleteFunc(slices.Clone(rpc), func(one told) bool {
		return strings.HasPrefix(one.What, "export ") || strings.HasPrefix(one.What, "watch ")
	})
	if d := cmp.Diff(newStory(t, "graphql").told, calls); d != "" {
		t.Errorf("over GraphQL (-) it is not as over gRPC (+), but for the streams:\n%s", d)
	}
	all := wanted()
	next := 0
	for _, one := range rpc {
		if next < len(all) && cmp.Equal(one, all[next]) {
			next++
		}
	}
	if next < len(all) {
		t.Errorf("nothing tells\n%+v\nin its place in\n%s", all[next], cmp.Diff(nil, rpc))
	}
}

// wanted is a part of what the story tells, in its order.
func wanted() []told {
	b1 := library.Book{
		ID: "b1", Title: "Book & 0/0", Authors: []string{"A, B", "C"}, Genre: library.GenreNovel, PublishedAt: now,
		Labels: map[string]string{"": "empty", "a b": "c"}, Copies: 1 << 40, Shelf: "7 a/b",
	}
	f4 := library.Film{ID: "f4", Title: "The Book & more", Director: "D", Length: 90*time.Minute + time.Nanosecond, Rating: 4.5, Copies: 1, Shelf: "7 a/b"}
	f5 := library.Film{ID: "f5", Title: "More", Director: "E", Shelf: "8"}
	set := b1
	set.Title, set.Genre = "Other", library.GenreScience
	masked := set
	masked.Copies, masked.Labels, masked.PublishedAt = 2, nil, time.Time{}
	zero := masked
	zero.Title = ""
	return []told{
		{What: "create", Answer: &b1},
		{What: "create a film", Answer: &f4},
		{What: "create without a title", Code: library.CodeInvalidArgument, Message: "title is missing"},
		{What: "get what is not there", Code: library.CodeNotFound, Message: `there is no book "no/such book"`},
		{What: "get item f4", Answer: &library.Item{Film: &f4}},
		{What: "get item f5", Answer: &library.Item{Film: &f5}},
		{What: "list badly", Code: library.CodeInvalidArgument, Message: "page_size is negative"},
		{What: "search for nothing", Answer: &library.SearchResponse{}},
		{What: "all hits", Answer: library.Hit{Item: library.Item{Film: &f4}, Score: 1}},
		{What: "all hits", Answer: library.Hit{Item: library.Item{Book: &b1}, Score: 0.5}},
		{What: "update what is set", Answer: &set},
		{What: "update by mask", Answer: &masked},
		{What: "update to zero", Answer: &zero},
		{What: "update what cannot be", Code: library.CodeInvalidArgument, Message: "update_mask: id cannot be changed"},
		{What: "lend for a period", Answer: &library.Loan{ID: "l1", BookID: "b2", Reader: "amy", DueAt: now.Add(90*time.Minute + time.Millisecond)}},
		{What: "lend until a time", Answer: &library.Loan{ID: "l2", BookID: "b1", Reader: "zoe", DueAt: now.Add(time.Nanosecond)}},
		{What: "lend for the usual time", Answer: &library.Loan{ID: "l3", BookID: "b1", Reader: "bob", DueAt: now.AddDate(0, 0, 21)}},
		{What: "lend what is not left", Code: library.CodeFailedPrecondition, Message: "no copy of b1 is left"},
		{What: "reserve a film", Answer: &library.Reservation{
			ID: "r1", ItemID: "f4", Reader: "amy", Notify: library.Contact{Letter: &library.Letter{Street: "s", Town: "t"}}, ReadySince: &now,
		}},
		{What: "reserve what is not left", Answer: &library.Reservation{
			ID: "r2", ItemID: "b1", Reader: "amy", Notify: library.Contact{Email: &library.Email{Address: "e"}}, PlaceInQueue: library.Ptr[int32](0),
		}},
		{What: "reserve it again", Answer: &library.Reservation{
			ID: "r3", ItemID: "b1", Reader: "bob", Notify: library.Contact{Email: &library.Email{Address: "e"}}, PlaceInQueue: library.Ptr[int32](1),
		}},
		{What: "create with another key", Code: library.CodeUnauthenticated, Message: "the desk wants its key"},
		{What: "export 7 a/b", Answer: &library.Item{Film: &f4}},
		{What: "export 8, none", Answer: &library.Item{Film: &f5}},
		{What: "watch 7 a/b", Answer: &library.Loan{ID: "l3", BookID: "b1", Reader: "bob", DueAt: now.AddDate(0, 0, 21)}},
		{What: "watch none", Code: library.CodeNotFound, Message: "nothing stands on none"},
		{What: "delete"},
		{What: "delete", Code: library.CodeNotFound, Message: `there is no book "b1"`},
		{What: "watch 7 a/b", Answer: &library.Loan{ID: "l1", BookID: "b2", Reader: "amy", DueAt: now.Add(90*time.Minute + time.Millisecond)}},
		{What: "watch 7 a/b", Code: library.CodeDataLoss, Message: "book b1 was lent and is gone"},
	}
}
