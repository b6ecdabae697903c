package quality

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// isChoice tells whether a field is in a oneof that people wrote.
func isChoice(f *fieldDesc) bool { return f.OneofIndex != nil && !f.GetProto3Optional() }

// choiceRules are the rules by which a field comes and goes: as a variant where
// there are others to choose from.
func choiceRules(msg *messageDesc, f *fieldDesc) (added, removed drift.RuleID) {
	others := slices.ContainsFunc(msg.Field, func(o *fieldDesc) bool {
		return o != f && isChoice(o) && isChoice(f) && o.GetOneofIndex() == f.GetOneofIndex()
	})
	if others {
		return drift.VariantAdded, drift.VariantRemoved
	}
	return drift.FieldAdded, drift.FieldRemoved
}

// oneofs changes the oneofs of a message.
func (m *protos) oneofs(msg *messageDesc, put putFunc, on func(func(*messageDesc)) editSet, w wantFunc, t travel) {
	for _, f := range msg.Field {
		if !isChoice(f) {
			continue
		}
		add := on(func(d *messageDesc) {
			more := scalarField("brandnew", 905, descriptorpb.FieldDescriptorProto_TYPE_BOOL)
			more.OneofIndex = f.OneofIndex
			d.Field = append(d.Field, more) // tidyOneofs puts it beside the others
		})
		put("add a field to a oneof", nil, add, w(t.response, no, drift.VariantAdded))
		put("rename a oneof", nil, on(func(d *messageDesc) { d.OneofDecl[f.GetOneofIndex()].Name = proto.String("renamed") }), w(false, no, drift.FieldOneof))
		return
	}
}

