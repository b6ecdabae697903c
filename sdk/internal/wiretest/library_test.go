package wiretest_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	libraryv1 "github.com/triwire/authorizer-sdk/examples/library/gen/library/v1"
	library "github.com/triwire/authorizer-sdk/examples/library/sdk"
	librarygrpc "github.com/triwire/authorizer-sdk/examples/library/sdk/grpc"
	"github.com/triwire/authorizer-sdk/sdk/internal/wiretest"
)

// The library has what the Authorizer's API lacks: enums, times and durations,
// wrappers, maps and oneofs.

// decoders decode answers of the library in the two ways there are over gRPC:
// straight from the wire, and through the generated messages.
type decoders struct {
	raw                *wiretest.Raw
	straight, messages map[string]reflect.Value
	answers            map[string]protoreflect.MessageDescriptor
}

func newDecoders(tb testing.TB) *decoders {
	tb.Helper()
	d := &decoders{raw: wiretest.Serve(tb), answers: map[string]protoreflect.MessageDescriptor{}}
	d.straight = libraryMethods(tb, d.raw.Addr)
	d.messages = libraryMethods(tb, d.raw.Addr, librarygrpc.WithDialOptions(grpc.WithDisableHealthCheck())) // with any of them answers are decoded into messages
	services := libraryv1.File_library_v1_library_proto.Services()
	for i := range services.Len() {
		methods := services.Get(i).Methods()
		for j := range methods.Len() {
			m := methods.Get(j)
			if _, ok := d.straight[string(m.Name())]; ok && m.Output().Fields().Len() > 0 {
				d.answers[string(m.Name())] = m.Output()
			}
		}
	}
	return d
}

// libraryMethods are the methods that have one answer.
func libraryMethods(tb testing.TB, addr string, opts ...library.Option) map[string]reflect.Value {
	tb.Helper()
	opts = append(opts, library.WithProtocol(library.ProtocolGRPC), library.WithGRPCEndpoint(addr), library.WithoutRetry())
	catalog, err := library.NewCatalog("http://localhost", opts...)
	if err != nil {
		tb.Fatal(err)
	}
	desk, err := library.NewDesk("http://localhost", "key", opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _, _ = catalog.Close(), desk.Close() })
	out := map[string]reflect.Value{}
	for _, client := range []reflect.Value{reflect.ValueOf(catalog), reflect.ValueOf(desk)} {
		for i := range client.NumMethod() {
			m := client.Method(i)
			if t := m.Type(); t.NumIn() == 3 && t.NumOut() == 2 && t.In(0) == reflect.TypeFor[context.Context]() {
				out[client.Type().Method(i).Name] = m
			}
		}
	}
	return out
}

func call(method reflect.Value, ctx context.Context) (any, error) {
	out := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.New(method.Type().In(1).Elem())})
	err, _ := out[1].Interface().(error)
	return out[0].Interface(), err
}

// compare returns what differs between the two ways, and whether the answer was good.
func (d *decoders) compare(ctx context.Context, name string, body []byte) (good bool, err error) {
	d.raw.Set(body)
	got, gotErr := call(d.straight[name], ctx)
	want, wantErr := call(d.messages[name], ctx)
	if (gotErr == nil) != (wantErr == nil) {
		return false, fmt.Errorf("%s: straight from the wire %v, through messages %v, of %x", name, gotErr, wantErr, body)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); gotErr == nil && diff != "" {
		return true, fmt.Errorf("%s: of %x (-through messages +straight from the wire)\n%s", name, body, diff)
	}
	return wantErr == nil, nil
}

