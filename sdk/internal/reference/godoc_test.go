package reference_test

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// packages are those that people read the documentation of.
func packages() []string {
	return []string{
		"sdk", "sdk/grpc", "sdk/server", "sdk/runtime", "sdk/runtime/grpcrt", "sdk/runtime/wire", "sdk/runtime/serve",
		"sdk/runtime/serve/servetest", "sdk/authorizertest", "sdk/authorizertest/fga",
	}
}

// Every exported name has documentation: packages, types, functions, methods,
// constants, variables, fields of structs and methods of interfaces.
func TestEverythingIsDocumented(t *testing.T) {
	names := 0
	for _, dir := range packages() {
		p := readPackage(t, dir)
		if p.Doc == "" {
			t.Errorf("%s: the package has no documentation", dir)
		}
		c := &documented{dir: dir}
		c.pkg(p)
		names += c.names
		for _, missing := range c.missing {
			t.Errorf("%s: %s has no documentation", dir, missing)
		}
	}
	if names < 1000 {
		t.Errorf("only %d names were found", names)
	}
}

// readPackage parses a package as go doc does, without its tests.
func readPackage(t *testing.T, dir string) *doc.Package {
	t.Helper()
	matches, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
	if err != nil || len(matches) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range matches {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	p, err := doc.NewFromFiles(set, files, "github.com/triwire/authorizer-sdk/"+dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// documented collects what has no documentation.
type documented struct {
	dir     string
	names   int
	missing []string
}

func (c *documented) name(text string, docs ...*ast.CommentGroup) {
	c.names++
	for _, d := range docs {
		if strings.TrimSpace(d.Text()) != "" {
			return
		}
	}
	c.missing = append(c.missing, text)
}

func (c *documented) pkg(p *doc.Package) {
	c.values(p.Consts)
	c.values(p.Vars)
	c.funcs("", p.Funcs)
	for _, t := range p.Types {
		c.names++
		if t.Doc == "" {
			c.missing = append(c.missing, t.Name)
		}
		c.values(t.Consts)
		c.values(t.Vars)
		c.funcs("", t.Funcs)
		c.funcs(t.Name+".", t.Methods)
		for _, spec := range t.Decl.Specs {
			c.members(t.Name, spec.(*ast.TypeSpec).Type)
		}
	}
}

func (c *documented) funcs(prefix string, list []*doc.Func) {
	for _, f := range list {
		c.names++
		if f.Doc == "" {
			c.missing = append(c.missing, prefix+f.Name)
		}
	}
}

// values: a constant or variable needs a comment of its own, beside it or above
// it, unless it stands alone in its declaration.
func (c *documented) values(list []*doc.Value) {
	for _, v := range list {
		for _, spec := range v.Decl.Specs {
			s := spec.(*ast.ValueSpec)
			if len(v.Decl.Specs) == 1 && v.Doc != "" {
				c.names++
				continue
			}
			for _, n := range s.Names {
				if n.IsExported() {
					c.name(n.Name, s.Doc, s.Comment)
				}
			}
		}
	}
}

func (c *documented) members(of string, t ast.Expr) {
	fields := &ast.FieldList{}
	switch t := t.(type) {
	case *ast.StructType:
		fields = t.Fields
	case *ast.InterfaceType:
		fields = t.Methods
	}
	for _, f := range fields.List {
		for _, n := range f.Names {
			if n.IsExported() {
				c.name(fmt.Sprintf("%s.%s", of, n.Name), f.Doc, f.Comment)
			}
		}
	}
}
