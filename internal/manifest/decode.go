package manifest

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/nearest"
)

// decoder turns yaml nodes into the types of this package. It exists because
// yaml.v3 gives up positions when it decodes into structs, and loses
// KnownFields inside of an UnmarshalYAML.
type decoder struct {
	file     string
	findings *diag.List
}

func (d *decoder) pos(n *yaml.Node) diag.Pos {
	return diag.Pos{File: d.file, Line: n.Line, Col: n.Column}
}

// value decodes the node into v; where names the value in findings.
func (d *decoder) value(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch target := v.Addr().Interface().(type) {
	case *Text:
		d.text(n, target, where)
		return
	case *Bool:
		d.bool(n, target, where)
		return
	case *Int:
		d.int(n, target, where)
		return
	case *Value:
		d.any(n, target, where)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), where)
	case reflect.Slice:
		d.list(n, v, where)
	case reflect.Map:
		d.mapping(n, v, where)
	case reflect.Struct:
		d.object(n, v, where)
	}
}

func (d *decoder) text(n *yaml.Node, t *Text, where string) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.kind(n, where, "a text")
		return
	}
	*t = Text{Value: n.Value, Pos: d.pos(n)}
}

func (d *decoder) bool(n *yaml.Node, b *Bool, where string) {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		d.kind(n, where, "true or false")
		return
	}
	*b = Bool{Value: n.Value == "true" || n.Value == "True" || n.Value == "TRUE", Pos: d.pos(n)}
}

func (d *decoder) int(n *yaml.Node, i *Int, where string) {
	value, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		d.kind(n, where, "a whole number")
		return
	}
	*i = Int{Value: value, Pos: d.pos(n)}
}

func (d *decoder) list(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.SequenceNode {
		d.kind(n, where, "a list")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, v.Index(i), fmt.Sprintf("%s[%d]", where, i))
	}
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.MappingNode {
		d.kind(n, where, "a mapping")
		return
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(n.Content)/2))
	d.pairs(n, where, func(key, value *yaml.Node) {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(value, elem, join(where, key.Value))
		v.SetMapIndex(reflect.ValueOf(key.Value), elem)
	})
}

func (d *decoder) object(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.MappingNode {
		d.kind(n, where, "a mapping")
		return
	}
	fields := map[string]reflect.Value{}
	var known []string
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("yaml")
		if name == "-" {
			v.Field(i).Set(reflect.ValueOf(d.pos(n)))
			continue
		}
		fields[name] = v.Field(i)
		known = append(known, name)
	}
	d.pairs(n, where, func(key, value *yaml.Node) {
		field, ok := fields[key.Value]
		if !ok {
			d.findings.Add(diag.Finding{
				Pos:     d.pos(key),
				Message: fmt.Sprintf("unknown key %q%s", key.Value, in(where)),
				Hint:    strings.TrimSpace(nearest.Question(nearest.Find(key.Value, nearest.Names(known))) + " known keys: " + strings.Join(sorted(known), ", ")),
			})
			return
		}
		d.value(value, field, join(where, key.Value))
	})
}

// pairs calls f for each key and value; a key that stands twice is a finding.
func (d *decoder) pairs(n *yaml.Node, where string, f func(key, value *yaml.Node)) {
	seen := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if first, ok := seen[key.Value]; ok {
			d.findings.Addf(d.pos(key), "key %q stands twice%s, first in line %d", key.Value, in(where), first.Line)
			continue
		}
		seen[key.Value] = key
		f(key, n.Content[i+1])
	}
}

func (d *decoder) kind(n *yaml.Node, where, want string) {
	got := map[yaml.Kind]string{
		yaml.SequenceNode: "a list",
		yaml.MappingNode:  "a mapping",
		yaml.ScalarNode:   fmt.Sprintf("%q", n.Value),
	}[n.Kind]
	if n.Tag == "!!null" {
		got = "nothing"
	}
	d.findings.Addf(d.pos(n), "%s must be %s, not %s", where, want, got)
}

func join(where, key string) string {
	if where == "" {
		return key
	}
	return where + "." + key
}

func in(where string) string {
	if where == "" {
		return ""
	}
	return " in " + where
}

func sorted(words []string) []string {
	words = slices.Clone(words)
	slices.Sort(words)
	return words
}
