package rest

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// shape cuts the document down to the operations and schemas in use, names the
// operations after the methods and tells oapi-codegen how to represent fields.
func shape(doc *openapi3.T, operations map[string]*ir.Method, used map[string]*schema) {
	paths := openapi3.NewPaths()
	for path, item := range doc.Paths.Map() {
		kept := &openapi3.PathItem{}
		for verb, op := range item.Operations() {
			if m := operations[verb+" "+path]; m != nil {
				kept.SetOperation(verb, shapeOperation(op, m))
				paths.Set(path, kept)
			}
		}
	}
	doc.Paths = paths
	doc.Servers, doc.Security, doc.Tags, doc.Webhooks = nil, nil, nil, nil
	kept := openapi3.Schemas{}
	for name, s := range used {
		if ref := doc.Components.Schemas[name]; ref != nil {
			plain(ref)
			shapeSchema(ref.Value, s, used)
			kept[name] = ref
		}
	}
	doc.Components = &openapi3.Components{Schemas: kept}
}

// plain takes out the extensions that documents have for other generators, or
// other uses of this one: they would name types and members otherwise.
func plain(ref *openapi3.SchemaRef) {
	if ref == nil {
		return
	}
	ref.Extensions = nil
	if ref.Ref != "" || ref.Value == nil {
		return
	}
	s := ref.Value
	s.Extensions = nil
	for _, property := range s.Properties {
		plain(property)
	}
	plain(s.Items)
	plain(s.Not)
	plain(s.AdditionalProperties.Schema)
	for _, inner := range slices.Concat(s.AllOf, s.AnyOf, s.OneOf) {
		plain(inner)
	}
}

// shapeOperation keeps the request only: the runtime reads the answers.
func shapeOperation(op *openapi3.Operation, m *ir.Method) *openapi3.Operation {
	ok := "success"
	out := &openapi3.Operation{
		OperationID: m.GoName,
		RequestBody: shapeBody(op.RequestBody, m.Binding(ir.REST).Operation),
		Responses:   openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: &openapi3.Response{Description: &ok}})),
	}
	if HasTarget(m.Binding(ir.REST)) {
		// The runtime writes path and query; oapi-codegen still demands that the
		// variables of the path are declared.
		out.Extensions = map[string]any{"x-sdkgen-target": true}
		for _, name := range variables(m.Binding(ir.REST).Operation.Key) {
			out.Parameters = append(out.Parameters, &openapi3.ParameterRef{Value: openapi3.NewPathParameter(name).WithSchema(openapi3.NewStringSchema())})
		}
	}
	return out
}

// shapeBody keeps the one media type that is sent.
func shapeBody(body *openapi3.RequestBodyRef, op *contract.Operation) *openapi3.RequestBodyRef {
	if body == nil || body.Value == nil {
		return body
	}
	kept := *body.Value
	media := body.Value.Content[op.MediaType]
	if media == nil {
		media = body.Value.Content[anyMedia]
	}
	if media != nil {
		plain(media.Schema)
		kept.Content = openapi3.Content{op.MediaType: {Schema: media.Schema}}
	}
	if op.Body.Scalar != contract.ScalarNone {
		// What is no object is put together by the adapters.
		kept.Content = openapi3.Content{op.MediaType: {Schema: openapi3.NewSchemaRef("", openapi3.NewSchema())}}
	}
	return &openapi3.RequestBodyRef{Value: &kept}
}

// anyMedia stands in documents for every media type.
const anyMedia = "*/*"

// variables are those of a path.
func variables(path string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`\{([^}]*)\}`).FindAllStringSubmatch(path, -1) {
		out = append(out, m[1])
	}
	return out
}

func shapeSchema(s *openapi3.Schema, use *schema, used map[string]*schema) {
	s.Required = nil // what is left out is the adapters' business
	s.Description, s.Title, s.Example = "", "", nil
	if use.message.GoName != "" {
		s.Extensions = map[string]any{"x-go-name": use.message.GoName}
	}
	if use.message.Union != nil {
		unionSchema(s, use.message)
	}
	for name, ref := range s.Properties {
		t, known := use.types[name]
		if leaf := t.Leaf(); !known || leaf.Scalar == contract.ScalarUnsupported || leaf.Message != nil && used[leaf.Message.Name] == nil {
			delete(s.Properties, name) // the SDK omits it, and its type may be anything
			continue
		}
		shapeProperty(name, ref, t, use)
	}
}

