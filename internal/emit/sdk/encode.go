package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// encoder writes the function that turns a flat request into the wire type.
// Protobuf messages must not be copied, so there it returns a pointer.
func (d *dialect) encoder(f *jen.File, w *ir.Wire) {
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
			for _, field := range w.Fields {
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
	out := jen.Id("out").Dot(d.field(f.Contract))
	switch {
	case f.Field.Type.Scalar == contract.ScalarObject:
		d.encodeObject(body, f, name, in, out)
	case f.Wire != nil && f.Field.Type.List:
		body.Add(out).Op("=").Add(d.filled(f, d.g.rt("Messages").Call(jen.Id("e"), name, d.list(f, name, in, over), d.elementEncoder(f))))
	case f.Wire != nil:
		d.encodeMessage(body, f, name, in, out)
	case f.Field.Type.List:
		body.Add(out).Op("=").Add(d.filled(f, d.list(f, name, in, over)))
	default:
		body.Add(out).Op("=").Add(d.scalar(w, f, name, in, over))
	}
}

// isSet is the condition under which the caller set a field.
func isSet(f *ir.Field, in jen.Code) jen.Code {
	if f.Pointer || f.Type.List || f.Type.Scalar == contract.ScalarObject {
		return jen.Add(in).Op("!=").Nil()
	}
	zero := map[contract.Scalar]jen.Code{contract.ScalarString: jen.Lit(""), contract.ScalarBool: jen.False()}[f.Type.Scalar]
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

// filled sends a required list as empty, not as null.
func (d *dialect) filled(f *ir.WireField, list jen.Code) jen.Code {
	if d.p == ir.GraphQL && f.Field.Required {
		return d.g.rt("Filled").Call(list)
	}
	return list
}

// elementEncoder is the converter of a list's elements, or of a message.
func (d *dialect) elementEncoder(f *ir.WireField) jen.Code { return jen.Id(d.converter(f.Wire)) }

func (d *dialect) encodeMessage(body *jen.Group, f *ir.WireField, name, in, out jen.Code) {
	encoder := d.elementEncoder(f)
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
	if d.p == ir.REST {
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

func (d *dialect) nonZero(pointer bool, value *jen.Statement) jen.Code {
	if pointer {
		return d.g.rt("NonZero").Call(value)
	}
	return value
}
