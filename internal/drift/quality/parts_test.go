package quality

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// eachArgument changes the arguments of an operation that takes several, each of
// which is a field of the request. The operations that an SDK sends name all of
// them, and declare a variable with the type of each.
func (s *schema) eachArgument(f *ast.FieldDefinition, edit editFunc, rule func(want, ...drift.RuleID) want) {
	if len(f.Arguments) < 2 {
		return
	}
	for i, arg := range f.Arguments {
		s.oneArgument(f.Name, i, arg, edit, rule)
	}
}

func (s *schema) oneArgument(operation string, i int, arg *ast.ArgumentDefinition, edit editFunc, rule func(want, ...drift.RuleID) want) {
	at := operation + "." + arg.Name
	flat := s.project.flat()
	on := func(e func(f *ast.FieldDefinition, a *ast.ArgumentDefinition)) func(*ast.SchemaDocument) {
		return edit(func(_ *ast.Definition, f *ast.FieldDefinition) { e(f, f.Arguments[i]) })
	}
	breaks := want{wire: true}
	s.add("rename one of several arguments", at, on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) { a.Name += "Renamed" }),
		rule(want{wire: true, source: s.alone(at)}, drift.ArgumentRenamed))
	remove := on(func(f *ast.FieldDefinition, a *ast.ArgumentDefinition) {
		f.Arguments = slices.Delete(f.Arguments, i, i+1)
	})
	s.add("remove one of several arguments", at, remove, rule(want{wire: true, source: flat.lost(ir.GraphQL, at)}, drift.ArgumentRemoved))
	s.undo("add one of several arguments", at, remove, rule(breaks, drift.ArgumentAdded))
	s.add("turn the order of arguments round", at, on(func(f *ast.FieldDefinition, _ *ast.ArgumentDefinition) { slices.Reverse(f.Arguments) }), want{})
	s.add("describe an argument", at, on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) { a.Description = "Something else." }), want{})
	deprecate := on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) {
		a.Directives = append(a.Directives, &ast.Directive{Name: "deprecated"})
	})
	if !arg.Type.NonNull {
		s.add("deprecate an argument", at, deprecate, rule(want{}, drift.ArgumentDeprecated))
		s.undo("reinstate an argument", at, deprecate, rule(want{}, drift.ArgumentDeprecated))
	}
	s.argumentTypes(at, arg, on, rule)
	s.argumentNull(at, arg, on, rule)
}

// alone tells whether no other protocol has the field.
func (s *schema) alone(at string) answer {
	for _, f := range s.project.flat().at[ir.GraphQL][at] {
		if len(f.says) > 1 {
			return no
		}
	}
	return yes
}

type onArgument func(func(*ast.FieldDefinition, *ast.ArgumentDefinition)) func(*ast.SchemaDocument)

func (s *schema) argumentTypes(at string, arg *ast.ArgumentDefinition, on onArgument, rule func(want, ...drift.RuleID) want) {
	other := map[bool]string{true: "Boolean", false: "Int"}[arg.Type.Name() == "Int"]
	s.add("give one of several arguments another type", at, on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) {
		a.DefaultValue = nil
		rename(a.Type, a.Type.Name(), other)
	}), rule(want{wire: true, source: yes}, drift.ArgumentType, drift.ArgumentDefault, drift.ArgumentRequired))
	if arg.Type.Elem == nil {
		s.add("make one of several arguments a list", at, on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) {
			a.DefaultValue = nil
			a.Type = &ast.Type{Elem: &ast.Type{NamedType: arg.Type.Name(), NonNull: true}, NonNull: a.Type.NonNull}
		}), rule(want{wire: true, source: yes}, drift.ArgumentType, drift.ArgumentDefault, drift.ArgumentRequired))
		return
	}
	null := on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) { a.Type.Elem.NonNull = !a.Type.Elem.NonNull })
	s.add("let an argument's items be null", at, null, rule(want{wire: true}, drift.FieldItemNullable))
	s.undo("let an argument's items not be null", at, null, rule(want{wire: true}, drift.FieldItemNotNullable))
}

