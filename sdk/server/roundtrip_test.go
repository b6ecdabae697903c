package authorizerserver_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
	authorizerserver "github.com/triwire/authorizer-sdk/sdk/server"
)

// rounds is how often each method is called over each protocol.
const rounds = 40

// TestRoundTrip calls every method of the SDK over every protocol with random
// requests, and answers with random values: the flat request must come out of
// the server as it went into the client, and the flat answer the other way.
func TestRoundTrip(t *testing.T) {
	sdktest.NoLeaks(t)
	echo := &echo{}
	srv := start(t, authorizerserver.Services{}, serve.WithInterceptor(echo.intercept))
	sdktest.Each(t, func(t *testing.T, p authorizer.Protocol) {
		called := map[string]bool{}
		for _, client := range []any{srv.user(t, p), srv.admin(t, p)} {
			for method, call := range methodsOf(client) {
				t.Run(method, func(t *testing.T) {
					f := &filler{Rand: rand.New(rand.NewPCG(1, uint64(len(method))))}
					for range rounds {
						if echo.once(t, f, call) {
							called[method] = true
						}
					}
				})
			}
		}
		want := map[authorizer.Protocol]int{authorizer.ProtocolGraphQL: 57, authorizer.ProtocolREST: 54, authorizer.ProtocolGRPC: 54}[p]
		if len(called) != want {
			t.Errorf("%d methods came through, want %d", len(called), want)
		}
	})
}

// methodsOf are the methods of a client that make one call.
func methodsOf(client any) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	v := reflect.ValueOf(client)
	errorType := reflect.TypeFor[error]()
	for i := range v.NumMethod() {
		m := v.Method(i).Type()
		results := m.NumOut()
		if m.NumIn() >= 2 && m.In(0) == reflect.TypeFor[context.Context]() && results > 0 && m.Out(results-1) == errorType {
			out[v.Type().Method(i).Name] = v.Method(i)
		}
	}
	return out
}

// echo notes the request of a call and answers with what it was told to.
type echo struct {
	request, answer any
	calls           int
}

func (e *echo) intercept(_ context.Context, req *serve.Request, _ func(context.Context) error) error {
	e.calls++
	e.request, req.Answer = req.Message, e.answer
	return nil
}

// once makes one call; it reports whether the client sent it.
func (e *echo) once(t *testing.T, f *filler, call reflect.Value) bool {
	t.Helper()
	e.request, e.answer, e.calls = nil, nil, 0
	in := []reflect.Value{reflect.ValueOf(context.Background())}
	var request any
	if typ := call.Type(); !typ.IsVariadic() || typ.NumIn() == 3 {
		value := reflect.New(typ.In(1).Elem())
		f.request(value.Elem())
		in, request = append(in, value), value.Interface()
	}
	var answer any
	if call.Type().NumOut() == 2 {
		value := reflect.New(call.Type().Out(0).Elem())
		f.value(value.Elem(), 0)
		answer = value.Interface()
		e.answer = answer
	}
	out := call.Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	if e.calls == 0 {
		// What a protocol cannot express is refused before anything is sent.
		if !errors.Is(err, authorizer.ErrInvalidArgument) && !errors.Is(err, authorizer.ErrUnimplemented) || !strings.Contains(err.Error(), "over ") {
			t.Errorf("the call was not sent: %v", err)
		}
		return false
	}
	if err != nil {
		t.Fatalf("the call failed: %v", err)
	}
	if d := cmp.Diff(request, e.request, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the request changed on its way (-client +server):\n%s", d)
	}
	if len(out) == 2 {
		if d := cmp.Diff(answer, out[0].Interface(), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("the answer changed on its way (-server +client):\n%s", d)
		}
	}
	return true
}
