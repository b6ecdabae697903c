package grpcrt_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/triwire/authorizer-sdk/sdk/internal/wiretest"
	"github.com/triwire/authorizer-sdk/sdk/runtime/grpcrt"
)

// everything has a field of each kind that a Reader knows.
type everything struct {
	Text              string
	Bool              bool
	I32, S32, F32     int32
	I64, S64, F64     int64
	Double            float64
	Texts             []string
	Bools             []bool
	I32s, S32s, F32s  []int32
	I64s, S64s, F64s  []int64
	Doubles           []float64
	U32, X32          uint32
	U64, X64          uint64
	Float             float32
	U32s, X32s        []uint32
	U64s, X64s        []uint64
	Floats            []float32
	Bytes             []byte
	Child             child
	Children          []child
	Object, InWrapper map[string]any
}

type child struct {
	Name string
	Tags []string
	Deep []child
}

// The numbers are those of everythingProto.

func readEverything(r *grpcrt.Reader, out *everything) {
	for r.Next() {
		switch r.Number() {
		case 1:
			r.String(&out.Text)
		case 2:
			r.Bool(&out.Bool)
		case 3:
			r.Int32(&out.I32)
		case 4:
			r.Sint32(&out.S32)
		case 5:
			r.Sfixed32(&out.F32)
		case 6:
			r.Int64(&out.I64)
		case 7:
			r.Sint64(&out.S64)
		case 8:
			r.Sfixed64(&out.F64)
		case 9:
			r.Double(&out.Double)
		case 11:
			r.Strings(&out.Texts)
		case 12:
			r.Bools(&out.Bools)
		case 13:
			r.Int32s(&out.I32s)
		case 14:
			r.Sint32s(&out.S32s)
		case 15:
			r.Sfixed32s(&out.F32s)
		case 16:
			r.Int64s(&out.I64s)
		case 17:
			r.Sint64s(&out.S64s)
		case 18:
			r.Sfixed64s(&out.F64s)
		case 19:
			r.Doubles(&out.Doubles)
		case 20:
			grpcrt.Message(r, &out.Child, readChild)
		case 21:
			grpcrt.Messages(r, &out.Children, readChild)
		case 22:
			r.Object(&out.Object)
		case 23:
			r.WrappedObject(1, &out.InWrapper)
		case 24:
			r.CheckText()
		case 31:
			r.Uint32(&out.U32)
		case 41:
			r.Uint32s(&out.U32s)
		case 32:
			r.Fixed32(&out.X32)
		case 42:
			r.Fixed32s(&out.X32s)
		case 33:
			r.Uint64(&out.U64)
		case 43:
			r.Uint64s(&out.U64s)
		case 34:
			r.Fixed64(&out.X64)
		case 44:
			r.Fixed64s(&out.X64s)
		case 35:
			r.Float(&out.Float)
		case 45:
			r.Floats(&out.Floats)
		case 36:
			r.Bytes(&out.Bytes)
		default:
			r.Skip()
		}
	}
}

func readChild(r *grpcrt.Reader, out *child) {
	for r.Next() {
		switch r.Number() {
		case 1:
			r.String(&out.Name)
		case 2:
			r.Strings(&out.Tags)
		case 3:
			grpcrt.Messages(r, &out.Deep, readChild)
		default:
			r.Skip()
		}
	}
}

