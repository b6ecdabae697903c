package grpcrt

import (
	"time"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/types/known/durationpb"
)

// What callers get of enums, google/protobuf's well-known types, maps and
// oneofs. protobuf merges a message that comes twice, key by key and field by
// field; where that would take remembering what came, it is left to protobuf.

// Enum reads a value of an enum. Zero must stand for an absent value, since
// nothing is written where the field does not come.
func Enum[N ~int32, T ~string](r *Reader, out *T, convert func(*N) T) {
	var n int32
	if r.Int32(&n) {
		value := N(n)
		*out = convert(&value)
	}
}

// Enums reads of a list of values of an enum.
func Enums[N ~int32, T ~string](r *Reader, list *[]T, convert func(*N) T) {
	packable(r, protowire.VarintType, list, func(r *Reader, out *T) bool {
		var n int32
		if !r.Int32(&n) {
			return false
		}
		value := N(n)
		*out = convert(&value)
		return true
	})
}

// Time reads a google.protobuf.Timestamp. Absent is the zero time.
func (r *Reader) Time(out *time.Time) {
	if r.typ == protowire.BytesType && !out.IsZero() {
		r.giveUp()
		return
	}
	if seconds, nanos, ok := r.seconds(); ok {
		*out = time.Unix(seconds, int64(nanos)).UTC()
		if out.IsZero() { // it would look as if it had not come
			r.giveUp()
		}
	}
}

// Duration reads a google.protobuf.Duration. Absent is zero.
func (r *Reader) Duration(out *time.Duration) {
	if r.typ == protowire.BytesType && *out != 0 {
		r.giveUp()
		return
	}
	if seconds, nanos, ok := r.seconds(); ok {
		*out = (&durationpb.Duration{Seconds: seconds, Nanos: nanos}).AsDuration()
		if *out == 0 && seconds != 0 {
			r.giveUp()
		}
	}
}

// seconds reads a message of seconds and nanoseconds.
func (r *Reader) seconds() (seconds int64, nanos int32, ok bool) {
	rest, ok := r.enter()
	if !ok {
		return 0, 0, false
	}
	for r.Next() {
		switch r.Number() {
		case 1:
			r.Int64(&seconds)
		case 2:
			r.Int32(&nanos)
		default:
			r.Skip()
		}
	}
	r.leave(rest)
	return seconds, nanos, !r.failed
}

// Wrapped reads a message of google/protobuf/wrappers.proto. Absent is zero.
func Wrapped[T any](r *Reader, out *T, read func(*Reader, *T) bool) {
	rest, ok := r.enter()
	if !ok {
		return
	}
	for r.Next() {
		if r.Number() == 1 {
			read(r, out)
		} else {
			r.Skip()
		}
	}
	r.leave(rest)
}

// Entries reads an entry of a map with texts as keys. Key or value may be
// missing. An entry that is not written as usual is left to protobuf.
func Entries[T any](r *Reader, out *map[string]T, read func(*Reader, *T) bool) {
	rest, ok := r.enter()
	if !ok {
		return
	}
	var key string
	var value T
	for last := int32(0); r.Next(); last = r.Number() {
		if r.Number() <= last || r.Number() > 2 ||
			r.Number() == 1 && !r.String(&key) || r.Number() == 2 && !read(r, &value) {
			r.giveUp()
		}
	}
	r.leave(rest)
	if r.failed {
		return
	}
	if *out == nil {
		*out = map[string]T{}
	}
	(*out)[key] = value
}

// IsMessage reports whether the field is a message, or another of several bytes:
// then it takes the place of the others of its oneof.
func (r *Reader) IsMessage() bool { return r.typ == protowire.BytesType }
