package serve_test

import (
	"context"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// find is a request of several parts.
type find struct {
	ID    string
	Limit *int64
	Tags  []string
	Langs []string
	Since *time.Time
	Exact *bool
	Trace *string
	Note  string
	Body  *work
}

type found struct{ ID string }

func partsAPI(verb, path string, got **find, fields ...serve.Field) *serve.API {
	handler := serve.Unary(func(_ context.Context, in *find) (*found, error) { *got = in; return &found{ID: in.ID}, nil })
	return &serve.API{
		Name: "test",
		GraphQL: &serve.Schema{Path: "/graphql", Text: `
			type Query { find(id: ID!, limit: Int = 10, tags: [String!], input: Rest): Found }
			input Rest { note: String = "none" }
			type Found { id: ID! }`},
		Messages: []serve.Message{
			{Name: "work", Type: serve.TypeOf[work](), Fields: []serve.Field{{Go: "Title", Wire: "title"}}},
			{Name: "found", Type: serve.TypeOf[found](), Fields: []serve.Field{{Go: "ID", Wire: "id"}}},
			{Name: "rest find", Type: serve.TypeOf[find](), Fields: fields},
			{Name: "graphql find", Type: serve.TypeOf[find](), Fields: []serve.Field{
				{Go: "ID", Wire: "id", In: serve.InArgument}, {Go: "Limit", Wire: "limit", In: serve.InArgument, Presence: true},
				{Go: "Tags", Wire: "tags", In: serve.InArgument}, {Go: "Note", Wire: "note"},
			}},
		},
		Methods: []serve.Method{{
			Name: "find", Handler: handler,
			GraphQL: &serve.GraphQL{Field: "find", Argument: "input", Request: "graphql find", Response: "found"},
			REST:    &serve.REST{Verb: verb, Path: path, Request: "rest find", Response: "found", Status: 200},
		}},
	}
}

func TestRequestsOfSeveralParts(t *testing.T) {
	var got *find
	parameters := []serve.Field{
		{Go: "ID", Wire: "id", In: serve.InPath, Param: "item.id", Required: true},
		{Go: "Limit", Wire: "limit", In: serve.InQuery, Presence: true},
		{Go: "Tags", Wire: "tags", In: serve.InQuery, Param: "tag", Explode: true},
		{Go: "Langs", Wire: "langs", In: serve.InQuery},
		{Go: "Since", Wire: "since", In: serve.InQuery, Presence: true},
		{Go: "Exact", Wire: "exact", In: serve.InQuery, Presence: true},
		{Go: "Trace", Wire: "trace", In: serve.InHeader, Param: "X-Trace", Presence: true},
	}
	content := append(parameters[:len(parameters):len(parameters)], serve.Field{Go: "Note", Wire: "note"})
	whole := append(parameters[:len(parameters):len(parameters)], serve.Field{Go: "Body", Wire: "body", In: serve.InBody, Message: "work"})
	since := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	limit, yes, trace, zero := int64(5), true, "t1", int64(0)
	cases := []struct {
		name, verb, template, target, body string
		fields                             []serve.Field
		want                               *find
		answer                             string
	}{
		{"path and query", "GET", "/items/{item.id}", "/items/a%2Fb%20c?limit=5&tag=x&tag=y,z&langs=de,en&since=2026-01-02T03:04:05Z&exact=true", "", content,
			&find{ID: "a/b c", Limit: &limit, Tags: []string{"x", "y,z"}, Langs: []string{"de", "en"}, Since: &since, Exact: &yes, Trace: &trace}, `{"id":"a/b c"}`},
		{"a word after the parameter, and a body beside", "POST", "/items/{item.id}:find", "/items/1:find?limit=0", `{"note":"n","id":"no"}`, content,
			&find{ID: "1", Limit: &zero, Trace: &trace, Note: "n"}, `{"id":"1"}`},
		{"a field that is the body", "PUT", "/items/{item.id}", "/items/1", `{"title":"T"}`, whole, &find{ID: "1", Trace: &trace, Body: &work{"T"}}, `{"id":"1"}`},
		{"several segments", "GET", "/{item.id=shelves/*/books/*}", "/shelves/1/books/2", "", content, &find{ID: "shelves/1/books/2", Trace: &trace}, `{"id":"shelves/1/books/2"}`},
		{"not these segments", "GET", "/{item.id=shelves/*}", "/shelves/1/2", "", content, nil, `{"code":"not_found","message":"Not Found"}`},
		{"a wrong number", "GET", "/items/{item.id}", "/items/1?limit=x", "", content, nil, `{"code":"invalid_argument","message":"limit must be an integer"}`},
		{"a wrong body", "PUT", "/items/{item.id}", "/items/1", `{"title":`, whole, nil, `{"code":"invalid_argument","message":"the request's body is no JSON: unexpected EOF"}`},
		{"a body of two documents", "PUT", "/items/{item.id}", "/items/1", `{"title":"T"} {"title":"U"}`, whole, nil, `{"code":"invalid_argument","message":"the request's body is no JSON: there is more after the JSON document"}`},
		{"another verb", "PATCH", "/items/{item.id}", "/items/1", "", content, nil, `{"code":"method_not_allowed","message":"Method Not Allowed"}`},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got = nil
			verb := tc.verb
			if verb == "PATCH" {
				verb = "GET"
			}
			srv, err := serve.New(partsAPI(verb, tc.template, &got, tc.fields...))
			if err != nil {
				t.Fatal(err)
			}
			req := httptest.NewRequestWithContext(t.Context(), tc.verb, tc.target, strings.NewReader(tc.body))
			req.Header.Set("X-Trace", "t1")
			rec := httptest.NewRecorder()
			srv.Handler().ServeHTTP(rec, req)
			if rec.Body.String() != tc.answer || !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %s and %+v\nwant %s and %+v", rec.Body, got, tc.answer, tc.want)
			}
		})
	}
}

