package quality

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// schema makes the mutations of a GraphQL schema, on its syntax tree.
type schema struct {
	project *project
	path    string
	source  string
	graph   *graph
	rows    map[string]*row
	inputs  map[string]bool
	out     []mutation
}

func (p *project) graphqlMutations() []mutation {
	path := p.side0.Manifest.Contracts.GraphQL.Schema.Value
	s := &schema{project: p, path: path, source: string(p.files[path].Data), inputs: map[string]bool{}}
	doc := s.parse()
	s.graph = &graph{refs: map[string][]string{}, uses: map[string]*travel{}}
	var operations []string
	for _, def := range doc.Definitions {
		s.inputs[def.Name] = def.Kind == ast.InputObject
		for _, f := range def.Fields {
			if isRoot(def) {
				operations = append(operations, f.Name)
			} else {
				s.graph.refs[def.Name] = append(s.graph.refs[def.Name], f.Type.Name())
			}
		}
		s.graph.refs[def.Name] = append(s.graph.refs[def.Name], variantsOf(doc, def)...)
	}
	s.rows = p.rows(ir.GraphQL, operations)
	for _, def := range doc.Definitions {
		for _, f := range def.Fields {
			if r := s.rows[f.Name]; isRoot(def) && r != nil {
				s.graph.walk(f.Type.Name(), r, response)
				for _, arg := range f.Arguments {
					s.graph.walk(arg.Type.Name(), r, request)
				}
			}
		}
	}
	for _, def := range doc.Definitions {
		switch {
		case isRoot(def):
			for _, f := range def.Fields {
				s.operation(def, f)
			}
		case def.Kind == ast.Union || def.Kind == ast.Interface:
			s.variants(def)
		case def.Kind == ast.Enum:
			s.enum(def)
		case def.Kind == ast.Object || def.Kind == ast.InputObject:
			s.message(def)
			for _, f := range def.Fields {
				s.field(def, f)
			}
		}
	}
	for _, kind := range []ast.DefinitionKind{ast.Object, ast.InputObject} {
		add := func(doc *ast.SchemaDocument) {
			doc.Definitions = append(doc.Definitions, &ast.Definition{Kind: kind, Name: "Brandnew", Fields: ast.FieldList{{Name: "brandnew", Type: ast.NamedType("Int", nil)}}})
		}
		s.add("add a type", string(kind), add, want{rules: ids(drift.MessageAdded)})
		s.undo("remove a type that nobody uses", string(kind), add, want{rules: ids(drift.MessageRemoved)})
	}
	s.silent(doc)
	return s.out
}

func isRoot(def *ast.Definition) bool { return def.Name == "Query" || def.Name == "Mutation" }

func (s *schema) parse() *ast.SchemaDocument {
	doc, err := parser.ParseSchema(&ast.Source{Name: s.path, Input: s.source})
	if err != nil {
		panic(err)
	}
	return doc
}

// edited is the schema after an edit.
func (s *schema) edited(edit func(*ast.SchemaDocument)) func() map[string][]byte {
	return func() map[string][]byte {
		doc := s.parse()
		edit(doc)
		var out bytes.Buffer
		formatter.NewFormatter(&out).FormatSchemaDocument(doc)
		return map[string][]byte{s.path: out.Bytes()}
	}
}

func (s *schema) add(kind, at string, edit func(*ast.SchemaDocument), w want) {
	s.out = append(s.out, mutation{kind: "graphql " + kind, at: at, after: s.edited(edit), want: w})
}

// undo is a change back to what is there.
func (s *schema) undo(kind, at string, edit func(*ast.SchemaDocument), w want) {
	s.out = append(s.out, mutation{kind: "graphql " + kind, at: at, before: s.edited(edit), want: w})
}

// from is a change of something that another edit has made.
func (s *schema) from(kind, at string, before, after func(*ast.SchemaDocument), w want) {
	s.out = append(s.out, mutation{kind: "graphql " + kind, at: at, before: s.edited(before), after: s.edited(after), want: w})
}

// on edits one field.
func on(typeName, field string, edit func(def *ast.Definition, f *ast.FieldDefinition)) func(*ast.SchemaDocument) {
	return func(doc *ast.SchemaDocument) {
		def := doc.Definitions.ForName(typeName)
		edit(def, def.Fields.ForName(field))
	}
}