// everythingProto is the descriptor of a message like it.
func everythingProto(tb testing.TB) protoreflect.MessageDescriptor {
	tb.Helper()
	field := func(name string, number int32, kind descriptorpb.FieldDescriptorProto_Type, list bool, message string) *descriptorpb.FieldDescriptorProto {
		f := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &number, Type: &kind, Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
		if list {
			f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
		}
		if message != "" {
			f.TypeName = &message
		}
		return f
	}
	const text, msg = descriptorpb.FieldDescriptorProto_TYPE_STRING, descriptorpb.FieldDescriptorProto_TYPE_MESSAGE
	everything := &descriptorpb.DescriptorProto{Name: proto.String("Everything")}
	for i, kind := range []descriptorpb.FieldDescriptorProto_Type{text, descriptorpb.FieldDescriptorProto_TYPE_BOOL,
		descriptorpb.FieldDescriptorProto_TYPE_INT32, descriptorpb.FieldDescriptorProto_TYPE_SINT32, descriptorpb.FieldDescriptorProto_TYPE_SFIXED32,
		descriptorpb.FieldDescriptorProto_TYPE_INT64, descriptorpb.FieldDescriptorProto_TYPE_SINT64, descriptorpb.FieldDescriptorProto_TYPE_SFIXED64,
		descriptorpb.FieldDescriptorProto_TYPE_DOUBLE} {
		n := int32(i + 1)
		everything.Field = append(everything.Field, field(fmt.Sprint("f", n), n, kind, false, ""), field(fmt.Sprint("f", n+10), n+10, kind, true, ""))
	}
	for i, kind := range []descriptorpb.FieldDescriptorProto_Type{descriptorpb.FieldDescriptorProto_TYPE_UINT32, descriptorpb.FieldDescriptorProto_TYPE_FIXED32,
		descriptorpb.FieldDescriptorProto_TYPE_UINT64, descriptorpb.FieldDescriptorProto_TYPE_FIXED64, descriptorpb.FieldDescriptorProto_TYPE_FLOAT,
		descriptorpb.FieldDescriptorProto_TYPE_BYTES} {
		n := int32(i + 31)
		everything.Field = append(everything.Field, field(fmt.Sprint("f", n), n, kind, false, ""), field(fmt.Sprint("f", n+10), n+10, kind, true, ""))
	}
	everything.Field = append(everything.Field, field("child", 20, msg, false, ".wiretest.Child"), field("children", 21, msg, true, ".wiretest.Child"),
		field("object", 22, msg, false, ".google.protobuf.Struct"), field("wrapped", 23, msg, false, ".wiretest.Wrapper"), field("unwanted", 24, text, false, ""))
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name: proto.String("wiretest.proto"), Package: proto.String("wiretest"), Syntax: proto.String("proto3"),
		Dependency: []string{"google/protobuf/struct.proto"},
		MessageType: []*descriptorpb.DescriptorProto{everything,
			{Name: proto.String("Child"), Field: []*descriptorpb.FieldDescriptorProto{field("name", 1, text, false, ""), field("tags", 2, text, true, ""), field("deep", 3, msg, true, ".wiretest.Child")}},
			{Name: proto.String("Wrapper"), Field: []*descriptorpb.FieldDescriptorProto{field("value", 1, msg, false, ".google.protobuf.Struct")}}},
	}, registry{})
	if err != nil {
		tb.Fatal(err)
	}
	return file.Messages().Get(0)
}

// registry resolves the one file that everythingProto imports.
type registry struct{}

func (registry) FindFileByPath(string) (protoreflect.FileDescriptor, error) {
	return structpb.File_google_protobuf_struct_proto, nil
}

func (registry) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	return structpb.File_google_protobuf_struct_proto.Messages().ByName(name.Name()), nil
}

// fromMessage is what protobuf makes of a message like everything.
func fromMessage(m protoreflect.Message) everything {
	get := func(n protoreflect.FieldNumber) protoreflect.Value { return m.Get(m.Descriptor().Fields().ByNumber(n)) }
	return everything{
		Text: get(1).String(), Bool: get(2).Bool(),
		I32: int32(get(3).Int()), S32: int32(get(4).Int()), F32: int32(get(5).Int()),
		I64: get(6).Int(), S64: get(7).Int(), F64: get(8).Int(), Double: get(9).Float(),
		Texts: listOf(get(11), protoreflect.Value.String), Bools: listOf(get(12), protoreflect.Value.Bool),
		I32s: listOf(get(13), int32Of), S32s: listOf(get(14), int32Of), F32s: listOf(get(15), int32Of),
		I64s: listOf(get(16), protoreflect.Value.Int), S64s: listOf(get(17), protoreflect.Value.Int), F64s: listOf(get(18), protoreflect.Value.Int),
		Doubles: listOf(get(19), protoreflect.Value.Float),
		U32:     uint32(get(31).Uint()), X32: uint32(get(32).Uint()), U64: get(33).Uint(), X64: get(34).Uint(), Float: float32(get(35).Float()),
		U32s: listOf(get(41), uint32Of), X32s: listOf(get(42), uint32Of),
		U64s: listOf(get(43), protoreflect.Value.Uint), X64s: listOf(get(44), protoreflect.Value.Uint),
		Floats: listOf(get(45), func(v protoreflect.Value) float32 { return float32(v.Float()) }), Bytes: append([]byte(nil), get(36).Bytes()...),
		Child: childOf(get(20)), Children: listOf(get(21), childOf), Object: objectOf(get(22)),
		InWrapper: objectOf(get(23).Message().Get(get(23).Message().Descriptor().Fields().ByNumber(1))),
	}
}

