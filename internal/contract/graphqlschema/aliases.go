package graphqlschema

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// aliases gives other names to the fields that operations could not select under
// their own: GraphQL refuses fields of one name and several types amid the types
// of a union, and Go names of fields that differ in their first letter only, or
// in underscores before it, are the same in the wire code. Of underscores alone
// nothing is left there.
func (b *builder) aliases() {
	clashes := map[string]map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(b.schema.Types)) {
		if def := b.schema.Types[name]; def.IsAbstractType() {
			b.unionClashes(def, clashes)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.out.Messages)) {
		def, m := b.schema.Types[name], b.out.Messages[name]
		if def == nil || def.Kind != ast.Object && def.Kind != ast.InputObject {
			continue
		}
		taken := map[string]*contract.Field{}
		for _, f := range m.Fields {
			first := taken[wireName(f.Name)]
			switch {
			case first != nil && def.Kind == ast.InputObject:
				m.Unsupported = fmt.Sprintf("has the fields %s and %s, which are one name in the wire code", first.Name, f.Name)
			case wireName(f.Name) == "" && def.Kind == ast.InputObject:
				m.Unsupported = fmt.Sprintf("has the field %s, which has no name in the wire code", f.Name)
			case def.Kind == ast.InputObject:
			case first != nil || wireName(f.Name) == "" || clashes[name][f.Name]:
				// Names that begin with two underscores are GraphQL's own.
				f.Alias = freeAlias(m, strings.TrimPrefix(f.Name+"_of_"+name, "__"))
			}
			if first == nil {
				taken[wireName(f.Name)] = f
			}
		}
	}
}

// unionClashes notes the fields that types of a union have with several types.
func (b *builder) unionClashes(def *ast.Definition, clashes map[string]map[string]bool) {
	kinds, owners := map[string]map[string]bool{}, map[string][]string{}
	for _, t := range b.schema.GetPossibleTypes(def) {
		for _, f := range t.Fields {
			if kinds[f.Name] == nil {
				kinds[f.Name] = map[string]bool{}
			}
			kinds[f.Name][f.Type.String()] = true
			owners[f.Name] = append(owners[f.Name], t.Name)
		}
	}
	for name, several := range kinds {
		if len(several) == 1 {
			continue
		}
		for _, owner := range owners[name] {
			if clashes[owner] == nil {
				clashes[owner] = map[string]bool{}
			}
			clashes[owner][name] = true
		}
	}
}

// wireName is what the Go name of a field in the wire code depends on.
func wireName(name string) string {
	name = strings.TrimLeft(name, "_")
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// freeAlias is a name that no field of the message has.
func freeAlias(m *contract.Message, alias string) string {
	for slices.ContainsFunc(m.Fields, func(f *contract.Field) bool {
		return wireName(f.Name) == wireName(alias) || wireName(f.Alias) == wireName(alias)
	}) {
		alias += "_"
	}
	return alias
}