func rename(t *ast.Type, from, to string) {
	if t.Elem != nil {
		rename(t.Elem, from, to)
	} else if t.NamedType == from {
		t.NamedType = to
	}
}

func text(s string) *ast.Value { return &ast.Value{Kind: ast.StringValue, Raw: s} }

func (s *schema) operation(def *ast.Definition, f *ast.FieldDefinition) {
	r, at := s.rows[f.Name], f.Name
	used := r != nil
	single := used && r.single
	edit := func(e func(*ast.Definition, *ast.FieldDefinition)) func(*ast.SchemaDocument) {
		return on(def.Name, f.Name, e)
	}
	breaks := want{wire: true}
	rule := func(w want, list ...drift.RuleID) want { w.rules = list; return w.of(used) }
	if len(def.Fields) > 1 { // a root must have a field
		s.removal(def, f, edit, rule, single)
	}
	s.add("rename an operation", at, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Name += "_renamed" }), rule(breaks, drift.OperationRenamed))
	deprecate := edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
		f.Directives = append(f.Directives, &ast.Directive{Name: "deprecated"})
	})
	s.add("deprecate an operation", at, deprecate, rule(want{}, drift.OperationDeprecated))
	s.undo("reinstate an operation", at, deprecate, rule(want{}, drift.OperationReinstated))
	if len(def.Fields) > 1 {
		s.add("turn a query into a mutation or back", at, func(doc *ast.SchemaDocument) {
			from, to := doc.Definitions.ForName(def.Name), doc.Definitions.ForName(map[string]string{"Query": "Mutation", "Mutation": "Query"}[def.Name])
			moved := from.Fields.ForName(f.Name)
			from.Fields = slices.DeleteFunc(from.Fields, func(o *ast.FieldDefinition) bool { return o == moved })
			to.Fields = append(to.Fields, moved)
		}, rule(breaks, drift.KindChanged))
	}
	s.answer(f, edit, rule)
	s.argument(f, edit, rule, single)
}

// removal lets an operation come and go.
func (s *schema) removal(def *ast.Definition, f *ast.FieldDefinition, edit editFunc, rule func(want, ...drift.RuleID) want, single bool) {
	at := f.Name
	s.add("remove an operation", at, edit(func(d *ast.Definition, f *ast.FieldDefinition) {
		d.Fields = slices.DeleteFunc(d.Fields, func(o *ast.FieldDefinition) bool { return o == f })
	}), rule(want{wire: true, source: when(single)}, drift.OperationRemoved))
	s.undo("add an operation", at, edit(func(d *ast.Definition, f *ast.FieldDefinition) {
		d.Fields = slices.DeleteFunc(d.Fields, func(o *ast.FieldDefinition) bool { return o == f })
	}), rule(want{}, drift.OperationAdded))
}

type editFunc func(func(*ast.Definition, *ast.FieldDefinition)) func(*ast.SchemaDocument)

func (s *schema) answer(f *ast.FieldDefinition, edit editFunc, rule func(want, ...drift.RuleID) want) {
	nullable := edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Type.NonNull = !f.Type.NonNull })
	if f.Type.NonNull {
		s.add("make an answer nullable", f.Name, nullable, rule(want{wire: true}, drift.ResponseNullable))
		s.undo("make an answer not nullable", f.Name, nullable, rule(want{}, drift.ResponseNotNullable))
	}
	other := "" // some type of the schema without a request
	for _, name := range []string{"Status", "Meta", "Pong"} {
		if s.graph.refs[name] != nil {
			other = name
		}
	}
	if f.Type.Name() != other {
		s.add("replace the type of an answer", f.Name, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Type.NamedType = other }),
			rule(want{wire: true, source: yes}, drift.ResponseReplaced))
	}
	s.add("make an answer a list", f.Name, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Type = ast.ListType(f.Type, nil) }),
		rule(want{wire: true, source: yes}, drift.ResponseReplaced, drift.ResponseNullable))
}

