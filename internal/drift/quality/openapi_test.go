package quality

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

type object = map[string]any

// document makes the mutations of one OpenAPI document, on its plain values.
type document struct {
	project *project
	path    string
	source  []byte // as JSON
	graph   *graph
	rows    map[string]*row
	out     []mutation
}

func (p *project) restMutations() []mutation {
	var docs []*document
	g := &graph{refs: map[string][]string{}, uses: map[string]*travel{}}
	var operations []string
	for _, path := range manifest.Values(p.side0.Manifest.Contracts.REST.Documents) {
		var value object
		if err := yaml.Unmarshal(p.files[path].Data, &value); err != nil {
			panic(err)
		}
		source, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		d := &document{project: p, path: path, source: source, graph: g}
		docs = append(docs, d)
		for name, s := range d.schemas(d.parse()) {
			g.refs[name] = append(g.refs[name], refsIn(s)...)
		}
		d.eachOperation(func(path, verb string, _ object) { operations = append(operations, strings.ToUpper(verb)+" "+path) })
	}
	rows := p.rows(ir.REST, operations)
	var out []mutation
	for _, d := range docs {
		d.rows = rows
		d.eachOperation(func(path, verb string, op object) { d.mark(rows[strings.ToUpper(verb)+" "+path], op) })
	}
	for _, d := range docs {
		d.eachOperation(d.operation)
		schemas := d.schemas(d.parse())
		for _, name := range slices.Sorted(maps.Keys(schemas)) {
			d.schema(name, schemas[name].(object))
		}
		d.silent()
		out = append(out, d.out...)
	}
	return out
}

func (d *document) parse() object {
	var out object
	if err := json.Unmarshal(d.source, &out); err != nil {
		panic(err)
	}
	return out
}

func (d *document) schemas(doc object) object { return dig(doc, "components", "schemas") }

// dig walks down objects; what is not there is made.
func dig(value object, keys ...string) object {
	for _, key := range keys {
		next, ok := value[key].(object)
		if !ok {
			next = object{}
			value[key] = next
		}
		value = next
	}
	return value
}

func (d *document) eachOperation(f func(path, verb string, op object)) {
	paths := dig(d.parse(), "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path].(object)
		for _, verb := range slices.Sorted(maps.Keys(item)) {
			f(path, verb, item[verb].(object))
		}
	}
}

// refsIn are the names of all components that a value refers to.
func refsIn(value any) []string {
	var out []string
	switch v := value.(type) {
	case object:
		if ref, ok := v["$ref"].(string); ok {
			out = append(out, strings.TrimPrefix(ref, "#/components/schemas/"))
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, refsIn(v[key])...)
		}
	case []any:
		for _, item := range v {
			out = append(out, refsIn(item)...)
		}
	}
	return out
}

func (d *document) mark(r *row, op object) {
	if r == nil {
		return
	}
	for _, name := range refsIn(op["requestBody"]) {
		d.graph.walk(name, r, request)
	}
	for status, answer := range dig(op, "responses") {
		for _, name := range refsIn(answer) {
			if status[0] != '2' {
				d.graph.walk(name, r, failure)
				continue
			}
			d.streamError(name, r)
			d.graph.walk(name, r, response)
		}
	}
}

// streamError: the documents of a stream hold a result or an error, which is no
// part of the answer that callers see.
func (d *document) streamError(name string, r *row) {
	properties := dig(d.schemas(d.parse()), name, "properties")
	if len(properties) != 2 || properties["result"] == nil || properties["error"] == nil {
		return
	}
	for _, ref := range refsIn(properties["error"]) {
		d.graph.walk(ref, r, failure)
		d.graph.refs[name] = slices.DeleteFunc(d.graph.refs[name], func(to string) bool { return to == ref })
	}
}

func (d *document) edited(edit func(object)) func() map[string][]byte {
	return func() map[string][]byte {
		doc := d.parse()
		edit(doc)
		data, err := json.MarshalIndent(doc, "", "  ")
		if err != nil {
			panic(err)
		}
		return map[string][]byte{d.path: data}
	}
}

func (d *document) add(kind, at string, edit func(object), w want) {
	d.out = append(d.out, mutation{kind: "rest " + kind, at: at, after: d.edited(edit), want: w})
}

