package openapidoc_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
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

func no(wire, reason string) contract.Type {
	return contract.Type{Scalar: contract.ScalarUnsupported, Wire: wire, Reason: reason}
}

func TestFields(t *testing.T) {
	c := loadOne(t, shop).Contract
	item := c.Messages["Item"]
	typ := func(s contract.Scalar, wire string) contract.Type { return contract.Type{Scalar: s, Wire: wire} }
	text := func(s contract.Scalar, wire string) contract.Type {
		return contract.Type{Scalar: s, Wire: wire, Form: contract.FormText}
	}
	list := func(in contract.Type) contract.Type { in.List = true; return in }
	message := func(name string) contract.Type {
		return contract.Type{Scalar: contract.ScalarMessage, Message: c.Messages[name], Wire: name}
	}
	str := typ(contract.ScalarString, "string")
	optional := contract.Field{Presence: true}
	tests := []struct {
		name string
		want contract.Field
		typ  contract.Type
	}{
		{"must", contract.Field{Required: true, Doc: "Its name."}, str},
		{"mustnull", contract.Field{Required: true, Presence: true, Nullable: true}, str},
		{"may", contract.Field{Presence: true, Deprecated: "deprecated"}, str},
		{"flag", optional, typ(contract.ScalarBool, "boolean")},
		{"i32", optional, typ(contract.ScalarInt32, "integer/int32")},
		{"i64", optional, typ(contract.ScalarInt64, "integer/int64")},
		{"int", optional, typ(contract.ScalarInt64, "integer/int64")},
		{"s64", optional, text(contract.ScalarInt64, "string/int64")},
		{"su64", optional, text(contract.ScalarUint64, "string/uint64")},
		{"real", optional, typ(contract.ScalarFloat64, "number/double")},
		{"num", optional, typ(contract.ScalarFloat64, "number/double")},
		{"password", optional, typ(contract.ScalarString, "string/password")},
		{"free", optional, typ(contract.ScalarObject, "object")},
		{"freer", optional, typ(contract.ScalarObject, "object")},
		{"parent", optional, message("Item")},
		{"alias", optional, message("Item")},
		{"text", optional, str},
		{"tags", optional, list(str)},
		{"holes", contract.Field{Presence: true, Nullable: true}, list(str)},
		{"parts", optional, list(message("Item"))},
		{"inline", optional, message("Item_inline")},
		{"inlines", optional, list(message("Item_inlines"))},
		{"untyped", optional, message("Item_untyped")},
		{"enum", optional, typ(contract.ScalarEnum, "string")},
		{"one", optional, str},
		{"any", optional, str},
		{"all", optional, str},
		{"not", optional, no("string", "is a conditional schema")},
		{"grid", optional, list(typ(contract.ScalarNested, "array"))},
		{"whatever", optional, typ(contract.ScalarAny, "")},
		{"whatevers", optional, list(typ(contract.ScalarAny, ""))},
		{"date", optional, typ(contract.ScalarTimestamp, "string/date-time")},
		{"small", optional, typ(contract.ScalarInt32, "integer/int8")},
		{"single", optional, typ(contract.ScalarFloat32, "number/float")},
		{"map", optional, contract.Type{Scalar: contract.ScalarString, Map: true, Wire: "string"}},
	}
	if len(item.Fields) != len(tests) {
		t.Errorf("%d fields, want %d", len(item.Fields), len(tests))
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, want := *item.Fields[i], tt.want // the order is that of the file
			if e := got.Type.Enum; e != nil && (len(e.Values) == 0 || e.Pos != got.Pos) {
				t.Errorf("the enum is %+v", e)
			}
			if item := got.Type.Elem; item != nil && !item.List {
				t.Errorf("an item is %+v", item)
			}
			got.Type.Enum, got.Type.Elem = nil, nil
			want.Name, want.Pos, want.Type, want.Details = tt.name, got.Pos, tt.typ, got.Details
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	if pos := item.Field("must").Pos; pos != (diag.Pos{File: "shop.yaml", Line: 75, Col: 9}) {
		t.Errorf("position of Item.must: %v", pos)
	}
	if item.Doc != "A thing for sale." || item.Pos != (diag.Pos{File: "shop.yaml", Line: 70, Col: 5}) {
		t.Errorf("Item: %q at %v", item.Doc, item.Pos)
	}
}

func TestMessages(t *testing.T) {
	c := loadOne(t, shop).Contract
	want := []string{
		"All", "Empty", "Error", "Extra", "Inline_request", "Inline_response_200",
		"Item", "Item_inline", "Item_inline_deep", "Item_inlines", "Item_untyped", "post_v1_upload_request",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(c.Messages))); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"All":   "",
		"Extra": "has additionalProperties beside its properties",
		"Item":  "",
	} {
		if got := c.Messages[name].Unsupported; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// A schema that was named keeps the place where it stands.
	if pos := c.Messages["Item_inline_deep"].Pos; pos.Line != 95 || pos.File != "shop.yaml" {
		t.Errorf("position of Item_inline_deep: %v", pos)
	}
	if pos := c.Messages["Item_inline_deep"].Field("x").Pos; pos.Line != 95 {
		t.Errorf("position of Item_inline_deep.x: %v", pos)
	}
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

// Parameters of the path hold for all its operations, unless one has its own.
func TestParams(t *testing.T) {
	c := loadOne(t, `openapi: 3.0.3
info: {title: x, version: "1"}
paths:
  /b/{id}:
    parameters:
      - {$ref: "#/components/parameters/Id"}
      - {name: page, in: query, schema: {type: integer}}
      - {name: Authorization, in: header, schema: {type: string}}
    get:
      parameters:
        - {name: page, in: query, required: true, schema: {type: integer, format: int32}}
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: number}}}
        - {name: X-A, in: header, deprecated: true, description: an A, schema: {type: boolean}}
      responses: {"204": {description: ok}}
    put:
      parameters: [{name: c, in: header, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: string}}}}, "202": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/S"}}}}}
    post:
      parameters: [{name: deep, in: query, style: deepObject, schema: {$ref: "#/components/schemas/S"}}]
      responses: {"200": {description: ok}, "202": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/S"}}}}}
    patch:
      parameters: [{name: s, in: query, explode: false, schema: {$ref: "#/components/schemas/S"}}]
      responses: {"200": {description: ok}}
    delete:
      parameters: [{name: id, in: query, schema: {type: string}}]
      responses: {"200": {description: ok}}
    head:
      parameters: [{name: doc, in: query, content: {application/json: {schema: {type: string}}}}, {name: c, in: cookie, schema: {type: string}}]
      responses: {"200": {description: ok}}
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: string}}
  schemas:
    S: {type: object, properties: {x: {type: string}}}
`).Contract
	var got []string
	for _, p := range c.Operations["GET /b/{id}"].Params {
		got = append(got, fmt.Sprintf("%d:%d %s %s list %t required %t presence %t, %s explode %t, %q %q",
			p.Pos.Line, p.Pos.Col, p.Name, p.Type.Scalar, p.Type.List, p.Required, p.Presence, p.Place.In, p.Place.Explode, p.Doc, p.Deprecated))
	}
	want := []string{
		`6:9 id string list false required true presence false, path explode false, "" ""`,
		`11:11 page int32 list false required true presence false, query explode true, "" ""`,
		`12:11 tags float64 list true required false presence false, query explode false, "" ""`,
		`13:11 X-A bool list false required false presence true, header explode false, "an A" "deprecated"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if post := c.Operations["POST /b/{id}"]; !post.MayBeEmpty || post.Response.Message != c.Messages["S"] || c.Operations["GET /b/{id}"].MayBeEmpty {
		t.Errorf("POST may be empty: %t, and answers %v", post.MayBeEmpty, post.Response)
	}
	for verb, want := range map[string]string{
		"GET":    "",
		"PUT":    "has answers of success that hold different things: string for status 200, S for status 202",
		"POST":   "",
		"PATCH":  "",
		"DELETE": `has two parameters "id", in path and in query`,
		"HEAD":   "",
	} {
		if got := c.Operations[verb+" /b/{id}"].Unsupported; got != want {
			t.Errorf("%s: %q, want %q", verb, got, want)
		}
	}
	// What cannot be sent can be left out, and so concerns its field alone.
	for verb, want := range map[string]string{
		"PATCH": `is the query parameter "s", which is neither a single value nor a list of them`,
		"HEAD":  `is the cookie parameter "c", which travels in a cookie: cookies belong to the session of a client, not to a request`,
	} {
		list := c.Operations[verb+" /b/{id}"].Params
		if got := list[len(list)-1].Type; got.Scalar != contract.ScalarUnsupported || got.Reason != want {
			t.Errorf("%s: %q, want %q", verb, got.Reason, want)
		}
	}
	list := c.Operations["POST /b/{id}"].Params
	deep := list[len(list)-1]
	if deep.Place.In != contract.InParts || !deep.Type.Message.Spread || deep.Type.Message.Field("x").Place.Name != "deep[x]" {
		t.Errorf("an object in the style deepObject: %+v", deep)
	}
}

// OpenAPI 3.1 writes null as a type.
func TestNullIn31(t *testing.T) {
	c := loadOne(t, `openapi: 3.1.0
info: {title: t, version: v}
paths: {}
components:
  schemas:
    M:
      type: object
      properties:
        a: {type: [string, 'null']}
        b: {type: [string, integer]}
        c: {const: 1}
        d: {type: [object, 'null'], properties: {x: {type: string}}}
`).Contract
	m := c.Messages["M"]
	if f := m.Field("a"); f.Type.Scalar != contract.ScalarString || !f.Nullable {
		t.Errorf("a: %+v", f)
	}
	if f := m.Field("b"); f.Type.Reason != "has more than one type" {
		t.Errorf("b: %+v", f)
	}
	if f := m.Field("c"); f.Type.Reason != "is an enum of values that are not all texts" {
		t.Errorf("c: %+v", f)
	}
	if f := m.Field("d"); f.Type.Message != c.Messages["M_d"] || f.Type.Message == nil || !f.Nullable {
		t.Errorf("d: %+v", f)
	}
}

func TestFindings(t *testing.T) {
	const paths = "paths: {}\n"
	tests := []struct {
		name  string
		files map[string]string
		paths []string
		want  []string
	}{
		{"missing file", nil, []string{"a.yaml"}, []string{
			"a.yaml: the contract file does not exist (write it with sdkgen pull, or mend its path in the manifest)",
		}},
		{"YAML", map[string]string{"a.yaml": "openapi: 3.0.3\ninfo: [\n"}, nil, []string{
			"a.yaml:2: the document is not valid YAML: did not find expected node content",
		}},
		{"empty", map[string]string{"a.yaml": ""}, nil, []string{
			`a.yaml: the document is not an object (an OpenAPI document begins with "openapi: 3.0.3")`,
		}},
		{"list", map[string]string{"a.yaml": "- a\n"}, nil, []string{
			`a.yaml: the document is not an object (an OpenAPI document begins with "openapi: 3.0.3")`,
		}},
		{"Swagger 2", map[string]string{"a.yaml": "swagger: '2.0'\ninfo: {title: t, version: v}\npaths: {}\n"}, nil, []string{
			"a.yaml:1:1: this is a Swagger 2 document (sdkgen reads OpenAPI 3; sdkgen pull converts what the server offers)",
		}},
		{"no version", map[string]string{"a.yaml": "info: {title: t, version: v}\n"}, nil, []string{
			`a.yaml:1:1: the document does not say that it is OpenAPI 3 (begin it with "openapi: 3.0.3")`,
		}},
		{"key twice", map[string]string{"a.yaml": head + "paths:\n  /a:\n    get: {responses: {'200': {description: a}}}\n  /a: {}\n"}, nil, []string{
			`a.yaml:6:3: the key "/a" is here twice, first at a.yaml:4:3`,
		}},
		{"references, all of them", map[string]string{"a.yaml": head + `paths: {}
components:
  schemas:
    A: {$ref: '#/components/schemas/Gone'}
    B: {type: array, items: {$ref: 'other.yaml#/X'}}
`, "b.yaml": head + "paths: {}\ncomponents: {schemas: {C: {$ref: '#/nowhere'}}}\n"}, nil, []string{
			`a.yaml:6:9: $ref "#/components/schemas/Gone" names nothing in the document`,
			`a.yaml:7:30: $ref "other.yaml#/X" leads out of the document (copy what it names into components, and write "#/components/...")`,
			`b.yaml:4:28: $ref "#/nowhere" names nothing in the document`,
		}},
		{"rules of OpenAPI, all of them", map[string]string{"a.yaml": head + `paths:
  /a:
    get: {}
  /b/{id}:
    get: {responses: {'200': {description: a}}}
components:
  schemas:
    A: {type: strin}
    B: {type: array}
`}, nil, []string{
			`a.yaml:5:5: not valid OpenAPI 3: value of responses must be an object`,
			`a.yaml:6:3: not valid OpenAPI 3: operation GET /b/{id} must define exactly all path parameters (missing: [id])`,
			`a.yaml:10:5: not valid OpenAPI 3: unsupported 'type' value "strin"`,
			`a.yaml:11:5: not valid OpenAPI 3: when schema type is 'array', schema 'items' must be non-null`,
		}},
		{"shape", map[string]string{"a.yaml": head + "paths: 3\n"}, nil, []string{
			"a.yaml:1:1: not valid OpenAPI 3: cannot unmarshal number into field T.paths of type map[string]interface {}",
		}},
		{"two documents that differ", map[string]string{
			"a.yaml": head + "paths:\n  /a:\n    get: {responses: {'200': {description: a}}}\n    post: {responses: {'200': {description: a}}}\ncomponents: {schemas: {S: {type: object}, Same: {type: string}}}\n",
			"b.yaml": head + "paths:\n  /a:\n    get: {responses: {'200': {description: b}}}\n    put: {responses: {'200': {description: a}}}\ncomponents: {schemas: {S: {type: string}, Same: {type: string}}}\n",
		}, nil, []string{
			`b.yaml:5:5: GET /a is defined differently at a.yaml:5:5 (keep one of the two, or rename one)`,
			`b.yaml:7:24: schemas "S" is defined differently at a.yaml:7:24 (keep one of the two, or rename one)`,
		}},
		{"two versions", map[string]string{"a.yaml": head + paths, "b.yaml": "openapi: 3.1.0\ninfo: {title: t, version: v}\n" + paths}, nil, []string{
			"b.yaml:1:1: this document is OpenAPI 3.1.0, but that at a.yaml:1:1 is 3.0.3 (write all documents in one version)",
		}},
		{"alias bomb", map[string]string{"a.yaml": head + bomb()}, nil, []string{
			"a.yaml: the document is nested too deeply or too large",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, list := load(t, tt.files, tt.paths...)
			var got []string
			for _, f := range list.Findings() {
				if tt.name == "alias bomb" {
					f.Pos.Line, f.Pos.Col = 0, 0
				}
				got = append(got, f.Error())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if doc == nil || doc.Contract == nil || len(doc.Contract.Operations) > 0 {
				t.Errorf("document %+v, want one without operations", doc)
			}
		})
	}
}

// bomb is a small document that aliases expand to ten to the power of nine.
func bomb() string {
	var b strings.Builder
	b.WriteString("x-0: &a0 [1]\n")
	for i := 1; i < 10; i++ {
		prev := string(rune('0' + i - 1))
		b.WriteString("x-" + string(rune('0'+i)) + ": &a" + string(rune('0'+i)) + " [" + strings.Repeat("*a"+prev+", ", 9) + "*a" + prev + "]\n")
	}
	return b.String()
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