// Whatever a server sends, decoding it straight from the wire gives what protobuf
// gives: the same value, or an error where that has one.
func TestLibraryStraightFromTheWire(t *testing.T) {
	const each = 300
	d := newDecoders(t)
	good := 0
	for i, name := range slices.Sorted(maps.Keys(d.answers)) {
		writer := wiretest.New(uint64(i))
		for range each {
			ok, err := d.compare(t.Context(), name, writer.Message(d.answers[name]))
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				good++
			}
		}
	}
	if all := len(d.answers) * each; len(d.answers) < 8 || good < all/2 || good == all {
		t.Errorf("%d answers of %d of %d methods were good: that does not test much", good, all, len(d.answers))
	}
}

// Each rule of protobuf by its name. The numbers are those of Book and Item.
func TestLibraryRules(t *testing.T) {
	text := func(n protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(nil, n, protowire.BytesType), s)
	}
	number := func(n protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), v)
	}
	message := func(n protowire.Number, parts ...[]byte) []byte { return text(n, string(slices.Concat(parts...))) }
	const genre, published, labels, book, film, length, rating = 4, 5, 6, 1, 2, 4, 5
	year1 := number(1, 1<<64-62135596800)
	d := newDecoders(t)
	for name, bodies := range map[string][][]byte{
		"GetBook": {
			number(genre, 2), number(genre, 77), number(genre, 1<<64-1), slices.Concat(number(genre, 2), number(genre, 0)), text(genre, "x"),
			message(published), message(published, number(1, 5), number(2, 7)), message(published, number(2, 1<<40)),
			slices.Concat(message(published, number(1, 5)), message(published, number(2, 7))),
			slices.Concat(message(published, year1), message(published, number(2, 7))), message(published, year1),
			message(published, number(1, 1<<63)), number(published, 3), message(published, text(1, "x"), text(9, "y")),
			message(labels), message(labels, text(1, "k")), message(labels, text(2, "v")), message(labels, text(2, "v"), text(1, "k")),
			message(labels, text(1, "k"), text(2, "v"), text(2, "w")), message(labels, text(1, "k"), number(2, 1)), message(labels, text(1, "k"), text(3, "v")),
			slices.Concat(message(labels, text(1, "k"), text(2, "v")), message(labels, text(1, "k"), text(2, "w")), message(labels, text(1, "l"))),
			message(labels, text(1, "\xff")), number(labels, 1), message(labels, text(1, "k"))[:4],
		},
		"GetItem": {
			message(book, text(1, "a")), slices.Concat(message(book, text(1, "a")), message(film, text(1, "b"))),
			slices.Concat(message(book, text(1, "a")), message(film), message(book, text(2, "c"))), slices.Concat(message(book, text(1, "a")), message(book, text(2, "b"))),
			slices.Concat(message(book, text(1, "a")), number(film, 1)), slices.Concat(message(book, text(1, "a")), message(film, text(1, "\xff"))),
			message(film, message(length)), message(film, message(length, number(1, 5), number(2, 7))), message(film, message(length, number(1, 1<<62))),
			message(film, message(length, number(1, 1), number(2, 1<<64-1000000000)), message(length, number(1, 2))),
			message(film, message(length, number(1, 5)), message(length, number(2, 6))),
			message(film, message(rating)), message(film, message(rating, protowire.AppendFixed64(protowire.AppendTag(nil, 1, protowire.Fixed64Type), 1<<62)), message(rating)),
			message(film, message(rating, number(1, 2))),
		},
	} {
		for _, body := range bodies {
			if _, err := d.compare(t.Context(), name, body); err != nil {
				t.Error(err)
			}
		}
	}
}

// FuzzLibraryStraightFromTheWire is the same for bytes that a fuzzer finds.
func FuzzLibraryStraightFromTheWire(f *testing.F) {
	d := newDecoders(f)
	names := slices.Sorted(maps.Keys(d.answers))
	for i, name := range names {
		f.Add(i, wiretest.New(uint64(i)).Message(d.answers[name]))
	}
	f.Fuzz(func(t *testing.T, method int, body []byte) {
		if method < 0 {
			t.Skip()
		}
		if _, err := d.compare(t.Context(), names[method%len(names)], body); err != nil {
			t.Error(err)
		}
	})
}
