package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// codec is how one value is turned from Go into what the wire code has, and
// back: functions for the runtime's combinators. nil stands for values that
// travel as they are.
type codec struct {
	encode, decode jen.Code
	// nilable: the wire has nil for the value, as protobuf has for messages.
	nilable bool
}

// codec is that of the field's value, or of the items of its list or map.
func (d *dialect) codec(f *ir.WireField) *codec { return d.itemCodec(f.Field.Type, f.Type, f) }

// itemCodec is the codec of a type without the outermost list or map.
func (d *dialect) itemCodec(t ir.Type, wire contract.Type, f *ir.WireField) *codec {
	if t.Elem != nil {
		return d.nestedCodec(*t.Elem, *wire.Elem, f)
	}
	switch t.Scalar {
	case contract.ScalarMessage:
		return &codec{jen.Id(d.converter(f.Wire)), jen.Id(d.converter(f.Wire)), d.p == ir.GRPC}
	case contract.ScalarEnum:
		return &codec{d.enumFunc(t.Enum, "To"), d.enumFunc(t.Enum, "From"), false}
	}
	if d.p == ir.GRPC {
		return d.protoCodec(t.Scalar, wire.Form)
	}
	return d.jsonCodec(t, wire.Form, isBare(f) || isBareBody(f))
}

// nestedCodec is the codec of a list or map within another.
func (d *dialect) nestedCodec(t ir.Type, wire contract.Type, f *ir.WireField) *codec {
	inner := d.itemCodec(t, wire, f)
	if inner == nil {
		inner = &codec{encode: d.g.rt("Same").Types(d.g.itemType(t)), decode: d.g.rt("SameOf").Types(d.g.itemType(t))}
	}
	if t.Map {
		return &codec{encode: d.g.rt("MapOf").Call(inner.encode), decode: d.g.rt("MapFrom").Call(inner.decode)}
	}
	return &codec{encode: d.g.rt("ListOf").Call(inner.encode), decode: d.g.rt("ListFrom").Call(inner.decode)}
}

// jsonCodec is the codec of a scalar in JSON. A single number that is a text has
// its own type where no tag of a field can say so.
func (d *dialect) jsonCodec(t ir.Type, form contract.Form, untagged bool) *codec {
	names := map[contract.Scalar]string{
		contract.ScalarTimestamp: "Time", contract.ScalarDuration: "Duration",
		contract.ScalarObject: "Object",
	}
	switch {
	case t.Scalar == contract.ScalarAny:
		return &codec{encode: d.g.rt("EncodeAny"), decode: d.g.rt("SameOf").Types(d.g.itemType(t))}
	case names[t.Scalar] != "":
		return &codec{encode: d.g.rt("Encode" + names[t.Scalar]), decode: d.g.rt("Decode" + names[t.Scalar])}
	case form == contract.FormDouble && d.p == ir.GraphQL:
		return &codec{encode: d.g.rt("EncodeDouble"), decode: d.g.rt("DecodeDouble")}
	case form == contract.FormText && t.Scalar == contract.ScalarInt64 && (untagged || !t.Single()):
		return &codec{encode: d.g.rt("EncodeInt64"), decode: d.g.rt("DecodeInt64")}
	case form == contract.FormText && t.Scalar == contract.ScalarUint64 && (untagged || !t.Single()):
		return &codec{encode: d.g.rt("EncodeUint64"), decode: d.g.rt("DecodeUint64")}
	}
	return nil
}

// protoCodec is the codec of what protobuf has a message for.
func (d *dialect) protoCodec(scalar contract.Scalar, form contract.Form) *codec {
	grpcrt := func(name string) jen.Code { return jen.Qual(d.g.Paths.GRPCRuntime, name) }
	if form == contract.FormWrapper {
		name := map[contract.Scalar]string{
			contract.ScalarFloat64: "Double", contract.ScalarFloat32: "Float", contract.ScalarInt64: "Int64",
			contract.ScalarUint64: "Uint64", contract.ScalarInt32: "Int32", contract.ScalarUint32: "Uint32",
			contract.ScalarBool: "Bool", contract.ScalarString: "String", contract.ScalarBytes: "Bytes",
		}[scalar]
		return &codec{grpcrt("Wrap" + name), grpcrt("Unwrap" + name), true}
	}
	switch scalar {
	case contract.ScalarTimestamp:
		return &codec{grpcrt("EncodeTime"), grpcrt("DecodeTime"), true}
	case contract.ScalarDuration:
		return &codec{grpcrt("EncodeDuration"), grpcrt("DecodeDuration"), true}
	case contract.ScalarAny:
		return &codec{grpcrt("EncodeAny"), grpcrt("DecodeAny"), true}
	case contract.ScalarObject:
		return &codec{grpcrt("EncodeObject"), grpcrt("Map"), true}
	}
	return nil
}
