package runtime

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestGraphQLErrors(t *testing.T) {
	cases := []struct {
		name, body string
		status     int
		want       Error
	}{
		{name: "message in the table", body: `{"errors":[{"message":"no such user","path":["result"]}],"data":null}`,
			want: Error{Code: CodeNotFound, Message: "no such user"}},
		{name: "prefix", body: `{"errors":[{"message":"no such thing"}]}`, want: Error{Code: CodeInternal, Message: "no such thing"}},
		{name: "longer prefix", body: `{"errors":[{"message":"no such user in sight"}]}`, want: Error{Code: CodeAborted, Message: "no such user in sight"}},
		{name: "unknown", body: `{"errors":[{"message":"so such user"}]}`, want: Error{Code: CodeUnknown, Message: "so such user"}},
		{name: "data beside errors", body: `{"data":{"result":{"text":"x"}},"errors":[{"message":"no such user"}]}`,
			want: Error{Code: CodeNotFound, Message: "no such user"}},
		{name: "data that does not fit beside errors", body: `{"data":"x","errors":[{"message":"no such user"}]}`,
			want: Error{Code: CodeNotFound, Message: "no such user"}},
		{name: "validation", status: 422, body: `{"data":null,"errors":[{"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"},"message":"must be defined","path":["variable","params","password"]}]}`,
			want: Error{Code: CodeInvalidArgument, Message: "must be defined", ServerCode: "GRAPHQL_VALIDATION_FAILED", HTTPStatus: 422,
				Violations: []FieldViolation{{"password", "must be defined"}}}},
		{name: "validation in a list", status: 422, body: `{"errors":[{"message":"m","path":["variable","params","checks",2,"object"]}]}`,
			want: Error{Code: CodeInvalidArgument, Message: "m", HTTPStatus: 422, Violations: []FieldViolation{{"checks[2].object", "m"}}}},
		{name: "validation of the variable", status: 422, body: `{"errors":[{"message":"m","path":["variable","params"]}]}`,
			want: Error{Code: CodeInvalidArgument, Message: "m", HTTPStatus: 422, Violations: []FieldViolation{{"params", "m"}}}},
		{name: "validation of a list variable", status: 422, body: `{"errors":[{"message":"m","path":["variable","ids",0]}]}`,
			want: Error{Code: CodeInvalidArgument, Message: "m", HTTPStatus: 422, Violations: []FieldViolation{{"ids[0]", "m"}}}},
		{name: "canonical extension", body: `{"errors":[{"message":"no such user","extensions":{"code":"UNAVAILABLE"}}]}`,
			want: Error{Code: CodeUnavailable, Message: "no such user", ServerCode: "UNAVAILABLE"}},
		{name: "extension that is a number", body: `{"errors":[{"message":"no such user","extensions":{"code":17}}]}`,
			want: Error{Code: CodeNotFound, Message: "no such user", ServerCode: "17"}},
		{name: "several", body: `{"errors":[{"message":"first"},{"message":"no such user"},{"message":"no such thing"}]}`,
			want: Error{Code: CodeNotFound, Message: "first; no such user; no such thing"}},
		{name: "status decides", status: 429, body: `{"errors":[{"message":"slow down"}]}`,
			want: Error{Code: CodeResourceExhausted, Message: "slow down", HTTPStatus: 429}},
		{name: "malformed elements", body: `{"errors":["no such user",null,{"message":17,"path":"x","extensions":[]}]}`,
			want: Error{Code: CodeNotFound, Message: "no such user; an error without a message; an error without a message"}},
		{name: "not a list", body: `{"errors":{"message":"no such user"}}`, want: Error{Code: CodeNotFound, Message: "no such user"}},
		{name: "not even an object", body: `{"errors":17}`, want: Error{Code: CodeUnknown, Message: "an error without a message"}},
		{name: "refused before GraphQL", status: 403, body: `{"error":"csrf_validation_failed","error_description":"Origin not allowed"}`,
			want: Error{Code: CodePermissionDenied, Message: "Origin not allowed", ServerCode: "csrf_validation_failed", HTTPStatus: 403}},
		{name: "two documents", status: 400, body: `{"error":"invalid_client_id","error_description":"The client id is invalid"}{"data":{"result":{"text":"x"}}}`,
			want: Error{Code: CodeInvalidArgument, Message: "The client id is invalid", ServerCode: "invalid_client_id", HTTPStatus: 400}},
		{name: "errors, then another document", status: 400, body: `{"errors":[{"message":"no such user"}]}{}`,
			want: Error{Code: CodeNotFound, Message: "no such user", HTTPStatus: 400}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			status := max(tc.status, 200)
			c := serve(t, respond(status, "application/json", tc.body))
			got, err := ask(context.Background(), c, nil)
			checkError(t, got, err, tc.want, status, ProtocolGraphQL)
		})
	}
}