func (s *schema) argument(f *ast.FieldDefinition, edit editFunc, rule func(want, ...drift.RuleID) want, single bool) {
	extra := func(t *ast.Type) func(*ast.SchemaDocument) {
		return edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
			f.Arguments = append(f.Arguments, &ast.ArgumentDefinition{Name: "extra", Type: t})
		})
	}
	first := when(single && len(f.Arguments) == 0) // the method takes no request yet
	s.add("add an optional argument", f.Name, extra(ast.NamedType("String", nil)), rule(want{wire: true, source: first}, drift.ArgumentAdded))
	s.add("add a required argument", f.Name, extra(ast.NonNullNamedType("String", nil)), rule(want{wire: true, source: first}, drift.ArgumentAdded))
	s.eachArgument(f, edit, rule)
	if len(f.Arguments) != 1 {
		return
	}
	s.add("rename an argument", f.Name, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Arguments[0].Name += "_renamed" }),
		rule(want{wire: true}, drift.ArgumentRenamed))
	s.add("remove an argument", f.Name, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Arguments = nil }),
		rule(want{wire: true, source: when(single)}, drift.ArgumentRemoved))
	null := edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
		f.Arguments[0].Type.NonNull = !f.Arguments[0].Type.NonNull
	})
	if f.Arguments[0].Type.NonNull {
		s.add("make an argument optional", f.Name, null, rule(want{wire: true}, drift.ArgumentOptional))
		s.undo("make an argument required", f.Name, null, rule(want{wire: true}, drift.ArgumentRequired))
	}
	s.add("give an argument another type", f.Name, edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
		f.Arguments[0].Type = ast.NonNullNamedType("String", nil)
	}), rule(want{wire: true, source: yes}, drift.ArgumentType, drift.ArgumentRequired))
}

func (s *schema) message(def *ast.Definition) {
	t := s.graph.of(def.Name)
	renamed := func(doc *ast.SchemaDocument) {
		for _, d := range doc.Definitions {
			for i, member := range d.Types {
				if member == def.Name {
					d.Types[i] += "Renamed"
				}
			}
			for _, f := range d.Fields {
				rename(f.Type, def.Name, def.Name+"Renamed")
				for _, a := range f.Arguments {
					rename(a.Type, def.Name, def.Name+"Renamed")
				}
			}
		}
		doc.Definitions.ForName(def.Name).Name += "Renamed"
	}
	s.add("rename a type", def.Name, renamed, want{rules: ids(drift.MessageRenamed, drift.FieldRenamed), wire: true, source: either}.of(t.used()))
	if def.Kind == ast.InputObject && def.Directives.ForName("oneOf") == nil {
		one := func(doc *ast.SchemaDocument) {
			d := doc.Definitions.ForName(def.Name)
			d.Directives = append(d.Directives, &ast.Directive{Name: "oneOf"})
			for _, f := range d.Fields {
				f.Type.NonNull = false
			}
		}
		all := func(doc *ast.SchemaDocument) {
			for _, f := range doc.Definitions.ForName(def.Name).Fields {
				f.Type.NonNull = false
			}
		}
		s.from("make an input take exactly one field", def.Name, all, one, want{rules: ids(drift.MessageOneOf), wire: true}.of(t.used()))
		s.from("make an input take any fields", def.Name, one, all, want{rules: ids(drift.MessageOneOf)}.of(t.used()))
	}
}

func (s *schema) field(def *ast.Definition, f *ast.FieldDefinition) {
	t := s.graph.of(def.Name)
	at := def.Name + "." + f.Name
	if slices.ContainsFunc(def.Interfaces, func(name string) bool { return s.parse().Definitions.ForName(name).Fields.ForName(f.Name) != nil }) {
		return // an interface holds it as it is
	}
	edit := func(e func(*ast.Definition, *ast.FieldDefinition)) func(*ast.SchemaDocument) {
		return on(def.Name, f.Name, e)
	}
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	if len(def.Fields) > 1 {
		remove := edit(func(d *ast.Definition, f *ast.FieldDefinition) {
			d.Fields = slices.DeleteFunc(d.Fields, func(o *ast.FieldDefinition) bool { return o == f })
		})
		added, removed := drift.FieldAdded, drift.FieldRemoved
		if def.Directives.ForName("oneOf") != nil {
			added, removed = drift.VariantAdded, drift.VariantRemoved
		}
		s.add("remove a field", at, remove, w(true, s.project.flat().lost(ir.GraphQL, at), removed))
		s.undo("add a field", at, remove, w(t.response || t.request && f.Type.NonNull, no, added))
	}
	s.add("rename a field", at, edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Name += "_renamed" }), w(true, when(t.single), drift.FieldRenamed))
	deprecate := edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
		f.Directives = append(f.Directives, &ast.Directive{Name: "deprecated"})
		f.Type.NonNull = false
	})
	if !f.Type.NonNull {
		s.add("deprecate a field", at, deprecate, w(false, no, drift.FieldDeprecated))
		s.undo("reinstate a field", at, deprecate, w(false, no, drift.FieldReinstated))
	}
	s.types(f, at, edit, w)
	s.nullability(f, at, t, edit, w)
	if t.request || !t.used() && s.inputs[def.Name] {
		s.defaults(f, at, t, edit, w)
	} else {
		s.fieldArguments(at, edit, w)
	}
	s.enums(f, at, t, edit, w)
}

