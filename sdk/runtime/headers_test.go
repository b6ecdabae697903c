package runtime

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
)

func TestHeaders(t *testing.T) {
	cases := []struct {
		name   string
		client []Option
		call   []CallOption
		want   map[string]string // "" means absent
	}{
		{name: "defaults", want: map[string]string{
			"Origin": "BASE", "X-Service-Url": "BASE", "X-Client-Id": clientID, "Accept": "application/json",
			"Content-Type": "application/json", "X-Admin-Secret": "", "X-Partial": "", "Cookie": "", "Authorization": "",
		}},
		{name: "settings fill templates", client: []Option{WithSetting("admin_secret", canary)}, want: map[string]string{"X-Admin-Secret": canary, "X-Partial": "for " + canary}},
		{name: "client over api", client: []Option{WithHeader("origin", "https://o")}, want: map[string]string{"Origin": "https://o"}},
		{name: "call over client", client: []Option{WithHeader("X-A", "1"), WithHeader("X-B", "1")}, call: []CallOption{WithHeader("x-a", "2")},
			want: map[string]string{"X-A": "2", "X-B": "1"}},
		{name: "empty removes", client: []Option{WithHeader("X-A", "1")}, call: []CallOption{WithHeader("x-a", ""), WithHeader("origin", "")},
			want: map[string]string{"X-A": "", "Origin": ""}},
		{name: "bearer", client: []Option{WithBearerToken("one")}, call: []CallOption{WithBearerToken("two")}, want: map[string]string{"Authorization": "Bearer two"}},
		{name: "cookies join", client: []Option{WithCookie("a", "1"), WithCookie("b", "1"), WithCookie("a", "2")},
			want: map[string]string{"Cookie": "b=1; a=2"}},
		{name: "cookie removed", client: []Option{WithCookie("a", "1"), WithCookie("b", "1"), WithCookie("a", "")},
			want: map[string]string{"Cookie": "b=1"}},
		{name: "cookie header and cookies", client: []Option{WithHeader("cookie", "x=y"), WithCookie("a", "2")},
			want: map[string]string{"Cookie": "x=y; a=2"}},
		{name: "a call's cookies replace the client's user", client: []Option{WithBearerToken("one"), WithCookie("a", "1"), WithHeader("X-A", "1")},
			call: []CallOption{WithCookie("b", "2"), WithCookie("c", "3")}, want: map[string]string{"Cookie": "b=2; c=3", "Authorization": "", "X-A": "1"}},
		{name: "a call's token replaces the client's user", client: []Option{WithCookie("a", "1"), WithHeader("Cookie", "x=y")},
			call: []CallOption{WithBearerToken("two")}, want: map[string]string{"Cookie": "", "Authorization": "Bearer two"}},
		{name: "map", client: []Option{WithHeaders(map[string]string{"X-A": "1", "x-b": "2"})}, want: map[string]string{"X-A": "1", "X-B": "2"}},
		{name: "user agent", call: []CallOption{WithHeader("user-agent", "mine/1")}, want: map[string]string{"User-Agent": "mine/1"}},
	}
	for _, p := range httpProtocols() {
		for _, tc := range cases {
			t.Run(string(p)+"/"+tc.name, func(t *testing.T) {
				var requests []seen
				c := serve(t, record(&requests), append(tc.client, WithProtocol(p))...)
				if _, err := ask(context.Background(), c, nil, tc.call...); err != nil {
					t.Fatal(err)
				}
				for name, want := range tc.want {
					want = strings.ReplaceAll(want, "BASE", c.core.base.text)
					if got := strings.Join(requests[0].Header[name], "|"); got != want {
						t.Errorf("%s: got %q, want %q", name, got, want)
					}
				}
			})
		}
	}
}

// The headers of one call must not be those of the next.
func TestCallsDoNotShareHeaders(t *testing.T) {
	var requests []seen
	c := serve(t, record(&requests), WithBearerToken("client"))
	alice, bob := c.With(WithBearerToken("alice"), WithCookie("s", "alice")), c.With(WithCookie("s", "bob"))
	for _, step := range []func() error{
		func() error { _, err := ask(context.Background(), alice, nil, WithHeader("X-A", "1")); return err },
		func() error { _, err := ask(context.Background(), bob, nil, WithHeader("X-B", "1")); return err },
		func() error { _, err := ask(context.Background(), c, nil); return err },
		func() error { _, err := ask(context.Background(), alice, nil); return err },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"Bearer alice|s=alice|1|", "|s=bob||1", "Bearer client|||", "Bearer alice|s=alice||"}
	for i, r := range requests {
		got := strings.Join([]string{r.Header.Get("Authorization"), r.Header.Get("Cookie"), r.Header.Get("X-A"), r.Header.Get("X-B")}, "|")
		if got != want[i] {
			t.Errorf("call %d: got %s, want %s", i, got, want[i])
		}
	}
}

// Views that were made of one client one after the other must not overwrite
// each other's headers.
func TestViewsDoNotShareMemory(t *testing.T) {
	var requests []seen
	for n := range 9 {
		opts := []Option{}
		for range n {
			opts = append(opts, WithHeader("X-Client", "1"), WithCookie("client", "1"))
		}
		c := serve(t, record(&requests), opts...)
		alice := c.With(WithHeader("X-Who", "alice"), WithCookie("who", "alice"))
		c.With(WithHeader("X-Who", "bob"), WithCookie("who", "bob"))
		if _, err := ask(context.Background(), alice, nil, WithTimeout(0)); err != nil {
			t.Fatal(err)
		}
		last := requests[len(requests)-1]
		if last.Header.Get("X-Who") != "alice" || !strings.HasSuffix(last.Header.Get("Cookie"), "who=alice") {
			t.Errorf("with %d headers before: got %v", n, last.Header)
		}
	}
}

func TestGivenValuesAreNotChanged(t *testing.T) {
	var requests []seen
	headers := map[string]string{"x-a": "1"}
	own := &http.Client{}
	option := WithHeaders(headers)
	headers["x-late"] = "1"
	c := serve(t, record(&requests), option, WithHTTPClient(own))
	if _, err := ask(context.Background(), c, nil); err != nil {
		t.Fatal(err)
	}
	if requests[0].Header.Get("X-Late") != "" || requests[0].Header.Get("X-A") != "1" {
		t.Errorf("the map was not copied: %v", requests[0].Header)
	}
	if !maps.Equal(headers, map[string]string{"x-a": "1", "x-late": "1"}) || own.CheckRedirect != nil || own.Transport != nil {
		t.Error("a value of the caller was changed")
	}
}

func TestExpand(t *testing.T) {
	values := map[string]string{"a": "1", "b": "2", "empty": ""}
	cases := []struct {
		template, text string
		missing        bool
	}{
		{"plain", "plain", false},
		{"{a}", "1", false},
		{"x{a}-{b}y", "x1-2y", false},
		{"{a}{empty}", "1", true},
		{"{unknown}", "", true},
		{"{a", "{a", false},
		{"", "", false},
	}
	for _, tc := range cases {
		if text, missing := expand(tc.template, values); text != tc.text || missing != tc.missing {
			t.Errorf("%q: got %q %t, want %q %t", tc.template, text, missing, tc.text, tc.missing)
		}
	}
}
