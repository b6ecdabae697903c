package grpcrt

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The scalars of protobuf by their names there. Each reports whether there was
// a value: a field of another wire type has none, and leaves v as it was.

// String reads a text, which must be UTF-8.
func (r *Reader) String(v *string) bool {
	b, ok := r.utf8()
	if ok {
		*v = r.keep(b)
	}
	return ok
}

// Bool reads a bool.
func (r *Reader) Bool(v *bool) bool {
	n, ok := r.varint()
	if ok {
		*v = protowire.DecodeBool(n)
	}
	return ok
}

// Int32 reads an int32. As everywhere in protobuf, more bits are cut off.
func (r *Reader) Int32(v *int32) bool {
	n, ok := r.varint()
	if ok {
		*v = int32(n)
	}
	return ok
}

// Sint32 reads a sint32.
func (r *Reader) Sint32(v *int32) bool {
	n, ok := r.varint()
	if ok {
		*v = int32(protowire.DecodeZigZag(n & math.MaxUint32))
	}
	return ok
}

// Sfixed32 reads an sfixed32.
func (r *Reader) Sfixed32(v *int32) bool {
	n, ok := r.fixed32()
	if ok {
		*v = int32(n)
	}
	return ok
}

// Int64 reads an int64.
func (r *Reader) Int64(v *int64) bool {
	n, ok := r.varint()
	if ok {
		*v = int64(n)
	}
	return ok
}

// Sint64 reads a sint64.
func (r *Reader) Sint64(v *int64) bool {
	n, ok := r.varint()
	if ok {
		*v = protowire.DecodeZigZag(n)
	}
	return ok
}

// Sfixed64 reads an sfixed64.
func (r *Reader) Sfixed64(v *int64) bool {
	n, ok := r.fixed64()
	if ok {
		*v = int64(n)
	}
	return ok
}

// Uint32 reads a uint32.
func (r *Reader) Uint32(v *uint32) bool {
	n, ok := r.varint()
	if ok {
		*v = uint32(n)
	}
	return ok
}

// Fixed32 reads a fixed32.
func (r *Reader) Fixed32(v *uint32) bool {
	n, ok := r.fixed32()
	if ok {
		*v = n
	}
	return ok
}

// Uint64 reads a uint64.
func (r *Reader) Uint64(v *uint64) bool {
	n, ok := r.varint()
	if ok {
		*v = n
	}
	return ok
}

// Fixed64 reads a fixed64.
func (r *Reader) Fixed64(v *uint64) bool {
	n, ok := r.fixed64()
	if ok {
		*v = n
	}
	return ok
}

// Float reads a float.
func (r *Reader) Float(v *float32) bool {
	n, ok := r.fixed32()
	if ok {
		*v = math.Float32frombits(n)
	}
	return ok
}

// Double reads a double.
func (r *Reader) Double(v *float64) bool {
	n, ok := r.fixed64()
	if ok {
		*v = math.Float64frombits(n)
	}
	return ok
}

// Bytes reads bytes. They are a copy that is the caller's own; none are nil.
func (r *Reader) Bytes(v *[]byte) bool {
	b, ok := r.bytes()
	if ok {
		*v = append([]byte(nil), b...)
	}
	return ok
}

// Strings reads an element of a list of texts.
func (r *Reader) Strings(list *[]string) {
	if r.typ == protowire.BytesType {
		grow(r, list)
	}
	var v string
	if r.String(&v) {
		*list = append(*list, v)
	}
}

// Lists of numbers and bools: one element, or several that are packed.

// Bools reads of a list of bools.
func (r *Reader) Bools(list *[]bool) { packable(r, protowire.VarintType, list, (*Reader).Bool) }

// Int32s reads of a list of int32.
func (r *Reader) Int32s(list *[]int32) { packable(r, protowire.VarintType, list, (*Reader).Int32) }

// Sint32s reads of a list of sint32.
func (r *Reader) Sint32s(list *[]int32) { packable(r, protowire.VarintType, list, (*Reader).Sint32) }

// Sfixed32s reads of a list of sfixed32.
func (r *Reader) Sfixed32s(list *[]int32) {
	packable(r, protowire.Fixed32Type, list, (*Reader).Sfixed32)
}

// Int64s reads of a list of int64.
func (r *Reader) Int64s(list *[]int64) { packable(r, protowire.VarintType, list, (*Reader).Int64) }

// Sint64s reads of a list of sint64.
func (r *Reader) Sint64s(list *[]int64) { packable(r, protowire.VarintType, list, (*Reader).Sint64) }

// Sfixed64s reads of a list of sfixed64.
func (r *Reader) Sfixed64s(list *[]int64) {
	packable(r, protowire.Fixed64Type, list, (*Reader).Sfixed64)
}

// Uint32s reads of a list of uint32.
func (r *Reader) Uint32s(list *[]uint32) {
	packable(r, protowire.VarintType, list, (*Reader).Uint32)
}

// Fixed32s reads of a list of fixed32.
func (r *Reader) Fixed32s(list *[]uint32) {
	packable(r, protowire.Fixed32Type, list, (*Reader).Fixed32)
}

// Uint64s reads of a list of uint64.
func (r *Reader) Uint64s(list *[]uint64) {
	packable(r, protowire.VarintType, list, (*Reader).Uint64)
}

// Fixed64s reads of a list of fixed64.
func (r *Reader) Fixed64s(list *[]uint64) {
	packable(r, protowire.Fixed64Type, list, (*Reader).Fixed64)
}

// Floats reads of a list of floats.
func (r *Reader) Floats(list *[]float32) {
	packable(r, protowire.Fixed32Type, list, (*Reader).Float)
}

// Doubles reads of a list of doubles.
func (r *Reader) Doubles(list *[]float64) {
	packable(r, protowire.Fixed64Type, list, (*Reader).Double)
}

// packable reads of a list whose elements have that wire type.
func packable[T any](r *Reader, typ protowire.Type, list *[]T, read func(*Reader, *T) bool) {
	var v T
	if r.typ != protowire.BytesType {
		if read(r, &v) {
			*list = append(*list, v)
		}
		return
	}
	b, ok := r.bytes()
	if !ok {
		return
	}
	rest := r.b
	r.b, r.typ = b, typ
	for len(r.b) > 0 && read(r, &v) {
		*list = append(*list, v)
	}
	if !r.failed {
		r.b = rest
	}
}
