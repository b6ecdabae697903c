package runtime

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// A decoder must come to a value or a typed error, whatever it is given, and
// must not quote what it cannot read.

func seeds(f *testing.F) {
	f.Helper()
	for _, body := range []string{
		"", " ", "null", "{", "[]", "{}", "17", `"x"`, "<html></html>",
		`{"data":{"result":{"text":"x","count":1}}}`, `{"data":{"result":null}}`, `{"data":null}`, `{"data":{"result":{"count":"x"}}}`,
		`{"data":null,"errors":[{"message":"unauthorized","path":["result"]}]}`,
		`{"errors":[{"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"},"message":"must be defined","path":["variable","params","checks",0,"object"]}]}`,
		`{"errors":[null,17,"x",{"message":[],"path":{},"extensions":17}]}`,
		`{"error":"invalid_client_id","error_description":"The client id is invalid"}{"data":{"result":{}}}`,
		`{"code":"unauthenticated","message":"unauthorized"}`, `{"code":16,"message":"m","details":[{"fieldViolations":[{"field":"a"}]}]}`,
		`{"error":{"code":404,"status":"NOT_FOUND","message":"m"}}`, `{"text":"x","count":1}`, "{\"text\":\"\xff\"}",
		strings.Repeat("[", 20000), `{"text":"x"} trailing`,
	} {
		for _, status := range []int{200, 204, 302, 400, 401, 500, 503} {
			f.Add(status, "application/json", []byte(body))
		}
		f.Add(200, "text/html", []byte(body))
	}
}

func fuzzCall(p Protocol) *Call {
	return &Call{core: &core{api: testAPI()}, method: methodAsk(), encoder: Encoder{protocol: p}}
}

func checkOutcome(t *testing.T, r *reply, err error, empty bool) {
	t.Helper()
	var e *Error
	switch {
	case err == nil && (!r.ok() || empty):
		t.Errorf("no error and no value for %s: %q", r, r.body)
	case err == nil:
	case !errors.As(err, &e):
		t.Errorf("got %T %v", err, err)
	case e.Code == CodeOK || e.Message == "" || !utf8.ValidString(err.Error()) || e.HTTPStatus != r.status:
		t.Errorf("got %#v", e)
	}
}

func FuzzDecodeGraphQL(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		r := &reply{status: status, contentType: mediaType(kind), body: body}
		var data askData
		data.Result = &askWire{Text: "untouched"}
		err := fuzzCall(ProtocolGraphQL).decodeGraphQL(r, &data)
		checkOutcome(t, r, err, false)
		if err == nil && data.Result != nil && data.Result.Text == "untouched" {
			t.Errorf("success without data: %q", body)
		}
	})
}

func FuzzDecodeREST(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		r := &reply{status: status, contentType: mediaType(kind), body: body}
		var out askWire
		err := fuzzCall(ProtocolREST).decodeREST(r, &out)
		checkOutcome(t, r, err, len(body) == 0)
		checkOutcome(t, r, fuzzCall(ProtocolREST).decodeREST(r, &struct{}{}), false)
	})
}

func FuzzErrorBody(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, status int, kind string, body []byte) {
		r := &reply{status: status, contentType: mediaType(kind), body: body}
		for _, p := range httpProtocols() {
			e := fuzzCall(p).errorFromBody(r)
			if e.Code == CodeOK || e.Message == "" || len(e.Message) > 2*maxMessage || e.HTTPStatus != status {
				t.Errorf("got %#v", e)
			}
		}
	})
}
