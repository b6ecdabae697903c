package sdk

import (
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Answers that are no objects: the wire code has no type of its own for them, so
// that the types are put together here.

// wireType is the Go type of a message, or of an answer that is none.
func (d *dialect) wireType(w *ir.Wire) *jen.Statement {
	bare := w.Contract.Bare()
	if bare == nil {
		return d.goType(w.Contract, w.Message.Request)
	}
	t := bare.Type
	for _, f := range w.Fields {
		if f.Contract == bare {
			t = f.Type
		}
	}
	return d.valueType(t)
}

// answerType is the Go type that an answer over REST is decoded into.
func (d *dialect) answerType(b *ir.Binding) jen.Code { return d.wireType(b.Response) }

// protoAnswer is the message that a method of gRPC answers.
func (d *dialect) protoAnswer(b *ir.Binding) *jen.Statement {
	if m := b.Operation.Response.Message; m != nil {
		return d.goType(m, false)
	}
	return wellKnown(b.Operation.Response.Wire)
}

// valueType is the Go type of a value in wire code.
func (d *dialect) valueType(t contract.Type) *jen.Statement {
	item := t
	item.List, item.Map = false, false
	if t.Elem != nil {
		item = *t.Elem
	}
	switch {
	case d.p == ir.GRPC:
		return wellKnown(t.Wire)
	case t.Form == contract.FormFieldMask:
		return d.g.wire("FieldMask")
	case t.List:
		return jen.Index().Add(d.valueType(item))
	case t.Map:
		return jen.Map(jen.String()).Add(d.valueType(item))
	}
	return d.leafType(t)
}

// leafType is the type in wire code of a value that is neither a list nor a map.
func (d *dialect) leafType(t contract.Type) *jen.Statement {
	switch t.Scalar {
	case contract.ScalarMessage:
		return d.goType(t.Message, false)
	case contract.ScalarEnum:
		if d.p == ir.REST {
			return jen.String()
		}
		return jen.Qual(d.g.Paths.GraphQL.Import, graphql.TypeName(t.Enum.Name))
	case contract.ScalarDuration:
		return d.g.wire("Duration")
	}
	switch {
	case t.Form == contract.FormText && t.Scalar == contract.ScalarUint64:
		return d.g.wire("Uint64")
	case t.Form == contract.FormText:
		return d.g.wire("Int64")
	case t.Form == contract.FormDouble && d.p == ir.GraphQL:
		return jen.Float64()
	}
	return scalarType(t.Scalar)
}

// wire is a type of the runtime's package of that name.
func (g *generator) wire(name string) *jen.Statement { return jen.Qual(g.Paths.Runtime+"/wire", name) }

// wellKnown is the Go type of a message outside of the project's protos that a
// method may answer; nil for all others.
func wellKnown(name string) *jen.Statement {
	short, ok := strings.CutPrefix(name, "google.protobuf.")
	if !ok {
		return nil
	}
	pkg := "wrapperspb"
	switch short {
	case "Empty", "Timestamp", "Duration":
		pkg = strings.ToLower(short) + "pb"
	case "FieldMask":
		pkg = "fieldmaskpb"
	case "Struct", "Value", "ListValue":
		pkg = "structpb"
	}
	return jen.Qual("google.golang.org/protobuf/types/known/"+pkg, short)
}

// identifier makes the words of a name a part of a Go name.
func identifier(name string) string {
	out := ""
	for _, word := range strings.FieldsFunc(name, notInName) {
		out += upperFirst(word)
	}
	return out
}

func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// isBare tells whether a field is the answer itself.
func isBare(f *ir.WireField) bool {
	return f.Contract.Place != nil && f.Contract.Place.In == contract.InAnswer
}

// isBareBody tells whether a field is a body that is no object.
func isBareBody(f *ir.WireField) bool {
	return f.Contract.Place != nil && f.Contract.Place.In == contract.InBody && (f.Contract.Type.Message == nil || !f.Contract.Type.Single())
}

// encodeBody writes such a body. What is nil is no body.
func (d *dialect) encodeBody(body *jen.Group, w *ir.Wire, f *ir.WireField, name, in jen.Code, over []jen.Code) {
	t := f.Field.Type
	var value jen.Code
	switch {
	case t.List && f.Field.Required:
		value = d.g.rt("Filled").Call(d.encodeList(f, name, in, over))
	case t.List:
		value = d.encodeList(f, name, in, over)
	case t.Map && f.Field.Required:
		value = d.g.rt("FilledMap").Call(d.encodeMap(f, name, in, over))
	case t.Map:
		value = d.encodeMap(f, name, in, over)
	case t.Scalar == contract.ScalarObject:
		value = d.g.rt("Object").Call(jen.Id("e"), name, in)
	case t.HasNil():
		value = d.encodeNilable(f, name, in, over)
	default:
		value = d.scalar(w, f, name, in, over)
	}
	body.Id("out").Dot("Body").Op("=").Add(d.g.rt("BodyOf").Call(value))
}
