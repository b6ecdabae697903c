package demo

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"

	"github.com/triwire/authorizer-sdk/sdk/authorizertest"
)

func startServer(t *testing.T) *authorizertest.Server {
	t.Helper()
	s, err := startEmbedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := startAnew(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	return s
}

// environment looks variables up in pairs.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func runMain(t *testing.T, env func(string) string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(t.Context(), env, &out, &errs)
	return code, out.String(), errs.String()
}

func TestEmbedded(t *testing.T) {
	code, out, errs := runMain(t, environment())
	if code != exitSame || errs != "" {
		t.Fatalf("exit code %d, stderr %q, output:\n%s", code, errs, out)
	}
	for _, want := range []string{
		`(?m)^signup +ok +ok +ok +same$`,
		`(?m)^login +ok +ok +ok +same$`,
		`(?m)^login, wrong password +unauthenticated +unauthenticated +unauthenticated +same$`,
		`(?m)^profile +ok +ok +ok +same$`,
		`(?m)^users +ok +ok +ok +same$`,
		`(?m)^check_permissions +failed_precondition +failed_precondition +failed_precondition +same$`,
		`(?m)^delete_user +ok +ok +ok +same$`,
		`(?m)^  user\.app_data\.seats +3 +3 +3$`,
		`(?m)^  user\.created_at +1750000000 +1750000000 +1750000000$`,
		`(?m)^  user\.id .* left out$`,
		`(?m)^admin_signup +offered +unimplemented +unimplemented +early$`,
		`(?m)^  requests sent +not called +0 +0$`,
		`works over graphql`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no line like %s", want)
		}
	}
	if strings.Contains(out, "\x1b") || strings.Contains(out, "eyJ") {
		t.Error("the output has colour, or shows a token")
	}
	for line := range strings.Lines(out) {
		if len(line) > 101 {
			t.Errorf("too wide: %s", line)
		}
	}
	if t.Failed() {
		t.Log(out)
	}
}

// behind answers with what change makes of the server's HTTP answers.
func behind(t *testing.T, s *authorizertest.Server, change func(r *http.Request, status int, body string) (int, string)) *Target {
	t.Helper()
	target := embedded(s)
	target.URL = serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		proxy(t, s).ServeHTTP(recorded, r)
		code, body := change(r, recorded.Code, recorded.Body.String())
		w.Header().Set("Content-Type", recorded.Header().Get("Content-Type"))
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}))
	return target
}

// proxy hands requests on to a server, as they came.
func proxy(t *testing.T, s *authorizertest.Server) http.Handler {
	t.Helper()
	target, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = target.Scheme, target.Host }}
}

// serve answers on loopback until the test ends.
func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func runTarget(t *testing.T, target *Target) (problems int, out string) {
	t.Helper()
	var b bytes.Buffer
	problems, err := Run(t.Context(), *target, newPrinter(&b, environment()))
	if err != nil {
		t.Fatal(err)
	}
	return problems, b.String()
}

// replace makes a change of the answers of one path.
func replace(path, old, new string) func(*http.Request, int, string) (int, string) {
	return func(r *http.Request, status int, body string) (int, string) {
		if r.URL.Path == path {
			body = regexp.MustCompile(old).ReplaceAllString(body, new)
		}
		return status, body
	}
}

func TestWrongServer(t *testing.T) {
	unchanged := func(_ *http.Request, status int, body string) (int, string) { return status, body }
	for name, c := range map[string]struct {
		change   func(*http.Request, int, string) (int, string)
		problems int
		want     string
	}{
		"a proxy alone":          {unchanged, 0, `(?m)^signup .* same$`},
		"another number":         {replace("/v1/profile", `"seats": ?3`, `"seats":4`), 1, `(?m)^  app_data\.seats +3 +4 +3 +differs$`},
		"an empty value":         {replace("/graphql", `"gpu":null`, `"gpu":""`), 4, `(?m)^  user\.app_data\.limits\.gpu +"" +null +null +differs$`},
		"a field not shown":      {replace("/v1/login", `"nickname": ?""`, `"nickname":"al"`), 1, `(?m)^  user\.nickname +"" +al +"" +differs$`},
		"a key that is gone":     {replace("/v1/profile", `"plan": ?"pro", ?`, ``), 1, `(?m)^  app_data\.plan +"pro" +\(missing\) +"pro" +differs$`},
		"one user less":          {replace("/v1/admin/users", `"total": ?"3"`, `"total":"2"`), 1, `(?m)^  pagination\.total +3 +2 +3 +differs$`},
		"another message":        {replace("/v1/login", `invalid credentials`, `no`), 1, `(?m)^  error message .* differs$`},
		"a message that differs": {replace("/v1/check_permissions", `is not enabled`, `is off`), 1, `(?m)^check_permissions .* DIFFERS$`},
		"another code":           {statusOf("/v1/login", 401, 403), 1, `(?m)^login, wrong password +unauthenticated +permission_denied +unauthenticated +DIFFERS$`},
		"one that does not work": {statusOf("/v1/profile", 200, 500), 1, `(?m)^profile +ok +internal +ok +DIFFERS$`},
		"a user who is another":  {replace("/graphql", `"email":"bob@`, `"email":"rob@`), 1, `(?m)^  users\[2\]\.email +rob@example.com +bob@example.com +bob@example.com +differs$`},
	} {
		t.Run(name, func(t *testing.T) {
			problems, out := runTarget(t, behind(t, startServer(t), c.change))
			if problems != c.problems || !regexp.MustCompile(c.want).MatchString(out) {
				t.Errorf("%d problems, want %d and a line like %s:\n%s", problems, c.problems, c.want, out)
			}
		})
	}
}

// statusOf makes an error of answers with a status.
func statusOf(path string, from, to int) func(*http.Request, int, string) (int, string) {
	codes := map[int]string{403: "permission_denied", 500: "internal"}
	return func(r *http.Request, status int, body string) (int, string) {
		if r.URL.Path == path && status == from {
			return to, `{"code":"` + codes[to] + `","message":"invalid credentials"}`
		}
		return status, body
	}
}

// That three protocols fail alike is not what the demo wants to see.
func TestAllFail(t *testing.T) {
	s := step{name: "users"}
	f := outcome{err: &authorizer.Error{Code: authorizer.CodeUnauthenticated}}
	if r := judge(s, []outcome{f, f, f}); r.verdict != failing || r.problem() != 1 {
		t.Errorf("three failures alike: %s", r.verdict)
	}
	s.mayFail = true
	if r := judge(s, []outcome{f, f, f}); r.verdict != same {
		t.Errorf("a step that may fail: %s", r.verdict)
	}
	s.fails, s.mayFail = authorizer.CodeUnauthenticated, false
	ok := outcome{value: &authorizer.User{}}
	if r := judge(s, []outcome{ok, ok, ok}); r.verdict != failing {
		t.Errorf("a step that should have failed: %s", r.verdict)
	}
}
