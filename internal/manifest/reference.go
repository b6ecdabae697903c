package manifest

import (
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Group is a heading of the reference, under which methods stand.
type Group struct {
	Pos diag.Pos `yaml:"-"`
	// Name is what rows and services refer to the group by.
	Name Text `yaml:"name"`
	// Title is the heading.
	Title Text `yaml:"title"`
	// Doc is the text below it.
	Doc Text `yaml:"doc"`
}

// Value is any YAML value with its position: an example of what a field holds.
type Value struct {
	Pos diag.Pos
	// Null, or one of the others is set: Scalar (with Tag "!!str", "!!int",
	// "!!float" or "!!bool"), List or, with IsMap, Entries.
	Tag     string
	Scalar  string
	List    []Value
	IsMap   bool
	Entries []Entry
}

// Entry is one key of a mapping, in the manifest's order.
type Entry struct {
	Key   Text
	Value Value
}

// any takes a node as it stands.
func (d *decoder) any(n *yaml.Node, v *Value, where string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	v.Pos = d.pos(n)
	switch n.Kind {
	case yaml.ScalarNode:
		v.Tag, v.Scalar = n.ShortTag(), n.Value
	case yaml.SequenceNode:
		v.Tag = "!!seq"
		v.List = make([]Value, len(n.Content))
		for i, item := range n.Content {
			d.any(item, &v.List[i], where)
		}
	case yaml.MappingNode:
		v.Tag, v.IsMap = "!!map", true
		d.pairs(n, where, func(key, value *yaml.Node) {
			e := Entry{Key: Text{Value: key.Value, Pos: d.pos(key)}}
			d.any(value, &e.Value, join(where, key.Value))
			v.Entries = append(v.Entries, e)
		})
	}
}

// Credentials are the words for what a method is called with.
func Credentials() []string { return []string{"bearer", "cookie", "none"} }

// reference checks what only the reference shows.
func (v *validator) reference() {
	seen := map[string]diag.Pos{}
	for _, g := range v.Groups {
		v.required(g.Name, g.Pos, "groups.name")
		v.required(g.Title, g.Pos, "groups.title")
		v.snakeName(g.Name, "group")
		v.unique(seen, g.Name, "group")
	}
	used := map[string]bool{}
	group := func(t Text, of string) {
		used[t.Value] = true
		if _, ok := seen[t.Value]; t.Value != "" && !ok {
			v.hint(t.Pos, "declare it in groups", "%s is in the unknown group %q", of, t)
		}
	}
	for _, s := range v.Services {
		group(s.Group, "service "+s.Name.Value)
	}
	known := v.errorWords()
	for _, m := range v.Methods {
		group(m.Group, "method "+m.Name.Value)
		if m.Credential.Value != "" {
			v.oneOf(m.Credential, Credentials(), "credential of method "+m.Name.Value)
		}
		errors := map[string]diag.Pos{}
		for _, e := range m.Errors {
			v.unique(errors, e, "error of method "+m.Name.Value)
			if !known[e.Value] {
				v.hint(e.Pos, "write a text or a prefix of errors.messages, a word of errors.codes, or a code", "method %s fails with %q, which is not in the table of errors", m.Name, e)
			}
		}
	}
	for _, g := range v.Groups {
		if g.Name.Value != "" && !used[g.Name.Value] {
			v.hint(g.Name.Pos, "remove it, or name it in the group of a method or a service", "no method is in the group %q", g.Name)
		}
	}
}

// errorWords are what a row's errors may be.
func (v *validator) errorWords() map[string]bool {
	known := map[string]bool{}
	for _, m := range v.Errors.Messages {
		known[m.Text.Value+m.Prefix.Value] = true
	}
	for _, word := range slices.Concat(slices.Collect(maps.Keys(v.Errors.Codes)), codes()) {
		known[word] = true
	}
	return known
}

// docsOutput checks the directory of the reference.
func (v *validator) docsOutput(wire string) {
	v.directory(v.Output.Docs, "output.docs")
	if docs := v.Output.Docs.Value; docs == wire || strings.HasPrefix(docs, wire+"/") {
		v.hint(v.Output.Docs.Pos, "give it a directory of its own", "output.docs cannot be %s or below, which holds nothing but wire code", wire)
	}
}
