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