type wantFunc func(wire bool, source answer, list ...drift.RuleID) want

func (s *schema) types(f *ast.FieldDefinition, at string, edit editFunc, w wantFunc) {
	name := f.Type.Name()
	named := func(to string) func(*ast.SchemaDocument) {
		return edit(func(_ *ast.Definition, f *ast.FieldDefinition) { rename(f.Type, name, to) })
	}
	if f.Type.Elem == nil {
		s.add("make a field a list", at, edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
			f.Type = &ast.Type{Elem: &ast.Type{NamedType: name, NonNull: true}, NonNull: f.Type.NonNull}
		}), w(true, yes, drift.FieldList))
	} else {
		s.add("make a list one value", at, edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
			f.Type = &ast.Type{NamedType: name, NonNull: f.Type.NonNull}
		}), w(true, yes, drift.FieldList, drift.FieldItemNotNullable, drift.FieldItemNullable))
	}
	switch name {
	case "ID":
		s.add("change ID to String", at, named("String"), w(false, no, drift.FieldType))
		s.undo("change String to ID", at, named("String"), w(false, no, drift.FieldType))
		fallthrough
	case "String", "Boolean", "Int64":
		s.add("change a scalar to Int", at, named("Int"), w(true, yes, drift.FieldType))
		s.add("change a scalar to Float", at, named("Float"), w(true, yes, drift.FieldType))
		if s.parse().Definitions.ForName("Map") != nil {
			s.add("change a scalar to Map", at, named("Map"), w(true, yes, drift.FieldType))
		}
	case "Float", "Int", "Map":
		s.add("change a scalar to String", at, named("String"), w(true, yes, drift.FieldType))
	default:
		if def := s.parse().Definitions.ForName(name); def.Kind == ast.Scalar || def.Kind == ast.Enum {
			s.add("change a scalar of the schema's own, or an enum, to String", at, named("String"), w(true, yes, drift.FieldType))
			return
		}
		s.add("change a message to String", at, named("String"), w(true, yes, drift.FieldType))
		other := "Brandnew"
		kind := map[bool]ast.DefinitionKind{true: ast.InputObject, false: ast.Object}[s.inputs[name]]
		s.add("replace a field's message", at, func(doc *ast.SchemaDocument) {
			named(other)(doc)
			doc.Definitions = append(doc.Definitions, &ast.Definition{Kind: kind, Name: other, Fields: ast.FieldList{{Name: "brandnew", Type: ast.NamedType("Int", nil)}}})
		}, w(true, yes, drift.FieldReplaced, drift.MessageAdded))
	}
}

func (s *schema) nullability(f *ast.FieldDefinition, at string, t travel, edit editFunc, w wantFunc) {
	pointer := s.project.flat().retyped(ir.GraphQL, at, func(s *says) { s.required, s.presence = !s.required, !s.presence })
	toggle := edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Type.NonNull = !f.Type.NonNull })
	less := w(t.response, pointer, drift.FieldOptional)
	more := w(t.request, pointer, drift.FieldRequired)
	if f.Type.NonNull {
		s.add("make a field nullable", at, toggle, less)
		s.undo("make a field not nullable", at, toggle, more)
	} else {
		s.add("make a field not nullable", at, toggle, more)
		s.undo("make a field nullable", at, toggle, less)
	}
	if f.Type.Elem == nil {
		return
	}
	items := edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.Type.Elem.NonNull = !f.Type.Elem.NonNull })
	nullable := w(t.response, no, drift.FieldItemNullable)
	strict := w(t.request, no, drift.FieldItemNotNullable)
	if f.Type.Elem.NonNull {
		s.add("make items nullable", at, items, nullable)
		s.undo("make items not nullable", at, items, strict)
	} else {
		s.add("make items not nullable", at, items, strict)
		s.undo("make items nullable", at, items, nullable)
	}
}

