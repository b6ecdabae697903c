package pipeline

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/rest"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// wireCollisions reports names that the wire code would declare twice. They are
// those that the contracts' own generators make of the contracts' names, which
// can be the same for different ones; the compiler would find them in files that
// nobody wrote.
func wireCollisions(model *ir.SDK, files map[string][]byte) error {
	wire := map[string][]byte{}
	for name, content := range files {
		if strings.HasPrefix(name, model.Paths.Wire.Dir+"/") {
			wire[name] = content
		}
	}
	findings, vague := &diag.List{}, &diag.List{}
	var places *wirePlaces
	seen := map[string]bool{}
	for _, d := range gofile.Twice(wire) {
		if places == nil {
			places = placesOf(model)
		}
		// A type that is there twice has its methods twice, too.
		owner, _, _ := strings.Cut(d.Name, ".")
		if seen[d.Dir+" "+owner] {
			continue
		}
		seen[d.Dir+" "+d.Name] = true
		pos := places.find(d)
		list := findings
		if pos.Line == 0 {
			list = vague
		}
		list.Add(diag.Finding{
			Pos:     pos,
			Message: fmt.Sprintf("the wire code would declare %s twice in %s: two names of the contract are the same in Go", d.Name, d.Dir),
			Hint:    "rename one of them in the contract, or leave out what uses it; if the name is that of a method, give the method another Go name under naming.methods",
		})
	}
	if findings.Len() == 0 {
		return vague.Err() // the others follow from those with a place
	}
	return findings.Err()
}

// wirePlaces are the places in the contracts that names in the wire code come
// from, by directory and name.
type wirePlaces struct {
	exact map[string]diag.Pos
	// roots are the contracts' own places, by directory.
	roots map[string]diag.Pos
}

func placesOf(model *ir.SDK) *wirePlaces {
	p := &wirePlaces{exact: map[string]diag.Pos{}, roots: map[string]diag.Pos{}}
	for _, m := range model.Messages {
		for _, w := range m.Wires {
			p.message(model, w)
		}
	}
	for _, s := range model.Services {
		for _, m := range s.Methods {
			for _, b := range m.Bindings {
				p.operation(model, m, b)
			}
		}
	}
	return p
}

func (p *wirePlaces) message(model *ir.SDK, w *ir.Wire) {
	c := w.Contract
	var dir, name string
	field := func(f *contract.Field) string { return f.GoName }
	switch w.Protocol {
	case ir.GraphQL:
		if dir, name = model.Paths.GraphQL.Dir, graphql.TypeName(c.Name); !w.Message.Request {
			name = graphql.FragmentName(w)
		}
		field = func(f *contract.Field) string { return graphql.TypeName(cmp.Or(f.Alias, f.Name)) }
	case ir.REST:
		dir, name, field = model.Paths.REST.Dir, rest.TypeName(c), rest.FieldName
	case ir.GRPC:
		dir, name = path.Join(model.Paths.Wire.Dir, c.GoImport), c.GoName
	}
	p.exact[dir+" "+name] = c.Pos
	for _, f := range c.Fields {
		p.exact[dir+" "+name+"."+field(f)] = f.Pos
	}
}

func (p *wirePlaces) operation(model *ir.SDK, m *ir.Method, b *ir.Binding) {
	op := b.Operation
	switch b.Protocol {
	case ir.GraphQL:
		p.put(model.Paths.GraphQL.Dir, op.Pos, b.Document, b.Document+"Response", b.Document+"_Operation")
	case ir.REST:
		p.put(model.Paths.REST.Dir, op.Pos, "New"+m.GoName+"Request", m.GoName+"JSONRequestBody", m.GoName+"FormdataRequestBody")
	case ir.GRPC:
		dir := path.Join(model.Paths.Wire.Dir, op.GoImport)
		p.put(dir, op.Pos, op.GoService+"_"+op.GoName+"_FullMethodName", op.GoService+"Client", op.GoService+"Server")
	}
}

func (p *wirePlaces) put(dir string, pos diag.Pos, names ...string) {
	if _, ok := p.roots[dir]; !ok {
		p.roots[dir] = diag.Pos{File: pos.File}
	}
	for _, name := range names {
		p.exact[dir+" "+name] = pos
	}
}

func (p *wirePlaces) find(d gofile.Duplicate) diag.Pos {
	owner, _, _ := strings.Cut(d.Name, ".")
	for _, name := range []string{d.Name, owner} {
		if pos, ok := p.exact[d.Dir+" "+name]; ok {
			return pos
		}
	}
	return p.roots[d.Dir]
}
