package grpcrt

import (
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
)

// Reader walks over the fields of an answer as they stand on the wire, so that
// they can be put straight into the flat types: no generated message is made in
// between. Generated functions are loops over it:
//
//	for r.Next() {
//		switch r.Number() {
//		case 1:
//			r.String(&out.ID)
//		case 2:
//			grpcrt.Messages(r, &out.Users, userFromWire)
//		default:
//			r.Skip()
//		}
//	}
//
// It follows the rules of protobuf: fields come in any order; of a single value
// that comes twice the last one stays, while a message that comes twice is
// merged, which is why everything is read into what is there already; lists of
// numbers may be packed or not; a known field of another wire type is one that
// is not known; and what is not known must still be well-formed.
//
// What is wrong with an answer is not the reader's business: at the first thing
// that it does not take, or that is too rare to be worth a rule here, it gives
// up, and the answer is decoded into its generated message, whose word counts.
// So a reader may refuse what protobuf takes, and must never take what protobuf
// refuses. To teach it another kind of field, add a method here, name it where
// the generator chooses (readers in internal/emit/sdk/wire.go), and let the
// tests that compare the two ways see it.
type Reader struct {
	b      []byte // what is left of the message that is being read
	number protowire.Number
	typ    protowire.Type
	depth  int
	failed bool
	text   strings.Builder // that texts are cut from, see keep
}

const (
	// maxReaderDepth bounds how deep messages are nested.
	maxReaderDepth = 100
	// sharedText is how much text stands in one piece of memory, and at the most
	// what somebody who keeps a single text of an answer keeps with it.
	sharedText = 1024
	// ownText is from where on a text has memory of its own.
	ownText = 256
)

// reset begins with an answer. Nothing that is read refers to b.
func (r *Reader) reset(b []byte) { *r = Reader{b: b[:len(b):len(b)]} }

// giveUp leaves the answer to protobuf.
func (r *Reader) giveUp() { r.failed, r.b = true, nil }

// Next goes to the next field, and reports whether there is one. Its value must
// be read or skipped before the next call.
func (r *Reader) Next() bool {
	if len(r.b) == 0 {
		return false
	}
	number, typ, n := protowire.ConsumeTag(r.b)
	if n < 0 || number > protowire.MaxValidNumber {
		r.giveUp()
		return false
	}
	r.number, r.typ, r.b = number, typ, r.b[n:]
	return true
}

// Number is the number of the field.
func (r *Reader) Number() int32 { return int32(r.number) }

// Skip passes over a field that is not known.
func (r *Reader) Skip() { r.advance(protowire.ConsumeFieldValue(r.number, r.typ, r.b)) }

// advance goes on by n bytes; below zero they could not be read.
func (r *Reader) advance(n int) {
	if n < 0 {
		r.giveUp()
		return
	}
	r.b = r.b[n:]
}

// varint, fixed32, fixed64 and bytes read a value as it stands on the wire. A
// field of another type is skipped.

func (r *Reader) varint() (uint64, bool) {
	if r.typ != protowire.VarintType {
		r.Skip()
		return 0, false
	}
	v, n := protowire.ConsumeVarint(r.b)
	r.advance(n)
	return v, n >= 0
}

func (r *Reader) fixed32() (uint32, bool) {
	if r.typ != protowire.Fixed32Type {
		r.Skip()
		return 0, false
	}
	v, n := protowire.ConsumeFixed32(r.b)
	r.advance(n)
	return v, n >= 0
}

func (r *Reader) fixed64() (uint64, bool) {
	if r.typ != protowire.Fixed64Type {
		r.Skip()
		return 0, false
	}
	v, n := protowire.ConsumeFixed64(r.b)
	r.advance(n)
	return v, n >= 0
}

func (r *Reader) bytes() ([]byte, bool) {
	if r.typ != protowire.BytesType {
		r.Skip()
		return nil, false
	}
	v, n := protowire.ConsumeBytes(r.b)
	r.advance(n)
	return v, n >= 0
}

// utf8 reads the bytes of a text.
func (r *Reader) utf8() ([]byte, bool) {
	b, ok := r.bytes()
	if ok && !utf8.Valid(b) {
		r.giveUp()
		return nil, false
	}
	return b, ok
}

// CheckText passes over a text that nobody wants: it must be UTF-8 all the same.
func (r *Reader) CheckText() { r.utf8() }

// keep is a text that stays valid. An answer has many small ones, so they are
// cut from larger pieces. A piece is not larger than what is left of the answer,
// nor than sharedText, since all of it is kept as long as any text of it.
func (r *Reader) keep(b []byte) string {
	if len(b) >= ownText {
		return string(b)
	}
	start := r.text.Len()
	if r.text.Cap()-start < len(b) {
		r.text.Reset()
		r.text.Grow(min(cap(b), sharedText)) // the capacity reaches to the end of the answer
		start = 0
	}
	_, _ = r.text.Write(b)
	return r.text.String()[start:]
}

// enter goes into a message; the field is skipped if it is none. What comes
// after the message is for leave.
func (r *Reader) enter() (rest []byte, ok bool) {
	b, ok := r.bytes()
	if !ok {
		return nil, false
	}
	if r.depth++; r.depth > maxReaderDepth {
		r.giveUp()
		return nil, false
	}
	rest, r.b = r.b, b
	return rest, true
}

// leave goes on after a message that was read to its end.
func (r *Reader) leave(rest []byte) {
	r.depth--
	if !r.failed {
		r.b = rest
	}
}

// Message reads a message into what is there already.
func Message[T any](r *Reader, out *T, read func(*Reader, *T)) {
	if rest, ok := r.enter(); ok {
		read(r, out)
		r.leave(rest)
	}
}

// Messages reads an element of a list of messages.
func Messages[T any](r *Reader, list *[]T, read func(*Reader, *T)) {
	if r.typ != protowire.BytesType {
		r.Skip()
		return
	}
	grow(r, list)
	var zero T
	*list = append(*list, zero)
	Message(r, &(*list)[len(*list)-1], read)
}

// grow makes room for the elements of a list that come next, so that those
// before need not be moved.
func grow[T any](r *Reader, list *[]T) {
	if *list != nil {
		return
	}
	n := 0
	for b := r.b; ; n++ {
		size := protowire.ConsumeFieldValue(r.number, r.typ, b)
		if size < 0 {
			break
		}
		number, typ, tag := protowire.ConsumeTag(b[size:])
		if tag < 0 || number != r.number || typ != r.typ {
			n++
			break
		}
		b = b[size+tag:]
	}
	*list = make([]T, 0, n)
}

// Result reads the result of a method out of its envelope. It is nil until the
// field comes.
func Result[T any](r *Reader, out *T, read func(*Reader, *T)) *T {
	if r.typ != protowire.BytesType {
		r.Skip()
		return out
	}
	if out == nil {
		out = new(T)
	}
	Message(r, out, read)
	return out
}

// Bare reads a result without an envelope.
func Bare[T any](read func(*Reader, *T)) func(*Reader) *T {
	return func(r *Reader) *T {
		out := new(T)
		read(r, out)
		return out
	}
}
