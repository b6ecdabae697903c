package wiretest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	library "github.com/triwire/authorizer-sdk/examples/library/sdk"
	libraryserver "github.com/triwire/authorizer-sdk/examples/library/sdk/server"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// answering stands in for a network on which every answer is the same.
type answering struct {
	status int
	body   []byte
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Request: r, ContentLength: -1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(a.body)),
	}, nil
}

// full makes a request in which every text is set, so that it can be sent.
func full(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && (f.Kind() == reflect.String && f.Type() == reflect.TypeFor[string]() || f.Kind() == reflect.Struct) {
				full(f)
			}
		}
	}
}

// FuzzLibraryAnswers: whatever a server answers over HTTP, a call comes to a value
// that can be written as JSON, or to a typed error. The library's types are
// enums, times, durations, typed maps, unions, wrappers and wide numbers.
func FuzzLibraryAnswers(f *testing.F) {
	a := new(answering)
	methods := libraryMethods(f, "localhost:1", library.WithHTTPClient(&http.Client{Transport: a}))
	delete(methods, "DeleteBook")
	names := slices.Sorted(maps.Keys(methods))
	const book = `{"id":"1","title":"t","authors":["a"],"genre":"NOVEL","publishedAt":"2020-01-02T03:04:05.000000006Z","labels":{"k":"v"},"copies":"9007199254740993","shelf":"s"}`
	const film = `{"__typename":"Film","id":"2","title":"t","director":"d","length":"5400.5s","rating":4.5,"copies":3,"shelf":"s"}`
	for i := range names {
		for _, body := range []string{
			book, `{"book":` + book + `}`, film, `{"film":` + film + `}`, `{"books":[` + book + `,null],"nextPageToken":"n"}`,
			`{"hits":[{"item":` + film + `,"score":1e308},{"item":{"__typename":"Other"}},{"item":{}}],"counts":{"a":"1","b":2,"c":null},"nextPageToken":""}`,
			`{"hits":[{"item":{"book":` + book + `,"film":` + film + `}}],"counts":{"a":99999999999999999999}}`,
			`{"id":"1","notify":{"__typename":"Email","address":"a"},"readySince":"0001-01-01T00:00:00Z","placeInQueue":0}`,
			`{"id":"1","notify":{"letter":{"street":"s"}},"readySince":"9999-12-31T23:59:59.999999999Z","placeInQueue":null}`,
			`{"genre":"UNHEARD","publishedAt":"yesterday","labels":{"k":1},"copies":1.5}`, `{"genre":7,"length":"-0.5s"}`, `{"length":"315576000001s"}`,
			`{"dueAt":"2020-01-01T24:00:00Z"}`, `{"labels":null,"authors":null}`, `{"labels":[]}`, `[]`, `null`, ``, `{`,
		} {
			f.Add(i, true, []byte(body))
			f.Add(i, false, []byte(`{"data":{"result":`+body+`}}`))
		}
	}
	f.Fuzz(func(t *testing.T, method int, rest bool, body []byte) {
		a.status, a.body = http.StatusOK, body
		name := names[uint(method)%uint(len(names))]
		p := library.ProtocolGraphQL
		if rest {
			p = library.ProtocolREST
		}
		in := reflect.New(methods[name].Type().In(1).Elem())
		full(in.Elem())
		if r, ok := in.Interface().(*library.ReserveItemRequest); ok {
			r.Notify.Email = &library.EmailInput{Address: "a"}
		}
		out := methods[name].Call([]reflect.Value{reflect.ValueOf(t.Context()), in, reflect.ValueOf(library.WithProtocol(p))})
		err, _ := out[1].Interface().(error)
		var e *library.Error
		switch {
		case err != nil && (!errors.As(err, &e) || e.Code == library.CodeOK || e.Method == ""):
			t.Errorf("%s over %s: got %#v", name, p, err)
		case err != nil && e.Code == library.CodeInvalidArgument && len(e.Violations) > 0 && e.HTTPStatus == 0:
			t.Fatalf("%s over %s was not sent: %v", name, p, err)
		case err != nil && !out[0].IsNil():
			t.Errorf("%s over %s: got both an answer and %v", name, p, err)
		case err == nil && out[0].IsNil():
			t.Errorf("%s over %s: got neither an answer nor an error for %q", name, p, body)
		case err == nil:
			if _, err := json.Marshal(out[0].Interface()); err != nil {
				t.Errorf("%s over %s: %q is read as what cannot be written: %v", name, p, body, err)
			}
		}
	})
}

// libraryHandler serves the library by its generated server. What a request is
// read as must be writable.
func libraryHandler(tb testing.TB) http.Handler {
	tb.Helper()
	srv, err := libraryserver.New(libraryserver.Services{}, serve.WithMaxRequestBytes(1<<16),
		serve.WithInterceptor(func(_ context.Context, req *serve.Request, _ func(context.Context) error) error {
			if _, err := json.Marshal(req.Message); err != nil {
				return serve.Errorf(library.CodeInternal, "a request is read as what cannot be written: %s", err)
			}
			return serve.Errorf(library.CodeNotFound, "there is nothing")
		}))
	if err != nil {
		tb.Fatal(err)
	}
	return srv.Handler()
}

