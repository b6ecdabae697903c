package replay

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// change is one way to write a request.
type change struct {
	name, recording, step string
	edit                  func(r *Request)
	// part is what the change is noticed by; empty for one without meaning.
	part Part
}

func header(name, value string) func(*Request) {
	return func(r *Request) { r.Headers[name] = value }
}

func noHeader(name string) func(*Request) {
	return func(r *Request) { delete(r.Headers, name) }
}

func meta(name string, values ...string) func(*Request) {
	return func(r *Request) { r.Metadata[name] = values }
}

func body(text string) func(*Request) {
	return func(r *Request) { r.Body = json.RawMessage(text) }
}

func replace(old, new string) func(*Request) {
	return func(r *Request) {
		r.Body = json.RawMessage(strings.Replace(string(r.Body), old, new, 1))
	}
}

func wire(text string) func(*Request) {
	return func(r *Request) { r.MessageBase64 = []byte(text) }
}

func query(document, variables string) func(*Request) {
	return func(r *Request) {
		r.Body = json.RawMessage(canonical(map[string]any{"query": document, "variables": json.RawMessage(variables)}))
	}
}

const (
	metaOfUsers = `query($p: PaginatedRequest) { `
	pageFields  = `pagination { limit page offset total } `
	userFields  = `id email email_verified signup_methods given_name family_name middle_name nickname preferred_username ` +
		`gender birthdate phone_number phone_number_verified picture roles created_at updated_at revoked_timestamp ` +
		`is_multi_factor_auth_enabled app_data `
)

func credentialChanges() []change {
	return []change{
		{"wrong bearer", "graphql", "profile_bearer_ok", header("Authorization", "Bearer other"), PartAuthorization},
		{"no bearer", "rest", "profile_bearer_ok", noHeader("Authorization"), PartAuthorization},
		{"no bearer", "grpc", "profile_bearer_ok", meta("authorization"), PartAuthorization},
		{"unasked bearer", "rest", "profile_none", header("Authorization", "Bearer jwt-1"), PartAuthorization},
		{"wrong cookie", "rest", "profile_cookie_ok", header("Cookie", "cookie_session=other"), PartCookie},
		{"no cookie", "grpc", "profile_cookie_ok", meta("cookie"), PartCookie},
		{"wrong secret", "graphql", "users_all_ok", header("X-Authorizer-Admin-Secret", "other"), PartAdminSecret},
		{"no secret", "rest", "users_all_ok", noHeader("X-Authorizer-Admin-Secret"), PartAdminSecret},
		{"wrong secret", "grpc", "users_all_ok", meta("x-authorizer-admin-secret", "other"), PartAdminSecret},
		{"other issuer", "grpc", "users_all_ok", meta("x-authorizer-url", "http://other"), PartURL},
		{"no issuer", "grpc", "users_all_ok", meta("x-authorizer-url"), PartURL},
		{"other issuer", "rest", "users_all_ok", header("X-Authorizer-Url", "http://other"), PartURL},
		{"issuer said", "rest", "users_all_ok", header("X-Authorizer-Url", ServerURL), ""},
		{"other client", "graphql", "meta_ok", header("X-Authorizer-Client-Id", "999"), PartClient},
		{"client said", "graphql", "meta_ok", header("X-Authorizer-Client-Id", ClientID), ""},
		{"client said", "grpc", "meta_ok", meta("x-authorizer-client-id", ClientID), ""},
		{"client unsaid", "rest", "http_bad_client_id", noHeader("X-Authorizer-Client-Id"), PartClient},
	}
}