// shapeProperty chooses the Go type and the JSON tag of one property.
func shapeProperty(name string, ref *openapi3.SchemaRef, t contract.Type, use *schema) {
	ext := map[string]any{}
	if f := use.message.Field(name); f != nil && f.Alias != "" {
		ext["x-go-name"] = FieldName(f)
	}
	shapeItems(ref, t, use.runtime)
	isRef := ref.Ref != ""
	container := !t.Single() || slices.Contains([]contract.Scalar{contract.ScalarObject, contract.ScalarAny, contract.ScalarBytes}, t.Scalar)
	value := container || !use.request && name != use.envelope && !use.pointers[name]
	if value {
		ext["x-go-type-skip-optional-pointer"] = true
	}
	if container {
		// An empty list or map is a value: only nil is left out.
		ext["x-omitempty"], ext["x-omitzero"] = false, true
	}
	if !isRef {
		maps.Copy(ext, ref.Value.Extensions)
	}
	if t.Single() && t.Form == contract.FormText {
		ext["x-go-type"] = string(t.Scalar)
		ext["x-oapi-codegen-extra-tags"] = map[string]any{"json": strings.Join([]string{name, "omitempty", "string"}, ",")}
	}
	if isRef {
		ref.Extensions = ext
		return
	}
	if t.Scalar == contract.ScalarTimestamp && t.Single() && value {
		ext["x-omitempty"], ext["x-omitzero"] = false, true
	}
	ref.Value.Description, ref.Value.Title, ref.Value.Example, ref.Value.Default = "", "", nil, nil
	ref.Value.Extensions = ext
}

// shapeItems puts in place of a schema, and of those of its items, one that
// oapi-codegen turns into the Go type that the adapters expect, whatever words
// the document has for it. References to messages stay.
func shapeItems(ref *openapi3.SchemaRef, t contract.Type, runtime string) {
	switch {
	case t.Elem != nil || !t.Single():
		item := t
		item.List, item.Map = false, false
		if t.Elem != nil {
			item = *t.Elem
		}
		shapeContainer(ref, t, item, runtime)
	case t.Scalar == contract.ScalarMessage:
		if ref.Ref == "" { // a choice of which null is the other
			ref.Ref = "#/components/schemas/" + t.Message.Name
		}
	case t.Scalar == contract.ScalarString && ref.Ref == "" && ref.Value.Format == "" && ref.Value.Type.Is("string") && !ref.Value.Nullable && ref.Value.ContentMediaType == "" && ref.Value.ContentEncoding == "":
	case t.Scalar == contract.ScalarObject && ref.Ref == "" && ref.Value.Type.Is("object") && !ref.Value.Nullable:
	default:
		goType := leafType(t, runtime)
		inline(ref, openapi3.NewSchema())
		ref.Value.Type = &openapi3.Types{"string"}
		ref.Value.Extensions = goType
	}
}

// shapeContainer keeps a list or a map as it is and shapes its items.
func shapeContainer(ref *openapi3.SchemaRef, t, item contract.Type, runtime string) {
	if t.Form == contract.FormFieldMask {
		inline(ref, openapi3.NewStringSchema())
		ref.Value.Extensions = imported("wire.FieldMask", runtime)
		return
	}
	if t.List {
		items := &openapi3.SchemaRef{Value: openapi3.NewSchema()}
		if ref.Value.Items != nil {
			items = ref.Value.Items
		}
		items = &openapi3.SchemaRef{Ref: items.Ref, Value: items.Value}
		shapeItems(items, item, runtime)
		inline(ref, openapi3.NewArraySchema())
		ref.Value.Items = items
		return
	}
	values := ref.Value.AdditionalProperties.Schema
	values = &openapi3.SchemaRef{Ref: values.Ref, Value: values.Value}
	shapeItems(values, item, runtime)
	inline(ref, openapi3.NewObjectSchema())
	ref.Value.AdditionalProperties = openapi3.AdditionalProperties{Schema: values}
}

// inline puts a schema in the place of a reference.
func inline(ref *openapi3.SchemaRef, s *openapi3.Schema) { ref.Ref, ref.Value = "", s }

// leafType is the Go type of a value, as extensions of oapi-codegen.
func leafType(t contract.Type, runtime string) map[string]any {
	switch t.Scalar {
	case contract.ScalarEnum:
		return map[string]any{"x-go-type": "string"}
	case contract.ScalarObject:
		return map[string]any{"x-go-type": "map[string]interface{}"}
	case contract.ScalarAny:
		return map[string]any{"x-go-type": "interface{}"}
	case contract.ScalarBytes:
		return map[string]any{"x-go-type": "[]byte"}
	case contract.ScalarTimestamp:
		return map[string]any{"x-go-type": "time.Time"}
	case contract.ScalarDuration:
		return imported("wire.Duration", runtime)
	}
	switch {
	case t.Form == contract.FormText && t.Scalar == contract.ScalarUint64:
		return imported("wire.Uint64", runtime)
	case t.Form == contract.FormText:
		return imported("wire.Int64", runtime)
	}
	return map[string]any{"x-go-type": string(t.Scalar)}
}

// imported is a type of the runtime's package wire.
func imported(goType, runtime string) map[string]any {
	return map[string]any{"x-go-type": goType, "x-go-type-import": map[string]any{"path": runtime + "/wire"}}
}
