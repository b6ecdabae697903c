package sdk

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// enumType writes the type of an enum and a constant for each of its values.
func (g *generator) enumType(f *jen.File, e *ir.Enum) {
	text := e.GoName + " is one of the values below."
	if e.Doc != "" {
		text = prose.About(e.GoName, e.Doc)
	}
	text += "\n\nThe empty value is an absent one. A value of an answer that this package does not know is kept as the server names it"
	if e.Wire(ir.GRPC) != nil {
		text += ", over gRPC as its number (\"7\")"
	}
	gofile.Comment(f.Group, text+"; in a request it is refused before anything is sent.")
	f.Type().Id(e.GoName).String()
	if len(e.Values) == 0 {
		return
	}
	f.Comment("The values of " + e.GoName + ".")
	f.Const().DefsFunc(func(defs *jen.Group) {
		for _, v := range e.Values {
			for _, line := range gofile.CommentLines(valueDoc(v)) {
				defs.Comment(line)
			}
			defs.Id(v.GoName).Id(e.GoName).Op("=").Lit(v.Name)
		}
	})
}

func valueDoc(v *ir.EnumValue) string {
	out := ""
	if v.Doc != "" {
		out = prose.About(v.GoName, strings.TrimPrefix(v.Doc, v.Name+" "))
	}
	if v.Deprecated != "" {
		out += "\n\nDeprecated: " + prose.Sentence(v.Deprecated)
	}
	return out
}

// enumFunc is the function that turns an enum's values into the wire's ("To") or
// the other way ("From"), which is written once it is known to be needed.
func (d *dialect) enumFunc(e *ir.Enum, direction string) jen.Code {
	name := prose.LowerFirst(e.GoName) + direction + d.suffix
	d.enums[name] = e
	return jen.Id(name)
}

func (d *dialect) enumConverters(f *jen.File) {
	for _, name := range slices.Sorted(maps.Keys(d.enums)) {
		e := d.enums[name]
		f.Line()
		if name == prose.LowerFirst(e.GoName)+"To"+d.suffix {
			d.enumEncoder(f, name, e)
		} else {
			d.enumDecoder(f, name, e)
		}
	}
}

// enumWire is the wire type of an enum.
func (d *dialect) enumWire(w *ir.EnumWire) *jen.Statement {
	switch d.p {
	case ir.GraphQL:
		return jen.Qual(d.g.Paths.GraphQL.Import, graphql.TypeName(w.Contract.Name))
	case ir.REST:
		return jen.String()
	default:
		return jen.Qual(d.wirePackage(w.Contract.GoImport), w.Contract.GoName)
	}
}

func (d *dialect) wirePackage(dir string) string { return path.Join(d.g.Paths.Wire.Import, dir) }

// enumName is a value as the wire type has it.
func (d *dialect) enumName(w *ir.EnumWire, v ir.EnumWireValue) jen.Code {
	if d.p == ir.GRPC {
		return jen.Qual(d.wirePackage(w.Contract.GoImport), v.Contract.GoName)
	}
	return jen.Lit(v.Contract.Name)
}

// enumEncoder: what the protocol lacks is refused.
func (d *dialect) enumEncoder(f *jen.File, name string, e *ir.Enum) {
	w := e.Wire(d.p)
	var same, names []jen.Code
	noValue := func(over []ir.Protocol) jen.Code {
		args := []jen.Code{jen.Id("e"), jen.Op("*").Id("in"), jen.Lit(e.GoName), jen.Index().String().Values(names...)}
		return jen.Return(d.g.rt("NoValue").Types(d.enumWire(w)).Call(append(args, d.g.protocols(over)...)...))
	}
	f.Func().Id(name).
		Params(jen.Id("e").Op("*").Add(d.g.rt("Encoder")), jen.Id("in").Op("*").Add(d.flatEnum(e))).
		Add(d.enumWire(w)).
		BlockFunc(func(body *jen.Group) {
			body.Switch(jen.Op("*").Id("in")).BlockFunc(func(cases *jen.Group) {
				for _, v := range w.Values {
					if v.Value == nil || v.Alias {
						continue
					}
					names = append(names, jen.Lit(v.Value.Name))
					constant := jen.Qual(d.g.Paths.SDK.Import, v.Value.GoName)
					if d.p != ir.GRPC && v.Contract.Name == v.Value.Name {
						same = append(same, constant)
						continue
					}
					cases.Case(constant).Block(jen.Return(d.enumName(w, v)))
				}
				if len(same) > 0 {
					cases.Case(same...).Block(jen.Return(jen.Add(d.enumWire(w)).Call(jen.Op("*").Id("in"))))
				}
				for _, others := range e.Lacks(w) {
					var elsewhere []jen.Code
					for _, v := range others.Values {
						elsewhere = append(elsewhere, jen.Qual(d.g.Paths.SDK.Import, v.GoName))
					}
					cases.Case(elsewhere...).Block(noValue(others.Over))
				}
			})
			body.Add(noValue(nil))
		})
}

// enumDecoder: what the SDK does not know is kept.
func (d *dialect) enumDecoder(f *jen.File, name string, e *ir.Enum) {
	w := e.Wire(d.p)
	f.Func().Id(name).
		Params(jen.Id("in").Op("*").Add(d.enumWire(w))).
		Add(d.flatEnum(e)).
		BlockFunc(func(body *jen.Group) {
			renamed := slices.DeleteFunc(slices.Clone(w.Values), func(v ir.EnumWireValue) bool {
				if d.p == ir.GRPC {
					return sameNumber(w, v)
				}
				return v.Value != nil && v.Value.Name == v.Contract.Name || v.Contract.Name == ""
			})
			if len(renamed) > 0 {
				body.Switch(jen.Op("*").Id("in")).BlockFunc(func(cases *jen.Group) {
					for _, v := range renamed {
						value := jen.Code(jen.Lit(""))
						if v.Value != nil {
							value = jen.Qual(d.g.Paths.SDK.Import, v.Value.GoName)
						}
						cases.Case(d.enumName(w, v)).Block(jen.Return(value))
					}
				})
			}
			if d.p == ir.GRPC {
				body.Return(jen.Qual(d.g.Paths.GRPCRuntime, "EnumNumber").Types(d.flatEnum(e)).Call(jen.Op("*").Id("in")))
				return
			}
			body.Return(d.flatEnum(e).Call(jen.Op("*").Id("in")))
		})
}

// sameNumber tells whether an earlier name has the number, which a switch must
// not hold twice.
func sameNumber(w *ir.EnumWire, v ir.EnumWireValue) bool {
	i := slices.IndexFunc(w.Values, func(o ir.EnumWireValue) bool { return o.Contract.Number == v.Contract.Number })
	return w.Values[i].Contract.Name != v.Contract.Name
}

func (d *dialect) flatEnum(e *ir.Enum) *jen.Statement {
	return jen.Qual(d.g.Paths.SDK.Import, e.GoName)
}
