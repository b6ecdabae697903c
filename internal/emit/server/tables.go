package server

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func splitKey(key string) (verb, path string) {
	verb, path, _ = strings.Cut(key, " ")
	return verb, path
}

// wireNames names the wires that travel to or from a server: by protocol and
// contract type, and by flat type where that is not enough.
func wireNames(s *ir.SDK) map[*ir.Wire]string {
	used := map[*ir.Wire]bool{}
	for _, service := range s.Services {
		for _, m := range service.Methods {
			for _, b := range m.Bindings {
				own := b.Protocol != ir.REST || !transcoded(m, b)
				if own || b.Request != nil && b.Request.Contract.Parts != nil {
					reach(b.Request, used)
				}
				if own {
					reach(b.Response, used)
				}
			}
		}
	}
	taken := map[string]int{}
	plain := func(w *ir.Wire) string { return string(w.Protocol) + " " + w.Contract.Name }
	for w := range used {
		taken[plain(w)]++
	}
	out := map[*ir.Wire]string{}
	for w := range used {
		out[w] = plain(w)
		if taken[plain(w)] > 1 {
			out[w] += " as " + w.Message.GoName
		}
	}
	return out
}

func reach(w *ir.Wire, used map[*ir.Wire]bool) {
	if w == nil || used[w] {
		return
	}
	used[w] = true
	for _, f := range w.Fields {
		reach(f.Wire, used)
	}
}

// tables writes the tables of messages and enums.
func (g *generator) tables() *jen.File {
	f := g.file()
	f.Comment("messages are the flat types and under which names their fields travel.")
	f.Func().Id("messages").Params().Index().Add(g.rt("Message")).Block(
		jen.Return(jen.Index().Add(g.rt("Message")).CustomFunc(multiline(), func(list *jen.Group) {
			for _, m := range g.Messages {
				for _, w := range m.Wires {
					if g.names[w] != "" {
						list.Custom(multiline(), g.message(w)...)
					}
				}
			}
		})))
	if len(g.enums()) > 0 {
		g.enumTables(f)
	}
	return f
}

// message is the row of one message.
func (g *generator) message(w *ir.Wire) []jen.Code {
	out := []jen.Code{keyed("Name", jen.Lit(g.names[w])), keyed("Type", g.rt("TypeOf").Types(g.flat(w.Message)).Call())}
	// Over gRPC a union is a message like any other.
	if union := w.Contract.Union; union != nil && w.Protocol != ir.GRPC {
		out = append(out, keyed("Union", jen.True()))
		if union.Discriminator != "" {
			out = append(out, keyed("Discriminator", jen.Lit(union.Discriminator)))
		}
	}
	out = append(out, g.fields(w))
	if parts := w.Contract.Parts; parts != nil && len(parts.Within) > 0 {
		out = append(out, keyed("Within", g.within(parts)))
	}
	if choices := g.choices(w); len(choices) > 0 {
		out = append(out, keyed("Choices", jen.Index().Add(g.rt("Choice")).Values(choices...)))
	}
	return out
}

// choices are the groups of fields of which one is set at the most, as far as the
// protocol has them.
func (g *generator) choices(w *ir.Wire) []jen.Code {
	var out []jen.Code
	for _, o := range w.Oneofs() {
		var names []jen.Code
		for _, f := range w.Fields {
			if f.Field.Oneof == o && f.Contract != nil {
				names = append(names, jen.Lit(f.Field.GoName))
			}
		}
		fields := []jen.Code{keyed("Fields", jen.Index().String().Values(names...))}
		if o.Required && w.Message.Request {
			fields = append(fields, keyed("Required", jen.True()))
		}
		out = append(out, jen.Values(fields...))
	}
	return out
}

func (g *generator) within(parts *contract.Parts) jen.Code {
	return jen.Index().Add(g.rt("Within")).ValuesFunc(func(list *jen.Group) {
		for _, w := range parts.Within {
			var names []jen.Code
			for _, f := range w.Fields {
				names = append(names, jen.Lit(f.Name))
			}
			list.Values(keyed("Param", jen.Lit(w.Name)), keyed("Fields", jen.Index().String().Values(names...)))
		}
	})
}

