package replay

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// noticed is a recording that was changed, so that the SDK no longer fits it.
type noticed struct {
	name, recording, step string
	edit                  func(s *Step)
	// part is where the request no longer fits; field is what the result then
	// differs in.
	part  Part
	field string
}

func onBody(edit func(*Request)) func(*Step) {
	return func(s *Step) { edit(&s.Request) }
}

func answer(old, new string) func(*Step) {
	return func(s *Step) {
		s.Response.Body = json.RawMessage(strings.Replace(string(s.Response.Body), old, new, 1))
	}
}

// What the replay is for: it notices when the SDK sends something else than
// was recorded, and when it reads something else.
func TestReplayNotices(t *testing.T) {
	tests := []noticed{
		{"wrong selection", "graphql", "profile_bearer_ok", onBody(replace(" nickname", "")), PartBody, ""},
		{"wrong argument", "graphql", "login_ok", onBody(replace("alice@", "bob@")), PartBody, ""},
		{"wrong field", "graphql", "logout_bearer_ok", onBody(replace("{ logout", "{ deactivate_account")), PartBody, ""},
		{"dropped field", "rest", "login_ok", onBody(replace(`"password"`, `"email":"x","password"`)), PartBody, ""},
		{"dropped list", "rest", "login_ok", onBody(replace(`,"profile"`, ``)), PartBody, ""},
		{"wrong map", "rest", "signup_full_ok", onBody(replace(`"int":42`, `"int":43`)), PartBody, ""},
		{"wrong message", "grpc", "login_ok", onBody(wire("")), PartBody, ""},
		{"wrong path", "rest", "login_ok", onBody(func(r *Request) { r.Path = "/v1/signin" }), PartPath, ""},
		{"wrong method", "grpc", "logout_bearer_ok", onBody(func(r *Request) {
			r.Method = "/authorizer.v1.AuthorizerService/DeactivateAccount"
		}), PartPath, ""},
		{"wrong bearer", "graphql", "profile_bearer_ok", onBody(header("Authorization", "Bearer other")), PartAuthorization, ""},
		{"wrong cookie", "rest", "profile_cookie_ok", onBody(header("Cookie", "cookie_session=other")), PartCookie, ""},
		{"wrong secret", "grpc", "users_all_ok", onBody(meta("x-authorizer-admin-secret", "other")), PartAdminSecret, ""},
		{"wrong URL", "grpc", "users_all_ok", onBody(meta("x-authorizer-url", "http://other")), PartURL, ""},
		{"wrong origin", "rest", "login_ok", onBody(header("Origin", "http://other")), PartOrigin, ""},
		{"lost answer", "graphql", "profile_bearer_ok", answer(`"nickname":"al"`, `"nickname":null`), "", "nickname"},
		{"lost map", "rest", "profile_bearer_ok", answer(`"int":42,`, ``), "", "app_data.int"},
		{"lost role", "rest", "login_ok", answer(`["user"]`, `[]`), "", "user.roles"},
	}
	server := testServer(t)
	for _, tt := range tests {
		t.Run(tt.recording+" "+tt.name, func(t *testing.T) {
			c := newCaller(t, server, tt.recording)
			original := testRecording(t, tt.recording).step(t, tt.step)
			changed := testRecording(t, tt.recording).step(t, tt.step)
			tt.edit(changed)
			want := c.play(original)
			server.Play(changed)
			got, err := c.call(original)
			if err != nil || want.Code != CodeOK {
				t.Fatalf("%v, %+v", err, want)
			}
			tt.check(t, server.Visit(), want, got)
		})
	}
}

func (tt *noticed) check(t *testing.T, visit Visit, want, got Outcome) {
	if tt.part != "" {
		if !visit.Refused || !slices.Contains(visit.Differences.Parts(), tt.part) || got.Code == CodeOK {
			t.Errorf("not noticed: %+v, %+v", visit, got)
		}
		return
	}
	if paths := Paths(DiffValues(want.Result, got.Result)); visit.Refused || !slices.Equal(paths, []string{tt.field}) {
		t.Errorf("differs in %q, want %q: %v", paths, tt.field, got.Err)
	}
}

// A request that says nothing of the server's URL or the client can mean the
// recorded one. The SDK is to say both all the same, and to say it exactly once.
func TestPromisedHeaders(t *testing.T) {
	server := testServer(t)
	for _, protocol := range Protocols() {
		c := newCaller(t, server, protocol)
		for step, names := range map[string][]string{
			"meta_ok":      {"X-Authorizer-Url " + ServerURL, "X-Authorizer-Client-Id " + ClientID},
			"users_all_ok": {"X-Authorizer-Url " + ServerURL, "X-Authorizer-Admin-Secret " + AdminSecret},
		} {
			sent := c.play(testRecording(t, protocol).step(t, step)).Visit.Sent
			if protocol != "grpc" {
				names = append(names, "Origin "+ServerURL)
			} else if len(sent["origin"]) > 0 {
				t.Errorf("%s over grpc: an Origin was sent", step)
			}
			for _, name := range names {
				name, value, _ := strings.Cut(name, " ")
				if protocol == "grpc" {
					name = strings.ToLower(name)
				}
				if !slices.Equal(sent[name], []string{value}) {
					t.Errorf("%s over %s: %s is %q, want %q", step, protocol, name, sent[name], value)
				}
			}
		}
	}
}

// The recorded answer is decoded without the SDK; what the SDK returns is held
// against that.
func TestAnchor(t *testing.T) {
	graphql := &Step{Request: Request{Path: "/graphql"}, Response: Response{Body: json.RawMessage(
		`{"data": {"x": {"name": "a", "count": null, "items": [], "data": {"list": []}}}}`)}}
	rest := &Step{Request: Request{Path: "/v1/x"}, Response: Response{Body: json.RawMessage(
		`{"code": "internal", "message": "out of order"}`)}}
	token := &Step{Request: Request{Path: "/oauth/x"}, Response: Response{Body: json.RawMessage(`{"name": "a"}`)}}
	inner := map[string]any{"list": []any{}}
	tests := []struct {
		name    string
		step    *Step
		out     Outcome
		problem string
	}{
		{"equal", graphql, Outcome{Code: CodeOK, Result: &sample{Name: "a", Data: inner}}, ""},
		{"lost text", graphql, Outcome{Code: CodeOK, Result: &sample{Data: inner}}, `name: expected "a", got ""`},
		{"empty list", graphql, Outcome{Code: CodeOK, Result: &sample{Name: "a", Data: inner, Items: []sample{}}}, "items: expected"},
		{"lost list", graphql, Outcome{Code: CodeOK, Result: &sample{Name: "a", Data: map[string]any{"list": nil}}}, "data.list: expected"},
		{"no place", graphql, Outcome{Code: CodeOK, Result: &struct{}{}}, `unknown field "name"`},
		{"token", token, Outcome{Code: CodeOK, Result: &sample{Name: "a"}}, ""},
		{"lost token", token, Outcome{Code: CodeOK}, "no place for the recorded answer"},
		{"error", rest, Outcome{Code: "internal", Err: errorText("x: internal: out of order")}, ""},
		{"wrong code", rest, Outcome{Code: "unknown", Err: errorText("x: unknown: out of order")}, "the recorded one is internal"},
		{"lost message", rest, Outcome{Code: "internal", Err: errorText("x: internal")}, `does not say "out of order"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expectProblem(t, anchor(tt.step, &tt.out), tt.problem)
		})
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }
