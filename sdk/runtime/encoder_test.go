package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

type mood string

func ptr[T any](v T) *T { return &v }

func newEncoder(p Protocol) *Encoder { return &Encoder{protocol: p} }

// violationsOf writes violations as "field: description" lines.
func violationsOf(e *Encoder) string {
	var lines []string
	for _, v := range e.told(protocols()) {
		lines = append(lines, v.Field+": "+v.Description)
	}
	return strings.Join(lines, "\n")
}

func TestFieldEncoders(t *testing.T) {
	cases := []struct {
		name string
		run  func(e *Encoder) any
		want any
		say  string
	}{
		{"implicit unset", func(e *Encoder) any { return Implicit[string](e, "a", nil) }, "", ""},
		{"implicit set", func(e *Encoder) any { return Implicit(e, "a", ptr("x")) }, "x", ""},
		{"implicit empty text", func(e *Encoder) any { return Implicit(e, "a", ptr(""), ProtocolGraphQL) }, "",
			"a: cannot be sent as an explicit zero over rest; works over graphql"},
		{"implicit false", func(e *Encoder) any { return Implicit(e, "a", ptr(false), ProtocolGraphQL, ProtocolGRPC) }, false,
			"a: cannot be sent as an explicit zero over rest; works over graphql, grpc"},
		{"implicit zero nowhere", func(e *Encoder) any { return Implicit(e, "a", ptr(int64(0))) }, int64(0),
			"a: cannot be sent as an explicit zero over rest"},
		{"implicit bad text", func(e *Encoder) any { return Implicit(e, "a", ptr("\xff")) }, "\xff", "a: is not valid UTF-8"},
		{"optional unset", func(e *Encoder) any { return Optional[string](e, "a", nil) }, (*string)(nil), ""},
		{"optional zero", func(e *Encoder) any { return Optional(e, "a", ptr("")) }, ptr(""), ""},
		{"optional bad text", func(e *Encoder) any { return Optional(e, "a", ptr(mood("\xff"))) }, ptr(mood("\xff")), "a: is not valid UTF-8"},
		{"plain", func(e *Encoder) any { return Plain(e, "a", int64(7)) }, int64(7), ""},
		{"plain bad text", func(e *Encoder) any { return Plain(e, "a", "a\xc3") }, "a\xc3", "a: is not valid UTF-8"},
		{"plain number", func(e *Encoder) any { return Plain(e, "a", 1.5) }, 1.5, ""},
		{"optional infinity", func(e *Encoder) any { return Optional(e, "a", ptr(math.Inf(-1))) }, ptr(math.Inf(-1)), "a: is -Inf, which JSON cannot hold"},
		{"plain float32", func(e *Encoder) any { return Plain(e, "a", float32(math.Inf(1))) }, float32(math.Inf(1)), "a: is +Inf, which JSON cannot hold"},
		{"infinity over gRPC", func(e *Encoder) any { e.protocol = ProtocolGRPC; return Plain(e, "a", math.Inf(1)) }, math.Inf(1), ""},
		{"list of infinity", func(e *Encoder) any { return List(e, "a", []float64{1, math.Inf(1)}) }, []float64{1, math.Inf(1)}, "a[1]: is +Inf, which JSON cannot hold"},
		{"item infinity", func(e *Encoder) any { return Map(e, "a", map[string]float64{"x": math.Inf(1)}, Same[float64]) }, map[string]float64{"x": math.Inf(1)},
			"a.x: is +Inf, which JSON cannot hold"},
		{"double infinity", func(e *Encoder) any { return Always(e, "a", float32(math.Inf(1)), EncodeDouble) }, math.Inf(1), "a: is +Inf, which JSON cannot hold"},
		{"plain struct", func(e *Encoder) any { return Plain(e, "a", struct{ X int }{1}) }, struct{ X int }{1}, ""},
		{"implicit list unset", func(e *Encoder) any { return ImplicitList[string](e, "a", nil) }, []string(nil), ""},
		{"implicit list set", func(e *Encoder) any { return ImplicitList(e, "a", []string{"x"}) }, []string{"x"}, ""},
		{"implicit list empty", func(e *Encoder) any { return ImplicitList(e, "a", []string{}, ProtocolGraphQL) }, []string(nil),
			"a: cannot be sent as an empty list over rest; works over graphql"},
		{"implicit list of numbers", func(e *Encoder) any { return ImplicitList(e, "a", []int{}) }, []int(nil), "a: cannot be sent as an empty list over rest"},
		{"list empty", func(e *Encoder) any { return List(e, "a", []string{}) }, []string{}, ""},
		{"list bad text", func(e *Encoder) any { return List(e, "a", []string{"x", "\xff", "\xfe"}) }, []string{"x", "\xff", "\xfe"},
			"a[1]: is not valid UTF-8\na[2]: is not valid UTF-8"},
		{"list of named bad text", func(e *Encoder) any { return List(e, "a", []mood{"\xff"}) }, []mood{"\xff"}, "a[0]: is not valid UTF-8"},
		{"a value of many", func(e *Encoder) any {
			return NoValue[string](e, mood("grim"), "Mood", slices.Repeat([]string{"A"}, 22))
		}, "",
			`: "grim" is not a value of Mood over rest, which has ` + strings.Repeat("A, ", 19) + "A and 2 more"},
		{"a value of others", func(e *Encoder) any {
			return NoValue[string](e, mood("grim"), "Mood", []string{"A", "B"}, ProtocolGRPC)
		}, "",
			`: "grim" is not a value of Mood over rest, which has A, B; works over grpc`},
		{"a long value", func(e *Encoder) any { return NoValue[string](e, mood(strings.Repeat("x", 65)), "Mood", []string{"A"}) }, "",
			": is not a value of Mood over rest, which has A"},
		{"unsupported unset", func(e *Encoder) any { Unsupported(e, "a", false); return nil }, nil, ""},
		{"unsupported set", func(e *Encoder) any { Unsupported(e, "a", true, ProtocolGRPC); return nil }, nil, "a: does not exist over rest; works over grpc"},
		{"paths", func(e *Encoder) any {
			e.In("page", func() { e.In("sort", func() { Plain(e, "by", "\xff") }); Plain(e, "limit", "\xff") })
			e.In("tuples", func() { e.At(2, func() { Plain(e, "user", "\xff") }) })
			return nil
		}, nil, "page.sort.by: is not valid UTF-8\npage.limit: is not valid UTF-8\ntuples[2].user: is not valid UTF-8"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e := newEncoder(ProtocolREST)
			if got := tc.run(e); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %#v, want %#v", got, tc.want)
			}
			if got := violationsOf(e); got != tc.say {
				t.Errorf("got  %s\nwant %s", got, tc.say)
			}
		})
	}
}

