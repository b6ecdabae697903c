package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// decoder writes the function that turns an answer's wire type into the flat
// type. Absent, null and empty all become zero.
func (d *dialect) decoder(f *jen.File, w *ir.Wire) {
	if d.p == ir.GraphQL && w.Contract.Union != nil {
		d.unionDecoder(f, w)
		return
	}
	fields := jen.Dict{}
	guard := jen.Null()
	for _, field := range w.Fields {
		if field.Contract == nil {
			continue
		}
		fields[jen.Id(field.Field.GoName)] = d.decodeField(w, field)
		if d.hasDefault(field) {
			// The getters of an absent message would answer the defaults of its fields.
			guard = jen.If(jen.Id("in").Op("==").Nil()).Block(jen.Return(d.flatType(w.Message).Values()))
		}
	}
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("in").Op("*").Add(d.wireType(w))).
		Add(d.flatType(w.Message)).
		Block(guard, jen.Return(d.flatType(w.Message).Values(fields)))
}

// hasDefault tells whether protobuf's getter answers something else than zero
// where the field is absent: a default of proto2, or an enum's first value.
func (d *dialect) hasDefault(f *ir.WireField) bool {
	if d.p != ir.GRPC || !f.Field.Type.Single() {
		return false
	}
	return f.Contract.Details.Default != nil || d.absentEnum(f)
}

// absentEnum tells whether the field is an enum that protobuf can leave out.
func (d *dialect) absentEnum(f *ir.WireField) bool {
	return d.p == ir.GRPC && f.Contract.Presence && f.Contract.Oneof == nil && f.Field.Type.Single() &&
		f.Field.Type.Scalar == contract.ScalarEnum && f.Contract.Details.Default == nil
}

func (d *dialect) decodeField(w *ir.Wire, f *ir.WireField) jen.Code {
	value, t := d.get(w, f), f.Field.Type
	switch {
	case f.Field.Pointer:
		return d.decodePointer(w, f)
	case t.Scalar == contract.ScalarObject && t.Single():
		return d.decodeObject(w, f)
	case !t.Single():
		return d.decodeItems(f, value)
	case t.Scalar == contract.ScalarAny && d.p == ir.GRPC:
		return jen.Qual(d.g.Paths.GRPCRuntime, "DecodeAny").Call(value)
	case t.Scalar == contract.ScalarAny:
		return value
	case t.Scalar == contract.ScalarBytes && f.Type.Form == contract.FormWrapper:
		return d.g.rt("NonEmpty").Call(value.Dot("GetValue").Call())
	case t.Scalar == contract.ScalarBytes:
		return d.g.rt("NonEmpty").Call(value)
	case f.Wire != nil:
		return jen.Id(d.converter(f.Wire)).Call(d.address(w, f))
	case d.codec(f) != nil:
		return d.decodeValue(w, f, d.codec(f))
	case d.p == ir.REST && d.pointer(w, f):
		return d.g.rt("Deref").Call(value)
	default:
		return value
	}
}

// decodeItems is a list or a map; empty ones are nil.
func (d *dialect) decodeItems(f *ir.WireField, value *jen.Statement) jen.Code {
	switch f.Type.Form {
	case contract.FormFieldMask:
		if d.p == ir.GRPC {
			value = value.Dot("GetPaths").Call()
		}
		return d.g.rt("NonEmpty").Call(value)
	case contract.FormListValue:
		return jen.Qual(d.g.Paths.GRPCRuntime, "DecodeList").Call(value)
	}
	c := d.codec(f)
	name := "Convert"
	if f.Field.Type.Map {
		name = "ConvertMap"
	}
	switch {
	case c == nil && f.Field.Type.Map:
		return d.g.rt("ConvertMap").Call(value, d.g.rt("SameOf").Types(d.g.itemType(f.Field.Type)))
	case c == nil:
		return d.g.rt("NonEmpty").Call(value)
	case c.nilable:
		name += "Pointers"
	}
	return d.g.rt(name).Call(value, c.decode)
}

// decodeValue is a single value that has a codec.
func (d *dialect) decodeValue(w *ir.Wire, f *ir.WireField, c *codec) jen.Code {
	value := d.get(w, f)
	switch {
	case c.nilable:
		return jen.Add(c.decode).Call(value)
	case isBare(f): // the answer itself
		return jen.Add(c.decode).Call(jen.Id("in"))
	case d.absentEnum(f):
		return d.g.rt("ValueOf").Call(jen.Id("in").Dot(f.Contract.GoName), c.decode)
	case d.p == ir.GRPC:
		return d.g.rt("Value").Call(value, c.decode)
	case d.pointer(w, f):
		return d.g.rt("ValueOf").Call(value, c.decode)
	default:
		return jen.Add(c.decode).Call(jen.Op("&").Add(value))
	}
}

// get reads a field; protobuf's getters stand up to absent messages.
func (d *dialect) get(w *ir.Wire, f *ir.WireField) *jen.Statement {
	switch name := d.field(f.Contract); {
	case isBare(f) && d.p == ir.GRPC:
		return jen.Id("in") // the answer itself
	case isBare(f):
		return jen.Op("*").Id("in")
	case d.p == ir.GRPC:
		return jen.Id("in").Dot("Get" + name).Call()
	default:
		return jen.Id("in").Dot(name)
	}
}

// address is a pointer to a message field.
func (d *dialect) address(w *ir.Wire, f *ir.WireField) jen.Code {
	value := d.get(w, f)
	switch {
	case isBare(f):
		return jen.Id("in")
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
