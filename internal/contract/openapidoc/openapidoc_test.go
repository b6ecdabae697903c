package openapidoc_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

const head = "openapi: 3.0.3\ninfo: {title: t, version: v}\n"

const shop = head + `
paths:
  /v1/find:
    post:
      operationId: Find
      summary: Finds an item.
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
        default: {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
  /v1/form:
    post:
      deprecated: true
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Item'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {type: object}}}}}
  /v1/empty:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Empty'}}}}
      responses: {'204': {description: ok}}
  /v1/list:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Item'}}}}}}}
  /v1/free:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, additionalProperties: true}}}}}}
  /v1/inline:
    post:
      operationId: Inline
      requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {b: {type: number}}}}}}}
  /v1/shared:
    post:
      requestBody: {$ref: '#/components/requestBodies/Shared'}
      responses: {'200': {$ref: '#/components/responses/Shared'}}
  /v1/query:
    get:
      parameters: [{in: query, name: limit, schema: {type: integer}}]
      responses: {'200': {description: ok}}
  /v1/path/{id}:
    parameters: [{in: path, name: id, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok}}}
  /v1/upload:
    post:
      requestBody: {content: {multipart/form-data: {schema: {type: object}}}}
      responses: {'200': {description: ok}}
  /v1/text:
    post:
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses: {'200': {description: ok}}
  /v1/choice:
    post:
      requestBody: {content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Item'}]}}}}
      responses: {'200': {description: ok}}
  /v1/html:
    get: {responses: {'200': {description: ok, content: {text/html: {schema: {type: string}}}}}}
  /v1/nosuccess:
    {get: {responses: {default: {description: no, content: {application/json: {schema: {type: string}}}}}}, put: {responses: {"404": {description: no}, default: {description: anything}}}}
components:
  requestBodies:
    Shared: {content: {application/json: {schema: {$ref: '#/components/schemas/Item'}}}}
  responses:
    Shared: {description: ok, content: {application/problem+json: {schema: {$ref: '#/components/schemas/Error'}}}}
  schemas:
    Error: {type: object, properties: {code: {type: string}}}
    Empty: {type: object}
    Alias: {$ref: '#/components/schemas/Item'}
    Text: {type: string}
    Extra: {type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}
    All: {type: object, allOf: [{$ref: '#/components/schemas/Item'}], properties: {a: {type: string}}}
    Item:
      type: object
      description: A thing for sale.
      required: [must, mustnull]
      properties:
        must: {type: string, description: Its name.}
        mustnull: {type: string, nullable: true}
        may: {type: string, deprecated: true}
        flag: {type: boolean}
        i32: {type: integer, format: int32}
        i64: {type: integer, format: int64}
        int: {type: integer}
        s64: {type: string, format: int64}
        su64: {type: string, format: uint64}
        real: {type: number, format: double}
        num: {type: number}
        password: {type: string, format: password}
        free: {type: object}
        freer: {type: object, additionalProperties: {}}
        parent: {$ref: '#/components/schemas/Item'}
        alias: {$ref: '#/components/schemas/Alias'}
        text: {$ref: '#/components/schemas/Text'}
        tags: {type: array, items: {type: string}}
        holes: {type: array, items: {type: string, nullable: true}}
        parts: {type: array, items: {$ref: '#/components/schemas/Item'}}
        inline: {type: object, properties: {deep: {type: object, properties: {x: {type: string}}}}}
        inlines: {type: array, items: {type: object, properties: {y: {type: string}}}}
        untyped: {properties: {z: {type: string}}}
        enum: {type: string, enum: [a, b]}
        one: {oneOf: [{type: string}]}
        any: {anyOf: [{type: string}]}
        all: {allOf: [{type: string}]}
        not: {type: string, not: {type: string}}
        grid: {type: array, items: {type: array, items: {type: string}}}
        whatever: {}
        whatevers: {type: array, items: {}}
        date: {type: string, format: date-time}
        small: {type: integer, format: int8}
        single: {type: number, format: float}
        map: {type: object, additionalProperties: {type: string}}
`

func load(t *testing.T, files map[string]string, paths ...string) (*openapidoc.Document, *diag.List) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if len(paths) == 0 {
		paths = slices.Sorted(maps.Keys(files))
	}
	return openapidoc.Load(fsys, paths)
}

