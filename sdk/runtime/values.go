package runtime

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/triwire/authorizer-sdk/sdk/runtime/wire"
)

// Values whose Go type differs from that on the wire have an encoder, which is
// given the place of the value by the [Encoder], and a decoder. Both take a
// pointer, as those of messages do, so that lists and maps of values and of
// messages are one thing.

// Set encodes a required value; a zero one says nothing and stays zero.
func Set[In comparable, Out any](e *Encoder, field string, in In, encode func(*Encoder, *In) Out) (out Out) {
	var zero In
	if in == zero {
		return out
	}
	return Always(e, field, in, encode)
}

// Always encodes a value for which zero is one like any other.
func Always[In, Out any](e *Encoder, field string, in In, encode func(*Encoder, *In) Out) (out Out) {
	e.In(field, func() { out = encode(e, &in) })
	return out
}

// Nilable encodes an optional value for a wire that has nil for it.
func Nilable[In, Out any](e *Encoder, field string, in *In, encode func(*Encoder, *In) Out) (out Out) {
	if in == nil {
		return out
	}
	e.In(field, func() { out = encode(e, in) })
	return out
}

// ImplicitValue is [Implicit] for a value with an encoder.
func ImplicitValue[In any, Out comparable](e *Encoder, field string, in *In, encode func(*Encoder, *In) Out, over ...Protocol) Out {
	var zero Out
	if in == nil {
		return zero
	}
	before := len(e.violations)
	out := Nilable(e, field, in, encode)
	if out == zero && len(e.violations) == before {
		e.violationHere(over, field, "cannot be sent as an explicit zero over %s", e.protocol)
	}
	return out
}

// Same is the encoder of values that travel as they are.
func Same[T any](e *Encoder, in *T) T {
	e.check("", reflect.ValueOf(in).Elem())
	return *in
}

// SameOf is the decoder of values that travel as they are.
func SameOf[T any](in *T) T { return *in }

// ListOf makes the encoder of a list within a list or map.
func ListOf[In, Out any](encode func(*Encoder, *In) Out) func(*Encoder, *[]In) []Out {
	return func(e *Encoder, in *[]In) []Out {
		out := make([]Out, len(*in))
		for i := range *in {
			e.At(i, func() { out[i] = encode(e, &(*in)[i]) })
		}
		return out
	}
}

// ListFrom makes the decoder of a list within a list or map.
func ListFrom[In, Out any](decode func(*In) Out) func(*[]In) []Out {
	return func(in *[]In) []Out { return Convert(*in, decode) }
}

// MapOf makes the encoder of a map within a list or map.
func MapOf[In, Out any](encode func(*Encoder, *In) Out) func(*Encoder, *map[string]In) map[string]Out {
	return func(e *Encoder, in *map[string]In) map[string]Out {
		out := make(map[string]Out, len(*in))
		entries(e, *in, out, encode)
		return out
	}
}

// MapFrom makes the decoder of a map within a list or map.
func MapFrom[In, Out any](decode func(*In) Out) func(*map[string]In) map[string]Out {
	return func(in *map[string]In) map[string]Out { return ConvertMap(*in, decode) }
}

// Map encodes a map with values of one type; nil stays nil, empty stays empty.
func Map[In, Out any](e *Encoder, field string, in map[string]In, encode func(*Encoder, *In) Out) map[string]Out {
	if in == nil {
		return nil
	}
	out := make(map[string]Out, len(in))
	e.In(field, func() { entries(e, in, out, encode) })
	return out
}

func entries[In, Out any](e *Encoder, in map[string]In, out map[string]Out, encode func(*Encoder, *In) Out) {
	for _, key := range sortedNames(in) {
		if !utf8.ValidString(key) {
			e.violation("", "has a key that is not valid UTF-8")
		}
		value := in[key]
		e.In(key, func() { out[key] = encode(e, &value) })
	}
}

// ImplicitMap is [ImplicitList] for maps.
func ImplicitMap[T any](e *Encoder, field string, v map[string]T, over ...Protocol) map[string]T {
	if v != nil && len(v) == 0 {
		e.violationHere(over, field, "cannot be sent as an empty map over %s", e.protocol)
		return nil
	}
	return v
}

// FilledMap is a required map: nil, which would be sent as null, is empty.
func FilledMap[T any](m map[string]T) map[string]T {
	if m == nil {
		return map[string]T{}
	}
	return m
}

// ConvertMap converts the values of an answer's map; an empty map is nil.
func ConvertMap[In, Out any](in map[string]In, convert func(*In) Out) map[string]Out {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]Out, len(in))
	for key, value := range in {
		out[key] = convert(&value)
	}
	return out
}