func (s *schema) argumentNull(at string, arg *ast.ArgumentDefinition, on onArgument, rule func(want, ...drift.RuleID) want) {
	flat := s.project.flat()
	pointer := flat.retyped(ir.GraphQL, at, func(s *says) { s.required, s.presence = !s.required, !s.presence })
	toggle := on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) { a.Type.NonNull = !a.Type.NonNull })
	switch breaks := (want{wire: true, source: pointer}); {
	case arg.DefaultValue != nil:
		without := on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) { a.DefaultValue = nil })
		source := no
		if arg.Type.NonNull {
			source = pointer
		}
		s.add("remove an argument's default", at, without, rule(want{wire: true, source: source}, drift.ArgumentDefault, drift.ArgumentRequired))
		s.undo("add a default to an argument", at, without, rule(want{wire: arg.Type.NonNull, source: source}, drift.ArgumentDefault, drift.ArgumentOptional))
		s.add("change an argument's default", at, on(func(_ *ast.FieldDefinition, a *ast.ArgumentDefinition) {
			a.DefaultValue = &ast.Value{Kind: ast.IntValue, Raw: "77"}
		}), rule(want{wire: true}, drift.ArgumentDefault))
	case arg.Type.NonNull:
		s.add("make one of several arguments optional", at, toggle, rule(breaks, drift.ArgumentOptional))
		s.undo("make one of several arguments required", at, toggle, rule(breaks, drift.ArgumentRequired))
	default:
		s.add("make one of several arguments required", at, toggle, rule(breaks, drift.ArgumentRequired))
		s.undo("make one of several arguments optional", at, toggle, rule(breaks, drift.ArgumentOptional))
	}
}

