package authorizer_test

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// An error with a status of success is an error, for whichever method, and a
// result that looks a little like one is a result.
func TestErrorsWithStatus200(t *testing.T) {
	a := &answering{status: 200}
	methods := methodsOfBoth(t, a)
	graphQLOnly := []string{"AdminSignup", "GenerateJWTKeys", "UpdateEnv"}
	cases := []struct {
		body    string
		want    error // nil: a result
		message string
	}{
		{`{"code":"unauthenticated","message":"no"}`, authorizer.ErrUnauthenticated, "no"},
		{`{"code":7,"message":"no","details":[]}`, authorizer.ErrPermissionDenied, "no"},
		{`{"error":"invalid_grant","error_description":"no"}`, nil, "no"}, // the code is the manifest's
		{`{"error":{"code":401,"status":"UNAUTHENTICATED","message":"no"}}`, authorizer.ErrUnauthenticated, "no"},
		{`{"message":"done"}`, nil, ""},
		{`{"message":"done","code":"green"}`, nil, ""},
		{`{"message":"done","code":0}`, nil, ""},
		{`{"message":"done","error":null}`, nil, ""},
		{`{"message":"done","error":""}`, nil, ""},
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		if slices.Contains(graphQLOnly, name) {
			continue
		}
		for _, tc := range cases {
			a.body = []byte(tc.body)
			_, _, err := invoke(t.Context(), methods[name], func(reflect.Value) {}, authorizer.WithProtocol(authorizer.ProtocolREST))
			var e *authorizer.Error
			_ = errors.As(err, &e)
			switch {
			case tc.message == "" && err != nil && e.Message != "the answer has no result":
				t.Errorf("%s: %s is the error %v", name, tc.body, err)
			case tc.message != "" && (e == nil || e.Message != tc.message || e.HTTPStatus != 200):
				t.Errorf("%s: %s is %v", name, tc.body, err)
			case tc.want != nil && !errors.Is(err, tc.want):
				t.Errorf("%s: %s is %v, want %v", name, tc.body, err, tc.want)
			}
		}
	}
	// What the type of the result has decides, not what it looks like.
	a.body = []byte(`{"access_token":"t","error":"invalid_grant"}`)
	for _, name := range []string{"GetToken", "Login"} {
		if _, _, err := invoke(t.Context(), methods[name], func(reflect.Value) {}, authorizer.WithProtocol(authorizer.ProtocolREST)); err != nil {
			t.Errorf("%s: a token is the error %v", name, err)
		}
	}
}

// 64-bit integers over REST are texts; numbers are taken as well, exactly.
func TestIntegersAsNumbers(t *testing.T) {
	a := &answering{status: 200}
	methods := methodsOfBoth(t, a)
	for body, want := range map[string]int64{
		`{"created_at":"9007199254740993"}`:                                9007199254740993,
		`{"created_at":9007199254740993}`:                                  9007199254740993,
		`{"created_at":-9223372036854775808,"app_data":{"value":{"n":1}}}`: -9223372036854775808,
		`{"created_at":5,"updated_at":"6","email":"a"}`:                    5,
		`{"created_at":null,"updated_at":6}`:                               0,
	} {
		a.body = []byte(body)
		_, resp, err := invoke(t.Context(), methods["Profile"], nil, authorizer.WithProtocol(authorizer.ProtocolREST))
		if user, _ := resp.(*authorizer.User); err != nil || user.CreatedAt != want {
			t.Errorf("%s: got %+v, %v", body, resp, err)
		}
	}
	for _, body := range []string{`{"created_at":1.5}`, `{"created_at":9223372036854775808}`, `{"created_at":"x"}`, `{"created_at":true}`, `{"created_at":""}`, `{"created_at":1e3}`} {
		a.body = []byte(body)
		if _, resp, err := invoke(t.Context(), methods["Profile"], nil, authorizer.WithProtocol(authorizer.ProtocolREST)); !errors.Is(err, authorizer.ErrInternal) {
			t.Errorf("%s: got %+v, %v", body, resp, err)
		}
	}
	a.body = []byte(`{"access_token":"t","expires_in":"3600"}`)
	_, resp, err := invoke(t.Context(), methods["GetToken"], func(reflect.Value) {})
	if token, _ := resp.(*authorizer.TokenResponse); err != nil || token.ExpiresIn != 3600 {
		t.Errorf("a text where the contract has a number: %+v, %v", resp, err)
	}
}