// ConvertMapPointers is [ConvertMap] for values that are pointers, as protobuf
// has them.
func ConvertMapPointers[In, Out any](in map[string]*In, convert func(*In) Out) map[string]Out {
	if len(in) == 0 {
		return nil
	}
	out := make(map[string]Out, len(in))
	for key, value := range in {
		out[key] = convert(value)
	}
	return out
}

// Value decodes one value.
func Value[In, Out any](in In, decode func(*In) Out) Out { return decode(&in) }

// ValueOf decodes what a pointer leads to; nil is zero.
func ValueOf[In, Out any](in *In, decode func(*In) Out) (out Out) {
	if in != nil {
		out = decode(in)
	}
	return out
}

// NoValue is for the encoder of an enum: a value that the protocol lacks is a
// violation. values are those that it has; over names the protocols that have
// this one.
func NoValue[Out any, In ~string](e *Encoder, in In, enum string, values []string, over ...Protocol) (out Out) {
	const most = 20
	list := strings.Join(values[:min(len(values), most)], ", ")
	if len(values) > most {
		list += fmt.Sprintf(" and %d more", len(values)-most)
	}
	e.violationHere(over, "", "%sis not a value of %s over %s, which has %s", shown(string(in)), enum, e.protocol, list)
	return out
}

// shown is a value that is refused, in quotes and with a space behind them. One
// that is long, or would not stand there as it is, is not shown: if it is a
// secret, it could not be found again to be taken out.
func shown(value string) string {
	const longest = 64
	quoted := strconv.Quote(value)
	if len(value) > longest || quoted != `"`+value+`"` {
		return ""
	}
	return quoted + " "
}

// The years that a timestamp can hold, as protobuf and RFC 3339 have them.
const (
	firstYear = 1
	lastYear  = 9999
)

// EncodeTime is a time in UTC. It travels with nanoseconds; one outside of the
// years 1 to 9999 is a violation.
func EncodeTime(e *Encoder, in *time.Time) time.Time {
	out := in.UTC().Round(0)
	if year := out.Year(); year < firstYear || year > lastYear {
		e.violation("", "is in the year %d: a timestamp has the years %d to %d", year, firstYear, lastYear)
		return time.Time{}
	}
	return out
}

// DecodeTime is a time in UTC.
func DecodeTime(in *time.Time) time.Time { return in.UTC() }

// EncodeDuration is a duration as JSON has it.
func EncodeDuration(_ *Encoder, in *time.Duration) wire.Duration { return wire.Duration(*in) }

// DecodeDuration is a duration from JSON.
func DecodeDuration(in *wire.Duration) time.Duration { return time.Duration(*in) }

// EncodeInt64 and EncodeUint64 are whole numbers that JSON writes as texts.
func EncodeInt64(_ *Encoder, in *int64) wire.Int64 { return wire.Int64(*in) }

// EncodeUint64 is [EncodeInt64] for numbers without a sign.
func EncodeUint64(_ *Encoder, in *uint64) wire.Uint64 { return wire.Uint64(*in) }

// DecodeInt64 is a whole number from a text.
func DecodeInt64(in *wire.Int64) int64 { return int64(*in) }

// DecodeUint64 is [DecodeInt64] for numbers without a sign.
func DecodeUint64(in *wire.Uint64) uint64 { return uint64(*in) }

// EncodeDouble is a number of single precision that travels with double.
func EncodeDouble(e *Encoder, in *float32) float64 { return float64(Same(e, in)) }

// DecodeDouble rounds to single precision.
func DecodeDouble(in *float64) float32 { return float32(*in) }

// EncodeObject is [Object] for the items of a list or map.
func EncodeObject(e *Encoder, in *map[string]any) map[string]any {
	n := normalizer{e: e}
	out, _ := n.object(*in).(map[string]any)
	return out
}

// DecodeObject is a free-form map; an empty one is nil.
func DecodeObject(in *map[string]any) map[string]any { return NonEmptyMap(*in) }

// EncodeAny is [Any] for the items of a list or map.
func EncodeAny(e *Encoder, in *any) any {
	n := normalizer{e: e}
	return n.value(*in)
}

// Any is for a free-form value: what [Object] is for a map. nil stays nil.
func Any(e *Encoder, field string, v any) (out any) {
	e.In(field, func() { out = EncodeAny(e, &v) })
	return out
}

// FieldMask is for the paths of a field mask. They travel in camel case over JSON;
// one that would not come back the same is a violation over every protocol.
func FieldMask(e *Encoder, field string, paths []string) wire.FieldMask {
	for i, path := range paths {
		if !wire.IsPath(path) {
			e.In(field, func() {
				e.At(i, func() { e.violation("", "is not a path in snake case, such as author.display_name") })
			})
		}
	}
	return paths
}
