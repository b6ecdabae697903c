package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// rule finds the manifest's rule for a field of a flat type.
func (r *resolver) rule(m *ir.Message, name string) *manifest.FieldRule {
	for i := range r.Manifest.Fields {
		rule := &r.Manifest.Fields[i]
		if rule.Type.Value == m.GoName && rule.Field.Value == name {
			return rule
		}
	}
	return nil
}

func renamed(rule *manifest.FieldRule, p ir.Protocol) string {
	return map[ir.Protocol]manifest.Text{ir.GraphQL: rule.GraphQL, ir.REST: rule.REST, ir.GRPC: rule.GRPC}[p].Value
}

// logicalName is the name that callers know a contract's field by: that of a rule
// or of a field that the flat type has already, or else its own.
func (r *resolver) logicalName(m *ir.Message, p ir.Protocol, c *contract.Message, name string) string {
	same := name
	for i := range r.Manifest.Fields {
		rule := &r.Manifest.Fields[i]
		if rule.Type.Value != m.GoName {
			continue
		}
		if renamed(rule, p) == name {
			r.used[rule.Pos] = true
			return rule.Field.Value
		}
		if renamed(rule, p) == "" && SameName(rule.Field.Value, name) && c.Field(rule.Field.Value) == nil {
			same = rule.Field.Value
		}
	}
	if same != name || m.Field(name) != nil {
		return same
	}
	for _, f := range m.Fields {
		if SameName(f.Name, name) && c.Field(f.Name) == nil {
			return f.Name
		}
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return cmp.Or(strings.ToLower(strings.Join(words(name), "_")), name) // "X-Book-Id", "filter[shelf]"
	}
	return name
}

// contractField is a logical field as one protocol's part has it, or nil.
func (r *resolver) contractField(m *ir.Message, name string, protocol ir.Protocol, p parts) *contract.Field {
	if rule := r.rule(m, name); rule != nil && renamed(rule, protocol) != "" {
		name = renamed(rule, protocol)
	}
	return r.fieldOf(p[protocol], name)
}

// omitted tells whether a rule leaves the field out.
func (r *resolver) omitted(m *ir.Message, name string) bool {
	rule := r.rule(m, name)
	if rule == nil {
		return false
	}
	r.used[rule.Pos] = true
	return rule.Omit.Value != ""
}

func (r *resolver) docOf(m *ir.Message, name string) string {
	if rule := r.rule(m, name); rule != nil && rule.Doc.Value != "" {
		return rule.Doc.Value
	}
	for _, key := range []string{m.GoName + "." + name, name} {
		if doc, ok := r.Manifest.Docs[key]; ok {
			r.used[doc.Pos] = true
			return doc.Value
		}
	}
	return ""
}

// typeDoc describes a type, by what follows its name in a sentence: in the
// manifest's words, or else the contract's.
func (r *resolver) typeDoc(goName string, p parts) string {
	if doc, ok := r.Manifest.Docs[goName]; ok {
		r.used[doc.Pos] = true
		return strings.TrimPrefix(doc.Value, goName+" ")
	}
	_, c := p.canonical()
	// The flat type may be called otherwise: "Contact is ..." of ContactInput.
	name := shortName(c.Name)
	return strings.TrimPrefix(strings.TrimPrefix(c.Doc, name+" "), goName+" ")
}

// extraFields reports fields of a further contract type that the flat type,
// known from elsewhere, lacks.
func (r *resolver) extraFields(m *ir.Message, w *ir.Wire) {
	for _, cf := range w.Contract.Fields {
		name := r.logicalName(m, w.Protocol, w.Contract, cf.Name)
		if m.Field(name) == nil && !r.omitted(m, name) {
			r.add(MissingField.ofType(m.GoName), cf.Pos, fmt.Sprintf("give the type a Go name of its own under naming.types, or add {type: %s, field: %s, omit: REASON} under fields", m.GoName, name),
				"%s has the field %s, which %s lacks elsewhere", w.Contract.Name, cf.Name, m.GoName)
		}
	}
}

// omittedRequired reports a field that the manifest omits but the server demands.
func (r *resolver) omittedRequired(m *ir.Message, w *ir.Wire) {
	for _, cf := range w.Contract.Fields {
		name := r.logicalName(m, w.Protocol, w.Contract, cf.Name)
		if m.Request && cf.Required && r.omitted(m, name) {
			r.add(UnusableEntry.ofType(m.GoName), r.rule(m, name).Pos, "remove the omit", "field %s of %s cannot be omitted: %s demands it (%s)", name, m.GoName, w.Protocol, cf.Pos)
		}
	}
}

// defaults resolves the manifest's defaults for a row.
func (r *resolver) defaults(one *row) {
	for _, d := range r.Manifest.Defaults {
		if !slices.Contains(manifest.Values(d.Methods), one.Name) {
			continue
		}
		var f *ir.Field
		if one.Request != nil {
			f = one.Request.Field(d.Field.Value)
		}
		if f == nil || !f.Pointer || f.Type.Scalar != contract.ScalarString {
			r.add(UnusableEntry.ofMethod(one.Name), d.Field.Pos, "", "method %s has no optional text field %q to give a default", one.Name, d.Field.Value)
			continue
		}
		one.Defaults = append(one.Defaults, ir.Default{Field: f, Setting: d.Setting.Value})
	}
}