// FuzzLibraryREST: whatever stands in a query and a body, the answer is JSON that
// blames the caller.
func FuzzLibraryREST(f *testing.F) {
	operations := []string{
		"GET /v1/books/1", "GET /v1/books", "GET /v1/items/1", "GET /v1/search", "POST /v1/shelves/1/books", "POST /v1/shelves/1/films",
		"PATCH /v1/books/1", "DELETE /v1/books/1", "POST /v1/books/1/loans", "POST /v1/items/1/reservations",
	}
	for i := range operations {
		for _, query := range []string{
			"", "genres=NOVEL&genres=7&since=2020-01-01T00:00:00Z&pageSize=3&pageToken=%00", "since=yesterday", "pageSize=99999999999", "pageSize=&genres=",
			"updateMask=title,publishedAt", "updateMask=a.b&update_mask=c", "query=%ff", "query=a&query=b", "%zz", "book.title=x",
		} {
			f.Add(i, query, []byte{})
		}
		for _, body := range []string{
			`{"title":"t","authors":["a",null],"genre":"NOVEL","publishedAt":"2020-01-02T03:04:05Z","labels":{"k":"v"},"copies":"9007199254740993"}`,
			`{"title":"t","director":"d","length":"5400.5s","rating":"NaN","copies":1e2}`, `{"length":"-315576000000.999999999s","rating":-0}`,
			`{"reader":"r","period":"1s","dueAt":"9999-12-31T23:59:59Z"}`, `{"reader":"r","notify":{"email":{"address":"a"}}}`, `{"notify":{"email":{},"letter":{}}}`,
			`{"notify":null}`, `{"labels":{"k":1}}`, `{"labels":[]}`, `{"genre":[]}`, `{"genre":3}`, `{"genre":"NOBODY"}`, `{"publishedAt":0}`, `[]`, `null`, `{`, "\xff",
		} {
			f.Add(i, "", []byte(body))
		}
	}
	handler := libraryHandler(f)
	f.Fuzz(func(t *testing.T, operation int, query string, body []byte) {
		verb, path, _ := strings.Cut(operations[uint(operation)%uint(len(operations))], " ")
		req := httptest.NewRequestWithContext(t.Context(), verb, path, bytes.NewReader(body))
		req.URL.RawQuery = query
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		if !json.Valid(rec.Body.Bytes()) || rec.Code < 400 || rec.Code >= 500 {
			t.Errorf("%s %s?%s %q is answered with %d %q", verb, path, query, body, rec.Code, rec.Body)
		}
	})
}

// FuzzLibraryGraphQL: whatever the document and its variables, the answer is JSON
// with data or errors, and no error is the server's own.
func FuzzLibraryGraphQL(f *testing.F) {
	for _, seed := range [][2]string{
		{`query($g: [Genre!], $t: Time) { books(genres: $g, since: $t) { books { id } } }`, `{"g":"NOVEL","t":"2020-01-01T00:00:00Z"}`},
		{`query($g: [Genre!], $t: Time) { books(genres: $g, since: $t) { books { id } } }`, `{"g":["X",null],"t":7}`},
		{`mutation($b: BookInput!) { createBook(shelf: "1", book: $b) { id } }`, `{"b":{"title":"t","authors":"a","labels":{"k":1},"copies":"5","publishedAt":"x"}}`},
		{`mutation($b: BookInput!) { createBook(shelf: "1", book: $b) { id } }`, `{"b":{"copies":9007199254740993,"labels":{"k":"v"},"genre":"NOVEL"}}`},
		{`mutation { createFilm(shelf: 1, film: {title: "t", director: "d", length: "-1.5s", rating: 1e400}) { id } }`, ``},
		{`mutation { reserveItem(itemId: "1", reader: "r", notify: {email: {address: "a"}, letter: {street: "s", town: "t"}}) { notify { ... on Email { address } } } }`, ``},
		{`mutation($n: ContactInput!) { reserveItem(itemId: "1", reader: "r", notify: $n) { id } }`, `{"n":{"email":null}}`},
		{`mutation($m: [String!]) { updateBook(bookId: "1", book: {}, updateMask: $m) { id } }`, `{"m":["published_at","publishedAt","a..b"]}`},
		{`mutation { lendBook(bookId: "1", input: {reader: "r", period: "1s", dueAt: "0000-01-01T00:00:00Z"}) { dueAt } }`, ``},
	} {
		f.Add(seed[0], seed[1])
	}
	handler := libraryHandler(f)
	f.Fuzz(func(t *testing.T, document, variables string) {
		request := map[string]any{"query": document}
		if json.Valid([]byte(variables)) {
			request["variables"] = json.RawMessage(variables)
		}
		body, err := json.Marshal(request)
		if err != nil {
			t.Skip()
		}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		handler.ServeHTTP(rec, req)
		var out map[string]json.RawMessage
		if err := json.Unmarshal(rec.Body.Bytes(), &out); err != nil || out["data"] == nil && out["errors"] == nil {
			t.Fatalf("%q is answered with %d %q", body, rec.Code, rec.Body)
		}
		if strings.Contains(string(out["errors"]), "internal") {
			t.Errorf("%q is answered with %s", body, rec.Body)
		}
	})
}