func loadOne(t *testing.T, text string) *openapidoc.Document {
	t.Helper()
	doc, list := load(t, map[string]string{"shop.yaml": text})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestOperations(t *testing.T) {
	c := loadOne(t, shop).Contract
	message := func(name string) contract.Type {
		return contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages[name], Wire: name}
	}
	items := message("Item")
	items.List = true
	item := c.Messages["Item"]
	const js = "application/json"
	tests := map[string]contract.Operation{
		"POST /v1/find":     {OperationID: "Find", Doc: "Finds an item.", MediaType: js, Request: item, Response: message("Item")},
		"POST /v1/form":     {MediaType: "application/x-www-form-urlencoded", Form: true, Request: item, Deprecated: "deprecated"},
		"POST /v1/empty":    {MediaType: js, Request: c.Messages["Empty"]},
		"GET /v1/list":      {Response: items},
		"GET /v1/free":      {Response: contract.Type{Scalar: contract.ScalarObject, Wire: "object"}},
		"POST /v1/inline":   {OperationID: "Inline", MediaType: js, Request: c.Messages["Inline_request"], Response: message("Inline_response_200")},
		"POST /v1/shared":   {MediaType: js, Request: item, Response: message("Error")},
		"GET /v1/query":     {Params: c.Operations["GET /v1/query"].Params},
		"GET /v1/path/{id}": {Params: c.Operations["GET /v1/path/{id}"].Params},
		"POST /v1/upload":   {Unsupported: "has a body that is neither JSON nor a form: multipart/form-data"},
		"POST /v1/text":     {MediaType: js, Body: contract.Type{Scalar: contract.ScalarString, Wire: "string"}},
		"POST /v1/choice":   {MediaType: js, Request: c.Messages["Item"]},
		"GET /v1/html":      {Unsupported: "has an answer that is not JSON: text/html"},
		"GET /v1/nosuccess": {Unsupported: "describes no answer of success (200 or another 2xx)"},
		// Of success nothing is said.
		"PUT /v1/nosuccess": {},
	}
	if len(c.Operations) != len(tests) {
		t.Errorf("%d operations, want %d", len(c.Operations), len(tests))
	}
	for key, want := range tests {
		t.Run(key, func(t *testing.T) {
			got := c.Operations[key]
			if got == nil {
				t.Fatal("no such operation")
			}
			want.Key, want.Kind, want.Pos, want.Details = key, contract.KindHTTP, got.Pos, got.Details
			if want.NotInForm = got.NotInForm; want.Form && (want.NotInForm["parent"] == "" || want.NotInForm["id"] != "") {
				t.Errorf("what a form cannot hold: %v", got.NotInForm)
			}
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
		})
	}
	if pos := c.Operations["POST /v1/find"].Pos; pos != (diag.Pos{File: "shop.yaml", Line: 6, Col: 5}) {
		t.Errorf("position of POST /v1/find: %v", pos)
	}
}

// The merged document is a new one at every call, has a name for every object,
// and the widths of numbers.
func TestDocument(t *testing.T) {
	doc := loadOne(t, shop)
	first, err := doc.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	delete(first.Components.Schemas, "Item")
	second, err := doc.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	item := second.Components.Schemas["Item"]
	if item == nil {
		t.Fatal("a change to one document changed the next")
	}
	if got := item.Value.Properties["inline"].Ref; got != "#/components/schemas/Item_inline" {
		t.Errorf("inline refers to %q", got)
	}
	if got := item.Value.Properties["num"].Value.Format; got != "double" {
		t.Errorf("format of num: %q", got)
	}
	data, err := doc.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := loadOne(t, shop).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != string(again) || !json.Valid(data) {
		t.Error("two loads give different JSON")
	}
}

// A name that is taken gets a number.
func TestNamesAreUnique(t *testing.T) {
	c := loadOne(t, head+`paths: {}
components:
  schemas:
    A: {type: object, properties: {b: {type: object, properties: {x: {type: string}}}}}
    A_b: {type: object, properties: {y: {type: string}}}
`).Contract
	if f := c.Messages["A"].Field("b"); f.Type.Wire != "A_b_2" || f.Type.Message.Field("x") == nil {
		t.Errorf("A.b: %+v", f)
	}
	if c.Messages["A_b"].Field("y") == nil {
		t.Error("A_b lost its field")
	}
}

// The contracts of the server that this project is made for.
func TestAuthorizer(t *testing.T) {
	doc, list := openapidoc.Load(os.DirFS("../../.."), []string{"openapi.yaml", "openapi.oauth.yaml"})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	c := doc.Contract
	files := map[string]int{}
	for key, op := range c.Operations {
		files[op.Pos.File]++
		if op.Unsupported != "" {
			t.Errorf("%s %s", key, op.Unsupported)
		}
	}
	if diff := cmp.Diff(map[string]int{"openapi.yaml": 52, "openapi.oauth.yaml": 2}, files); diff != "" {
		t.Error(diff)
	}
	for name, msg := range c.Messages {
		for _, f := range msg.Fields {
			if f.Type.Scalar == contract.ScalarUnsupported {
				t.Errorf("%s.%s %s", name, f.Name, f.Type.Reason)
			}
		}
	}
	if f := c.Messages["authorizerv1User"].Field("created_at"); f.Type != (contract.Type{Scalar: contract.ScalarInt64, Wire: "string/int64", Form: contract.FormText}) {
		t.Errorf("created_at: %+v", f)
	}
	if f := c.Messages["v1AppData"].Field("value"); f.Type.Scalar != contract.ScalarObject {
		t.Errorf("v1AppData.value: %+v", f)
	}
	token := c.Operations["POST /oauth/token"]
	if token.OperationID != "oauth_token" || token.MediaType != "application/x-www-form-urlencoded" || token.Request != c.Messages["TokenRequest"] {
		t.Errorf("oauth_token: %+v", token)
	}
	if f := token.Response.Message.Field("expires_in"); f.Type.Wire != "integer/int64" {
		t.Errorf("expires_in: %+v", f)
	}
	if revoke := c.Operations["POST /oauth/revoke"]; revoke.Response != (contract.Type{}) || len(revoke.Request.Fields) != 5 {
		t.Errorf("oauth_revoke: %+v", revoke)
	}
}
