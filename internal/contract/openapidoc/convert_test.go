package openapidoc_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
)

// An OpenAPI 3 document keeps its content, JSON and YAML alike: large integers,
// and texts that YAML could take for something else.
func TestFromServerKeepsOpenAPI3(t *testing.T) {
	const want = `openapi: 3.0.3
info:
  title: "yes"
  version: "1.0"
paths: {}
components:
  schemas:
    A:
      type: object
    B:
      x-flag: true
      x-null: null
      x-number: 9007199254740993
      x-text: "123"
x-last: 1.5
`
	for name, in := range map[string]string{
		"JSON": `{"x-last": 1.5, "components": {"schemas": {"B": {"x-text": "123", "x-number": 9007199254740993, "x-null": null, "x-flag": true}, "A": {"type": "object"}}},
			"paths": {}, "info": {"version": "1.0", "title": "yes"}, "openapi": "3.0.3"}`,
		"YAML": "# lost\n" + want,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := openapidoc.FromServer([]byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestFromServerConvertsSwagger(t *testing.T) {
	got, err := openapidoc.FromServer([]byte(`{"swagger": "2.0", "info": {"title": "t", "version": "v"}, "consumes": ["application/json"], "produces": ["application/json"],
		"paths": {"/a": {"post": {"operationId": "A", "parameters": [{"in": "body", "name": "body", "schema": {"$ref": "#/definitions/M"}}],
			"responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/M"}}}}}},
		"definitions": {"M": {"type": "object", "properties": {"n": {"type": "string", "format": "int64"}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	doc, list := load(t, map[string]string{"a.yaml": string(got)})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	op, m := doc.Contract.Operations["POST /a"], doc.Contract.Messages["M"]
	if op == nil || op.Request != m || op.Response.Message != m || m.Field("n").Type.Wire != "string/int64" {
		t.Errorf("operation %+v of:\n%s", op, got)
	}
}

func TestFromServerErrors(t *testing.T) {
	for in, want := range map[string]string{
		"<html>":                           "the document is neither JSON nor YAML of the expected shape: ",
		"{":                                "the document is neither JSON nor YAML of the expected shape: ",
		`{"openapi": "2.9"}`:               "the document is neither Swagger 2 nor OpenAPI 3: ",
		`{"swagger": "2.0", "paths": 3}`:   "the document is not valid Swagger 2: ",
		`{"openapi": "3.0.3", "paths": 3}`: "the document is not valid OpenAPI 3: cannot unmarshal number into field T.paths",
	} {
		got, err := openapidoc.FromServer([]byte(in))
		if err == nil || !strings.HasPrefix(err.Error(), want) || got != nil {
			t.Errorf("%s: got %q, %v; want error %q", in, got, err, want)
		}
	}
}
