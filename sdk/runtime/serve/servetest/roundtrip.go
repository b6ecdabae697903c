// Package servetest tests generated clients and servers against each other: what
// goes in at one end must come out at the other, over every protocol.
package servetest

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// Echo answers every call of a server with random values and notes what it was
// asked. Give its Intercept to the server as the last interceptor, and call
// RoundTrip with clients of that server.
type Echo struct {
	// Rounds is how often each method is called; the default is 40.
	Rounds int
	// Enums are lists of the values of enums, such as []api.Color{api.ColorRed}.
	Enums []any
	// Choices are the fields of which one value has one at the most.
	Choices []Choice
	// Prepare may change requests before they are sent, such as fields that the
	// client would fill in otherwise; nil changes nothing.
	Prepare func(method string, request any)
	// Skip are the Go names of methods that are not called.
	Skip []string

	mu      sync.Mutex
	answer  echoed
	request any
	calls   int
}

// echoed is what a call is answered with: an answer, or the messages of a stream
// and how it ends.
type echoed struct {
	answer   any
	messages []any
	failure  error
}

// Intercept is a [serve.Interceptor]: it answers in the place of the methods.
func (e *Echo) Intercept(_ context.Context, req *serve.Request, _ func(context.Context) error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	e.request, req.Answer = req.Message, e.answer.answer
	for _, message := range e.answer.messages {
		if err := req.Send(message); err != nil {
			return err
		}
	}
	return e.answer.failure
}

// expect says what the next calls are answered with.
func (e *Echo) expect(answer echoed) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer, e.request, e.calls = answer, nil, 0
}

// received is the last request, and how many there were.
func (e *Echo) received() (request any, calls int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.request, e.calls
}

// RoundTrip calls every method of a generated client with random requests. The
// flat request must come out of the server as it went into the client, and the
// flat answer the other way, but that empty and absent lists and maps are the
// same. A stream must end as the server ends it. A client may refuse a call before it is sent, as what a protocol cannot
// express is. It returns the names of the methods that came through.
func (e *Echo) RoundTrip(t *testing.T, client any) []string {
	t.Helper()
	var through []string
	v := reflect.ValueOf(client)
	for i := range v.NumMethod() {
		name, method := v.Type().Method(i).Name, v.Method(i)
		message, streams := streamOf(v.Type(), v.Type().Method(i))
		if !streams && !isCall(method.Type()) || slices.Contains(e.Skip, name) {
			continue
		}
		seed := fnv.New64()
		_, _ = seed.Write([]byte(name))
		f := &filler{rand.New(rand.NewPCG(1, seed.Sum64())), e.enums(), e.choices()}
		rounds, sent := e.Rounds, 0
		if rounds == 0 {
			rounds = 40
		}
		for range rounds {
			once := e.once
			if streams {
				once = func(t *testing.T, f *filler, name string, call reflect.Value) bool {
					return e.stream(t, f, name, call, message)
				}
			}
			if once(t, f, name, method) {
				sent++
			}
		}
		if sent > 0 {
			through = append(through, name)
		}
	}
	return through
}

func (e *Echo) enums() map[reflect.Type][]string {
	out := map[reflect.Type][]string{}
	for _, list := range e.Enums {
		v := reflect.ValueOf(list)
		for i := range v.Len() {
			out[v.Type().Elem()] = append(out[v.Type().Elem()], v.Index(i).String())
		}
	}
	return out
}

// isCall tells whether a method of a client makes one call: a context first, an
// error last.
func isCall(m reflect.Type) bool {
	results := m.NumOut()
	return m.IsVariadic() && m.NumIn() >= 2 && m.In(0) == reflect.TypeFor[context.Context]() &&
		results > 0 && m.Out(results-1) == reflect.TypeFor[error]()
}

// arguments are those of a call, with a random request if it has one.
func (e *Echo) arguments(t *testing.T, f *filler, name string, call reflect.Value) (in []reflect.Value, request any) {
	in = []reflect.Value{reflect.ValueOf(t.Context())}
	if typ := call.Type(); typ.NumIn() == 3 {
		value := reflect.New(typ.In(1).Elem())
		f.request(value.Elem())
		in, request = append(in, value), value.Interface()
		if e.Prepare != nil {
			e.Prepare(name, request)
		}
	}
	return in, request
}

// once makes one call; it reports whether the client sent it.
func (e *Echo) once(t *testing.T, f *filler, name string, call reflect.Value) bool {
	t.Helper()
	in, request := e.arguments(t, f, name, call)
	var answer any
	if call.Type().NumOut() == 2 {
		value := reflect.New(call.Type().Out(0).Elem())
		f.value(value.Elem(), 0)
		answer = value.Interface()
	}
	e.expect(echoed{answer: answer})
	out := call.Call(in)
	err, _ := out[len(out)-1].Interface().(error)
	received, calls := e.received()
	if calls == 0 {
		notSent(t, name, err)
		return false
	}
	if err != nil {
		t.Errorf("%s failed: %v", name, err)
		return false
	}
	arrived(t, name, request, received)
	if answer != nil {
		if d := cmp.Diff(answer, out[0].Interface(), cmpopts.EquateEmpty()); d != "" {
			t.Errorf("the answer of %s changed on its way (-server +client):\n%s", name, d)
		}
	}
	return true
}