func (s *schema) defaults(f *ast.FieldDefinition, at string, t travel, edit editFunc, w wantFunc) {
	if f.Type.String() != "String" {
		return
	}
	preset := func(v string) func(*ast.SchemaDocument) {
		return edit(func(_ *ast.Definition, f *ast.FieldDefinition) { f.DefaultValue = text(v) })
	}
	s.add("add a default", at, preset("a"), w(false, no, drift.FieldDefault))
	s.undo("remove a default", at, preset("a"), w(t.request, no, drift.FieldDefault))
	s.from("change a default", at, preset("a"), preset("b"), w(t.request, no, drift.FieldDefault))
}

func (s *schema) fieldArguments(at string, edit editFunc, w wantFunc) {
	arg := func(t *ast.Type) func(*ast.SchemaDocument) {
		return edit(func(_ *ast.Definition, f *ast.FieldDefinition) {
			f.Arguments = append(f.Arguments, &ast.ArgumentDefinition{Name: "extra", Type: t})
		})
	}
	s.add("add an optional argument to a field", at, arg(ast.NamedType("Int", nil)), w(false, no, drift.ArgumentAdded))
	s.add("add a required argument to a field", at, arg(ast.NonNullNamedType("Int", nil)), w(true, yes, drift.ArgumentAdded, drift.FieldType))
}

func (s *schema) enums(f *ast.FieldDefinition, at string, t travel, edit editFunc, w wantFunc) {
	if f.Type.Name() != "String" {
		return
	}
	enum := func(values ...string) func(*ast.SchemaDocument) {
		return func(doc *ast.SchemaDocument) {
			edit(func(_ *ast.Definition, f *ast.FieldDefinition) { rename(f.Type, "String", "Mood") })(doc)
			def := &ast.Definition{Kind: ast.Enum, Name: "Mood"}
			for _, v := range values {
				def.EnumValues = append(def.EnumValues, &ast.EnumValueDefinition{Name: v})
			}
			doc.Definitions = append(doc.Definitions, def)
		}
	}
	s.add("change a text to an enum", at, enum("A", "B"), w(true, yes, drift.FieldType))
	s.from("add an enum value", at, enum("A", "B"), enum("A", "B", "C"), w(t.response, no, drift.EnumValueAdded))
	s.from("remove an enum value", at, enum("A", "B"), enum("A"), w(t.request, when(t.single), drift.EnumValueRemoved))
	s.from("order enum values otherwise", at, enum("A", "B"), enum("B", "A"), want{})
}

// silent are edits that change nothing.
func (s *schema) silent(doc *ast.SchemaDocument) {
	s.add("format otherwise", "file", func(*ast.SchemaDocument) {}, want{})
	s.add("turn the order of types round", "file", func(doc *ast.SchemaDocument) { slices.Reverse(doc.Definitions) }, want{})
	for i, def := range doc.Definitions {
		s.add("turn the order of fields round", def.Name, func(doc *ast.SchemaDocument) { slices.Reverse(doc.Definitions[i].Fields) }, want{})
		s.add("describe a type", def.Name, func(doc *ast.SchemaDocument) { doc.Definitions[i].Description = "Something else." }, want{})
		for _, f := range def.Fields {
			s.add("describe a field", def.Name+"."+f.Name, on(def.Name, f.Name, func(_ *ast.Definition, f *ast.FieldDefinition) { f.Description = "Something else." }), want{})
		}
	}
	for i := range 5 {
		source := s.source
		s.out = append(s.out, mutation{kind: "graphql comment", at: fmt.Sprint(i), after: func() map[string][]byte {
			return map[string][]byte{s.path: []byte("# a comment\n\n" + source + "\n# another\n")}
		}})
	}
}
