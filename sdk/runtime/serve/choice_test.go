package serve_test

import (
	"context"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// Requests with choices: a term is one of two fields, of which a loan needs one.
type (
	term struct {
		Days *int64
		Due  *string
		Tags []string
	}
	loan  struct{ Term *term }
	loans struct {
		List  []loan
		Named map[string]loan
		Paged *bool
		Whole *bool
	}
)

// choiceAPI has a method that counts how often it is called.
func choiceAPI(calls *int) *serve.API {
	return &serve.API{
		Name: "test",
		GraphQL: &serve.Schema{Path: "/graphql", Text: `
			type Query { lend(list: [Loan!], paged: Boolean, whole: Boolean): Boolean }
			input Loan { term: Term }
			input Term { days: Int, due: String, tags: [String!] }`},
		Messages: []serve.Message{
			{Name: "term", Type: serve.TypeOf[term](), Fields: []serve.Field{
				{Go: "Days", Wire: "days", Presence: true}, {Go: "Due", Wire: "due", Presence: true}, {Go: "Tags", Wire: "tags", Presence: true},
			}, Choices: []serve.Choice{{Fields: []string{"Days", "Due", "Tags"}, Required: true}}},
			{Name: "loan", Type: serve.TypeOf[loan](), Fields: []serve.Field{{Go: "Term", Wire: "term", Message: "term", Presence: true}}},
			{Name: "rest loans", Type: serve.TypeOf[loans](), Fields: []serve.Field{
				{Go: "List", Wire: "list", Message: "loan"}, {Go: "Named", Wire: "named", Message: "loan"},
				{Go: "Paged", Wire: "paged", Presence: true}, {Go: "Whole", Wire: "whole", Presence: true},
			}, Choices: []serve.Choice{{Fields: []string{"Paged", "Whole"}}}},
			{Name: "graphql loans", Type: serve.TypeOf[loans](), Fields: []serve.Field{
				{Go: "List", Wire: "list", Message: "loan", In: serve.InArgument},
				{Go: "Paged", Wire: "paged", In: serve.InArgument, Presence: true}, {Go: "Whole", Wire: "whole", In: serve.InArgument, Presence: true},
			}, Choices: []serve.Choice{{Fields: []string{"Paged", "Whole"}}}},
		},
		Methods: []serve.Method{{
			Name: "lend", Handler: serve.NoResponse(func(context.Context, *loans) error { *calls++; return nil }),
			GraphQL: &serve.GraphQL{Field: "lend", Request: "graphql loans"},
			REST:    &serve.REST{Verb: "POST", Path: "/lend", Request: "rest loans", Status: 200},
		}},
	}
}

// TestChoices: the implementation never gets two fields of which one can be set.
func TestChoices(t *testing.T) {
	const term = "only one of days, due, tags can"
	for _, c := range []struct{ path, body, want string }{
		{"/lend", `{"list": [{"term": {"days": 1}}, {}, {"term": {"due": ""}}], "paged": false}`, ""},
		{"/lend", `{"paged": false, "whole": null}`, ""},
		{"/lend", `{"paged": false, "whole": false}`, "whole cannot be set together with paged: only one of paged, whole can"},
		{"/lend", `{"list": [{}, {"term": {"days": 1, "due": "x"}}]}`, "list[1].term.due cannot be set together with days: " + term},
		{"/lend", `{"named": {"a": {"term": {"days": 0, "tags": []}}}}`, "named.a.term.tags cannot be set together with days: " + term},
		{"/lend", `{"list": [{"term": {}}]}`, "list[0].term.days must be set, or another one of days, due, tags"},
		{"/graphql", `{"query": "{ lend(paged: true) }"}`, ""},
		{"/graphql", `{"query": "{ lend(paged: true, whole: false) }"}`, "whole cannot be set together with paged: only one of paged, whole can"},
		{"/graphql", `{"query": "{ lend(list: [{term: {days: 1, due: \"x\"}}]) }"}`, "list[0].term.due cannot be set together with days: " + term},
	} {
		calls := 0
		got := ask(t, choiceAPI(&calls), c.path, c.body)
		if refused := calls == 0; refused != (c.want != "") || !strings.Contains(got, c.want) {
			t.Errorf("%s was called %d times and answered %s, want %q", c.body, calls, got, c.want)
		}
	}
}

func TestChoiceOfWrongFields(t *testing.T) {
	api := choiceAPI(new(int))
	api.Messages[0].Choices[0].Fields[1] = "Other"
	if _, err := serve.New(api); err == nil || !strings.Contains(err.Error(), "message term: Other is no field that can be one of a choice") {
		t.Errorf("the error is %v", err)
	}
}

// TestChoicesInAnswers: what would be dropped, over each protocol another field, is
// an error of the implementation.
func TestChoicesInAnswers(t *testing.T) {
	both := &media{Book: &work{Title: "B"}, Film: &work{Title: "F"}}
	for name, answer := range map[string]*library{"best": {Best: both}, "all[1]": {All: []media{{Book: both.Book}, *both}}, "": {Best: &media{Film: both.Film}}, "nothing": nil} {
		api := unionAPI(func(context.Context, *library) (*library, error) { return answer, nil })
		for i := range api.Messages {
			if api.Messages[i].Union {
				api.Messages[i].Choices = []serve.Choice{{Fields: []string{"Book", "Film"}}}
			}
		}
		want := "the answer of library cannot be written: " + name + ".film cannot be set together with book: only one of book, film can"
		switch name {
		case "":
			want = `"title":"F"`
		case "nothing":
			want = "method library returned neither an answer nor an error"
		}
		for path, body := range map[string]string{"/library": "{}", "/graphql": `{"query": "{ library { best { ... on Film { title } } all { __typename } } }"}`} {
			if got := ask(t, api, path, body); !strings.Contains(got, want) {
				t.Errorf("%s answers %s, want %s", path, got, want)
			}
		}
	}
}
