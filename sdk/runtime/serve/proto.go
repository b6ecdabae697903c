package serve

import (
	"fmt"
	"reflect"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// fromProto makes a flat request of a protobuf message.
func (m *message) fromProto(in protoreflect.Message) reflect.Value {
	out := reflect.New(m.Type)
	m.readProto(in, out.Elem())
	return out
}

func (m *message) readProto(in protoreflect.Message, dst reflect.Value) {
	for _, f := range m.fields {
		// Without presence a zero value is an unset one, but that the zero of an enum
		// may have a name.
		zero := f.proto.Enum() != nil && !f.proto.HasPresence() && !f.proto.IsList() && dst.Field(f.index).Kind() == reflect.String
		if in.Has(f.proto) || zero {
			f.readProto(in.Get(f.proto), dst.Field(f.index))
		}
	}
}

func (f *field) readProto(v protoreflect.Value, dst reflect.Value) {
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	switch {
	case f.proto.IsList():
		list := v.List()
		dst.Set(reflect.MakeSlice(dst.Type(), list.Len(), list.Len()))
		for i := range list.Len() {
			f.readSingle(f.proto, list.Get(i), dst.Index(i))
		}
	case f.proto.IsMap():
		dst.Set(reflect.MakeMap(dst.Type()))
		v.Map().Range(func(key protoreflect.MapKey, item protoreflect.Value) bool {
			out := reflect.New(dst.Type().Elem()).Elem()
			f.readSingle(f.proto.MapValue(), item, out)
			dst.SetMapIndex(reflect.ValueOf(key.String()).Convert(dst.Type().Key()), out)
			return true
		})
	case f.inner != nil:
		if wrapper := v.Message(); wrapper.Has(f.inner) {
			f.readSingle(f.inner, wrapper.Get(f.inner), dst)
		}
	default:
		f.readSingle(f.proto, v, dst)
	}
}

// readSingle reads one value: of a field, or of its list or map.
func (f *field) readSingle(fd protoreflect.FieldDescriptor, v protoreflect.Value, dst reflect.Value) {
	switch {
	case fd.Enum() != nil:
		dst.SetString(f.enumText(fd, v.Enum()))
	case fd.Message() != nil:
		f.readMessage(v.Message(), dst)
	case dst.Kind() == reflect.String:
		dst.SetString(v.String())
	case dst.Kind() == reflect.Bool:
		dst.SetBool(v.Bool())
	case dst.CanInt():
		dst.SetInt(v.Int())
	case dst.CanUint():
		dst.SetUint(v.Uint())
	case dst.CanFloat():
		dst.SetFloat(v.Float())
	case dst.Kind() == reflect.Slice:
		dst.SetBytes(append([]byte{}, v.Bytes()...))
	}
}

// enumText is the flat value of a number; one that nobody knows is its text.
func (f *field) enumText(fd protoreflect.FieldDescriptor, n protoreflect.EnumNumber) string {
	if value := fd.Enum().Values().ByNumber(n); value != nil && f.enum != nil {
		return f.enum.flat[string(value.Name())]
	}
	return strconv.Itoa(int(n))
}

func (f *field) readMessage(in protoreflect.Message, dst reflect.Value) {
	switch known := in.Interface().(type) {
	case *timestamppb.Timestamp:
		dst.Set(reflect.ValueOf(known.AsTime()))
	case *durationpb.Duration:
		dst.Set(reflect.ValueOf(known.AsDuration()))
	case *fieldmaskpb.FieldMask:
		dst.Set(reflect.ValueOf(append([]string{}, known.GetPaths()...)))
	case *structpb.Struct:
		readTree(f, known.AsMap(), dst)
	case *structpb.ListValue:
		readTree(f, known.AsSlice(), dst)
	case *structpb.Value:
		readTree(f, known.AsInterface(), dst)
	default:
		if f.message != nil && dst.Kind() == reflect.Struct {
			f.message.readProto(in, dst)
			return
		}
		// A message of google/protobuf/wrappers.proto.
		if value := wrapped(in); value != nil {
			f.readSingle(value, in.Get(value), dst)
		}
	}
}

// readTree reads a free-form value, which is what JSON has.
func readTree(f *field, v any, dst reflect.Value) {
	if v != nil {
		(&treeDecoder{}).value(f, v, dst, "")
	}
}

// wrapped is the field of a wrapper message.
func wrapped(m protoreflect.Message) protoreflect.FieldDescriptor {
	return m.Descriptor().Fields().ByName("value")
}

// toProto writes a flat answer into a protobuf message; what is zero stays
// unset.
func (m *message) toProto(src reflect.Value, out protoreflect.Message) error {
	for _, f := range m.fields {
		v := src.Field(f.index)
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				continue
			}
			v = v.Elem()
		} else if isFree := v.Type() == reflect.TypeFor[map[string]any](); !isFree && empty(v) || isFree && v.IsNil() {
			continue
		}
		if err := f.writeProto(v, out); err != nil {
			return fmt.Errorf("%s: %w", f.Wire, err)
		}
	}
	return nil
}

