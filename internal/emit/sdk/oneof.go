package sdk

import (
	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// encodeOneof refuses a request that sets more fields of a group than one.
func (d *dialect) encodeOneof(body *jen.Group, o *ir.Oneof) {
	args := []jen.Code{jen.Id("e"), jen.Lit(o.Required)}
	for _, f := range o.Fields {
		args = append(args, d.g.rt("Variant").Call(jen.Lit(f.Name), jen.Id("in").Dot(f.GoName).Op("!=").Nil()))
	}
	body.Add(d.g.rt("OneOf").Call(args...))
}

// encodeVariant puts a field into the oneof of protobuf that it belongs to.
func (d *dialect) encodeVariant(body *jen.Group, w *ir.Wire, f *ir.WireField, name, in jen.Code) {
	variant := jen.Op("&").Qual(d.wirePackage(w.Contract.GoImport), f.Contract.Variant.GoName).
		Values(jen.Dict{jen.Id(f.Contract.GoName): d.variantValue(f, name, in)})
	body.If(jen.Add(in).Op("!=").Nil()).Block(jen.Id("out").Dot(f.Contract.Oneof.GoName).Op("=").Add(variant))
}

func (d *dialect) variantValue(f *ir.WireField, name, in jen.Code) jen.Code {
	t := f.Field.Type
	e := jen.Id("e")
	switch {
	case t.Scalar == contract.ScalarObject:
		object := jen.Qual(d.g.Paths.GRPCRuntime, "Struct").Call(d.g.rt("Object").Call(e, name, in))
		if f.Object == nil {
			return object
		}
		return jen.Op("&").Add(d.goType(f.Object, true)).Values(jen.Dict{jen.Id(d.field(f.Inner)): object})
	case t.List:
		return d.encodeList(f, name, in, nil)
	case t.HasNil():
		return d.encodeNilable(f, name, in, nil)
	}
	if c := d.codec(f); c != nil {
		return d.g.rt("Nilable").Call(e, name, in, c.encode)
	}
	return d.g.rt("Plain").Call(e, name, jen.Op("*").Add(in))
}

// decodePointer is a field of an answer that is nil where it is absent.
func (d *dialect) decodePointer(w *ir.Wire, f *ir.WireField) jen.Code {
	value, c := d.get(w, f), d.codec(f)
	switch {
	case d.p == ir.GRPC && (c == nil || !c.nilable):
		return d.protoPointer(w, f, c)
	case c != nil:
		return d.g.rt("Result").Call(value, c.decode)
	default:
		return value
	}
}

// protoPointer is a scalar or an enum of protobuf that can be absent.
func (d *dialect) protoPointer(w *ir.Wire, f *ir.WireField, c *codec) jen.Code {
	field := jen.Id("in").Dot(f.Contract.GoName)
	decoded := func(pointer *jen.Statement) jen.Code {
		if c == nil {
			return pointer
		}
		return d.g.rt("Result").Call(pointer, c.decode)
	}
	switch {
	case f.Contract.Oneof != nil:
		variant := jen.Op("*").Qual(d.wirePackage(w.Contract.GoImport), f.Contract.Variant.GoName)
		return jen.Func().Params().Op("*").Add(d.g.itemType(f.Field.Type)).Block(
			jen.If(jen.List(jen.Id("v"), jen.Id("ok")).Op(":=").Id("in").Dot("Get"+f.Contract.Oneof.GoName).Call().Assert(variant), jen.Id("ok")).Block(
				jen.Return(decoded(jen.Op("&").Id("v").Dot(f.Contract.GoName)))),
			jen.Return(jen.Nil()),
		).Call()
	case f.Contract.Presence:
		return decoded(field)
	default:
		return decoded(d.g.rt("NonZero").Call(d.get(w, f)))
	}
}

// unionDecoder writes the function that turns a value of one of several types of
// GraphQL into the flat type with a field for each.
func (d *dialect) unionDecoder(f *jen.File, w *ir.Wire) {
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("in").Op("*").Add(d.goType(w.Contract, false))).
		Add(d.flatType(w.Message)).
		Block(
			jen.Switch(jen.Id("v").Op(":=").Parens(jen.Op("*").Id("in")).Assert(jen.Type())).BlockFunc(func(cases *jen.Group) {
				for _, field := range w.Fields {
					if field.Contract == nil {
						continue
					}
					fragment := graphql.FragmentName(field.Wire)
					variant := jen.Op("*").Qual(d.g.Paths.GraphQL.Import, graphql.FragmentName(w)+graphql.TypeName(field.Contract.Variant.Names[0]))
					value := d.g.rt("Ptr").Call(jen.Id(d.converter(field.Wire)).Call(jen.Op("&").Id("v").Dot(fragment)))
					cases.Case(variant).Block(jen.Return(d.flatType(w.Message).Values(jen.Dict{jen.Id(field.Field.GoName): value})))
				}
			}),
			jen.Return(d.flatType(w.Message).Values()),
		)
}