func (g *generator) fields(w *ir.Wire) jen.Code {
	return keyed("Fields", jen.Index().Add(g.rt("Field")).CustomFunc(multiline(), func(list *jen.Group) {
		for _, f := range w.Fields {
			if f.Contract != nil {
				list.Values(g.field(w, f)...)
			}
		}
	}))
}

func (g *generator) field(w *ir.Wire, f *ir.WireField) []jen.Code {
	out := []jen.Code{keyed("Go", jen.Lit(f.Field.GoName)), keyed("Wire", jen.Lit(f.Contract.Name))}
	flag := func(name string, on bool) {
		if on {
			out = append(out, keyed(name, jen.True()))
		}
	}
	if place := f.Contract.Place; place != nil && place.In != contract.InContent {
		out = append(out, keyed("In", g.rt(places()[place.In])))
		if place.Name != "" && place.Name != f.Contract.Name {
			out = append(out, keyed("Param", jen.Lit(place.Name)))
		}
		flag("Explode", place.Explode && f.Type.List)
	}
	if f.Wire != nil {
		out = append(out, keyed("Message", jen.Lit(g.names[f.Wire])))
	}
	if f.Inner != nil {
		out = append(out, keyed("Inner", jen.Lit(f.Inner.Name)))
	}
	if e := leaf(f.Field.Type).Enum; e != nil {
		out = append(out, keyed("Enum", jen.Lit(enumName(e, w.Protocol))))
	}
	if w.Contract.Union != nil && w.Protocol != ir.GRPC {
		var names []jen.Code
		for _, name := range f.Contract.Variant.Names {
			names = append(names, jen.Lit(name))
		}
		out = append(out, keyed("Variant", jen.Index().String().Values(names...)))
	}
	flag("Presence", f.Presence && w.Message.Request)
	flag("Required", f.Contract.Required && w.Protocol == ir.REST)
	flag("Text", f.Type.Leaf().Form == contract.FormText)
	flag("Mask", f.Type.Form == contract.FormFieldMask)
	return out
}

func places() map[contract.In]string {
	return map[contract.In]string{
		contract.InArgument: "InArgument", contract.InPath: "InPath", contract.InQuery: "InQuery", contract.InHeader: "InHeader", contract.InBody: "InBody",
		contract.InParts:  "InParts",
		contract.InAnswer: "InAnswer",
	}
}

func leaf(t ir.Type) ir.Type {
	for t.Elem != nil {
		t = *t.Elem
	}
	return t
}

func enumName(e *ir.Enum, p ir.Protocol) string { return string(p) + " " + e.GoName }

// enums are those that travel in the tables' messages.
func (g *generator) enums() []*ir.EnumWire {
	var out []*ir.EnumWire
	for _, e := range g.Enums {
		for _, w := range e.Wires {
			if g.usesEnum(e, w.Protocol) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (g *generator) usesEnum(e *ir.Enum, p ir.Protocol) bool {
	for w := range g.names {
		if w.Protocol == p && slices.ContainsFunc(w.Fields, func(f *ir.WireField) bool { return leaf(f.Field.Type).Enum == e }) {
			return true
		}
	}
	return false
}

func (g *generator) enumTables(f *jen.File) {
	f.Comment("enums are the values of enums and under which names they travel.")
	f.Func().Id("enums").Params().Index().Add(g.rt("Enum")).Block(
		jen.Return(jen.Index().Add(g.rt("Enum")).CustomFunc(multiline(), func(list *jen.Group) {
			for _, e := range g.Enums {
				for _, w := range e.Wires {
					if g.usesEnum(e, w.Protocol) {
						list.Values(keyed("Name", jen.Lit(enumName(e, w.Protocol))), keyed("Values", g.enumValues(w)))
					}
				}
			}
		})))
}

func (g *generator) enumValues(w *ir.EnumWire) jen.Code {
	return jen.Index().Add(g.rt("EnumValue")).CustomFunc(multiline(), func(list *jen.Group) {
		for _, v := range w.Values {
			flat := ""
			if v.Value != nil {
				flat = v.Value.Name
			}
			fields := []jen.Code{keyed("Flat", jen.Lit(flat)), keyed("Wire", jen.Lit(v.Contract.Name))}
			if v.Alias {
				fields = append(fields, keyed("Alias", jen.True()))
			}
			list.Values(fields...)
		}
	})
}