func (f *field) writeProto(v reflect.Value, out protoreflect.Message) error {
	switch {
	case f.proto.IsList():
		list := out.Mutable(f.proto).List()
		for i := range v.Len() {
			item, err := f.single(f.proto, v.Index(i), list.NewElement)
			if err != nil {
				return err
			}
			list.Append(item)
		}
		return nil
	case f.proto.IsMap():
		items := out.Mutable(f.proto).Map()
		for _, key := range v.MapKeys() {
			item, err := f.single(f.proto.MapValue(), v.MapIndex(key), items.NewValue)
			if err != nil {
				return err
			}
			items.Set(protoreflect.ValueOfString(key.String()).MapKey(), item)
		}
		return nil
	}
	target, fd := out, f.proto
	if f.inner != nil {
		target, fd = out.Mutable(f.proto).Message(), f.inner
	}
	item, err := f.single(fd, v, func() protoreflect.Value { return target.NewField(fd) })
	if err == nil {
		target.Set(fd, item)
	}
	return err
}

// single makes the protobuf value of one value; empty makes a new message.
func (f *field) single(fd protoreflect.FieldDescriptor, v reflect.Value, empty func() protoreflect.Value) (protoreflect.Value, error) {
	switch fd.Kind() {
	case protoreflect.MessageKind, protoreflect.GroupKind:
		return f.protoMessage(empty(), v)
	case protoreflect.EnumKind:
		n, err := f.enumNumber(fd, v.String())
		return protoreflect.ValueOfEnum(n), err
	case protoreflect.StringKind:
		return protoreflect.ValueOfString(v.String()), nil
	case protoreflect.BoolKind:
		return protoreflect.ValueOfBool(v.Bool()), nil
	case protoreflect.BytesKind:
		return protoreflect.ValueOfBytes(v.Bytes()), nil
	case protoreflect.FloatKind:
		return protoreflect.ValueOfFloat32(float32(v.Float())), nil
	case protoreflect.DoubleKind:
		return protoreflect.ValueOfFloat64(v.Float()), nil
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return protoreflect.ValueOfInt32(int32(v.Int())), nil
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return protoreflect.ValueOfInt64(v.Int()), nil
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return protoreflect.ValueOfUint32(uint32(v.Uint())), nil
	default:
		return protoreflect.ValueOfUint64(v.Uint()), nil
	}
}

// enumNumber is the number of a flat value.
func (f *field) enumNumber(fd protoreflect.FieldDescriptor, flat string) (protoreflect.EnumNumber, error) {
	if flat == "" {
		return 0, nil
	}
	if value := fd.Enum().Values().ByName(protoreflect.Name(f.enum.wire[flat])); value != nil {
		return value.Number(), nil
	}
	if n, err := strconv.ParseInt(flat, 10, 32); err == nil {
		return protoreflect.EnumNumber(n), nil
	}
	return 0, fmt.Errorf("%q is no value of %s", flat, fd.Enum().FullName())
}

// protoMessage fills a new message.
func (f *field) protoMessage(item protoreflect.Value, v reflect.Value) (protoreflect.Value, error) {
	of := func(m proto.Message) (protoreflect.Value, error) {
		return protoreflect.ValueOfMessage(m.ProtoReflect()), nil
	}
	switch item.Message().Interface().(type) {
	case *timestamppb.Timestamp:
		return of(timestamppb.New(v.Interface().(time.Time)))
	case *durationpb.Duration:
		return of(durationpb.New(v.Interface().(time.Duration)))
	case *fieldmaskpb.FieldMask:
		return of(&fieldmaskpb.FieldMask{Paths: v.Interface().([]string)})
	case *structpb.Struct, *structpb.ListValue, *structpb.Value:
		return freeProto(item, v.Interface())
	}
	if f.message != nil && v.Kind() == reflect.Struct {
		return item, f.message.toProto(v, item.Message())
	}
	fd := wrapped(item.Message())
	if fd == nil {
		return item, fmt.Errorf("%s cannot travel as %s", v.Type(), item.Message().Descriptor().FullName())
	}
	value, err := f.single(fd, v, func() protoreflect.Value { return item.Message().NewField(fd) })
	if err == nil {
		item.Message().Set(fd, value)
	}
	return item, err
}

// freeProto makes a message of google/protobuf/struct.proto.
func freeProto(item protoreflect.Value, v any) (protoreflect.Value, error) {
	plain, err := free(v)
	if err != nil {
		return item, err
	}
	value, err := structpb.NewValue(plain)
	if err != nil {
		return item, err
	}
	var out proto.Message = value
	switch item.Message().Interface().(type) {
	case *structpb.Struct:
		out = value.GetStructValue()
	case *structpb.ListValue:
		out = value.GetListValue()
	}
	return protoreflect.ValueOfMessage(out.ProtoReflect()), nil
}