func TestRESTErrors(t *testing.T) {
	cases := []struct {
		name, body string
		status     int
		want       Error
	}{
		{"canonical", `{"code":"unauthenticated","message":"unauthorized"}`, 401, Error{Code: CodeUnauthenticated, Message: "unauthorized", ServerCode: "unauthenticated"}},
		{"code before status", `{"code":"failed_precondition","message":"m"}`, 400, Error{Code: CodeFailedPrecondition, Message: "m", ServerCode: "failed_precondition"}},
		{"unknown code", `{"code":"method_not_allowed","message":"Method Not Allowed"}`, 405, Error{Code: CodeUnimplemented, Message: "Method Not Allowed", ServerCode: "method_not_allowed"}},
		{"code alone", `{"code":"not_found"}`, 500, Error{Code: CodeNotFound, Message: "not_found", ServerCode: "not_found"}},
		{"a failure is never ok", `{"code":"ok","message":"m"}`, 409, Error{Code: CodeAborted, Message: "m", ServerCode: "ok"}},
		{"oauth", `{"error":"invalid_grant","error_description":"expired"}`, 400, Error{Code: CodeUnauthenticated, Message: "expired", ServerCode: "invalid_grant"}},
		{"oauth without description", `{"error":"invalid_request"}`, 400, Error{Code: CodeInvalidArgument, Message: "invalid_request", ServerCode: "invalid_request"}},
		{"google status", `{"code":16,"message":"m","details":[]}`, 500, Error{Code: CodeUnauthenticated, Message: "m", ServerCode: "16"}},
		{"google status with violations", `{"code":3,"message":"m","details":[{"@type":"x"},{"fieldViolations":[{"field":"a.b","description":"d"},{"description":"d"}]}]}`, 400,
			Error{Code: CodeInvalidArgument, Message: "m", ServerCode: "3", Violations: []FieldViolation{{"a.b", "d"}}}},
		{"number that is no code", `{"code":2017,"message":"m"}`, 500, Error{Code: CodeInternal, Message: "m", ServerCode: "2017"}},
		{"number that is ok", `{"code":0,"message":"m"}`, 503, Error{Code: CodeUnavailable, Message: "m", ServerCode: "0"}},
		{"google json", `{"error":{"code":404,"status":"NOT_FOUND","message":"m"}}`, 404, Error{Code: CodeNotFound, Message: "m", ServerCode: "NOT_FOUND"}},
		{"status beside code", `{"status":"error","code":"aborted","message":"m"}`, 500, Error{Code: CodeAborted, Message: "m", ServerCode: "aborted"}},
		{"problem", `{"type":"about:blank","title":"Not Found","status":404,"detail":"no such user"}`, 404, Error{Code: CodeNotFound, Message: "no such user"}},
		{"problem without detail", `{"title":"Forbidden","status":403}`, 403, Error{Code: CodePermissionDenied, Message: "Forbidden"}},
		{"errors are GraphQL's", `{"errors":[{"message":"no such user"}],"message":"m"}`, 500, Error{Code: CodeInternal, Message: "m"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, respond(tc.status, "application/json", tc.body), WithProtocol(ProtocolREST))
			got, err := ask(context.Background(), c, nil)
			checkError(t, got, err, tc.want, tc.status, ProtocolREST)
		})
	}
}

func checkError(t *testing.T, got *askAnswer, err error, want Error, status int, p Protocol) {
	t.Helper()
	want.HTTPStatus, want.Method, want.Protocol = status, "ask", p
	if e := asError(t, err); got != nil || !reflect.DeepEqual(*e, want) {
		t.Errorf("got  %+v, %#v\nwant %#v", got, *e, want)
	}
}

