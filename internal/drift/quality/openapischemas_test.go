package quality

import (
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func (d *document) schema(name string, s object) {
	t := d.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	rename := func(doc object) {
		renameRefs(doc, "#/components/schemas/"+name)
		all := d.schemas(doc)
		all[name+"Renamed"] = all[name]
		delete(all, name)
	}
	if s["enum"] != nil {
		d.enumSchema(name, s)
		return
	}
	if s["oneOf"] != nil {
		d.choice(name, s)
		return
	}
	d.composed(name, s)
	d.add("rename a schema", name, rename, w(false, either, drift.MessageRenamed, drift.FieldRenamed))
	closed := func(doc object) { dig(d.schemas(doc), name)["additionalProperties"] = false }
	d.add("refuse unknown properties", name, closed, w(t.request, no, drift.MessageLimits))
	d.undo("take unknown properties", name, closed, w(false, no, drift.MessageLimits))
	properties, _ := s["properties"].(object)
	for _, key := range slices.Sorted(maps.Keys(properties)) {
		if required, _ := s["required"].([]any); !slices.Contains(required, any(key)) {
			d.property(name, key, properties, t) // what is required tells variants apart
		}
	}
}

func renameRefs(value any, from string) {
	switch v := value.(type) {
	case object:
		for key, item := range v { // references, and what discriminators map to
			if item == from {
				v[key] = from + "Renamed"
			}
			renameRefs(item, from)
		}
	case []any:
		for _, item := range v {
			renameRefs(item, from)
		}
	}
}

func (d *document) property(name, key string, properties object, t travel) {
	at := name + "." + key
	omitted := d.project.omitted(name, key)
	inSDK := (t.request || t.response) && !(key == "error" && len(properties) == 2 && properties["result"] != nil) // the error of a stream
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		if !inSDK && source == yes {
			source = no // errors have no Go type of their own
		}
		return want{rules: list, wire: wire, source: source}.of(t.used() && !omitted)
	}
	all := func(doc object) object { return dig(d.schemas(doc), name, "properties") }
	edit := func(e func(object)) func(object) { return func(doc object) { e(dig(all(doc), key)) } }
	remove := func(doc object) { delete(all(doc), key) }
	if len(properties) > 1 {
		lost := d.project.flat().lost(ir.REST, at)
		if !d.project.flat().has(ir.REST, at) {
			lost = when(t.response) // what only wraps others
		}
		d.add("remove a property", at, remove, want{rules: ids(drift.FieldRemoved), wire: true, source: lost}.of(t.used() && !omitted))
		d.undo("add a property", at, remove, w(false, no, drift.FieldAdded))
		required, _ := dig(d.schemas(d.parse()), name)["required"].([]any)
		require := func(doc object) { dig(d.schemas(doc), name)["required"] = append(slices.Clone(required), key) }
		pointer := d.project.flat().retyped(ir.REST, at, func(s *says) { s.required, s.presence = !s.required, !s.presence })
		d.add("require a property", at, require, keep(omitted && t.request, w(t.request, pointer, drift.FieldRequired)))
		d.undo("no longer require a property", at, require, w(t.response || t.failure, pointer, drift.FieldOptional))
		d.from("add a required property", at, remove, require, keep(omitted && t.request, w(t.request, no, drift.FieldAdded)))
	}
	d.add("rename a property", at, func(doc object) {
		all(doc)[key+"_renamed"] = all(doc)[key]
		delete(all(doc), key)
	}, w(true, when(t.single), drift.FieldRenamed))
	s := properties[key].(object)
	d.types(at, s, edit, w)
	d.maps(at, s, edit, w)
	d.lists(at, key, all, s, w)
	if s["$ref"] == nil {
		d.facts(at, s, t, edit, w)
	}
}

// keep makes a change break the wire although the manifest omits the field: the
// server demands it.
func keep(condition bool, w want) want {
	if condition {
		w.wire = true
	}
	return w
}