func int32Of(v protoreflect.Value) int32 { return int32(v.Int()) }

func uint32Of(v protoreflect.Value) uint32 { return uint32(v.Uint()) }

func listOf[T any](v protoreflect.Value, convert func(protoreflect.Value) T) (out []T) {
	for i := range v.List().Len() {
		out = append(out, convert(v.List().Get(i)))
	}
	return out
}

func childOf(v protoreflect.Value) child {
	get := func(n protoreflect.FieldNumber) protoreflect.Value {
		return v.Message().Get(v.Message().Descriptor().Fields().ByNumber(n))
	}
	return child{Name: get(1).String(), Tags: listOf(get(2), protoreflect.Value.String), Deep: listOf(get(3), childOf)}
}

// objectOf goes by way of the generated type: what is asked is what Map makes.
func objectOf(v protoreflect.Value) map[string]any {
	text, err := proto.MarshalOptions{AllowPartial: true}.Marshal(v.Message().Interface())
	s := new(structpb.Struct)
	if err == nil {
		err = proto.Unmarshal(text, s)
	}
	if err != nil {
		panic(err)
	}
	return grpcrt.Map(s)
}

// unmarshal is [proto.Unmarshal]. For messages without generated code that
// panics where the key of a map comes twice, the second time as another type.
func unmarshal(body []byte, m proto.Message) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return proto.Unmarshal(body, m)
}

// check holds a reader to what protobuf makes of a body. good and straight tell
// whether protobuf and the reader took it.
func check(t *testing.T, d protoreflect.MessageDescriptor, body []byte) (good, straight bool) {
	t.Helper()
	m := dynamicpb.NewMessage(d)
	err := unmarshal(body, m)
	// A copy that is overwritten: nothing that was read may refer to it.
	copied := slices.Clone(body)
	got, ok := grpcrt.Straight(copied, readEverything)
	for i := range copied {
		copied[i] = '!'
	}
	if ok && err != nil {
		t.Fatalf("the reader takes %x, of which protobuf says %v", body, err)
	}
	if !ok {
		return err == nil, false
	}
	// %#v tells nil from empty, 0 from -0, and takes NaN for NaN.
	if got, want := fmt.Sprintf("%#v", *got), fmt.Sprintf("%#v", fromMessage(m)); got != want {
		t.Fatalf("of %x\ngot  %s\nwant %s", body, got, want)
	}
	return true, true
}

func TestReader(t *testing.T) {
	const all = 5000
	d := everythingProto(t)
	good, straight := 0, 0
	for i := range uint64(all) {
		g, s := check(t, d, wiretest.New(i).Message(d))
		if g {
			good++
		}
		if s {
			straight++
		}
	}
	// Otherwise the answers, or the reader, are not what they should be.
	if good < all/3 || good == all || straight < good*3/4 {
		t.Errorf("of %d answers protobuf took %d, and the reader %d", all, good, straight)
	}
}

func FuzzReader(f *testing.F) {
	d := everythingProto(f)
	for i := range uint64(100) {
		f.Add(wiretest.New(i).Message(d))
	}
	f.Fuzz(func(t *testing.T, body []byte) { check(t, d, body) })
}