func TestCodeFromHTTP(t *testing.T) {
	want := map[int]Code{
		302: CodeUnknown, 400: CodeInvalidArgument, 401: CodeUnauthenticated, 402: CodeUnknown, 403: CodePermissionDenied,
		404: CodeNotFound, 405: CodeUnimplemented, 408: CodeDeadlineExceeded, 409: CodeAborted, 410: CodeNotFound,
		412: CodeFailedPrecondition, 413: CodeResourceExhausted, 416: CodeOutOfRange, 422: CodeInvalidArgument,
		429: CodeResourceExhausted, 431: CodeResourceExhausted, 499: CodeCanceled, 500: CodeInternal, 501: CodeUnimplemented,
		502: CodeUnavailable, 503: CodeUnavailable, 504: CodeDeadlineExceeded, 505: CodeUnknown,
	}
	for status, code := range want {
		if got := codeFromHTTP(status); got != code {
			t.Errorf("%d: got %s, want %s", status, got, code)
		}
	}
}

func TestCodes(t *testing.T) {
	sentinels := []error{nil, ErrCanceled, ErrUnknown, ErrInvalidArgument, ErrDeadlineExceeded, ErrNotFound, ErrAlreadyExists,
		ErrPermissionDenied, ErrResourceExhausted, ErrFailedPrecondition, ErrAborted, ErrOutOfRange, ErrUnimplemented,
		ErrInternal, ErrUnavailable, ErrDataLoss, ErrUnauthenticated}
	for i, name := range codeNames() {
		c := Code(i)
		for _, text := range []string{name, strings.ToUpper(name)} {
			if got, ok := canonicalCode(text); !ok || got != c {
				t.Errorf("%s: got %s, %t", text, got, ok)
			}
		}
		for j, sentinel := range sentinels {
			if got := errors.Is(&Error{Code: c}, sentinel); got != (i == j && i > 0) {
				t.Errorf("%s is %v: %t", c, sentinel, got)
			}
		}
	}
	if got, ok := canonicalCode("CANCELLED"); !ok || got != CodeCanceled {
		t.Errorf("got %s, %t", got, ok)
	}
	if _, ok := canonicalCode("17"); ok {
		t.Error("17 is a code")
	}
	if got := Code(99).String(); got != "code(99)" {
		t.Errorf("got %s", got)
	}
}

func TestGRPCCode(t *testing.T) {
	table := testAPI().Errors
	if code, text := table.GRPCCode(16); code != CodeUnauthenticated || text != "" {
		t.Errorf("got %s %q", code, text)
	}
	if code, text := table.GRPCCode(2017); code != CodeInternal || text != "2017" {
		t.Errorf("got %s %q", code, text)
	}
	if code, _ := new(ErrorTable).GRPCCode(17); code != CodeUnknown {
		t.Errorf("got %s", code)
	}
}

func TestErrorText(t *testing.T) {
	cause := errors.New("cause")
	e := &Error{Code: CodeInvalidArgument, Message: "m", Method: "ask", Protocol: ProtocolREST, HTTPStatus: 400,
		Violations: []FieldViolation{{"a", "is b"}, {"c", "is d"}}, cause: cause}
	if got, want := e.Error(), "ask over rest: invalid_argument: m (HTTP 400): a: is b; c: is d"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := (&Error{Code: CodeUnknown, HTTPStatus: 200}).Error(), "unknown"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !errors.Is(fmt.Errorf("x: %w", e), cause) {
		t.Error("the cause cannot be reached")
	}
}

func TestLongMessagesAreCut(t *testing.T) {
	c := serve(t, respond(500, "application/json", `{"message":"x`+strings.Repeat("é", 10000)+`"}`), WithProtocol(ProtocolREST))
	_, err := ask(context.Background(), c, nil)
	if e := asError(t, err); len(e.Message) > maxMessage+3 || !strings.HasSuffix(e.Message, "é...") {
		t.Errorf("got %d bytes: ...%q", len(e.Message), e.Message[len(e.Message)-10:])
	}
}
