package openapidoc_test

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Details are what comparing needs beside the neutral picture.
func TestDetails(t *testing.T) {
	fsys := fstest.MapFS{"a.yaml": {Data: []byte(`openapi: 3.0.3
info: {title: t, version: "1"}
security: [{key: []}]
paths:
  /find:
    post:
      parameters:
        - {name: page, in: query, required: true, schema: {type: integer, format: int32, default: 1}}
      requestBody:
        required: true
        content:
          application/xml: {schema: {type: string}}
          application/json: {schema: {$ref: '#/components/schemas/Item'}}
      responses:
        "201": {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        default: {description: d}
    get:
      security: []
      responses:
        "200": {description: d}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: k}
  schemas:
    Item:
      type: object
      additionalProperties: false
      properties:
        color: {type: string, enum: [red, green], default: red}
        name: {type: string, nullable: true, minLength: 1, maxLength: 9, pattern: a, readOnly: true}
        sizes: {type: array, minItems: 1, uniqueItems: true, items: {type: number, nullable: true, minimum: 0.5}}
        labels: {type: object, additionalProperties: {type: string}}
        choice: {oneOf: [{type: string}, {type: integer}]}
        self: {$ref: '#/components/schemas/Item'}
        grid: {type: array, items: {type: array, items: {type: string}}}
        whatever: {}
`)}}
	doc, list := openapidoc.Load(fsys, []string{"a.yaml"})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	c := doc.Contract
	text := func(s string) *string { return &s }
	for name, want := range map[string]contract.FieldDetails{
		"color": {Type: contract.TypeDetails{Text: "string", Enum: &contract.Enum{Values: []contract.EnumValue{{Name: `"red"`}, {Name: `"green"`}}}}, Default: text(`"red"`)},
		"name": {Type: contract.TypeDetails{Text: "string", Nullable: true}, Limits: map[string]string{
			"minLength": "1", "maxLength": "9", "pattern": "a", "readOnly": "true",
		}},
		"sizes": {Type: contract.TypeDetails{Text: "array<number/double>", NullableItem: true}, Limits: map[string]string{
			"minItems": "1", "uniqueItems": "true", "items.minimum": "0.5",
		}},
		"labels":   {Type: contract.TypeDetails{Text: "map<string>"}},
		"choice":   {Type: contract.TypeDetails{Text: "oneOf(integer/int64, string)"}},
		"self":     {Type: contract.TypeDetails{Text: "Item"}},
		"grid":     {Type: contract.TypeDetails{Text: "array<array<string>>"}},
		"whatever": {Type: contract.TypeDetails{Text: "any"}},
	} {
		if diff := cmp.Diff(want, *c.Messages["Item"].Field(name).Details); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(map[string]string{"additionalProperties": "false"}, c.Messages["Item"].Details.Limits); diff != "" {
		t.Error(diff)
	}
	post, get := c.Operations["POST /find"].Details, c.Operations["GET /find"].Details
	item := contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages["Item"], Wire: "Item"}
	want := &contract.OperationDetails{
		Arguments: []*contract.Argument{{
			Name: "page", In: "query", Pos: diag.Pos{File: "a.yaml", Line: 8, Col: 11}, Required: true, Default: text("1"),
			Type: contract.Type{Scalar: contract.ScalarInt32, Wire: "integer/int32"}, Details: contract.TypeDetails{Text: "integer/int32"},
		}},
		MediaTypes: []string{"application/json", "application/xml"}, BodyRequired: true,
		Body: contract.TypeDetails{Text: "Item"},
		Answers: []contract.Answer{
			{Status: "201", MediaTypes: []string{"application/json"}, Type: item, Details: contract.TypeDetails{Text: "Item"}},
			{Status: "default"},
		},
		Response: contract.TypeDetails{Text: "Item"},
		Security: `[{"key":[]}]`,
	}
	// The type holds itself: compare it by its address.
	same := cmp.Comparer(func(a, b *contract.Message) bool { return a == b })
	if diff := cmp.Diff(want, post, same); diff != "" {
		t.Error(diff)
	}
	if get.Security != "" || get.BodyRequired || len(get.Answers) != 1 {
		t.Errorf("GET: %+v", get)
	}
}