// variants changes a union, or the types that implement an interface.
func (s *schema) variants(def *ast.Definition) {
	t := s.graph.of(def.Name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	fresh := func(doc *ast.SchemaDocument) *ast.Definition {
		d := &ast.Definition{Kind: ast.Object, Name: "Brandnew", Fields: ast.FieldList{{Name: "brandnew", Type: ast.NamedType("Int", nil)}}}
		doc.Definitions = append(doc.Definitions, d)
		return d
	}
	if def.Kind == ast.Interface {
		s.add("let another type implement an interface", def.Name, func(doc *ast.SchemaDocument) {
			d := fresh(doc)
			d.Interfaces = []string{def.Name}
			d.Fields = append(d.Fields, doc.Definitions.ForName(def.Name).Fields...)
		}, w(true, no, drift.VariantAdded, drift.MessageAdded))
		for _, name := range variantsOf(s.parse(), def) {
			s.add("let a type no longer implement an interface", name, func(doc *ast.SchemaDocument) {
				doc.Definitions.ForName(name).Interfaces = nil
			}, w(true, yes, drift.VariantRemoved))
		}
		return
	}
	s.add("add a member to a union", def.Name, func(doc *ast.SchemaDocument) {
		fresh(doc)
		d := doc.Definitions.ForName(def.Name)
		d.Types = append(d.Types, "Brandnew")
	}, w(true, no, drift.VariantAdded, drift.MessageAdded))
	s.add("turn the order of a union's members round", def.Name, func(doc *ast.SchemaDocument) {
		slices.Reverse(doc.Definitions.ForName(def.Name).Types)
	}, want{})
	for i, member := range def.Types {
		at := def.Name + "." + member
		s.add("remove a member of a union", at, func(doc *ast.SchemaDocument) {
			d := doc.Definitions.ForName(def.Name)
			d.Types = slices.Delete(d.Types, i, i+1)
		}, w(true, yes, drift.VariantRemoved))
		s.add("replace a member of a union", at, func(doc *ast.SchemaDocument) {
			fresh(doc)
			doc.Definitions.ForName(def.Name).Types[i] = "Brandnew"
		}, w(true, yes, drift.VariantRemoved, drift.VariantAdded, drift.MessageAdded))
	}
}

// choice changes a schema that is one of several.
func (d *document) choice(name string, s object) {
	t := d.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	on := func(e func(doc, schema object)) func(object) {
		return func(doc object) { e(doc, dig(d.schemas(doc), name)) }
	}
	property, _ := dig(d.parse(), "components", "schemas", name, "discriminator")["propertyName"].(string)
	d.add("add a variant", name, on(func(doc, s object) {
		told := "brandnew"
		if property != "" {
			told = property
			dig(s, "discriminator", "mapping")["brandnew"] = "#/components/schemas/Brandnew"
		}
		s["oneOf"] = append(s["oneOf"].([]any), object{"$ref": "#/components/schemas/Brandnew"})
		d.schemas(doc)["Brandnew"] = object{"type": "object", "required": []any{told}, "properties": object{told: object{"type": "string"}, "more": object{"type": "string"}}}
	}), w(t.response, no, drift.VariantAdded, drift.MessageAdded))
	d.add("turn the order of variants round", name, on(func(_, s object) { slices.Reverse(s["oneOf"].([]any)) }), want{})
	for i, member := range s["oneOf"].([]any) {
		ref := member.(object)["$ref"]
		d.add("remove a variant", name+"|"+refsIn(member)[0], on(func(_, s object) {
			s["oneOf"] = slices.Delete(s["oneOf"].([]any), i, i+1)
			mapping := dig(s, "discriminator", "mapping")
			for value, to := range mapping {
				if to == ref {
					delete(mapping, value)
				}
			}
			if property == "" {
				delete(s, "discriminator")
			}
		}), w(true, yes, drift.VariantRemoved, drift.FieldAdded)) // what told it apart is a property as any other then
	}
	if property == "" {
		d.untold(name, s, on, w)
		return
	}
	d.discriminator(name, s, t, on, w)
}

type onSchema func(func(doc, schema object)) func(object)

// untold gives a choice without a discriminator one.
func (d *document) untold(name string, s object, on onSchema, w wantFunc) {
	tell := on(func(doc, s object) {
		s["discriminator"] = object{"propertyName": "species"}
		for _, member := range s["oneOf"].([]any) {
			v := dig(d.schemas(doc), refsIn(member)[0])
			dig(v, "properties")["species"] = object{"type": "string"}
			v["required"] = append(v["required"].([]any), "species")
		}
	})
	d.add("add a discriminator", name, tell, w(true, no, drift.Discriminator))
	d.undo("remove a discriminator", name, tell, w(true, no, drift.Discriminator, drift.FieldAdded, drift.FieldRemoved))
	for _, member := range s["oneOf"].([]any) {
		ref := refsIn(member)[0]
		one := on(func(doc, _ object) {
			v := dig(d.schemas(doc), ref)
			dig(v, "properties")["abc"] = object{"type": "string"}
			v["required"] = append(v["required"].([]any), "abc")
		})
		// It comes first in the alphabet, so the new SDK looks for it.
		t := d.graph.of(name)
		d.add("add a required property that tells a variant", ref, one, w(true, no, drift.FieldAdded, drift.Discriminator))
		_ = t
	}
}

// discriminator changes what tells the variants of a choice apart.
func (d *document) discriminator(name string, s object, t travel, on onSchema, w wantFunc) {
	property := dig(s, "discriminator")["propertyName"].(string)
	d.add("rename a discriminator", name, on(func(doc, s object) {
		dig(s, "discriminator")["propertyName"] = "sort"
		for _, member := range s["oneOf"].([]any) {
			v := dig(d.schemas(doc), refsIn(member)[0])
			properties := dig(v, "properties")
			properties["sort"] = properties[property]
			delete(properties, property)
			v["required"] = []any{"sort"}
		}
	}), w(true, no, drift.Discriminator))
	d.add("let the names of variants tell them", name, on(func(_, s object) { delete(dig(s, "discriminator"), "mapping") }), w(true, no, drift.Discriminator))
	mapping := dig(s, "discriminator", "mapping")
	first := map[any]string{} // what an SDK sends
	for value, to := range mapping {
		if first[to] == "" || value < first[to] {
			first[to] = value
		}
	}
	for value, to := range mapping {
		at := name + "|" + value
		d.add("change the value of a variant", at, on(func(_, s object) {
			m := dig(s, "discriminator", "mapping")
			delete(m, value)
			m[value+"x"] = to
		}), w(t.response || first[to] == value || value+"x" < first[to], no, drift.Discriminator))
		d.add("let a second value tell a variant", at, on(func(_, s object) { dig(s, "discriminator", "mapping")["zz"+value] = to }), w(t.response, no, drift.Discriminator))
		alone := true
		for other, same := range mapping {
			alone = alone && (other == value || same != to)
		}
		if !alone {
			d.add("let one value less tell a variant", at, on(func(_, s object) { delete(dig(s, "discriminator", "mapping"), value) }), w(t.response || first[to] == value, no, drift.Discriminator))
		}
	}
}

// composed changes what a schema is put together from.
func (d *document) composed(name string, s object) {
	parts, _ := s["allOf"].([]any)
	if len(parts) == 0 {
		return
	}
	t := d.graph.of(name)
	w := func(wire bool, source answer, list ...drift.RuleID) want {
		return want{rules: list, wire: wire, source: source}.of(t.used())
	}
	on := func(e func(doc, schema object)) func(object) {
		return func(doc object) { e(doc, dig(d.schemas(doc), name)) }
	}
	part := func(required ...any) func(object) {
		return on(func(doc, s object) {
			s["allOf"] = append(s["allOf"].([]any), object{"$ref": "#/components/schemas/Brandnew"})
			d.schemas(doc)["Brandnew"] = object{"type": "object", "required": required, "properties": object{"brandnew": object{"type": "string"}}}
		})
	}
	d.add("add a part to allOf", name, part(), w(false, no, drift.FieldAdded, drift.MessageAdded))
	d.add("add a part to allOf that demands something", name, part("brandnew"), w(t.request, no, drift.FieldAdded, drift.MessageAdded))
	d.add("turn the order of parts round", name, on(func(_, s object) { slices.Reverse(s["allOf"].([]any)) }), want{})
	for i := range parts {
		d.add("remove a part of allOf", name, on(func(_, s object) { s["allOf"] = slices.Delete(s["allOf"].([]any), i, i+1) }), w(true, yes, drift.FieldRemoved))
	}
	d.add("write out allOf", name, on(func(doc, s object) {
		properties, required := object{}, []any{}
		for _, p := range s["allOf"].([]any) {
			v := p.(object)
			for _, ref := range refsIn(v["$ref"]) {
				v = dig(d.schemas(doc), ref)
			}
			if ref, ok := v["$ref"].(string); ok {
				v = dig(d.schemas(doc), refsIn(object{"$ref": ref})[0])
			}
			for key, value := range dig(v, "properties") {
				properties[key] = value
			}
			more, _ := v["required"].([]any)
			required = append(required, more...)
		}
		clear(s)
		s["type"], s["properties"], s["required"] = "object", properties, required
	}), want{})
}

// over are the protocols over which the requests of a row have fields, if its
// REST operation has.
func (d *document) over(at string) []ir.Protocol {
	for i := range d.project.side0.Manifest.Methods {
		m := &d.project.side0.Manifest.Methods[i]
		var out []ir.Protocol
		for _, p := range m.Protocols {
			out = append(out, ir.Protocol(p.Value))
		}
		if key := d.project.operationOf(m, ir.REST); slices.Contains(out, ir.REST) && (key == at || at[slices.Index([]byte(at), ' ')+1:] == key) {
			return d.project.flat().requests[m.Name.Value]
		}
	}
	return nil
}
