package serve_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// A union as the generator lays it out: a struct with a pointer for each variant.
type (
	media   struct{ Book, Film *work }
	work    struct{ Title string }
	library struct {
		Best *media
		All  []media
	}
)

// unionAPI echoes a library over REST, and answers one over GraphQL.
func unionAPI(echo func(context.Context, *library) (*library, error)) *serve.API {
	variants := func(book, film string) []serve.Field {
		return []serve.Field{{Go: "Book", Wire: "book", Message: "work", Variant: []string{book}}, {Go: "Film", Wire: "film", Message: "work", Variant: []string{film, "movie"}}}
	}
	fields := func(union string) []serve.Field {
		return []serve.Field{{Go: "Best", Wire: "best", Message: union}, {Go: "All", Wire: "all", Message: union}}
	}
	return &serve.API{
		Name: "test",
		GraphQL: &serve.Schema{Path: "/graphql", Text: `
			type Query { library: Library }
			type Library { best: Media, all: [Media!]! }
			union Media = Book | Film
			type Book { title: String! }
			type Film { title: String! }`},
		Messages: []serve.Message{
			{Name: "work", Type: serve.TypeOf[work](), Fields: []serve.Field{{Go: "Title", Wire: "title"}}},
			{Name: "graphql media", Type: serve.TypeOf[media](), Union: true, Fields: variants("Book", "Film")},
			{Name: "rest media", Type: serve.TypeOf[media](), Union: true, Discriminator: "kind", Fields: variants("BOOK", "FILM")},
			{Name: "graphql library", Type: serve.TypeOf[library](), Fields: fields("graphql media")},
			{Name: "rest library", Type: serve.TypeOf[library](), Fields: fields("rest media")},
		},
		Methods: []serve.Method{{
			Name: "library", Handler: serve.Unary(echo),
			GraphQL: &serve.GraphQL{Field: "library", Response: "graphql library"},
			REST:    &serve.REST{Verb: "POST", Path: "/library", Request: "rest library", Response: "rest library", Status: 200},
		}},
	}
}

func ask(t *testing.T, api *serve.API, path, body string) string {
	t.Helper()
	srv, err := serve.New(api)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	srv.Handler().ServeHTTP(rec, req)
	return rec.Body.String()
}

func TestUnions(t *testing.T) {
	var got *library
	rest := unionAPI(func(_ context.Context, in *library) (*library, error) { got = in; return in, nil })
	const full = `{"best":{"kind":"FILM","title":"Ran"},"all":[{"kind":"BOOK","title":"Emma"},{"kind":"FILM"}]}`
	if body := ask(t, rest, "/library", full); body != full || got.Best.Film.Title != "Ran" || got.Best.Book != nil || len(got.All) != 2 {
		t.Errorf("%s becomes %+v and %s", full, got, body)
	}
	for in, want := range map[string]string{
		`{"best":{"kind":"movie","title":"Ran"}}`: `{"best":{"kind":"FILM","title":"Ran"}}`,
		`{}`:                     `{}`,
		`{"best":{"title":"x"}}`: `{"code":"invalid_argument","message":"best is none of the variants of its type"}`,
		`{"all":[{"kind":"x"}]}`: `{"code":"invalid_argument","message":"all[0] is none of the variants of its type"}`,
	} {
		if body := ask(t, rest, "/library", in); body != want {
			t.Errorf("%s: got %s, want %s", in, body, want)
		}
	}
	graphQL := unionAPI(func(context.Context, *library) (*library, error) {
		return &library{Best: &media{Book: &work{"Emma"}}, All: []media{{Film: &work{"Ran"}}, {Book: &work{"Emma"}}}}, nil
	})
	const query = `{"query":"{ library { best { ...m } all { __typename ... on Film { film: title } } } } fragment m on Media { ... on Book { book: title } }"}`
	if body := ask(t, graphQL, "/graphql", query); body != `{"data":{"library":{"best":{"book":"Emma"},"all":[{"__typename":"Film","film":"Ran"},{"__typename":"Book"}]}}}` {
		t.Errorf("GraphQL answers %s", body)
	}
	none := unionAPI(func(context.Context, *library) (*library, error) { return &library{All: []media{{}}}, nil })
	if body := ask(t, none, "/graphql", `{"query":"{ library { best { __typename } } }"}`); body != `{"data":{"library":{"best":null}}}` {
		t.Errorf("an absent choice: %s", body)
	}
	if body := ask(t, none, "/graphql", `{"query":"{ library { all { __typename } } }"}`); body != `{"errors":[{"message":"must not be null","path":["library","all",0]}],"data":{"library":null}}` {
		t.Errorf("an empty choice in a list: %s", body)
	}
}

// TestBrokenDescriptions: what does not hold together is found when a server is
// made, all of it at once.
func TestBrokenDescriptions(t *testing.T) {
	api := unionAPI(nil)
	api.Messages[0].Fields = append(api.Messages[0].Fields, serve.Field{Go: "Nope", Wire: "nope"}, serve.Field{Go: "Title", Wire: "t", Message: "rest media"}, serve.Field{Go: "Title", Wire: "e", Enum: "none"})
	api.Methods[0].REST.Response = "work"
	api.Methods = append(api.Methods, serve.Method{Name: "other", Handler: serve.Bare(nil), REST: &serve.REST{Verb: "GET", Path: "/x", Transcoded: true},
		GRPC: &serve.GRPC{FullMethod: "/no.such.Service/Method"}})
	_, err := serve.New(api)
	for _, want := range []string{
		"message work: type serve_test.work has no field Nope", "message work: field Title is no rest media", "message work: field Title is of the unknown enum none",
		"method library: message work is not of type serve_test.library", "method other: proto:",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\ndoes not say %q", err, want)
		}
	}
	api = unionAPI(nil)
	api.GraphQL.Text = "type Query { a: Nope }"
	if _, err := serve.New(api); err == nil || !strings.Contains(err.Error(), "Undefined type Nope") {
		t.Errorf("a broken schema: %v", err)
	}
	api = unionAPI(nil)
	api.Methods[0].REST.Path = "/{a}/b}"
	if _, err := serve.New(api); err == nil || !strings.Contains(err.Error(), "cannot be served") {
		t.Errorf("a broken path: %v", err)
	}
}
