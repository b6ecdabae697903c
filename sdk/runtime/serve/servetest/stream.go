package servetest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// streamOf is the type of the messages, a pointer, if a method of a client
// answers with a stream: an iterator over them. The iterators over all pages of a
// list are none; they are called All and then as the list.
func streamOf(client reflect.Type, m reflect.Method) (reflect.Type, bool) {
	if _, pages := client.MethodByName(strings.TrimPrefix(m.Name, "All")); pages && strings.HasPrefix(m.Name, "All") {
		return nil, false
	}
	t := m.Type // its first argument is the client
	if !t.IsVariadic() || t.NumIn() < 3 || t.In(1) != reflect.TypeFor[context.Context]() || t.NumOut() != 1 || !t.Out(0).CanSeq2() {
		return nil, false
	}
	message, failure := t.Out(0).In(0).In(0), t.Out(0).In(0).In(1)
	return message, message.Kind() == reflect.Pointer && failure == reflect.TypeFor[error]()
}

// lost is how streams fail.
const lost = "the rest is lost"

// stream calls a method whose answer is a stream. The server sends up to three
// random messages, and lets every third stream fail after them.
func (e *Echo) stream(t *testing.T, f *filler, name string, call reflect.Value, message reflect.Type) bool {
	t.Helper()
	in, request := e.arguments(t, f, name, call)
	messages := make([]any, f.IntN(4))
	for i := range messages {
		value := reflect.New(message.Elem())
		f.value(value.Elem(), 0)
		messages[i] = value.Interface()
	}
	var failure error
	if f.chance(3) {
		failure = serve.Errorf(runtime.CodeDataLoss, lost)
	}
	e.expect(echoed{messages: messages, failure: failure})
	var got []any
	var err error
	for value, failed := range call.Call(in)[0].Seq2() {
		if err != nil {
			t.Errorf("%s goes on after it failed", name)
		}
		if err, _ = failed.Interface().(error); err == nil {
			got = append(got, value.Interface())
		}
	}
	received, calls := e.received()
	if calls == 0 {
		notSent(t, name, err)
		return false
	}
	if same := errors.Is(err, runtime.ErrDataLoss) && strings.Contains(err.Error(), lost); same != (failure != nil) || !same && err != nil {
		t.Errorf("%s ends with %v, want %v", name, err, failure)
	}
	arrived(t, name, request, received)
	if d := cmp.Diff(messages, got, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the stream of %s changed on its way (-server +client):\n%s", name, d)
	}
	return true
}

// notSent: a client may refuse what a protocol cannot express, and nothing else.
func notSent(t *testing.T, name string, err error) {
	t.Helper()
	if !errors.Is(err, runtime.ErrInvalidArgument) && !errors.Is(err, runtime.ErrUnimplemented) {
		t.Errorf("%s was not sent: %v", name, err)
	}
}

func arrived(t *testing.T, name string, request, received any) {
	t.Helper()
	if d := cmp.Diff(request, received, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the request of %s changed on its way (-client +server):\n%s", name, d)
	}
}