// enum changes an enum of the schema.
func (s *schema) enum(def *ast.Definition) {
	t := s.graph.of(def.Name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	if !t.used() {
		return // such an enum is no part of what is compared
	}
	on := func(e func(*ast.Definition)) func(*ast.SchemaDocument) {
		return func(doc *ast.SchemaDocument) { e(doc.Definitions.ForName(def.Name)) }
	}
	add := on(func(d *ast.Definition) {
		d.EnumValues = append(d.EnumValues, &ast.EnumValueDefinition{Name: "BRANDNEW"})
	})
	s.add("add a value to an enum", def.Name, add, w(t.response, no, drift.EnumValueAdded))
	s.add("turn the order of values round", def.Name, on(func(d *ast.Definition) { slices.Reverse(d.EnumValues) }), want{})
	s.add("rename an enum", def.Name, func(doc *ast.SchemaDocument) {
		for _, d := range doc.Definitions {
			for _, f := range d.Fields {
				rename(f.Type, def.Name, def.Name+"Renamed")
				for _, a := range f.Arguments {
					rename(a.Type, def.Name, def.Name+"Renamed")
				}
			}
		}
		doc.Definitions.ForName(def.Name).Name += "Renamed"
	}, w(s.isArgument(def.Name), either, drift.EnumRenamed))
	for i, v := range def.EnumValues {
		at := def.Name + "." + v.Name
		lost := s.project.flat().constantLost(ir.GraphQL, def.Name, v.Name)
		s.add("remove a value of an enum", at, on(func(d *ast.Definition) { d.EnumValues = slices.Delete(d.EnumValues, i, i+1) }), w(t.request, lost, drift.EnumValueRemoved))
		s.add("rename a value of an enum", at, on(func(d *ast.Definition) { d.EnumValues[i].Name += "_RENAMED" }),
			w(true, lost, drift.EnumValueRemoved, drift.EnumValueAdded))
		deprecate := on(func(d *ast.Definition) {
			d.EnumValues[i].Directives = append(d.EnumValues[i].Directives, &ast.Directive{Name: "deprecated"})
		})
		if len(v.Directives) == 0 {
			s.add("deprecate a value of an enum", at, deprecate, w(false, no, drift.EnumValueDeprecated))
			s.undo("reinstate a value of an enum", at, deprecate, w(false, no, drift.EnumValueDeprecated))
		}
	}
}

// isArgument tells whether an operation of the SDK has an argument of the type.
func (s *schema) isArgument(name string) bool {
	for _, def := range s.parse().Definitions {
		for _, f := range def.Fields {
			for _, a := range f.Arguments {
				if isRoot(def) && s.rows[f.Name] != nil && a.Type.Name() == name {
					return true
				}
			}
		}
	}
	return false
}

// eachParameter changes the parameters of an operation of REST.
func (d *document) eachParameter(at string, op object, edit editOp, w wantFunc) {
	list, _ := op["parameters"].([]any)
	for i, item := range list {
		p := item.(object)
		place := at + "." + p["name"].(string)
		on := func(e func(op, p object)) func(object) {
			return edit(func(op object) { e(op, op["parameters"].([]any)[i].(object)) })
		}
		if p["name"] == "Authorization" {
			d.add("remove a header that is none of the request", place, edit(func(op object) {
				op["parameters"] = slices.Delete(op["parameters"].([]any), i, i+1)
			}), w(false, no, drift.ArgumentRemoved))
			continue
		}
		if p["in"] == "path" {
			d.pathParameter(at, place, p, w)
		} else {
			d.looseParameter(place, i, p, on, edit, w)
		}
		d.parameterFacts(place, p, on, w)
	}
	if len(list) > 0 {
		d.add("turn the order of parameters round", at, edit(func(op object) { slices.Reverse(op["parameters"].([]any)) }), want{})
	}
}

func (d *document) parameterAlone(place string) answer {
	for _, f := range d.project.flat().at[ir.REST][place] {
		if len(f.says) > 1 {
			return no
		}
	}
	return yes
}

// pathParameter: what stands in a path has no name on the wire.
func (d *document) pathParameter(at, place string, p object, w wantFunc) {
	verb, path, _ := strings.Cut(at, " ")
	name := p["name"].(string)
	d.add("rename a parameter of a path", place, func(doc object) {
		paths := dig(doc, "paths")
		op := dig(paths, path, strings.ToLower(verb))
		delete(dig(paths, path), strings.ToLower(verb))
		if len(dig(paths, path)) == 0 {
			delete(paths, path)
		}
		for _, item := range op["parameters"].([]any) {
			if item.(object)["name"] == name {
				item.(object)["name"] = name + "Renamed"
			}
		}
		dig(paths, strings.ReplaceAll(path, "{"+name+"}", "{"+name+"Renamed}"))[strings.ToLower(verb)] = op
	}, w(false, d.parameterAlone(place), drift.ArgumentRenamed, drift.PathChanged))
}

// looseParameter changes a parameter of a query or a header.
func (d *document) looseParameter(place string, i int, p object, on onParameter, edit editOp, w wantFunc) {
	flat := d.project.flat()
	d.add("rename a parameter", place, on(func(_, p object) { p["name"] = p["name"].(string) + "Renamed" }), w(true, d.parameterAlone(place), drift.ArgumentRenamed))
	remove := edit(func(op object) { op["parameters"] = slices.Delete(op["parameters"].([]any), i, i+1) })
	d.add("remove one of the parameters", place, remove, w(true, flat.lost(ir.REST, place), drift.ArgumentRemoved))
	d.undo("add one of the parameters", place, remove, w(p["required"] == true, no, drift.ArgumentAdded))
	d.add("move a parameter", place, on(func(_, p object) {
		p["in"] = map[any]any{"query": "header", "header": "query"}[p["in"]]
		delete(p, "explode")
	}), w(true, no, drift.ArgumentRenamed))
	pointer := flat.retyped(ir.REST, place, func(s *says) {
		s.required = !s.required
		s.presence = !s.required && !s.hasNil
	})
	require := func(value bool) func(object) { return on(func(_, p object) { p["required"] = value }) }
	if p["required"] == true {
		d.add("make one of the parameters optional", place, require(false), w(false, pointer, drift.ArgumentOptional))
		d.undo("make one of the parameters required", place, require(false), w(true, pointer, drift.ArgumentRequired))
	} else {
		d.add("make one of the parameters required", place, require(true), w(true, pointer, drift.ArgumentRequired))
		d.undo("make one of the parameters optional", place, require(true), w(false, pointer, drift.ArgumentOptional))
	}
	d.styles(place, p, on, w)
}

type onParameter = func(func(op, p object)) func(object)

func (d *document) styles(place string, p object, on onParameter, w wantFunc) {
	explode := p["explode"] == nil || p["explode"] == true
	set := func(key string, v any) func(object) { return on(func(_, p object) { p[key] = v }) }
	switch list := dig(p, "schema")["type"] == "array"; {
	case p["in"] == "header":
		d.add("say how headers are written anyway", place, set("style", "simple"), want{})
		d.add("let a value of a header explode", place, set("explode", true), want{})
	case list:
		d.add("explode a list in a query or not", place, set("explode", !explode), w(true, no, drift.ArgumentStyle))
		d.add("part a list by other signs", place, on(func(_, p object) { p["style"], p["explode"] = "pipeDelimited", false }), w(true, no, drift.ArgumentStyle))
		d.add("say how lists are written anyway", place, on(func(_, p object) { p["style"], p["explode"] = "form", explode }), want{})
	default:
		d.add("say how values are written anyway", place, set("style", "form"), want{})
		d.add("let a single value explode or not", place, set("explode", !explode), want{})
	}
}

// parameterFacts changes what a parameter is and what it allows.
func (d *document) parameterFacts(place string, p object, on onParameter, w wantFunc) {
	schema := dig(p, "schema")
	d.add("describe a parameter", place, on(func(_, p object) { p["description"], p["example"] = "d", "e" }), want{})
	deprecate := on(func(_, p object) { p["deprecated"] = true })
	d.add("deprecate a parameter", place, deprecate, w(false, no, drift.ArgumentDeprecated))
	d.undo("reinstate a parameter", place, deprecate, w(false, no, drift.ArgumentDeprecated))
	to := func(schema object) func(object) { return on(func(_, p object) { p["schema"] = schema }) }
	other := map[bool]string{true: "string", false: "boolean"}[schema["type"] == "boolean"]
	d.add("give one of the parameters another type", place, to(object{"type": other}), w(true, yes, drift.ArgumentType, drift.ArgumentDefault))
	if schema["type"] != "array" && p["in"] != "path" {
		d.add("make a parameter a list", place, to(object{"type": "array", "items": schema}), w(true, yes, drift.ArgumentType, drift.ArgumentDefault))
	}
	if schema["type"] == "string" && schema["format"] == nil && schema["enum"] == nil {
		limit := on(func(_, p object) { dig(p, "schema")["maxLength"] = 7 })
		d.add("limit the length of a parameter", place, limit, w(true, no, drift.ArgumentLimits))
		d.undo("no longer limit the length of a parameter", place, limit, w(false, no, drift.ArgumentLimits))
		preset := on(func(_, p object) { dig(p, "schema")["default"] = "a" })
		d.add("add a default to a parameter", place, preset, w(false, no, drift.ArgumentDefault))
		d.undo("remove the default of a parameter", place, preset, w(p["required"] != true, no, drift.ArgumentDefault))
	}
	values, inItems := schema["enum"].([]any)
	if !inItems {
		values, _ = dig(schema, "items")["enum"].([]any)
	}
	set := func(list []any) func(object) {
		return on(func(_, p object) {
			if inItems {
				dig(p, "schema")["enum"] = list
			} else {
				dig(p, "schema", "items")["enum"] = list
			}
		})
	}
	if len(values) > 0 {
		d.add("add a value to a parameter's enum", place, set(append(slices.Clone(values), "brandnew")), w(false, no, drift.EnumValueAdded))
		d.add("remove a value of a parameter's enum", place, set(values[1:]), w(true, yes, drift.EnumValueRemoved))
	}
}

// enumSchema changes a component that lists values.
func (d *document) enumSchema(name string, s object) {
	t := d.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	if !t.used() {
		return // such an enum is no part of what is compared
	}
	on := func(e func(list []any) []any) func(object) {
		return func(doc object) {
			s := dig(d.schemas(doc), name)
			s["enum"] = e(s["enum"].([]any))
		}
	}
	d.add("add a value to an enum", name, on(func(list []any) []any { return append(list, "BRANDNEW") }), w(t.response, no, drift.EnumValueAdded))
	d.add("turn the order of values round", name, on(func(list []any) []any { slices.Reverse(list); return list }), want{})
	for i, v := range s["enum"].([]any) {
		at := fmt.Sprint(name, ".", v)
		lost := d.project.flat().constantLost(ir.REST, name, fmt.Sprint(v))
		d.add("remove a value of an enum", at, on(func(list []any) []any { return slices.Delete(list, i, i+1) }), w(t.request, lost, drift.EnumValueRemoved))
		d.add("rename a value of an enum", at, on(func(list []any) []any { list[i] = fmt.Sprint(v, "_RENAMED"); return list }),
			w(true, lost, drift.EnumValueRemoved, drift.EnumValueAdded))
	}
}

// maps changes objects that are maps.
func (d *document) maps(at string, s object, edit editOp, w wantFunc) {
	to := func(schema object) func(object) {
		return edit(func(p object) {
			clear(p)
			for key, value := range schema {
				p[key] = value
			}
		})
	}
	mapOf := func(kind string) object {
		return object{"type": "object", "additionalProperties": object{"type": kind}}
	}
	named := object{"type": "object", "properties": object{"brandnew": object{"type": "string"}}}
	switch values := s["additionalProperties"]; {
	case s["type"] != "object":
		return
	case values == nil:
		d.add("give the values of a free object a type", at, to(mapOf("boolean")), w(true, yes, drift.FieldType))
		d.add("say that an object is free", at, to(object{"type": "object", "additionalProperties": true}), want{})
	default:
		d.add("change the values of a map", at, to(mapOf("boolean")), w(true, yes, drift.FieldType))
		d.add("make a map a free object", at, to(object{"type": "object"}), w(true, yes, drift.FieldType))
		d.add("make a map one of lists", at, to(object{"type": "object", "additionalProperties": object{"type": "array", "items": values}}), w(true, yes, drift.FieldType))
	}
	d.add("make a map an object with properties", at, to(named), w(true, yes, drift.FieldType, drift.MessageAdded))
}
