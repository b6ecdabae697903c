package authorizer_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
	"github.com/triwire/authorizer-sdk/sdk/internal/wiretest"
)

// bothWays decodes answers of any method in the two ways there are over gRPC:
// straight from the wire, and through the generated messages.
type bothWays struct {
	raw                *wiretest.Raw
	canned             *answering
	straight, messages map[string]reflect.Value
	names              []string                 // of the methods over gRPC
	filled             map[string]proto.Message // their results
}

func newBothWays(tb testing.TB) *bothWays {
	tb.Helper()
	w := &bothWays{canned: &answering{status: 200}, filled: map[string]proto.Message{}}
	w.raw = wiretest.Serve(tb)
	addr := w.raw.Addr
	w.messages = methodsOfBoth(tb, w.canned)
	user, err := authorizer.New("http://localhost", "id", authorizer.WithGRPCEndpoint(addr), authorizer.WithoutRetry())
	if err != nil {
		tb.Fatal(err)
	}
	admin, err := authorizer.NewAdmin("http://localhost", "admin secret", authorizer.WithGRPCEndpoint(addr), authorizer.WithoutRetry())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _, _ = user.Close(), admin.Close() })
	w.straight = apiMethods(user)
	maps.Copy(w.straight, apiMethods(admin))
	s := sdktest.Start(tb)
	for _, name := range slices.Sorted(maps.Keys(w.straight)) {
		if m := s.Filled(name, "text"); m != nil {
			w.names = append(w.names, name)
			w.filled[name] = m
		}
	}
	return w
}

func (w *bothWays) call(methods map[string]reflect.Value, name string, body []byte) (req, resp any, err error) {
	w.raw.Set(body)
	w.canned.body = body
	return invoke(context.Background(), methods[name], func(reflect.Value) {}, authorizer.WithProtocol(authorizer.ProtocolGRPC))
}

// compare returns what differs between the two ways.
func (w *bothWays) compare(name string, body []byte) error {
	_, got, gotErr := w.call(w.straight, name, body)
	_, want, wantErr := w.call(w.messages, name, body)
	switch {
	case (gotErr == nil) != (wantErr == nil):
		return fmt.Errorf("%s: straight from the wire %v, through messages %v, of %x", name, gotErr, wantErr, body)
	case gotErr == nil && !reflect.DeepEqual(got, want):
		return fmt.Errorf("%s: of %x\nstraight from the wire %#v\nthrough messages       %#v", name, body, got, want)
	}
	return nil
}

// Whatever a server sends for whichever method, decoding it straight from the
// wire gives what protobuf gives: the same value, or an error where that has one.
func TestStraightFromTheWire(t *testing.T) {
	const each = 150
	w := newBothWays(t)
	good := 0
	for i, name := range w.names {
		m := w.filled[name]
		whole, err := proto.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		bodies := [][]byte{{}, whole, slices.Concat(whole, whole)}
		writer := wiretest.New(uint64(i))
		for range each {
			bodies = append(bodies, writer.Message(m.ProtoReflect().Descriptor()))
		}
		for _, body := range bodies {
			if err := w.compare(name, body); err != nil {
				t.Fatal(err)
			}
			if _, _, err := w.call(w.messages, name, body); err == nil {
				good++
			}
		}
	}
	if all := len(w.names) * each; good < all/2 || good == all {
		t.Errorf("%d answers of %d were good: that does not test much", good, all)
	}
}

// FuzzStraightFromTheWire is the same for bytes that a fuzzer finds.
func FuzzStraightFromTheWire(f *testing.F) {
	w := newBothWays(f)
	for i, name := range w.names {
		whole, _ := proto.Marshal(w.filled[name])
		f.Add(i, whole)
		f.Add(i, slices.Concat(whole, whole))
		f.Add(i, wiretest.New(uint64(i)).Message(w.filled[name].ProtoReflect().Descriptor()))
	}
	f.Fuzz(func(t *testing.T, method int, body []byte) {
		if method < 0 {
			t.Skip()
		}
		if err := w.compare(w.names[method%len(w.names)], body); err != nil {
			t.Error(err)
		}
	})
}
