package runtime

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

type listRequest struct {
	page  int64
	token string
}

type listAnswer struct {
	items []int
	page  Page
	token string
}

// walkPages walks answers by page number and says what came: entries, pages
// that were asked for, and the error.
func walkPages(answers []listAnswer, start int64, stopAfter int) string {
	var asked []string
	call := func(_ context.Context, r *listRequest) (*listAnswer, error) {
		asked = append(asked, fmt.Sprint(r.page))
		if len(asked) > len(answers) {
			return nil, errors.New("asked too often")
		}
		return &answers[len(asked)-1], nil
	}
	set := func(r *listRequest, page int64) *listRequest { r.page = page; return r }
	read := func(a *listAnswer) ([]int, Page) { return a.items, a.page }
	req := &listRequest{page: start}
	var got []string
	for item, err := range NumberedPages(context.Background(), methodAsk(), req, start, call, set, read) {
		if err != nil {
			got = append(got, fmt.Sprintf("%d:%v", item, err))
			continue
		}
		got = append(got, fmt.Sprint(item))
		if stopAfter--; stopAfter == 0 {
			break
		}
	}
	if req.page != start {
		got = append(got, "the request was changed")
	}
	return strings.Join(got, " ") + " | " + strings.Join(asked, " ")
}

func TestNumberedPages(t *testing.T) {
	two := []listAnswer{{items: []int{1, 2}, page: Page{0, 3}}, {items: []int{3}, page: Page{2, 3}}}
	for _, test := range []struct {
		name    string
		answers []listAnswer
		start   int64
		stop    int
		want    string
	}{
		{"all", two, 0, 0, "1 2 3 | 0 2"},
		{"from a page", two, 4, 0, "1 2 3 | 4 5"},
		{"from the first", two, 1, 0, "1 2 3 | 1 2"},
		{"stopped", two, 0, 1, "1 | 0"},
		{"stopped at the end of a page", two, 0, 2, "1 2 | 0"},
		{"none", []listAnswer{{}}, 0, 0, " | 0"},
		{"fewer than it says", []listAnswer{{items: []int{1}, page: Page{0, 5}}, {page: Page{1, 5}}}, 0, 0, "1 | 0 2"},
		{"it does not say how many", []listAnswer{{items: []int{1}}}, 0, 0, "1 | 0"},
		{"more while walking", []listAnswer{{items: []int{1}, page: Page{0, 1}}}, 0, 0, "1 | 0"},
		{"pages of its own size", []listAnswer{{items: []int{1}, page: Page{0, 3}}, {items: []int{2}, page: Page{1, 3}}, {items: []int{3}, page: Page{2, 3}}}, 0, 0, "1 2 3 | 0 2 3"},
	} {
		if got := walkPages(test.answers, test.start, test.stop); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	again := []listAnswer{{items: []int{1}, page: Page{0, 3}}, {items: []int{1}, page: Page{0, 3}}}
	if got := walkPages(again, 0, 0); !strings.HasPrefix(got, "1 0:ask: internal: the server answered the same page again") || !strings.HasSuffix(got, "| 0 2") {
		t.Errorf("the same page again: %s", got)
	}
	if got := walkPages(two[:1], 0, 0); got != "1 2 0:asked too often | 0 2" {
		t.Errorf("an error: %s", got)
	}
}

func TestTokenPagesGoRoundInCircles(t *testing.T) {
	next := map[string]string{"": "a", "a": "b", "b": "a"}
	call := func(_ context.Context, r *listRequest) (*listAnswer, error) {
		return &listAnswer{items: []int{1}, token: next[r.token]}, nil
	}
	set := func(r *listRequest, token string) *listRequest { r.token = token; return r }
	read := func(a *listAnswer) ([]int, string) { return a.items, a.token }
	items, failures := 0, 0
	for _, err := range TokenPages(context.Background(), methodAsk(), &listRequest{}, call, set, read) {
		if err != nil {
			failures++
			continue
		}
		if items++; items > 10 {
			t.Fatal("walks for ever")
		}
	}
	if items != 3 || failures != 1 {
		t.Errorf("%d entries and %d errors, want 3 and 1", items, failures)
	}
}
