package library

import (
	"cmp"
	"slices"
	"testing"

	"github.com/triwire/authorizer-sdk/examples/library/sdk"
	libraryserver "github.com/triwire/authorizer-sdk/examples/library/sdk/server"
	"github.com/triwire/authorizer-sdk/examples/library/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve/servetest"
)

// TestRoundTrip sends random requests over every protocol, and answers with
// random values, streams of them where the method has one: all arrive as they
// were sent.
func TestRoundTrip(t *testing.T) {
	//lint:ignore SA1019 a deprecated value travels, too
	genres := []library.Genre{library.GenreNovel, library.GenreScience, library.GenreAlmanac}
	echo := &servetest.Echo{
		Rounds: 100, Enums: []any{genres},
		Choices: []servetest.Choice{
			{In: library.Item{}, Fields: []string{"Book", "Film"}, Required: true},
			{In: library.Contact{}, Fields: []string{"Email", "Letter"}, Required: true},
			{In: library.ContactInput{}, Fields: []string{"Email", "Letter"}, Required: true},
			{In: library.LendBookRequest{}, Fields: []string{"Period", "DueAt"}},
			{In: library.Reservation{}, Fields: []string{"ReadySince", "PlaceInQueue"}},
		},
		Prepare: func(_ string, request any) {
			switch r := request.(type) { // GraphQL has a default for it
			case *library.ListBooksRequest:
				r.PageSize = cmp.Or(r.PageSize, library.Ptr(int32(1)))
			case *library.SearchRequest:
				r.PageSize = cmp.Or(r.PageSize, library.Ptr(int32(1)))
			case *library.UpdateBookRequest:
				r.UpdateMask = []string{"copies", "published_at"}
			}
		},
	}
	srv, err := libraryserver.New(libraryserver.Services{}, serve.WithInterceptor(echo.Intercept))
	if err != nil {
		t.Fatal(err)
	}
	url, endpoint := serveIt(t, srv)
	calls := []string{"GetBook", "GetItem", "ListBooks", "Search", "CreateBook", "CreateFilm", "DeleteBook", "LendBook", "ReserveItem", "UpdateBook"}
	streams := []string{"ExportItems", "WatchLoans"}
	for protocol, want := range map[string][]string{"graphql": calls, "rest": slices.Concat(streams, calls), "grpc": slices.Concat(streams, calls)} {
		slices.Sort(want)
		t.Run(protocol, func(t *testing.T) {
			catalog, desk := clients(t, url, endpoint, protocol, server.Key)
			got := append(echo.RoundTrip(t, catalog), echo.RoundTrip(t, desk)...)
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%q came through, want %q", got, want)
			}
		})
	}
}
