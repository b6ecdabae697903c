package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// encoder writes the function that turns a flat request into the wire type.
// Protobuf messages must not be copied, so there it returns a pointer.
func (d *dialect) encoder(f *jen.File, w *ir.Wire) {
	if w.Contract.Parts != nil {
		d.partsEncoder(f, w)
		return
	}
	if w.Contract.Spread {
		d.spreadEncoder(f, w)
		return
	}
	result, start := d.goType(w.Contract, true), d.goType(w.Contract, true).Values()
	if d.p == ir.GRPC {
		result, start = jen.Op("*").Add(result), jen.Op("&").Add(start)
	}
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("e").Op("*").Add(d.g.rt("Encoder")), jen.Id("in").Op("*").Add(d.flatType(w.Message))).
		Add(result).
		BlockFunc(func(body *jen.Group) {
			body.Id("out").Op(":=").Add(start)
			for _, o := range w.Oneofs() {
				d.encodeOneof(body, o)
			}
			for _, field := range w.Fields {
				if c := field.Contract; c != nil && c.Place != nil && c.Place.In == contract.InPath {
					continue // the path alone has it
				}
				d.encodeField(body, w, field)
			}
			body.Return(jen.Id("out"))
		})
}

func (d *dialect) encodeField(body *jen.Group, w *ir.Wire, f *ir.WireField) {
	in := jen.Id("in").Dot(f.Field.GoName)
	name := jen.Lit(f.Field.Name)
	over := d.g.protocols(f.Over)
	if f.Contract == nil {
		args := append([]jen.Code{jen.Id("e"), name, isSet(f.Field, in)}, over...)
		body.Add(d.g.rt("Unsupported").Call(args...))
		return
	}
	out := d.target(f)
	t := f.Field.Type
	switch {
	case isBareBody(f):
		d.encodeBody(body, w, f, name, in, over)
	case d.p == ir.GRPC && f.Contract.Oneof != nil:
		d.encodeVariant(body, w, f, name, in)
	case t.Scalar == contract.ScalarObject && t.Single():
		d.encodeObject(body, f, name, in, out)
	case t.List:
		body.Add(out).Op("=").Add(d.filled(f, d.encodeList(f, name, in, over)))
	case t.Map:
		body.Add(out).Op("=").Add(d.filled(f, d.encodeMap(f, name, in, over)))
	case t.HasNil():
		body.Add(out).Op("=").Add(d.encodeNilable(f, name, in, over))
	case f.Wire != nil:
		d.encodeMessage(body, f, name, in, out)
	default:
		body.Add(out).Op("=").Add(d.scalar(w, f, name, in, over))
	}
}

// encodeList is a list as the wire has it.
func (d *dialect) encodeList(f *ir.WireField, name, in jen.Code, over []jen.Code) jen.Code {
	list := d.list(f, name, in, over)
	switch f.Type.Form {
	case contract.FormFieldMask, contract.FormPaths:
		mask := d.g.rt("FieldMask").Call(jen.Id("e"), name, list)
		if d.p == ir.GRPC {
			return jen.Qual(d.g.Paths.GRPCRuntime, "EncodeMask").Call(mask)
		}
		if place := f.Contract.Place; f.Type.Form == contract.FormPaths && place != nil && place.In != contract.InContent {
			return jen.Index().String().Parens(mask) // the type decides how it is written
		}
		return mask
	case contract.FormListValue:
		items := d.g.rt("Messages").Call(jen.Id("e"), name, list, d.g.rt("EncodeAny"))
		return jen.Qual(d.g.Paths.GRPCRuntime, "EncodeList").Call(items)
	}
	if c := d.codec(f); c != nil {
		return d.g.rt("Messages").Call(jen.Id("e"), name, list, c.encode)
	}
	return list
}

func (d *dialect) encodeMap(f *ir.WireField, name, in jen.Code, over []jen.Code) jen.Code {
	if !f.Field.Required && !f.Presence && len(over) > 0 {
		in = d.g.rt("ImplicitMap").Call(append([]jen.Code{jen.Id("e"), name, in}, over...)...)
	}
	encode := jen.Code(d.g.rt("Same").Types(d.g.itemType(f.Field.Type)))
	if c := d.codec(f); c != nil {
		encode = c.encode
	}
	return d.g.rt("Map").Call(jen.Id("e"), name, in, encode)
}

// encodeNilable is a value for which Go has nil: bytes, or any JSON.
func (d *dialect) encodeNilable(f *ir.WireField, name, in jen.Code, over []jen.Code) jen.Code {
	if f.Field.Type.Scalar == contract.ScalarAny {
		value := d.g.rt("Any").Call(jen.Id("e"), name, in)
		if d.p == ir.GRPC {
			return jen.Qual(d.g.Paths.GRPCRuntime, "Any").Call(value)
		}
		return value
	}
	bytes := d.list(f, name, in, over)
	if f.Type.Form == contract.FormWrapper {
		return jen.Qual(d.g.Paths.GRPCRuntime, "BytesValue").Call(bytes)
	}
	return bytes
}

