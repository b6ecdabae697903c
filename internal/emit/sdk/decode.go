package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// decoder writes the function that turns an answer's wire type into the flat
// type. Absent, null and empty all become zero.
func (d *dialect) decoder(f *jen.File, w *ir.Wire) {
	fields := jen.Dict{}
	for _, field := range w.Fields {
		if field.Contract != nil {
			fields[jen.Id(field.Field.GoName)] = d.decodeField(w, field)
		}
	}
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("in").Op("*").Add(d.goType(w.Contract, false))).
		Add(d.flatType(w.Message)).
		Block(jen.Return(d.flatType(w.Message).Values(fields)))
}

func (d *dialect) decodeField(w *ir.Wire, f *ir.WireField) jen.Code {
	value := d.get(w, f)
	switch {
	case f.Field.Type.Scalar == contract.ScalarObject:
		return d.decodeObject(w, f)
	case f.Wire != nil && f.Field.Type.List && d.p == ir.GRPC:
		return d.g.rt("ConvertPointers").Call(value, jen.Id(d.converter(f.Wire)))
	case f.Wire != nil && f.Field.Type.List:
		return d.g.rt("Convert").Call(value, jen.Id(d.converter(f.Wire)))
	case f.Wire != nil:
		return jen.Id(d.converter(f.Wire)).Call(d.address(w, f))
	case f.Field.Type.List:
		return d.g.rt("NonEmpty").Call(value)
	case d.p == ir.REST && d.pointer(w, f):
		return d.g.rt("Deref").Call(value)
	default:
		return value
	}
}

// get reads a field; protobuf's getters stand up to absent messages.
func (d *dialect) get(w *ir.Wire, f *ir.WireField) *jen.Statement {
	name := d.field(f.Contract)
	if d.p == ir.GRPC {
		return jen.Id("in").Dot("Get" + name).Call()
	}
	return jen.Id("in").Dot(name)
}

// address is a pointer to a message field.
func (d *dialect) address(w *ir.Wire, f *ir.WireField) jen.Code {
	value := d.get(w, f)
	switch {
	case d.p == ir.GRPC:
		return value
	case d.pointer(w, f):
		return d.g.rt("Ptr").Call(d.g.rt("Deref").Call(value))
	default:
		return jen.Op("&").Add(value)
	}
}

func (d *dialect) decodeObject(w *ir.Wire, f *ir.WireField) jen.Code {
	value := d.get(w, f)
	if f.Inner != nil {
		switch {
		case d.p == ir.GRPC:
			value = value.Dot("Get" + d.field(f.Inner)).Call()
		case d.pointer(w, f):
			value = d.g.rt("Deref").Call(value).Dot(d.field(f.Inner))
		default:
			value = value.Dot(d.field(f.Inner))
		}
	}
	if d.p == ir.GRPC {
		return jen.Qual(d.g.Paths.GRPCRuntime, "Map").Call(value)
	}
	return d.g.rt("NonEmptyMap").Call(value)
}