func (d *document) undo(kind, at string, edit func(object), w want) {
	d.out = append(d.out, mutation{kind: "rest " + kind, at: at, before: d.edited(edit), want: w})
}

func (d *document) from(kind, at string, before, after func(object), w want) {
	d.out = append(d.out, mutation{kind: "rest " + kind, at: at, before: d.edited(before), after: d.edited(after), want: w})
}

func (d *document) operation(path, verb string, op object) {
	at := strings.ToUpper(verb) + " " + path
	r := d.rows[at]
	used := r != nil
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(used)
	}
	item := func(doc object) object { return dig(doc, "paths", path) }
	edit := func(e func(op object)) func(object) { return func(doc object) { e(dig(item(doc), verb)) } }
	remove := func(doc object) {
		delete(item(doc), verb)
		if len(item(doc)) == 0 {
			delete(dig(doc, "paths"), path)
		}
	}
	d.add("remove an operation", at, remove, w(true, when(used && r.single), drift.OperationRemoved))
	d.undo("add an operation", at, remove, w(false, no, drift.OperationAdded))
	d.add("change a path", at, func(doc object) {
		op := dig(item(doc), verb)
		remove(doc)
		dig(doc, "paths", path+"_moved")[verb] = op
	}, w(true, no, drift.PathChanged))
	d.add("change a verb", at, func(doc object) {
		op := dig(item(doc), verb)
		delete(item(doc), verb)
		dig(doc, "paths", path)[map[bool]string{true: "put", false: "post"}[verb == "post"]] = op
	}, w(true, no, drift.VerbChanged))
	d.add("change an operationId", at, edit(func(op object) { op["operationId"] = "another" }), w(false, no, drift.OperationIDChanged))
	deprecate := edit(func(op object) { op["deprecated"] = true })
	d.add("deprecate an operation", at, deprecate, w(false, no, drift.OperationDeprecated))
	d.undo("reinstate an operation", at, deprecate, w(false, no, drift.OperationReinstated))
	security := func(doc object) {
		dig(doc, "components", "securitySchemes")["key"] = object{"type": "apiKey", "in": "header", "name": "k"}
		dig(item(doc), verb)["security"] = []any{object{"key": []any{}}}
	}
	d.add("demand credentials", at, security, w(true, no, drift.SecurityChanged))
	d.undo("demand no credentials", at, security, w(false, no, drift.SecurityChanged))
	d.parameters(at, edit, w)
	d.eachParameter(at, op, edit, w)
	d.bodies(at, op, edit, w)
	d.responses(at, op, edit, w)
}

type editOp func(func(object)) func(object)

func (d *document) parameters(at string, edit editOp, w wantFunc) {
	parameter := func(required bool, kind string) func(object) {
		return edit(func(op object) {
			list, _ := op["parameters"].([]any)
			op["parameters"] = append(list, object{"name": "extra", "in": "query", "required": required, "schema": object{"type": kind}})
		})
	}
	// Over other protocols there is no such thing, so that only the manifest can
	// let the SDK have it: as a field of REST alone.
	extra := flatField{request: true, over: d.over(at), transcoded: d.project.transcoded(), says: map[ir.Protocol]says{ir.REST: {presence: true}}}
	strict := extra.with(ir.REST, &says{required: true})
	demands := when(extra.pointer() != strict.pointer())
	d.add("add an optional parameter", at, parameter(false, "string"), w(false, no, drift.ArgumentAdded))
	d.add("add a required parameter", at, parameter(true, "string"), w(true, no, drift.ArgumentAdded))
	d.undo("remove a parameter", at, parameter(false, "string"), w(true, yes, drift.ArgumentRemoved))
	d.from("make a parameter required", at, parameter(false, "string"), parameter(true, "string"), w(true, demands, drift.ArgumentRequired))
	d.from("make a parameter optional", at, parameter(true, "string"), parameter(false, "string"), w(false, demands, drift.ArgumentOptional))
	d.from("give a parameter another type", at, parameter(false, "string"), parameter(false, "integer"), w(true, yes, drift.ArgumentType))
}