func TestArguments(t *testing.T) {
	var got *find
	api := partsAPI("GET", "/x", &got, serve.Field{Go: "ID", Wire: "id"})
	limit := int64(10)
	for query, want := range map[string]*find{
		`{ find(id: 7, input: {}) { id } }`:                             {ID: "7", Limit: &limit, Note: "none"},
		`{ find(id: \"a\", limit: 10, tags: \"t\") { id } }`:            {ID: "a", Limit: &limit, Tags: []string{"t"}},
		`{ find(id: \"a\", limit: null, input: {note: \"n\"}) { id } }`: {ID: "a", Note: "n"},
	} {
		got = nil
		if body := ask(t, api, "/graphql", `{"query":"`+query+`"}`); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %+v, %s\nwant %+v", query, got, body, want)
		}
	}
}

type outer struct {
	Inner *inner
}

type inner struct{ Number *int64 }

// TestWithin: a parameter that is a field of a field wins over the body.
func TestWithin(t *testing.T) {
	var got *outer
	api := &serve.API{
		Name: "test",
		Messages: []serve.Message{
			{Name: "inner", Type: serve.TypeOf[inner](), Fields: []serve.Field{{Go: "Number", Wire: "number", Presence: true}}},
			{
				Name: "outer", Type: serve.TypeOf[outer](), Fields: []serve.Field{{Go: "Inner", Wire: "inner", In: serve.InBody, Message: "inner"}},
				Within: []serve.Within{{Param: "inner.number", Fields: []string{"inner", "number"}}},
			},
		},
		Methods: []serve.Method{{
			Name: "put", Handler: serve.NoResponse(func(_ context.Context, in *outer) error { got = in; return nil }),
			REST: &serve.REST{Verb: "PUT", Path: "/x/{inner.number}", Request: "outer", Status: 200},
		}},
	}
	srv, err := serve.New(api)
	if err != nil {
		t.Fatal(err)
	}
	seven := int64(7)
	for _, tc := range []struct {
		path, body string
		want       *outer
		answer     string
	}{
		{"/x/7", `{"number":"8"}`, &outer{&inner{&seven}}, "{}"},
		{"/x/7", ``, &outer{&inner{&seven}}, "{}"},
		{"/x/7", `null`, &outer{&inner{&seven}}, "{}"},
		{"/x/seven", `{}`, nil, `{"code":"invalid_argument","message":"inner.number must be an integer"}`},
		{"/x/7", `[]`, nil, `{"code":"invalid_argument","message":"inner must be an object"}`},
	} {
		got = nil
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "PUT", tc.path, strings.NewReader(tc.body)))
		if !reflect.DeepEqual(got, tc.want) || rec.Body.String() != tc.answer {
			t.Errorf("%s %s: got %+v and %s", tc.path, tc.body, got, rec.Body)
		}
	}
}

// TestParameters: parameters that are fields of a field are told by their names.
func TestParameters(t *testing.T) {
	var got *outer
	srv, err := serve.New(&serve.API{
		Name: "test",
		Messages: []serve.Message{
			{Name: "inner", Type: serve.TypeOf[inner](), Fields: []serve.Field{{Go: "Number", Wire: "number", In: serve.InQuery, Param: "inner.number", Presence: true}}},
			{Name: "outer", Type: serve.TypeOf[outer](), Fields: []serve.Field{{Go: "Inner", Wire: "inner", In: serve.InParts, Message: "inner", Presence: true}}},
		},
		Methods: []serve.Method{{
			Name: "get", Handler: serve.NoResponse(func(_ context.Context, in *outer) error { got = in; return nil }),
			REST: &serve.REST{Verb: "GET", Path: "/x", Request: "outer", Status: 200},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	seven := int64(7)
	for _, tc := range []struct {
		query  string
		want   *outer
		answer string
	}{
		{"inner.number=7", &outer{&inner{&seven}}, "{}"},
		{"inner=7&number=8", &outer{}, "{}"},
		{"inner.number=seven", nil, `{"code":"invalid_argument","message":"inner.number must be an integer"}`},
	} {
		got = nil
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", "/x?"+tc.query, nil))
		if !reflect.DeepEqual(got, tc.want) || rec.Body.String() != tc.answer {
			t.Errorf("%s: got %+v and %s", tc.query, got, rec.Body)
		}
	}
}

// TestMostExactRoute: the path with more that is no parameter wins.
func TestMostExactRoute(t *testing.T) {
	api := &serve.API{Name: "test"}
	for _, path := range []string{"/items/{id}", "/items/{id}:archive", "/items/latest", "/{rest=**}"} {
		api.Methods = append(api.Methods, serve.Method{Name: path, Handler: serve.Bare(func(ctx context.Context) error {
			serve.FromContext(ctx).SetHeader("X-Route", path)
			return nil
		}), REST: &serve.REST{Verb: "GET", Path: path, Status: 204}})
	}
	srv, err := serve.New(api)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/items/1": "/items/{id}", "/items/1:archive": "/items/{id}:archive", "/items/latest": "/items/latest", "/a/b/c": "/{rest=**}", "/items/1/2": "/{rest=**}"} {
		rec := httptest.NewRecorder()
		srv.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		if rec.Header().Get("X-Route") != want || rec.Code != 204 || rec.Body.Len() > 0 {
			t.Errorf("%s goes to %q with %d, want %q", path, rec.Header().Get("X-Route"), rec.Code, want)
		}
	}
}
