package sdk

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// collisions reports names that the files would declare twice: a type of the
// API may be called as something that every SDK has, and a method or a field
// as one that every client or type has.
func collisions(s *ir.SDK, files map[string][]byte) error {
	findings := &diag.List{}
	places := positions(s)
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Dir(name) != s.Paths.SDK.Dir {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range declarations(file) {
			if other, twice := first[declared]; twice {
				where := ", in " + path.Base(other) + " and in " + path.Base(name)
				if other == name {
					where = " in " + path.Base(name)
				}
				findings.Add(diag.Finding{
					Pos:     places[declared],
					Message: fmt.Sprintf("the SDK would declare %s twice%s", declared, where),
					Hint:    "give it another Go name under naming.types, naming.fields or naming.methods",
				})
			}
			first[declared] = name
		}
	}
	return findings.Err()
}

// positions are the places in the input that names of the SDK come from.
func positions(s *ir.SDK) map[string]diag.Pos {
	out := map[string]diag.Pos{}
	for _, m := range s.Messages {
		out[m.GoName] = m.Wires[0].Contract.Pos
		for _, f := range m.Wires[0].Fields {
			if f.Contract != nil {
				out[m.GoName+"."+f.Field.GoName] = f.Contract.Pos
			}
		}
	}
	for _, service := range s.Services {
		for _, m := range service.Methods {
			out[service.Client+"."+m.GoName] = m.Pos
		}
	}
	return out
}

// declarations are the names that a file declares in its package, and as
// Type.name those of methods and fields.
func declarations(file *ast.File) []string {
	var out []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if name := receiver(d) + d.Name.Name; name != "init" {
				out = append(out, name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				out = append(out, specNames(spec)...)
			}
		}
	}
	return out
}

// receiver is the receiver's type with a dot, empty without one.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	typ := d.Recv.List[0].Type
	if pointer, ok := typ.(*ast.StarExpr); ok {
		typ = pointer.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

func specNames(spec ast.Spec) []string {
	var out []string
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.Name != "_" {
				out = append(out, name.Name)
			}
		}
	case *ast.TypeSpec:
		out = append(out, s.Name.Name)
		if fields, ok := s.Type.(*ast.StructType); ok {
			for _, field := range fields.Fields.List {
				for _, name := range field.Names {
					out = append(out, s.Name.Name+"."+name.Name)
				}
			}
		}
	}
	return out
}

// TypeName is the Go type of a field as it stands within the SDK's own package.
func TypeName(f *ir.Field) string {
	g := &generator{SDK: &ir.SDK{}}
	return fmt.Sprintf("%#v", g.goType(f))
}

// Signature is how a method of a client is declared.
func Signature(s *ir.Service, m *ir.Method) string {
	g := &generator{SDK: &ir.SDK{}}
	return fmt.Sprintf("%#v", jen.Func().Params(jen.Id("c").Op("*").Id(s.Client)).Add(g.signature(m)))
}
