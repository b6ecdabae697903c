// Package wiretest writes what a server could send for a protobuf message, well
// and badly: for tests that hold a decoder to what protobuf makes of it.
package wiretest

import (
	"math"
	"math/rand/v2"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxNesting is how deep messages are written in each other.
const maxNesting = 6

// Writer writes messages. What it writes depends on its source of randomness
// alone.
type Writer struct{ rand *rand.Rand }

// New makes a writer.
func New(seed uint64) *Writer { return &Writer{rand.New(rand.NewPCG(seed, 1))} }

// Message writes a message: its fields in any order, some of them several times
// or not at all, lists packed and not, and with rare faults of every kind.
func (w *Writer) Message(d protoreflect.MessageDescriptor) []byte {
	b := w.message(d, 0)
	if w.rand.IntN(8) == 0 {
		b = w.damage(b)
	}
	return b
}

func (w *Writer) message(d protoreflect.MessageDescriptor, depth int) []byte {
	var b []byte
	fields := d.Fields()
	if depth >= maxNesting || fields.Len() == 0 {
		return w.unknown(b)
	}
	if d.IsMapEntry() && w.rand.IntN(20) > 0 {
		return w.field(w.field(b, fields.Get(0), depth), fields.Get(1), depth)
	}
	n := w.rand.IntN(2*fields.Len() + 2)
	if d.Oneofs().Len() > 0 && w.rand.IntN(20) > 0 {
		n = min(n, 1)
	}
	for range n {
		switch w.rand.IntN(100) {
		case 0:
			b = w.unknown(b)
		case 1: // a known field of whatever wire type
			b = w.value(b, fields.Get(w.rand.IntN(fields.Len())).Number(), 1)
		default:
			b = w.field(b, fields.Get(w.rand.IntN(fields.Len())), depth)
		}
	}
	return b
}

func (w *Writer) field(b []byte, f protoreflect.FieldDescriptor, depth int) []byte {
	number := f.Number()
	switch f.Kind() {
	case protoreflect.MessageKind:
		b = protowire.AppendTag(b, number, protowire.BytesType)
		return protowire.AppendBytes(b, w.message(f.Message(), depth+1))
	case protoreflect.StringKind, protoreflect.BytesKind:
		b = protowire.AppendTag(b, number, protowire.BytesType)
		return protowire.AppendBytes(b, w.text())
	}
	typ := wireType(f.Kind())
	if f.IsList() && w.rand.IntN(2) == 0 {
		var packed []byte
		for range w.rand.IntN(4) {
			packed = w.number(packed, typ)
		}
		b = protowire.AppendTag(b, number, protowire.BytesType)
		return protowire.AppendBytes(b, packed)
	}
	return w.number(protowire.AppendTag(b, number, typ), typ)
}

// wireType is that of a number.
func wireType(k protoreflect.Kind) protowire.Type {
	switch k {
	case protoreflect.Fixed32Kind, protoreflect.Sfixed32Kind, protoreflect.FloatKind:
		return protowire.Fixed32Type
	case protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind, protoreflect.DoubleKind:
		return protowire.Fixed64Type
	}
	return protowire.VarintType
}

// number writes a value of a number's type: often a special one.
func (w *Writer) number(b []byte, typ protowire.Type) []byte {
	v := []uint64{0, 1, 2, 127, 128, math.MaxInt32, math.MaxUint32, math.MaxInt64, math.MaxUint64,
		math.Float64bits(math.NaN()), math.Float64bits(math.Inf(1)), math.Float64bits(math.Inf(-1)),
		math.Float64bits(1.5), math.Float64bits(math.Copysign(0, -1)), w.rand.Uint64()}[w.rand.IntN(15)]
	switch typ {
	case protowire.Fixed32Type:
		return protowire.AppendFixed32(b, uint32(v))
	case protowire.Fixed64Type:
		return protowire.AppendFixed64(b, v)
	}
	if b = protowire.AppendVarint(b, v); w.rand.IntN(20) == 0 { // longer than need be
		b[len(b)-1] |= 0x80
		b = append(b, 0)
	}
	return b
}

func (w *Writer) text() []byte {
	texts := []string{"", "a", "text", "\u00e9\u4e16", "a longer text, with blanks", string(make([]byte, 300)), "\xff"}
	i := w.rand.IntN(len(texts))
	if i == len(texts)-1 && w.rand.IntN(100) > 0 {
		i = 1
	}
	return []byte(texts[i])
}

// unknown writes a field that no message has.
func (w *Writer) unknown(b []byte) []byte { return w.value(b, 1000, 0) }

// value writes a field of any wire type, groups too.
func (w *Writer) value(b []byte, number protowire.Number, depth int) []byte {
	typ := protowire.Type(w.rand.IntN(8))
	switch {
	case typ == protowire.StartGroupType && depth < 3:
		b = protowire.AppendTag(b, number, typ)
		b = w.value(b, 1001, depth+1)
		return protowire.AppendTag(b, number, protowire.EndGroupType)
	case typ == protowire.BytesType:
		return protowire.AppendBytes(protowire.AppendTag(b, number, typ), w.text())
	case typ > protowire.Fixed32Type || typ == protowire.EndGroupType || typ == protowire.StartGroupType:
		if w.rand.IntN(20) == 0 {
			return protowire.AppendTag(b, number, typ) // not well-formed
		}
		typ = protowire.VarintType
	}
	return w.number(protowire.AppendTag(b, number, typ), typ)
}

// damage changes bytes without knowing what they mean.
func (w *Writer) damage(b []byte) []byte {
	if len(b) == 0 {
		return []byte{byte(w.rand.IntN(256))}
	}
	i := w.rand.IntN(len(b))
	switch w.rand.IntN(3) {
	case 0:
		return b[:i]
	case 1:
		b[i] = byte(w.rand.IntN(256))
	default:
		j := w.rand.IntN(len(b))
		b = append(b[:j:j], b[i:]...)
	}
	return b
}
