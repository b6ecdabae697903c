package server

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	library "github.com/triwire/authorizer-sdk/examples/library/sdk"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// GetBook implements the catalog.
func (l *Library) GetBook(_ context.Context, in *library.GetBookRequest) (*library.Book, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.book(in.BookID)
}

// GetItem implements the catalog.
func (l *Library) GetItem(_ context.Context, in *library.GetItemRequest) (*library.Item, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.item(in.ItemID)
}

// ListBooks implements the catalog. Its tokens are the ids that pages begin after.
func (l *Library) ListBooks(_ context.Context, in *library.ListBooksRequest) (*library.ListBooksResponse, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	size, err := sizeOf(in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &library.ListBooksResponse{}
	for _, id := range slices.Sorted(maps.Keys(l.items)) {
		book := l.items[id].Book
		switch {
		case book == nil || id <= value(in.PageToken):
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

// sizeOf is how many entries a page holds.
func sizeOf(asked *int32) (int, error) {
	size := int(cmp.Or(value(asked), pageSize))
	if size < 0 {
		return 0, serve.Errorf(library.CodeInvalidArgument, "page_size is negative")
	}
	return size, nil
}

// Search implements the catalog. Its tokens are the ids that pages begin after.
func (l *Library) Search(_ context.Context, in *library.SearchRequest) (*library.SearchResponse, error) {
	if err := demand("query", in.Query); err != nil {
		return nil, err
	}
	size, err := sizeOf(in.PageSize)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	hits := l.hits(strings.Fields(strings.ToLower(in.Query)))
	out := &library.SearchResponse{Counts: map[string]int32{}}
	for _, hit := range hits {
		kind, _, _ := facts(&hit.Item)
		out.Counts[kind]++
	}
	if in.PageToken != nil {
		after := slices.IndexFunc(hits, func(h library.Hit) bool {
			_, id, _ := facts(&h.Item)
			return id == *in.PageToken
		})
		hits = hits[after+1:]
	}
	if len(hits) > size {
		hits = hits[:size]
		_, out.NextPageToken, _ = facts(&hits[size-1].Item)
	}
	out.Hits = hits
	return out, nil
}

// hits are the items whose titles have some of the words, the best first.
func (l *Library) hits(words []string) []library.Hit {
	var out []library.Hit
	for _, id := range slices.Sorted(maps.Keys(l.items)) {
		item := l.items[id]
		_, _, title := facts(item)
		found := 0
		for _, w := range words {
			if slices.Contains(strings.Fields(strings.ToLower(title)), w) {
				found++
			}
		}
		if found > 0 {
			out = append(out, library.Hit{Item: *item, Score: float32(found) / float32(len(words))})
		}
	}
	slices.SortStableFunc(out, func(a, b library.Hit) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// facts are what all items have.
func facts(item *library.Item) (kind, id, title string) {
	if item.Film != nil {
		return "film", item.Film.ID, item.Film.Title
	}
	return "book", item.Book.ID, item.Book.Title
}

// shelfOf is the shelf that an item stands on.
func shelfOf(item *library.Item) string {
	if item.Film != nil {
		return item.Film.Shelf
	}
	return item.Book.Shelf
}

// ExportItems implements the catalog.
func (l *Library) ExportItems(_ context.Context, in *library.ExportItemsRequest, send func(*library.Item) error) error {
	for _, item := range l.standing(in.Shelves) {
		if err := send(item); err != nil {
			return err
		}
	}
	return nil
}

// standing are the items that stand on some shelves; all, if there are none.
func (l *Library) standing(shelves []string) []*library.Item {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []*library.Item
	for _, id := range slices.Sorted(maps.Keys(l.items)) {
		if item := l.items[id]; len(shelves) == 0 || slices.Contains(shelves, shelfOf(item)) {
			out = append(out, item)
		}
	}
	return out
}

// WatchLoans implements the catalog: it tells of the loans that there were, and
// ends. A shelf that holds nothing is not found.
func (l *Library) WatchLoans(ctx context.Context, in *library.WatchLoansRequest, send func(*library.Loan) error) error {
	if len(l.standing([]string{in.Shelf})) == 0 {
		return serve.Errorf(library.CodeNotFound, "nothing stands on %s", in.Shelf)
	}
	l.mu.Lock()
	loans := slices.Clone(l.loans)
	l.mu.Unlock()
	for _, loan := range loans {
		book, err := l.GetBook(ctx, &library.GetBookRequest{BookID: loan.BookID})
		if err != nil {
			return serve.Errorf(library.CodeDataLoss, "book %s was lent and is gone", loan.BookID)
		}
		if book.Shelf != in.Shelf {
			continue
		}
		if err := send(loan); err != nil {
			return err
		}
	}
	return nil
}