// isSet is the condition under which the caller set a field.
func isSet(f *ir.Field, in jen.Code) jen.Code {
	if f.Pointer || f.Type.HasNil() {
		return jen.Add(in).Op("!=").Nil()
	}
	if f.Type.Scalar == contract.ScalarTimestamp {
		return jen.Op("!").Add(in).Dot("IsZero").Call()
	}
	zero := map[contract.Scalar]jen.Code{contract.ScalarString: jen.Lit(""), contract.ScalarEnum: jen.Lit(""), contract.ScalarBool: jen.False()}[f.Type.Scalar]
	if zero == nil {
		zero = jen.Lit(0)
	}
	return jen.Add(in).Op("!=").Add(zero)
}

// list checks a list; over a protocol that cannot send an empty one, an
// optional list that is empty but not nil is refused.
func (d *dialect) list(f *ir.WireField, name, in jen.Code, over []jen.Code) jen.Code {
	if f.Field.Required || f.Presence || len(over) == 0 {
		return d.g.rt("List").Call(jen.Id("e"), name, in)
	}
	return d.g.rt("ImplicitList").Call(append([]jen.Code{jen.Id("e"), name, in}, over...)...)
}

// filled sends a required list or map as empty, not as null.
func (d *dialect) filled(f *ir.WireField, list jen.Code) jen.Code {
	switch {
	case d.p != ir.GraphQL || !f.Field.Required:
		return list
	case f.Field.Type.Map:
		return d.g.rt("FilledMap").Call(list)
	}
	return d.g.rt("Filled").Call(list)
}

func (d *dialect) encodeMessage(body *jen.Group, f *ir.WireField, name, in, out jen.Code) {
	encoder := jen.Id(d.converter(f.Wire))
	convert := func(arg jen.Code) jen.Code { return jen.Add(encoder).Call(jen.Id("e"), arg) }
	if f.Field.Pointer && d.p != ir.GRPC {
		body.Add(out).Op("=").Add(d.g.rt("Message").Call(jen.Id("e"), name, in, encoder))
		return
	}
	inside := func(stmt ...jen.Code) jen.Code {
		return jen.Id("e").Dot("In").Call(name, jen.Func().Params().Block(stmt...))
	}
	if f.Field.Pointer {
		body.If(jen.Add(in).Op("!=").Nil()).Block(inside(jen.Add(out).Op("=").Add(convert(in))))
		return
	}
	value := convert(jen.Op("&").Add(in))
	if d.p == ir.REST && !f.Wire.Contract.Spread {
		value = d.g.rt("Ptr").Call(value)
	}
	body.Add(inside(jen.Add(out).Op("=").Add(value)))
}

func (d *dialect) encodeObject(body *jen.Group, f *ir.WireField, name, in, out jen.Code) {
	object := d.g.rt("Object").Call(jen.Id("e"), name, in)
	inner := func(m jen.Code) jen.Code {
		if d.p == ir.GRPC {
			return jen.Qual(d.g.Paths.GRPCRuntime, "Struct").Call(m)
		}
		return m
	}
	if f.Object == nil {
		body.Add(out).Op("=").Add(inner(object))
		return
	}
	wrapped := jen.Op("&").Add(d.goType(f.Object, true)).Values(jen.Dict{jen.Id(d.field(f.Inner)): inner(jen.Id("m"))})
	body.If(jen.Id("m").Op(":=").Add(object), jen.Id("m").Op("!=").Nil()).Block(jen.Add(out).Op("=").Add(wrapped))
}

// scalar encodes a single value according to who can tell unset from zero.
func (d *dialect) scalar(w *ir.Wire, f *ir.WireField, name, in jen.Code, over []jen.Code) jen.Code {
	args := []jen.Code{jen.Id("e"), name, in}
	pointer := d.pointer(w, f)
	if c := d.codec(f); c != nil {
		return d.converted(f, c, pointer, args, over)
	}
	switch {
	case f.Field.Pointer && f.Presence:
		return d.g.rt("Optional").Call(args...)
	case f.Field.Pointer:
		value := d.g.rt("Implicit").Call(append(args, over...)...)
		return d.nonZero(pointer, value)
	case pointer && f.Field.Type.Scalar != contract.ScalarString && f.Field.Required:
		return d.g.rt("Ptr").Call(d.g.rt("Plain").Call(args...))
	default:
		return d.nonZero(pointer, d.g.rt("Plain").Call(args...))
	}
}

// converted is a single value that has a codec.
func (d *dialect) converted(f *ir.WireField, c *codec, pointer bool, args, over []jen.Code) jen.Code {
	call := func(name string, more ...jen.Code) *jen.Statement {
		return d.g.rt(name).Call(append(append(args[:len(args):len(args)], c.encode), more...)...)
	}
	zeroCounts := f.Field.Type.Scalar != contract.ScalarEnum && f.Field.Type.Scalar != contract.ScalarTimestamp && f.Field.Type.Scalar != contract.ScalarString
	switch {
	case f.Field.Pointer && c.nilable:
		return call("Nilable")
	case f.Field.Pointer && f.Presence && pointer:
		return call("Message")
	case f.Field.Pointer:
		return d.nonZero(pointer, call("ImplicitValue", over...))
	case zeroCounts && pointer && !c.nilable:
		return d.g.rt("Ptr").Call(call("Always"))
	case zeroCounts:
		return call("Always")
	default:
		return d.nonZero(pointer && !c.nilable, call("Set"))
	}
}

func (d *dialect) nonZero(pointer bool, value *jen.Statement) jen.Code {
	if pointer {
		return d.g.rt("NonZero").Call(value)
	}
	return value
}
