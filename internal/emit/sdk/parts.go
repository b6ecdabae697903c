package sdk

import (
	"cmp"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/rest"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Requests of several parts: GraphQL's arguments, REST's parameters, and what
// carries the rest.

// inParts tells whether the binding's request is put together from parts.
func inParts(b *ir.Binding) bool {
	return b.Protocol == ir.REST && rest.HasTarget(b) || b.Request != nil && b.Request.Contract.Parts != nil
}

// partsType is the Go type of such a request on the wire.
func (d *dialect) partsType(b *ir.Binding) *jen.Statement {
	if d.p == ir.GraphQL {
		return d.g.rt("Variables").Clone()
	}
	body := jen.Code(jen.Struct())
	switch {
	case b.Operation.Body.Scalar != contract.ScalarNone:
		body = jen.Any()
	case b.Operation.Request != nil:
		body = d.goType(b.Operation.Request, true)
	}
	return d.g.rt("Parts").Types(body)
}

// partsEncoder writes the function that takes a flat request apart.
func (d *dialect) partsEncoder(f *jen.File, w *ir.Wire) {
	b := d.bindingOf(w)
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("e").Op("*").Add(d.g.rt("Encoder")), jen.Id("in").Op("*").Add(d.flatType(w.Message))).
		Add(d.partsType(b)).
		BlockFunc(func(body *jen.Group) {
			body.Id("out").Op(":=").Add(d.partsType(b)).Values()
			content := w.Contract.Parts.Content
			switch {
			case content == nil:
			case d.p == ir.REST:
				body.Id("out").Dot("Body").Op("=").Op("&").Add(d.goType(content, true)).Values()
			default:
				body.Id("content").Op(":=").Add(d.goType(content, true)).Values()
			}
			for _, o := range w.Oneofs() {
				d.encodeOneof(body, o)
			}
			for _, field := range w.Fields {
				d.encodeField(body, w, field)
				d.encodeAgain(body, w, field)
			}
			for _, within := range w.Contract.Parts.Within {
				d.encodeWithin(body, w, within)
			}
			if content != nil && d.p == ir.GraphQL {
				body.Op("*").Id("out").Dot("Set").Call(jen.Lit(graphql.VariableName(w.Contract.Parts.ContentName))).Op("=").Id("content")
			}
			body.Return(jen.Id("out"))
		})
}

// spreadEncoder writes the function that takes a message apart which is no value on
// the wire itself.
func (d *dialect) spreadEncoder(f *jen.File, w *ir.Wire) {
	f.Line()
	f.Func().Id(d.converter(w)).
		Params(jen.Id("e").Op("*").Add(d.g.rt("Encoder")), jen.Id("in").Op("*").Add(d.flatType(w.Message))).
		Add(d.g.rt("Params")).
		BlockFunc(func(body *jen.Group) {
			body.Id("out").Op(":=").Add(d.g.rt("Params")).Values()
			for _, o := range w.Oneofs() {
				d.encodeOneof(body, o)
			}
			for _, field := range w.Fields {
				d.encodeField(body, w, field)
			}
			body.Return(jen.Id("out"))
		})
}

// bindingOf is the binding whose request the wire is.
func (d *dialect) bindingOf(w *ir.Wire) *ir.Binding {
	var out *ir.Binding
	d.g.each(d.p, func(_ *ir.Method, b *ir.Binding) {
		if b.Request == w {
			out = b
		}
	})
	return out
}

// target is where the encoder of a request writes a field.
func (d *dialect) target(f *ir.WireField) *jen.Statement {
	cf := f.Contract
	if cf.Place == nil {
		return jen.Id("out").Dot(d.field(cf))
	}
	name := cmp.Or(cf.Place.Name, cf.Name)
	switch cf.Place.In {
	case contract.InArgument:
		return jen.Op("*").Id("out").Dot("Set").Call(jen.Lit(graphql.VariableName(name)))
	case contract.InPath:
		return jen.Op("*").Id("out").Dot("Path").Call(jen.Lit(name), jen.Lit(f.Field.Name), jen.Lit(cf.Place.Pattern))
	case contract.InQuery:
		return jen.Op("*").Id("out").Dot("Query").Call(jen.Lit(name), jen.Lit(f.Field.Name), jen.Lit(cf.Place.Explode))
	case contract.InHeader:
		return jen.Op("*").Id("out").Dot("Header").Call(jen.Lit(name), jen.Lit(f.Field.Name))
	case contract.InParts:
		return jen.Op("*").Id("out").Dot("Message").Call(jen.Lit(f.Field.Name))
	case contract.InBody:
		return jen.Id("out").Dot("Body")
	}
	if d.p == ir.REST {
		return jen.Id("out").Dot("Body").Dot(d.field(cf))
	}
	return jen.Id("content").Dot(d.field(cf))
}

// encodeAgain writes a parameter into the content too, where that demands it.
func (d *dialect) encodeAgain(body *jen.Group, w *ir.Wire, f *ir.WireField) {
	if f.Contract == nil || f.Contract.Place.Repeated == nil {
		return
	}
	again := *f
	copied := *f.Contract.Place.Repeated
	copied.Place = &contract.Place{In: contract.InContent}
	again.Contract = &copied
	d.encodeField(body, w, &again)
}

// encodeWithin writes a variable of the path that is a field of a field.
func (d *dialect) encodeWithin(body *jen.Group, w *ir.Wire, within *contract.Within) {
	value, m := jen.Id("in"), w.Message
	var guards []jen.Code
	for i, cf := range within.Fields {
		field := flatField(w, m, cf)
		if field == nil {
			return
		}
		value = value.Clone().Dot(field.GoName)
		if i < len(within.Fields)-1 && field.Pointer {
			guards = append(guards, value.Clone().Op("!=").Nil())
		}
		m = field.Type.Message
	}
	at := jen.Op("*").Id("out").Dot("Path").Call(jen.Lit(within.Name), jen.Lit(within.Name), jen.Lit(within.Place.Pattern))
	if len(guards) == 0 {
		body.Add(at).Op("=").Add(value)
		return
	}
	at = jen.Id("value").Op(":=").Id("out").Dot("Path").Call(jen.Lit(within.Name), jen.Lit(within.Name), jen.Lit(within.Place.Pattern))
	condition := guards[0]
	for _, guard := range guards[1:] {
		condition = jen.Add(condition).Op("&&").Add(guard)
	}
	body.If(at, condition).Block(jen.Op("*").Id("value").Op("=").Add(value))
}

// flatField is the field of a flat message that a contract's field is.
func flatField(root *ir.Wire, m *ir.Message, cf *contract.Field) *ir.Field {
	for _, w := range append([]*ir.Wire{root}, m.Wires...) {
		for _, f := range w.Fields {
			if w.Message == m && f.Contract != nil && w.Protocol == root.Protocol && f.Contract.Pos == cf.Pos && f.Contract.Name == cf.Name {
				return f.Field
			}
		}
	}
	return nil
}

// pathTemplate is the path of an operation without the slash before it.
func pathTemplate(b *ir.Binding) string {
	_, path, _ := strings.Cut(b.Operation.Key, " ")
	return strings.TrimPrefix(path, "/")
}