func TestOptionalCopies(t *testing.T) {
	v := ptr("x")
	if Optional(newEncoder(ProtocolREST), "a", v) == v {
		t.Error("the caller's pointer is sent")
	}
}

type failing struct{}

func (failing) MarshalJSON() ([]byte, error) { return nil, errors.New(canary) }

type rude struct{}

func (rude) MarshalJSON() ([]byte, error) { return []byte("\"\xff\""), nil }

func TestObject(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["one"], cyclic["two"] = cyclic, []any{cyclic}
	list := []any{nil}
	list[0] = list
	type node struct{ Next *node }
	loop := &node{}
	loop.Next = loop
	shared := map[string]any{"x": "y"}
	deep := any("bottom")
	for range maxDepth + 1 {
		deep = []any{deep}
	}
	cases := []struct {
		name string
		in   map[string]any
		want map[string]any
		say  string
	}{
		{"nil", nil, nil, ""},
		{"empty", map[string]any{}, map[string]any{}, ""},
		{"json shapes", map[string]any{"s": "x", "f": 1.5, "b": true, "n": nil, "l": []any{"a", 1.0}, "m": map[string]any{"k": false}, "": "empty key"},
			map[string]any{"s": "x", "f": 1.5, "b": true, "n": nil, "l": []any{"a", 1.0}, "m": map[string]any{"k": false}, "": "empty key"}, ""},
		{"empty inside", map[string]any{"l": []any{}, "m": map[string]any{}, "nl": []any(nil), "nm": map[string]any(nil)},
			map[string]any{"l": []any{}, "m": map[string]any{}, "nl": nil, "nm": nil}, ""},
		{"go shapes", map[string]any{
			"i": 7, "i8": int8(-7), "u": uint64(1 << 53), "f32": float32(0.1), "num": json.Number("1.50"), "ss": []string{"a"},
			"ms": map[string]int{"a": 1}, "st": struct {
				A int `json:"a"`
			}{1}, "p": ptr("x"), "np": (*string)(nil), "raw": json.RawMessage(`{"a":[1e2]}`), "mood": mood("good"),
			"time": time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC), "bytes": []byte("hi"),
		}, map[string]any{
			"i": 7.0, "i8": -7.0, "u": float64(1 << 53), "f32": 0.1, "num": 1.5, "ss": []any{"a"},
			"ms": map[string]any{"a": 1.0}, "st": map[string]any{"a": 1.0}, "p": "x", "np": nil, "raw": map[string]any{"a": []any{100.0}}, "mood": "good",
			"time": "2024-01-02T03:04:05Z", "bytes": "aGk=",
		}, ""},
		{"shared, not cyclic", map[string]any{"a": shared, "b": shared, "l": []any{shared, shared}},
			map[string]any{"a": map[string]any{"x": "y"}, "b": map[string]any{"x": "y"}, "l": []any{map[string]any{"x": "y"}, map[string]any{"x": "y"}}}, ""},
		{"replacement character", map[string]any{"a": "\uFFFD", "b": mood("\uFFFD"), "c": map[string]string{"\uFFFD": "x"}},
			map[string]any{"a": "\uFFFD", "b": "\uFFFD", "c": map[string]any{"\uFFFD": "x"}}, ""},
		{"numbers", map[string]any{"a": int64(1<<53 + 1), "b": map[string]any{"c": []any{json.Number("1e400")}}, "d": []uint64{1, math.MaxUint64}, "e": uint64(1 << 63)}, nil,
			"o.a: is a number that float64 cannot hold exactly: send it as a string\n" +
				"o.b.c[0]: is a number that float64 cannot hold exactly: send it as a string\n" +
				"o.d[1]: is a number that float64 cannot hold exactly: send it as a string"},
		{"no numbers", map[string]any{"a": math.NaN(), "b": math.Inf(-1), "c": float32(math.Inf(1)), "d": json.Number("x")}, nil,
			"o.a: is NaN, which JSON cannot hold\no.b: is -Inf, which JSON cannot hold\n" +
				"o.c: cannot be written as JSON: it holds a number that JSON has no form for, or contains itself\n" +
				"o.d: cannot be written as JSON: it holds a number that JSON has no form for, or contains itself"},
		{"bad text", map[string]any{"a": "\xff", "b": []string{"\xff"}, "c": map[string]any{"\xff": 1.0}, "d": map[string]string{"\xff": ""}, "e": rude{}, "f": json.RawMessage(`"\ud800"`)}, nil,
			"o.a: is not valid UTF-8\no.b: holds text that is not valid UTF-8\no.c: has the key \"\\xff\", which is not valid UTF-8\n" +
				"o.d: holds text that is not valid UTF-8\no.e: is written as JSON that cannot be read back\no.f: holds text that is not valid UTF-8"},
		{"no json", map[string]any{"a": func() {}, "b": make(chan int), "c": complex(1, 2), "d": failing{}, "e": map[bool]int{true: 1}}, nil,
			"o.a: cannot be written as JSON: JSON has no form for func()\no.b: cannot be written as JSON: JSON has no form for chan int\n" +
				"o.c: cannot be written as JSON: JSON has no form for complex128\no.d: cannot be written as JSON: the marshaler of runtime.failing failed\n" +
				"o.e: cannot be written as JSON: JSON has no form for map[bool]int"},
		{"cycles", map[string]any{"c": cyclic, "l": list, "s": loop}, nil,
			"o.c.one: contains itself\no.c.two[0]: contains itself\no.l[0]: contains itself\n" +
				"o.s: cannot be written as JSON: it holds a number that JSON has no form for, or contains itself"},
		{"deep", map[string]any{"d": deep}, nil, "o.d" + strings.Repeat("[0]", maxDepth-1) + ": is nested deeper than 1000 levels"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			e := newEncoder(ProtocolGRPC)
			got := Object(e, "o", tc.in)
			if say := violationsOf(e); say != tc.say {
				t.Errorf("got  %s\nwant %s", say, tc.say)
			}
			if tc.say == "" && !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %#v\nwant %#v", got, tc.want)
			}
			if strings.Contains(violationsOf(e), canary) {
				t.Error("a value is quoted")
			}
		})
	}
}

