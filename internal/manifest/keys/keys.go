// Package keys describes the manifest's format: every key, its type, its default
// and its meaning, taken from the Go types of package manifest and their comments.
// From that it makes the JSON Schema for editors and the reference for people.
package keys

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Object is a mapping of the manifest with fixed keys.
type Object struct {
	// Name is the Go type's.
	Name string
	Doc  string
	Keys []*Key
}

// Key is one key of an object.
type Key struct {
	Name, Doc string
	// Default is the value as the manifest would write it; empty: none.
	Default string
	// Required: the manifest cannot do without it.
	Required bool
	Type     Type
	// Words are the values that it may have; empty: any.
	Words []string
	// Pattern is what texts must match; empty: anything.
	Pattern string
}

// Type is the type of a value. Of List and Map at most one is set.
type Type struct {
	List, Map bool
	// Of is text, boolean, integer, any or, if none of them, an object's name.
	Of string
}

// Read reads the format from the source of package manifest, in that directory. The
// first object is the manifest itself; the others follow in the order in which keys
// lead to them.
func Read(dir string) ([]*Object, error) {
	structs, err := structsIn(os.DirFS(dir))
	if err != nil {
		return nil, err
	}
	var out []*Object
	seen := map[string]bool{}
	for queue := []string{"File"}; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] {
			continue
		}
		seen[name] = true
		s := structs[name]
		if s == nil {
			return nil, fmt.Errorf("there is no type %s", name)
		}
		object, err := s.object()
		if err != nil {
			return nil, err
		}
		out = append(out, object)
		for _, key := range object.Keys {
			if !isScalar(key.Type.Of) {
				queue = append(queue, key.Type.Of)
			}
		}
	}
	return out, limit(out)
}

func isScalar(name string) bool {
	return slices.Contains([]string{"text", "boolean", "integer", "any"}, name)
}

// structType is a Go type as it stands in the source.
type structType struct {
	name, doc string
	fields    *ast.FieldList
}

func structsIn(fsys fs.FS) (map[string]*structType, error) {
	names, err := fs.Glob(fsys, "*.go")
	if err != nil {
		return nil, err
	}
	out := map[string]*structType{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					if s, ok := t.Type.(*ast.StructType); ok {
						out[t.Name.Name] = &structType{t.Name.Name, text(gen.Doc), s.Fields}
					}
				}
			}
		}
	}
	return out, nil
}

// text is a comment in one line.
func text(c *ast.CommentGroup) string {
	if c == nil {
		return ""
	}
	return strings.Join(strings.Fields(c.Text()), " ")
}

// object takes the keys from a type's fields. A comment stands for the fields that
// follow it, as long as it names them.
func (s *structType) object() (*Object, error) {
	names := map[string]string{}
	for _, f := range s.fields.List {
		for _, n := range f.Names {
			names[n.Name] = keyOf(f)
		}
	}
	out := &Object{Name: s.name, Doc: s.sentence(s.doc, names)}
	doc := ""
	for _, f := range s.fields.List {
		key := keyOf(f)
		if key == "" || key == "-" {
			continue
		}
		name := f.Names[0].Name
		if own := text(f.Doc); own != "" {
			doc = own
		}
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(doc) {
			return nil, fmt.Errorf("%s.%s has no comment that names it", s.name, name)
		}
		t, err := typeOf(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", s.name, name, err)
		}
		out.Keys = append(out.Keys, &Key{Name: key, Doc: s.sentence(doc, names), Default: defaultIn(doc), Type: t})
	}
	return out, nil
}

// keyOf is the manifest's key of a field.
func keyOf(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	return reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("yaml")
}

// sentence is a comment with the keys in the place of the Go names, and without the
// type's own name in front.
func (s *structType) sentence(doc string, names map[string]string) string {
	doc = strings.TrimPrefix(doc, s.name+" is ")
	doc = strings.TrimPrefix(doc, s.name+" ")
	// What stands in quotes is an example; capitals are the names of other things,
	// but for those that the comment begins with.
	subject := regexp.MustCompile(`^(\w+(, | and | or )?)+`).FindString(doc)
	quoted := false
	at := 0
	return regexp.MustCompile(`"|\b[A-Z]\w*\b`).ReplaceAllStringFunc(doc, func(w string) string {
		at += strings.Index(doc[at:], w) + len(w)
		key := names[w]
		switch {
		case w == `"`:
			quoted = !quoted
		case quoted || key == "" || key == "-":
		case at <= len(subject) || w != strings.ToUpper(w) && w != "GraphQL":
			return "`" + key + "`"
		}
		return w
	})
}

// defaultIn is the default that a comment tells.
func defaultIn(doc string) string {
	m := regexp.MustCompile(`\bdefault "?([\w./-]+)"?`).FindStringSubmatch(doc)
	if m == nil {
		return ""
	}
	return strings.TrimSuffix(m[1], ".")
}

func typeOf(e ast.Expr) (Type, error) {
	switch e := e.(type) {
	case *ast.StarExpr:
		return typeOf(e.X)
	case *ast.ArrayType:
		t, err := typeOf(e.Elt)
		t.List = true
		return t, err
	case *ast.MapType:
		t, err := typeOf(e.Value)
		t.Map = true
		return t, err
	case *ast.Ident:
		scalar := map[string]string{"Text": "text", "Bool": "boolean", "Int": "integer", "Value": "any"}[e.Name]
		if scalar == "" {
			scalar = e.Name
		}
		return Type{Of: scalar}, nil
	}
	return Type{}, fmt.Errorf("a type that keys cannot have: %T", e)
}
