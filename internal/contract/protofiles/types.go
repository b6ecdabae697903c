package protofiles

import (
	"path"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// typeOf is the neutral type of a field.
func (b *builder) typeOf(f *protogen.Field) contract.Type {
	if f.Desc.IsMap() {
		return b.mapType(f)
	}
	out := b.single(f)
	if f.Desc.IsList() {
		return listOf(out)
	}
	return out
}

// listOf is a list of what the type is.
func listOf(item contract.Type) contract.Type {
	if item.List || item.Map {
		elem := item
		return contract.Type{Scalar: contract.ScalarNested, List: true, Elem: &elem, Wire: item.Wire}
	}
	item.List = true
	return item
}

// mapType is the type of a map. Its keys are strings in JSON whatever they are in
// protobuf, so only strings are the same over every protocol.
func (b *builder) mapType(f *protogen.Field) contract.Type {
	key, value := f.Message.Fields[0], b.single(f.Message.Fields[1])
	out := contract.Type{Scalar: contract.ScalarUnsupported, Wire: value.Wire}
	switch {
	case key.Desc.Kind() != protoreflect.StringKind:
		out.Reason = "is a map with keys of the type " + key.Desc.Kind().String() + ", which JSON writes as strings: only string keys are the same over every protocol"
	case value.Scalar == contract.ScalarUnsupported:
		out.Reason = "is a map whose value " + value.Reason
	case value.List:
		elem := value
		return contract.Type{Scalar: contract.ScalarNested, Map: true, Elem: &elem, Wire: value.Wire}
	default:
		value.Map = true
		return value
	}
	return out
}

// single is the type of one value of a field.
func (b *builder) single(f *protogen.Field) contract.Type {
	out := contract.Type{Scalar: contract.ScalarUnsupported, Wire: "TYPE_" + strings.ToUpper(f.Desc.Kind().String())}
	switch {
	case f.Desc.Kind() == protoreflect.GroupKind:
		out.Reason = "is a group (a message with delimited encoding), which JSON and the other protocols do not have"
	case f.Enum != nil:
		out.Wire = string(f.Enum.Desc.FullName())
		out.Scalar, out.Enum = contract.ScalarEnum, b.enumType(f.Enum)
	case f.Message != nil:
		out.Wire = string(f.Message.Desc.FullName())
		b.messageType(&out, f.Message)
	default:
		out.Scalar = scalarOf(f.Desc.Kind())
	}
	return out
}

// enumType is the neutral enum, made at the first call.
func (b *builder) enumType(e *protogen.Enum) *contract.Enum {
	name := string(e.Desc.FullName())
	if known := b.enums[name]; known != nil {
		return known
	}
	out := b.enum(e.Desc)
	out.Doc = comment(e.Comments)
	out.GoName, out.GoImport = e.GoIdent.GoName, path.Dir(e.Desc.ParentFile().Path())
	for i, v := range e.Values {
		out.Values[i].GoName, out.Values[i].Doc = v.GoIdent.GoName, comment(v.Comments)
	}
	b.enums[name] = out
	return out
}

// messageType is the type of a field that holds a message: one of the project's
// own, or what a well-known one stands for.
func (b *builder) messageType(out *contract.Type, m *protogen.Message) {
	name := m.Desc.FullName()
	if b.local[m.Desc.ParentFile().Path()] {
		out.Scalar, out.Message = contract.ScalarMessage, b.message(m)
		return
	}
	switch name {
	case "google.protobuf.Struct":
		out.Scalar = contract.ScalarObject
	case "google.protobuf.Value":
		out.Scalar = contract.ScalarAny
	case "google.protobuf.ListValue":
		out.Scalar, out.List, out.Form = contract.ScalarAny, true, contract.FormListValue
	case "google.protobuf.Timestamp":
		out.Scalar = contract.ScalarTimestamp
	case "google.protobuf.Duration":
		out.Scalar = contract.ScalarDuration
	case "google.protobuf.FieldMask":
		out.Scalar, out.List, out.Form = contract.ScalarString, true, contract.FormFieldMask
	case "google.protobuf.Any":
		out.Reason = "is a google.protobuf.Any, whose type is known only when it arrives"
	case "google.protobuf.Empty":
		out.Reason = "is a google.protobuf.Empty, which says nothing but that it is there: write a bool, or a message of your own"
	default:
		if scalar, ok := wrapped(name); ok {
			out.Scalar, out.Form = scalar, contract.FormWrapper
			return
		}
		out.Reason = "is the type " + out.Wire + " of another project: copy its file into the protos"
	}
}

// wrapped is the scalar that a message of google/protobuf/wrappers.proto holds.
func wrapped(name protoreflect.FullName) (contract.Scalar, bool) {
	scalar, ok := map[protoreflect.FullName]contract.Scalar{
		"google.protobuf.DoubleValue": contract.ScalarFloat64,
		"google.protobuf.FloatValue":  contract.ScalarFloat32,
		"google.protobuf.Int64Value":  contract.ScalarInt64,
		"google.protobuf.UInt64Value": contract.ScalarUint64,
		"google.protobuf.Int32Value":  contract.ScalarInt32,
		"google.protobuf.UInt32Value": contract.ScalarUint32,
		"google.protobuf.BoolValue":   contract.ScalarBool,
		"google.protobuf.StringValue": contract.ScalarString,
		"google.protobuf.BytesValue":  contract.ScalarBytes,
	}[name]
	return scalar, ok
}

// scalarOf is the neutral scalar of a kind.
func scalarOf(kind protoreflect.Kind) contract.Scalar {
	switch kind {
	case protoreflect.StringKind:
		return contract.ScalarString
	case protoreflect.BoolKind:
		return contract.ScalarBool
	case protoreflect.Int32Kind, protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return contract.ScalarInt32
	case protoreflect.Int64Kind, protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return contract.ScalarInt64
	case protoreflect.Uint32Kind, protoreflect.Fixed32Kind:
		return contract.ScalarUint32
	case protoreflect.Uint64Kind, protoreflect.Fixed64Kind:
		return contract.ScalarUint64
	case protoreflect.FloatKind:
		return contract.ScalarFloat32
	case protoreflect.DoubleKind:
		return contract.ScalarFloat64
	default:
		return contract.ScalarBytes
	}
}