func (d *document) types(at string, s object, edit editOp, w wantFunc) {
	to := func(kind, format string) func(object) {
		return edit(func(p object) {
			clear(p)
			p["type"] = kind
			if format != "" {
				p["format"] = format
			}
		})
	}
	kind, format := s["type"], s["format"]
	switch {
	case kind == "string" && format == nil:
		d.add("change a string to an integer", at, to("integer", "int32"), w(true, yes, drift.FieldType))
		d.add("change a string to a boolean", at, to("boolean", ""), w(true, yes, drift.FieldType))
		d.add("change a string to a date", at, to("string", "date-time"), w(true, yes, drift.FieldType))
		d.add("change a string to a free object", at, to("object", ""), w(true, yes, drift.FieldType))
		d.add("mark a string as a password", at, to("string", "password"), w(false, no, drift.FieldType))
	case kind == "string" && format == "int64":
		d.add("change an int64 in a string to a number", at, to("integer", "int64"), w(true, no, drift.FieldType))
		d.add("change an int64 to an int32", at, to("integer", "int32"), w(true, yes, drift.FieldType))
	case kind == "boolean" || kind == "number" || kind == "integer":
		d.add("change a value to a string", at, to("string", ""), w(true, yes, drift.FieldType))
	case s["$ref"] != nil && dig(d.schemas(d.parse()), refsIn(s)[0])["enum"] != nil:
		// The protos still say which values there are.
		d.add("let an enum be any text", at, to("string", ""), w(d.travels(at), no, drift.EnumRemoved))
	case s["$ref"] != nil:
		d.add("change an object to a string", at, to("string", ""), w(true, yes, drift.FieldType))
		d.add("replace a property's schema", at, func(doc object) {
			edit(func(p object) { p["$ref"] = "#/components/schemas/Brandnew" })(doc)
			d.schemas(doc)["Brandnew"] = object{"type": "object", "properties": object{"brandnew": object{"type": "string"}}}
		}, w(true, yes, drift.FieldReplaced, drift.MessageAdded))
	}
}

// travels tells whether a property is one of an answer.
func (d *document) travels(at string) bool {
	name, _, _ := strings.Cut(at, ".")
	return d.graph.of(name).response
}

func (d *document) lists(at, key string, all func(object) object, s object, w wantFunc) {
	if s["type"] == "array" {
		d.add("make a list one value", at, func(doc object) { all(doc)[key] = s["items"] }, w(true, yes, drift.FieldList))
		return
	}
	d.add("make a property a list", at, func(doc object) { all(doc)[key] = object{"type": "array", "items": s} }, w(true, yes, drift.FieldList))
}

func (d *document) facts(at string, s object, t travel, edit editOp, w wantFunc) {
	set := func(name string, v any) func(object) { return edit(func(p object) { p[name] = v }) }
	answer := t.response || t.failure
	d.add("make a property nullable", at, set("nullable", true), w(answer, no, drift.FieldNullable))
	d.undo("make a property not nullable", at, set("nullable", true), w(t.request, no, drift.FieldNotNullable))
	d.add("deprecate a property", at, set("deprecated", true), w(false, no, drift.FieldDeprecated))
	d.undo("reinstate a property", at, set("deprecated", true), w(false, no, drift.FieldReinstated))
	d.add("make a property read-only", at, set("readOnly", true), w(t.request, no, drift.FieldLimits))
	if s["type"] == "array" {
		d.add("limit the length of a list", at, set("maxItems", 3), w(t.request, no, drift.FieldLimits))
		d.add("let items be null", at, edit(func(p object) { dig(p, "items")["nullable"] = true }), silentRef(s, w(answer, no, drift.FieldItemNullable)))
	}
	if s["type"] != "string" || s["format"] != nil {
		return
	}
	d.add("limit the length of a text", at, set("maxLength", 10), w(t.request, no, drift.FieldLimits))
	d.undo("no longer limit the length of a text", at, set("maxLength", 10), w(false, no, drift.FieldLimits))
	d.from("limit a text more", at, set("maxLength", 10), set("maxLength", 5), w(t.request, no, drift.FieldLimits))
	d.from("limit a text less", at, set("maxLength", 5), set("maxLength", 10), w(false, no, drift.FieldLimits))
	d.add("demand a pattern", at, set("pattern", "^a"), w(t.request, no, drift.FieldLimits))
	d.add("add a default", at, set("default", "a"), w(false, no, drift.FieldDefault))
	d.undo("remove a default", at, set("default", "a"), w(t.request, no, drift.FieldDefault))
	d.from("change a default", at, set("default", "a"), set("default", "b"), w(t.request, no, drift.FieldDefault))
	enum := func(values ...any) func(object) { return set("enum", values) }
	d.add("allow only some values", at, enum("a", "b"), w(t.request, yes, drift.EnumAdded))
	// Over several protocols the values are just text, as long as the others say so.
	d.undo("allow all values", at, enum("a", "b"), w(answer, when(t.single), drift.EnumRemoved))
	d.from("add an enum value", at, enum("a", "b"), enum("a", "b", "c"), w(answer, no, drift.EnumValueAdded))
	d.from("remove an enum value", at, enum("a", "b"), enum("a"), w(t.request, when(t.single), drift.EnumValueRemoved))
	d.from("order enum values otherwise", at, enum("a", "b"), enum("b", "a"), want{})
}

// silentRef: beside a reference OpenAPI 3.0 reads nothing else.
func silentRef(s object, w want) want {
	if items, _ := s["items"].(object); items["$ref"] != nil {
		return want{}
	}
	return w
}
