package authorizer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	authorizergrpc "github.com/triwire/authorizer-sdk/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// answering stands in for a network on which every answer is the same.
type answering struct {
	status int
	body   []byte
}

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Request: r, ContentLength: -1,
		Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {string(a.body)}, "Retry-After": {string(a.body)}},
		Body:   io.NopCloser(bytes.NewReader(a.body)),
	}, nil
}

func (a *answering) unary(_ context.Context, _ string, _, reply any, _ *grpc.ClientConn, _ grpc.UnaryInvoker, _ ...grpc.CallOption) error {
	if a.status != http.StatusOK {
		return status.Error(codes.Code(a.status), string(a.body))
	}
	message, _ := reply.(proto.Message)
	return proto.Unmarshal(a.body, message)
}

// methodsOfBoth are all methods, by name, of clients that reach only a.
func methodsOfBoth(t testing.TB, a *answering) map[string]reflect.Value {
	t.Helper()
	opts := []authorizer.Option{
		authorizer.WithHTTPClient(&http.Client{Transport: a}), authorizergrpc.WithDialOptions(grpc.WithUnaryInterceptor(a.unary)), authorizer.WithoutRetry(),
	}
	user, err := authorizer.New("http://localhost", "id", opts...)
	if err != nil {
		t.Fatal(err)
	}
	admin, err := authorizer.NewAdmin("http://localhost", "admin secret", opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = user.Close(), admin.Close() })
	all := apiMethods(user)
	maps.Copy(all, apiMethods(admin))
	return all
}

// Whatever a server answers to whichever method, a call comes to a value or a
// typed error: it never panics, and never returns neither.
func FuzzAnswers(f *testing.F) {
	s := sdktest.Start(f)
	s.Close()
	a := new(answering)
	methods := methodsOfBoth(f, a)
	names := slices.Sorted(maps.Keys(methods))
	protocols := sdktest.Protocols()
	for i, name := range names {
		for _, body := range []string{`{}`, `{"data":{"result":{}}}`, `{"data":{"result":{"users":[null],"user":null,"claims":[],"pagination":{"total":"x"}}}}`, `{"users":[null],"user":{"app_data":{"value":1}}}`, `null`, ``} {
			f.Add(i, 0, 200, []byte(body))
			f.Add(i, 1, 200, []byte(body))
		}
		if m := s.Filled(name, "text"); m != nil {
			data, _ := proto.Marshal(m)
			f.Add(i, 2, 200, data)
			f.Add(i, 2, 200, data[:len(data)/2])
		}
		f.Add(i, 2, 200, []byte{})
		f.Add(i, i%3, 16, []byte("unauthorized"))
	}
	f.Fuzz(func(t *testing.T, method, protocol, status int, body []byte) {
		if method < 0 || protocol < 0 || status < 100 && status > 16 || status < 1 || status > 999 {
			t.Skip()
		}
		a.status, a.body = status, body
		name := names[method%len(names)]
		p := protocols[protocol%len(protocols)]
		session := authorizer.WithSession(authorizer.NewSession())
		_, resp, err := invoke(t.Context(), methods[name], func(reflect.Value) {}, authorizer.WithProtocol(p), session)
		var e *authorizer.Error
		switch {
		case err != nil && (!errors.As(err, &e) || e.Code == authorizer.CodeOK || e.Method == ""):
			t.Errorf("%s over %s: got %#v", name, p, err)
		case err != nil && resp != nil && !reflect.ValueOf(resp).IsNil():
			t.Errorf("%s over %s: got both an answer and %v", name, p, err)
		case err == nil && name != "RevokeToken" && (resp == nil || reflect.ValueOf(resp).IsNil()):
			t.Errorf("%s over %s: got neither an answer nor an error for %q", name, p, body)
		}
	})
}