// Each rule of protobuf by its name, so that a reader that gives up on
// everything does not pass.
func TestReaderRules(t *testing.T) {
	text := func(n protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(nil, n, protowire.BytesType), s)
	}
	number := func(n protowire.Number, v uint64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(nil, n, protowire.VarintType), v)
	}
	message := func(n protowire.Number, parts ...[]byte) []byte { return text(n, string(slices.Concat(parts...))) }
	entry := func(key, value string) []byte { return message(1, text(1, key), message(2, text(3, value))) }
	group := slices.Concat(protowire.AppendTag(nil, 99, protowire.StartGroupType), number(5, 1), protowire.AppendTag(nil, 99, protowire.EndGroupType))
	nested := text(1, "deep")
	for range grpcrt.MaxReaderDepth + 1 {
		nested = message(3, nested)
	}
	cases := []struct {
		name           string
		body           []byte
		good, straight bool
	}{
		{"nothing", nil, true, true},
		{"any order", slices.Concat(number(2, 1), text(1, "a")), true, true},
		{"the last one stays", slices.Concat(text(1, "a"), text(1, "b")), true, true},
		{"a message that comes twice is merged", slices.Concat(message(20, text(1, "a"), text(2, "x")), message(20, text(2, "y"))), true, true},
		{"an object that comes twice is merged", slices.Concat(message(22, entry("a", "1"), entry("b", "1")), message(22, entry("b", "2"))), true, true},
		{"a wrapped object that comes twice", slices.Concat(message(23, message(1, entry("a", "1"))), message(23, message(1, entry("b", "2")))), true, true},
		{"a list of messages", slices.Concat(message(21, text(1, "a")), message(21), number(2, 1), message(21, text(1, "b"))), true, true},
		{"packed", message(13, []byte{1, 2, 0x80, 1}), true, true},
		{"not packed", slices.Concat(number(13, 1), number(13, 2), message(13, []byte{3})), true, true},
		{"packed and cut off", message(13, []byte{1, 0x80}), false, false},
		{"more bits than an int32", number(3, 1<<40+7), true, true},
		{"a known number of another type", slices.Concat(number(1, 5), text(2, "x"), number(20, 1), number(21, 1), number(22, 1)), true, true},
		{"unknown", slices.Concat(number(1000, 5), text(1000, "\xff")), true, true},
		{"unknown group", group, true, true},
		{"group without an end", group[:len(group)-1], false, false},
		{"end without a group", protowire.AppendTag(nil, 99, protowire.EndGroupType), false, false},
		{"number 0", []byte{0, 0}, false, false},
		{"cut off", text(1, "abc")[:4], false, false},
		{"not UTF-8", text(1, "\xff"), false, false},
		{"not UTF-8 where nobody wants it", text(24, "\xff"), false, false},
		{"not UTF-8 in a key", message(22, entry("\xff", "1")), false, false},
		{"an entry without key and value", message(22, message(1)), true, true},
		{"an entry with two values", message(22, message(1, text(1, "k"), message(2, text(3, "a")), message(2, text(3, "b")))), true, false},
		{"a value with two kinds", message(22, message(1, text(1, "k"), message(2, text(3, "a"), number(4, 1)))), true, false},
		{"nested deeper than the reader goes", message(20, nested), true, false},
	}
	d := everythingProto(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if good, straight := check(t, d, tc.body); good != tc.good || straight != tc.straight {
				t.Errorf("taken by protobuf: %v, want %v; by the reader: %v, want %v", good, tc.good, straight, tc.straight)
			}
		})
	}
}

// Short texts share their memory, but who keeps one text of a large answer does
// not keep all of it.
func TestTextsShareMemory(t *testing.T) {
	const texts, answers = 5000, 50
	var body []byte
	for i := range texts {
		body = protowire.AppendString(protowire.AppendTag(body, 11, protowire.BytesType), fmt.Sprintf("text number %04d", i))
	}
	read := func() string {
		out, ok := grpcrt.Straight(body, readEverything)
		if !ok || len(out.Texts) != texts {
			t.Fatalf("got %d texts, %v", len(out.Texts), ok)
		}
		return out.Texts[texts/2]
	}
	if n := testing.AllocsPerRun(10, func() { read() }); n > texts/10 {
		t.Errorf("%v allocations for %d texts", n, texts)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := make([]string, answers)
	for i := range kept {
		kept[i] = read()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if n := int64(after.HeapAlloc) - int64(before.HeapAlloc); n > answers*int64(len(body))/10 {
		t.Errorf("%d bytes are kept with one text of each of %d answers of %d bytes", n, answers, len(body))
	}
	runtime.KeepAlive(kept)
	// A small answer does not take a whole piece.
	short := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "short")
	if n := testing.AllocsPerRun(100, func() { grpcrt.Straight(short, readEverything) }); n > 3 {
		t.Errorf("%v allocations for one text", n)
	}
}