func transportChanges() []change {
	return []change{
		{"no origin", "rest", "login_ok", noHeader("Origin"), PartOrigin},
		{"foreign origin", "graphql", "login_ok", header("Origin", "http://other"), PartOrigin},
		{"unasked origin", "rest", "users_no_origin", header("Origin", ServerURL), PartOrigin},
		{"origin for referer", "rest", "http_referer_instead_of_origin", func(r *Request) {
			r.Headers = map[string]string{"Content-Type": "application/json", "Origin": ServerURL}
		}, ""},
		{"no content type", "rest", "logout_bearer_ok", noHeader("Content-Type"), PartContentType},
		{"charset", "rest", "login_ok", header("Content-Type", "application/json; charset=utf-8"), ""},
		{"no accept", "rest", "login_ok", noHeader("Accept"), ""},
		{"accept anything", "graphql", "login_ok", header("Accept", "*/*"), PartAccept},
		{"other path", "rest", "meta_ok", func(r *Request) { r.Path = "/v1/meta/" }, PartPath},
		{"query", "rest", "meta_ok", func(r *Request) { r.Path = "/v1/meta?x=1" }, PartPath},
		{"other verb", "rest", "login_ok", func(r *Request) { r.Method = "PUT" }, PartVerb},
		{"other method", "grpc", "login_ok", func(r *Request) { r.Method += "2" }, PartPath},
		{"GraphQL for REST", "rest", "meta_ok", func(r *Request) {
			r.Method, r.Path = "POST", "/graphql"
			query("{ meta { version } }", "{}")(r)
		}, PartBody},
		{"HTTP for gRPC", "grpc", "meta_ok", func(r *Request) {
			*r = Request{Method: "GET", Path: "/v1/meta", Headers: map[string]string{"Accept": "application/json"}}
		}, PartTransport},
	}
}

func bodyChanges() []change {
	return []change{
		{"dropped field", "rest", "users_page1_ok", body(`{"pagination":{"page":1}}`), PartBody},
		{"added field", "rest", "users_page1_ok", replace(`"limit":2`, `"limit":2,"page_token":"x"`), PartBody},
		{"unknown field", "rest", "users_page1_ok", replace(`"limit":2`, `"limit":2,"x":1`), PartBody},
		{"int64 as string", "rest", "users_page1_ok", replace(`2`, `"2"`), ""},
		{"zero without presence", "rest", "login_ok", replace(`{`, `{"phone_number":"","roles":[],"state":null,`), ""},
		{"zero with presence", "rest", "update_user_fields_ok", replace(`{`, `{"email":"",`), PartBody},
		{"presence lost", "rest", "update_user_clear_fields_ok", replace(`"nickname":"",`, ``), PartBody},
		{"bare map", "rest", "update_profile_app_data_ok", body(`{"app_data":{"int":42}}`), PartBody},
		{"null in map lost", "rest", "update_profile_app_data_ok", replace(`"null":null,`, ``), PartBody},
		{"camel case", "rest", "validate_jwt_access_ok", replace(`token_type`, `tokenType`), ""},
		{"no body for an empty object", "rest", "logout_bearer_ok", body(""), ""},
		{"text for object", "rest", "logout_bearer_ok", body(`"x"`), PartBody},
		{"added field", "grpc", "login_ok", func(r *Request) { r.MessageBase64 = append(r.MessageBase64, 0x12, 1, 'x') }, PartBody},
		{"unknown field", "grpc", "login_ok", func(r *Request) { r.MessageBase64 = append(r.MessageBase64, 0x98, 0x3f, 1) }, PartBody},
		{"empty message", "grpc", "login_ok", wire(""), PartBody},
		{"no message", "grpc", "login_ok", wire("\xff"), PartBody},
		{"JSON for form", "rest", "oauth_token_refresh_form_ok", func(r *Request) {
			r.Headers["Content-Type"] = "application/json"
			r.Body = json.RawMessage(`{"refresh_token":"jwt-26","grant_type":"refresh_token","client_id":"123456"}`)
		}, ""},
		{"dropped field", "rest", "oauth_token_refresh_form_ok", replace("refresh_token=jwt-26", ""), PartBody},
		{"other client", "rest", "oauth_token_refresh_form_ok", replace("123456", "999"), PartClient},
		{"field twice", "rest", "oauth_token_refresh_form_ok", replace("grant_type=", "grant_type=x&grant_type="), PartBody},
		{"client in the body", "rest", "oauth_revoke_json_legacy_ok", func(r *Request) {
			delete(r.Headers, "X-Authorizer-Client-Id")
			replace(`{`, `{"client_id":"123456",`)(r)
		}, ""},
		{"client in the header", "rest", "oauth_revoke_missing_client", header("X-Authorizer-Client-Id", ClientID), PartClient},
	}
}