func (d *document) bodies(at string, op object, edit editOp, w wantFunc) {
	if op["requestBody"] == nil {
		return
	}
	optional := edit(func(op object) { delete(dig(op, "requestBody"), "required") })
	d.add("make a body optional", at, optional, w(false, no, drift.RequestOptional))
	d.undo("make a body required", at, optional, w(true, no, drift.RequestRequired))
	swap := func(op object, to string, keep bool) {
		content := dig(op, "requestBody", "content")
		for _, media := range slices.Sorted(maps.Keys(content)) {
			content[to] = content[media]
			if !keep {
				delete(content, media)
			}
		}
	}
	d.add("change the media type of a body", at, edit(func(op object) { swap(op, "application/vnd.x+json", false) }), w(true, no, drift.MediaTypeChanged))
	more := edit(func(op object) { swap(op, "text/plain", true) })
	d.add("add a media type", at, more, w(false, no, drift.MediaTypeChanged))
	d.undo("remove a media type", at, more, w(true, no, drift.MediaTypeChanged))
}

func (d *document) responses(at string, op object, edit editOp, w wantFunc) {
	d.add("change the status of success", at, edit(func(op object) {
		all := dig(op, "responses")
		all["201"] = all["200"]
		delete(all, "200")
	}), w(true, no, drift.StatusChanged))
	d.add("add a status of success", at, edit(func(op object) { dig(op, "responses")["202"] = object{"description": "later"} }),
		w(false, no, drift.StatusChanged))
	failure := edit(func(op object) { dig(op, "responses")["418"] = object{"description": "no"} })
	d.add("describe another failure", at, failure, w(false, no, drift.ErrorStatusChanged))
	d.undo("describe one failure less", at, failure, w(false, no, drift.ErrorStatusChanged))
	content := dig(op, "responses", "200", "content", "application/json", "schema")
	if content["$ref"] == nil {
		return
	}
	d.add("change the media type of an answer", at, edit(func(op object) {
		c := dig(op, "responses", "200", "content")
		c["application/vnd.x+json"] = c["application/json"]
		delete(c, "application/json")
	}), w(true, no, drift.MediaTypeChanged))
	schema := func(to object) func(object) {
		return edit(func(op object) { dig(op, "responses", "200", "content", "application/json")["schema"] = to })
	}
	d.add("replace the type of an answer", at, func(doc object) {
		schema(object{"$ref": "#/components/schemas/Brandnew"})(doc)
		d.schemas(doc)["Brandnew"] = object{"type": "object", "properties": object{"brandnew": object{"type": "string"}}}
	}, w(true, yes, drift.ResponseReplaced, drift.MessageAdded))
	d.add("make an answer a list", at, schema(object{"type": "array", "items": content}), w(true, yes, drift.ResponseReplaced))
}

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

// silent are edits that change nothing.
func (d *document) silent() {
	d.add("format otherwise", d.path, func(object) {}, want{})
	d.out = append(d.out, mutation{kind: "rest comment", at: d.path, after: func() map[string][]byte {
		return map[string][]byte{d.path: append([]byte("# a comment\n\n"), d.project.files[d.path].Data...)}
	}})
	d.add("change title and version", d.path, func(doc object) { dig(doc, "info")["title"], dig(doc, "info")["version"] = "other", "9" }, want{})
	d.eachOperation(func(path, verb string, _ object) {
		d.add("describe an operation", verb+" "+path, func(doc object) {
			op := dig(doc, "paths", path, verb)
			op["summary"], op["description"], op["tags"], op["x-extra"] = "s", "d", []any{"t"}, "x"
			op["externalDocs"] = object{"url": "https://example.test"}
			for _, answer := range dig(op, "responses") {
				answer.(object)["description"] = "else"
			}
		}, want{})
	})
	for name, s := range d.schemas(d.parse()) {
		d.add("describe a schema", name, func(doc object) {
			s := dig(d.schemas(doc), name)
			s["description"], s["title"], s["x-extra"] = "d", "t", 1
			for _, p := range dig(s, "properties") {
				if p := p.(object); p["$ref"] == nil {
					p["description"], p["title"] = "d", "t"
				}
			}
		}, want{})
		_ = s
	}
}
