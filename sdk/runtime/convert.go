package runtime

// Version1 exists while code generated for the first version of this package
// works with it. Generated code refers to it, so that a mismatch does not
// compile instead of misbehaving.
const Version1 = true

// Copy is for generated methods that fill in defaults: a shallow copy, so that
// the caller's request is never written to; nil is the zero request.
func Copy[Req any](req *Req) *Req {
	if req == nil {
		return new(Req)
	}
	out := *req
	return &out
}

// Default gives an unset field the value of a setting, if that is set.
func Default(c *Client, setting string, field **string) {
	if *field != nil {
		return
	}
	if value, ok := c.Setting(setting); ok {
		*field = &value
	}
}

// Result converts an answer's result; nil, where there is none, stays nil.
func Result[In, Out any](in *In, convert func(*In) Out) *Out {
	if in == nil {
		return nil
	}
	out := convert(in)
	return &out
}

// Convert converts the elements of an answer's list; an empty list is nil.
func Convert[In, Out any](in []In, convert func(*In) Out) []Out {
	if len(in) == 0 {
		return nil
	}
	out := make([]Out, len(in))
	for i := range in {
		out[i] = convert(&in[i])
	}
	return out
}

// ConvertPointers is [Convert] for lists of pointers, as protobuf has them.
func ConvertPointers[In, Out any](in []*In, convert func(*In) Out) []Out {
	if len(in) == 0 {
		return nil
	}
	out := make([]Out, len(in))
	for i := range in {
		out[i] = convert(in[i])
	}
	return out
}

// Deref is the value behind a pointer, or zero.
func Deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// NonZero is a pointer to the value, or nil for a zero value.
func NonZero[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Ptr is a pointer to the value.
func Ptr[T any](v T) *T { return &v }

// Messages encodes a list of messages; nil stays nil, empty stays empty.
func Messages[In, Out any](e *Encoder, field string, in []In, encode func(*Encoder, *In) Out) []Out {
	if in == nil {
		return nil
	}
	out := make([]Out, len(in))
	e.In(field, func() {
		for i := range in {
			e.At(i, func() { out[i] = encode(e, &in[i]) })
		}
	})
	return out
}

// Message encodes an optional message.
func Message[In, Out any](e *Encoder, field string, in *In, encode func(*Encoder, *In) Out) *Out {
	if in == nil {
		return nil
	}
	var out Out
	e.In(field, func() { out = encode(e, in) })
	return &out
}

// Filled is a required list: nil, which would be sent as null, is empty.
func Filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