func graphqlChanges() []change {
	users := metaOfUsers + `result: _users(params: $p) { `
	page1 := `{"p": {"pagination": {"limit": 2.0, "page": 1}}}`
	return []change{
		{"alias and fragments", "graphql", "users_page1_ok",
			query(users+`...P users { ...U app_data } } } fragment P on Users { `+pageFields+`} fragment U on User { `+userFields+`}`, page1), ""},
		{"literal arguments", "graphql", "users_page1_ok",
			query(`{ _users(params: {pagination: {limit: 2, page: 1}}) { `+pageFields+`users { `+userFields+`} } }`, `{}`), ""},
		{"nulls", "graphql", "users_page1_ok", replace(`"page":1`, `"page":1,"x":null`), PartBody},
		{"null for absent", "graphql", "users_limit_only", replace(`"limit":2`, `"limit":2,"page":null`), ""},
		{"no params for empty ones", "graphql", "users_all_ok", query(users+pageFields+`users { `+userFields+`} } }`, `{}`), ""},
		{"empty params for none", "graphql", "users_all_ok", query(users+pageFields+`users { `+userFields+`} } }`, `{"p": {}}`), ""},
		{"absent for empty object", "graphql", "login_missing_password", replace(`{"email":"alice@example.com"}`, `{}`), PartBody},
		{"wrong argument", "graphql", "users_page1_ok", replace(`"limit":2`, `"limit":3`), PartBody},
		{"number as text", "graphql", "users_page1_ok", replace(`"limit":2`, `"limit":"2"`), PartBody},
		{"null in a map lost", "graphql", "update_profile_app_data_ok", replace(`"null":null,`, ``), PartBody},
		{"dropped field", "graphql", "users_page1_ok", replace(`family_name `, ``), PartBody},
		{"added field", "graphql", "gql_alias_ok", query(`{ meta { version client_id } }`, `{}`), PartBody},
		{"renamed field", "graphql", "profile_bearer_ok", replace(`{ id`, `{ x: id`), PartBody},
		{"other root", "graphql", "admin_logout_none", replace(`{ _admin_logout`, `{ logout`), PartBody},
		{"unknown field", "graphql", "meta_ok", replace(`version`, `version2`), PartBody},
		{"two roots", "graphql", "meta_ok", query(`{ meta { version } profile { id } }`, `{}`), PartBody},
		{"two operations", "graphql", "meta_ok", replace(`query meta`, `query other { profile { id } } query meta`), PartBody},
		{"not JSON", "graphql", "meta_ok", body(`"{"`), PartBody},
	}
}

// A request that means something else is refused because of the part that
// changed; one that is only written in another way is not.
func TestMeaningOfRequests(t *testing.T) {
	s := newSender(t, testServer(t))
	for _, changes := range [][]change{credentialChanges(), transportChanges(), bodyChanges(), graphqlChanges()} {
		for _, c := range changes {
			t.Run(c.recording+" "+c.step+" "+c.name, func(t *testing.T) {
				step := testRecording(t, c.recording).step(t, c.step)
				request := clone(t, step.Request)
				before := clone(t, *request)
				if c.edit(request); reflect.DeepEqual(before, request) {
					t.Fatal("the change changes nothing")
				}
				visit, err := s.send(step, request)
				refused := slices.Contains(visit.Differences.Parts(), c.part)
				if refused != (c.part != "") || visit.Refused != refused || visit.Calls != 1 {
					t.Fatalf("%v\n%+v", err, visit)
				}
			})
		}
	}
}

// The answer comes under the name that the request gave to the root field,
// and so does the path of an error.
func TestAnswerUnderAlias(t *testing.T) {
	contracts, rec := testContracts(t), testRecording(t, "graphql")
	for step, want := range map[string]string{
		"admin_logout_secret_ok": `{"data":{"result":{"message":"admin logged out successfully"}}}`,
		"admin_logout_none":      `{"data":null,"errors":[{"message":"unauthorized","path":["result"]}]}`,
	} {
		s := rec.step(t, step)
		request := `{"query": "mutation { result: _admin_logout { message } }"}`
		if got := string(contracts.rekey([]byte(request), s.Response.WireBody())); got != want {
			t.Errorf("%s: %s, want %s", step, got, want)
		}
	}
}
