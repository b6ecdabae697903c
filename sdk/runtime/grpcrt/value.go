package grpcrt

import "math"

// Free-form objects: what [Map] makes of a google.protobuf.Struct, straight
// from the wire. The numbers are those of struct.proto.

// Object reads a Struct. Absent and empty are nil.
func (r *Reader) Object(out *map[string]any) {
	if rest, ok := r.enter(); ok {
		*out = r.fields(*out)
		r.leave(rest)
	}
}

// WrappedObject reads a message whose field of that number is a Struct.
func (r *Reader) WrappedObject(number int32, out *map[string]any) {
	rest, ok := r.enter()
	if !ok {
		return
	}
	for r.Next() {
		if r.Number() == number {
			r.Object(out)
		} else {
			r.Skip()
		}
	}
	r.leave(rest)
}

// fields reads what is in a Struct into a map, which is made when there is an
// entry.
func (r *Reader) fields(m map[string]any) map[string]any {
	for r.Next() {
		if r.Number() != 1 {
			r.Skip()
			continue
		}
		if rest, ok := r.enter(); ok {
			if m == nil {
				m = make(map[string]any)
			}
			r.entry(m)
			r.leave(rest)
		}
	}
	return m
}

// entry reads an entry of a Struct's map. A key or a value may be missing
// there; one that comes twice is left to protobuf, which merges values.
func (r *Reader) entry(m map[string]any) {
	var key string
	var v any
	keys, values := 0, 0
	for r.Next() {
		switch r.Number() {
		case 1:
			keys++
			r.String(&key)
		case 2:
			values++
			if rest, ok := r.enter(); ok {
				v = r.value()
				r.leave(rest)
			}
		default:
			r.Skip()
		}
	}
	if keys > 1 || values > 1 {
		r.giveUp()
		return
	}
	m[key] = v
}

// value reads what is in a Value. Its fields are a oneof: where several come,
// which can mean merging, protobuf decides.
func (r *Reader) value() (v any) {
	for kinds := 0; r.Next(); {
		number := r.Number()
		if number > 6 {
			r.Skip()
			continue
		}
		if kinds++; kinds > 1 {
			r.giveUp()
			return nil
		}
		v = r.kind(number)
	}
	return v
}

// kind reads a field of a Value.
func (r *Reader) kind(number int32) any {
	var (
		f float64
		s string
		b bool
	)
	switch {
	case number == 2 && r.Double(&f):
		return finite(f)
	case number == 3 && r.String(&s):
		return s
	case number == 4 && r.Bool(&b):
		return b
	case number == 1:
		r.varint() // null has one value, whatever its number
	case number == 5:
		if rest, ok := r.enter(); ok {
			m := r.fields(nil)
			r.leave(rest)
			return inside(m)
		}
	case number == 6:
		if rest, ok := r.enter(); ok {
			list := r.list()
			r.leave(rest)
			return list
		}
	}
	return nil
}

// list reads what is in a ListValue. Inside of an object, empty is not absent.
func (r *Reader) list() []any {
	list := []any{}
	for r.Next() {
		if r.Number() != 1 {
			r.Skip()
			continue
		}
		if rest, ok := r.enter(); ok {
			list = append(list, r.value())
			r.leave(rest)
		}
	}
	return list
}

// inside is a map within an object, where empty is not absent.
func inside(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// finite is a number as structpb gives it: JSON has no other form for those
// that are none.
func finite(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, +1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return f
}