func TestObjectCopies(t *testing.T) {
	in := map[string]any{"m": map[string]any{"a": 1}, "l": []any{1}}
	out := Object(newEncoder(ProtocolGraphQL), "o", in)
	out["m"].(map[string]any)["a"] = "changed"
	out["l"].([]any)[0] = "changed"
	if want := (map[string]any{"m": map[string]any{"a": 1}, "l": []any{1}}); !reflect.DeepEqual(in, want) {
		t.Errorf("the caller's map was changed: %v", in)
	}
}

func TestExactFloat(t *testing.T) {
	cases := []struct {
		text string
		want float64
		ok   bool
	}{
		{"0", 0, true}, {"-0", math.Copysign(0, -1), true}, {"0.1", 0.1, true}, {"1.10", 1.1, true}, {"100", 100, true}, {"1E2", 100, true},
		{"1e22", 1e22, true}, {"123456789.125", 123456789.125, true}, {"9007199254740992", 1 << 53, true}, {"9007199254740993", 1 << 53, false},
		{"1152921504606846976", 1 << 60, true}, {"1152921504606846977", 1 << 60, false}, {"-1152921504606846976", -(1 << 60), true},
		{"0.10000000000000000001", 0.1, false}, {"1e400", 0, false}, {"-1e400", 0, false}, {"1e-400", 0, false}, {"0e999999999999999999999", 0, true},
		{"1e999999999999999999999", 0, false}, {"5e-324", 5e-324, true}, {"1.7976931348623157e308", math.MaxFloat64, true},
	}
	for _, tc := range cases {
		if got, ok := exactFloat(tc.text); ok != tc.ok || ok && got != tc.want {
			t.Errorf("%s: got %v %t, want %v %t", tc.text, got, ok, tc.want, tc.ok)
		}
	}
}

func TestNonEmpty(t *testing.T) {
	if NonEmpty([]int{}) != nil || NonEmpty[int](nil) != nil || len(NonEmpty([]int{1})) != 1 {
		t.Error("NonEmpty")
	}
	if NonEmptyMap(map[string]any{}) != nil || NonEmptyMap(nil) != nil || len(NonEmptyMap(map[string]any{"a": nil})) != 1 {
		t.Error("NonEmptyMap")
	}
}

func FuzzExactFloat(f *testing.F) {
	for _, s := range []string{"0", "1.10", "1e22", "9007199254740993", "-5e-324"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var n json.Number
		if json.Unmarshal([]byte(s), &n) != nil || n == "" {
			return
		}
		got, ok := exactFloat(n.String())
		if !ok {
			return
		}
		again, ok := exactFloat(fmt.Sprint(got))
		if !ok || again != got {
			t.Errorf("%s became %v, which became %v %t", s, got, again, ok)
		}
	})
}
