package rest

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

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
	doc.Servers, doc.Security, doc.Tags = nil, nil, nil
	kept := openapi3.Schemas{}
	for name, s := range used {
		if ref := doc.Components.Schemas[name]; ref != nil {
			shapeSchema(ref.Value, s, used)
			kept[name] = ref
		}
	}
	doc.Components = &openapi3.Components{Schemas: kept}
}

// shapeOperation keeps the request only: the runtime reads the answers.
func shapeOperation(op *openapi3.Operation, m *ir.Method) *openapi3.Operation {
	ok := "success"
	out := &openapi3.Operation{
		OperationID: m.GoName,
		RequestBody: op.RequestBody,
		Responses:   openapi3.NewResponses(openapi3.WithStatus(200, &openapi3.ResponseRef{Value: &openapi3.Response{Description: &ok}})),
	}
	return out
}

func shapeSchema(s *openapi3.Schema, use *schema, used map[string]*schema) {
	s.Required = nil // what is left out is the adapters' business
	s.Description, s.Title, s.Example = "", "", nil
	for name, ref := range s.Properties {
		shapeProperty(name, ref, use, used)
	}
}

// shapeProperty chooses the Go type and the JSON tag of one property.
func shapeProperty(name string, ref *openapi3.SchemaRef, use *schema, used map[string]*schema) {
	ext := map[string]any{}
	isRef := ref.Ref != ""
	var types *openapi3.Types
	if !isRef {
		types = ref.Value.Type
	}
	container := types.Is("array") || types.Is("object")
	value := container || !use.request && name != use.envelope
	if value {
		ext["x-go-type-skip-optional-pointer"] = true
	}
	if container {
		// An empty list or map is a value: only nil is left out.
		ext["x-omitempty"], ext["x-omitzero"] = false, true
	}
	if types.Is("string") && (ref.Value.Format == "int64" || ref.Value.Format == "uint64") {
		ext["x-go-type"] = "int64"
		ext["x-oapi-codegen-extra-tags"] = map[string]any{"json": strings.Join([]string{name, "omitempty", "string"}, ",")}
	}
	if isRef {
		ref.Extensions = ext
		return
	}
	ref.Value.Description, ref.Value.Title, ref.Value.Example, ref.Value.Default = "", "", nil, nil
	ref.Value.Extensions = ext
}