// rowSecrets marks the secrets that a row names in its request and answer.
func (r *resolver) rowSecrets(one *row) {
	for _, name := range one.manifest.Secrets {
		found := false
		for _, m := range []*ir.Message{one.Request, one.Response} {
			if m == nil || m.Field(name.Value) == nil {
				continue
			}
			m.Field(name.Value).Secret = true
			found = true
		}
		if !found {
			r.add(UnusedEntry.ofMethod(one.Name), name.Pos, "", "method %s has no field %q in its request or answer", one.Name, name.Value)
		}
	}
}

// unused reports manifest entries that did nothing: what they were written for
// is gone, or their names are misspelled.
func (r *resolver) unused() {
	if r.findings.Len() > 0 {
		return // what could not be resolved makes entries look unused
	}
	for _, rule := range r.Manifest.Fields {
		m := r.byName[rule.Type.Value]
		if m == nil && !r.used[rule.Pos] {
			r.add(UnusedEntry.ofProject(), rule.Type.Pos, "remove it, or correct the type's name", "fields has an entry for %s.%s, but there is no type %s", rule.Type, rule.Field, rule.Type)
		} else if !r.used[rule.Pos] {
			r.add(UnusedEntry.ofProject(), rule.Pos, "remove it, or correct the field's name", "fields has an entry for %s.%s, but no contract has that field", rule.Type, rule.Field)
		}
	}
	for name, text := range r.Manifest.Naming.Fields {
		if !r.used[text.Pos] {
			r.add(UnusedEntry.ofProject(), text.Pos, "write it as Type.field, with the type's name in Go and the field's name in JSON", "naming.fields renames %s, which no type has", name)
		}
	}
	for name, text := range r.Manifest.Naming.Methods {
		if !r.used[text.Pos] {
			r.add(UnusedEntry.ofProject(), text.Pos, "write the name of a row", "naming.methods renames %s, which no row is called", name)
		}
	}
	for name, text := range r.Manifest.Naming.Types {
		if !r.used[text.Pos] {
			r.add(UnusedEntry.ofProject(), text.Pos, "remove it", "naming.types renames %s, which no method uses", name)
		}
	}
	for _, o := range r.Manifest.Objects {
		if !r.used[o.Pos] {
			r.add(UnusedEntry.ofProject(), o.Pos, "remove it", "objects has an entry that no method uses")
		}
	}
	for _, p := range r.Manifest.Paging {
		if !r.used[p.Pos] {
			r.add(UnusedEntry.ofProject(), p.Pos, r.unusedPaging(p), "paging has an entry that fits no method")
		}
	}
	for name, text := range r.Manifest.Docs {
		if !r.used[text.Pos] {
			r.add(UnusedEntry.ofProject(), text.Pos, "remove it, or correct the name", "docs describes %s, which no type has", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Manifest.Examples)) {
		if pos := r.Manifest.Examples[name].Pos; !r.used[pos] {
			r.add(UnusedEntry.ofProject(), pos, "remove it, or correct the name", "examples has a value for %s, which no required field of a request is called", name)
		}
	}
	r.unusedSecrets()
	r.unusedOption()
}

// unusedPaging is the way out for a way of paging that fits no method: its fields
// may be left out.
func (r *resolver) unusedPaging(p manifest.Paging) string {
	for _, rule := range r.Manifest.Fields {
		if name := rule.Field.Value; rule.Omit.Value != "" && (name == p.Answer.Value || name == p.Request.Value) {
			return fmt.Sprintf("remove it: the field %s of %s is left out at %s", name, rule.Type, rule.Pos)
		}
	}
	return "remove it, or correct its fields"
}

// unusedOption reports a name of the public option that no method has.
func (r *resolver) unusedOption() {
	if r.Manifest.Contracts.GRPC == nil || r.Manifest.Contracts.GRPC.PublicOption.Value == "" {
		return
	}
	name := r.Manifest.Contracts.GRPC.PublicOption
	for _, op := range r.Contracts[ir.GRPC].Operations {
		if op.Details != nil && op.Details.Options[name.Value] != "" {
			return
		}
	}
	r.add(UnusedEntry.ofProject(), name.Pos, "remove it, or correct the name", "contracts.grpc.public_option is %q, which no method of the protos has", name)
}

func (r *resolver) unusedSecrets() {
	for _, name := range r.Manifest.Secrets {
		found := false
		for _, m := range r.byName {
			found = found || m.Field(name.Value) != nil
		}
		if !found {
			r.add(UnusedEntry.ofProject(), name.Pos, "remove it, or correct the name", "secrets lists %s, which no type has", name)
		}
	}
}
