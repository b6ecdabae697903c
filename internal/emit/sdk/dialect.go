package sdk

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/emit/rest"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// dialect is how the wire code of one protocol looks in Go: how its generator
// names types and fields, and where it uses pointers.
type dialect struct {
	g *generator
	p ir.Protocol
	// suffix ends the names of converters: "GraphQL".
	suffix string
	// enums are those that converters need, by the name of the function.
	enums map[string]*ir.Enum
}

func (g *generator) dialect(p ir.Protocol) *dialect {
	switch p {
	case ir.GraphQL:
		return &dialect{g: g, p: p, suffix: "GraphQL", enums: map[string]*ir.Enum{}}
	case ir.REST:
		return &dialect{g: g, p: p, suffix: "REST", enums: map[string]*ir.Enum{}}
	default:
		return &dialect{g: g, p: p, suffix: "Proto", enums: map[string]*ir.Enum{}}
	}
}

// goType names the wire type of a contract message.
func (d *dialect) goType(m *contract.Message, request bool) *jen.Statement {
	switch d.p {
	case ir.GraphQL:
		name := graphql.TypeName(m.Name)
		if !request {
			name = graphql.FragmentName(&ir.Wire{Contract: m})
		}
		return jen.Qual(d.g.Paths.GraphQL.Import, name)
	case ir.REST:
		return jen.Qual(d.g.Paths.REST.Import, rest.TypeName(m))
	default:
		if known := wellKnown(m.Name); known != nil {
			return known
		}
		return jen.Qual(path.Join(d.g.Paths.Wire.Import, m.GoImport), m.GoName)
	}
}

// flatType names a flat type.
func (d *dialect) flatType(m *ir.Message) *jen.Statement {
	return jen.Qual(d.g.Paths.SDK.Import, m.GoName)
}

// field is the Go name of a contract field.
func (d *dialect) field(f *contract.Field) string {
	switch d.p {
	case ir.GraphQL:
		// genqlient's rule: without leading underscores, the first letter large.
		runes := []rune(strings.TrimLeft(cmp.Or(f.Alias, f.Name), "_"))
		runes[0] = unicode.ToUpper(runes[0])
		return string(runes)
	case ir.REST:
		return rest.FieldName(f)
	default:
		return f.GoName
	}
}

// pointer tells whether a single value of the field is a pointer on the wire.
func (d *dialect) pointer(w *ir.Wire, f *ir.WireField) bool {
	if p := f.Contract.Place; p != nil && p.In != contract.InContent {
		return p.In != contract.InAnswer
	}
	switch d.p {
	case ir.GraphQL:
		return f.Field.Pointer || w.Message.Request && !f.Contract.Required
	case ir.REST:
		return f.Field.Pointer || d.g.rest.Pointers(rest.Content(w.Contract))
	default:
		return f.Contract.Presence
	}
}

// converter is the name of the function that converts a wire type to ("From")
// or from ("To") a flat type. A flat type that travels as several types of one
// protocol has one for each.
func (d *dialect) converter(w *ir.Wire) string {
	direction := "From"
	if w.Message.Request {
		direction = "To"
	}
	return d.wireName(w, direction+d.suffix)
}

// wireName is the name of a function for a wire.
func (d *dialect) wireName(w *ir.Wire, what string) string {
	name := prose.LowerFirst(w.Message.GoName) + what
	last := func(o *ir.Wire) string {
		if o.Contract.Bare() != nil {
			return identifier(o.Contract.Name)
		}
		return o.Contract.Name[strings.LastIndexByte(o.Contract.Name, '.')+1:]
	}
	others := slices.DeleteFunc(slices.Clone(w.Message.Wires), func(o *ir.Wire) bool { return o.Protocol != w.Protocol || o == w })
	switch {
	case len(others) == 0:
		return name
	case w.Contract.Spread:
		// Its name is made of the method's and those of fields.
		for _, part := range strings.FieldsFunc(w.Contract.Name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			name += upperFirst(part)
		}
		return name
	case slices.ContainsFunc(others, func(o *ir.Wire) bool { return last(o) == last(w) }):
		// Messages of one name in several packages.
		for _, part := range strings.FieldsFunc(w.Contract.Name, notInName) {
			name += upperFirst(part)
		}
		return name
	}
	return name + upperFirst(last(w))
}

// wires are all wires of the protocol in a stable order.
func (d *dialect) wires() []*ir.Wire {
	var out []*ir.Wire
	for _, m := range d.g.Messages {
		for _, w := range m.Wires {
			if w.Protocol == d.p {
				out = append(out, w)
			}
		}
	}
	return out
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// converters writes the function for each wire.
func (d *dialect) converters(f *jen.File) {
	for _, w := range d.wires() {
		if w.Message.Request {
			d.encoder(f, w)
		} else {
			d.decoder(f, w)
		}
	}
	d.enumConverters(f)
}
