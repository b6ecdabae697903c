package graphql

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// zeroable are the required input fields, as "Type.field", that are left out
// when they are zero, so that the server reports them as missing as it does
// over the protocols that cannot send a zero value.
func zeroable(sdk *ir.SDK) map[string]bool {
	out := map[string]bool{}
	for _, m := range sdk.Messages {
		for _, w := range m.Wires {
			for _, f := range w.Fields {
				if w.Protocol == ir.GraphQL && m.Request && f.Contract != nil && leftOutWhenZero(f) {
					out[inputName(w, f)+"."+f.Contract.Name] = true
				}
			}
		}
	}
	return out
}

// inputName is the input type that holds a field; empty for an argument.
func inputName(w *ir.Wire, f *ir.WireField) string {
	switch {
	case f.Contract.Place == nil:
		return TypeName(w.Contract.Name)
	case f.Contract.Place.In == contract.InContent:
		return TypeName(w.Contract.Parts.Content.Name)
	}
	return ""
}

// leftOutWhenZero: an empty text says nothing, nor does the zero time; false, 0
// and an empty list do.
func leftOutWhenZero(f *ir.WireField) bool {
	if !f.Field.Required || !f.Field.Type.Single() {
		return false
	}
	switch f.Field.Type.Scalar {
	case contract.ScalarString, contract.ScalarEnum, contract.ScalarTimestamp, contract.ScalarBytes:
		return true
	}
	return false
}

// omitZero mends the JSON tags of input types in two ways that genqlient has no
// option for: an empty list or map is a value, so only nil is left out
// (omitzero for omitempty); and required fields in the set are left out when
// zero. Tags end their lines, so that the source stays formatted.
func omitZero(src []byte, required map[string]bool) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "graphql_gen.go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	done := 0 // how much of the source is in out
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		if fields, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range fields.Fields.List {
				if f.Tag != nil {
					out.Write(src[done:fset.Position(f.Tag.Pos()).Offset])
					out.WriteString(mendTag(f.Tag.Value, spec.Name.Name, required))
					done = fset.Position(f.Tag.End()).Offset
				}
			}
		}
		return false
	})
	out.Write(src[done:])
	return out.Bytes(), nil
}

// tolerant lets answers have types that the schema did not know yet, as enums may
// have values: genqlient would refuse the whole answer because of a union's new
// member. Such a value is nil.
func tolerant(src []byte) ([]byte, error) {
	refused := regexp.MustCompile("default:\n\t\treturn fmt\\.Errorf\\(\n\t\t\t`unexpected concrete type for \\w+: \"%v\"`, tn\\.TypeName\\)")
	if bytes.Contains(src, []byte(`"%v"`+"`, tn.TypeName")) && !refused.Match(src) {
		return nil, errors.New("the place where unions refuse unknown types has another form")
	}
	return refused.ReplaceAll(src, []byte("default:\n\t\treturn nil // a type that the schema did not know")), nil
}

// mendTag is a field's tag as it should be.
func mendTag(tag, typeName string, required map[string]bool) string {
	tag = strings.Replace(tag, `,omitempty"`, `,omitzero"`, 1)
	name := strings.TrimSuffix(strings.TrimPrefix(tag, "`json:\""), "\"`")
	if required[typeName+"."+name] {
		return "`json:\"" + name + ",omitzero\"`"
	}
	return tag
}
