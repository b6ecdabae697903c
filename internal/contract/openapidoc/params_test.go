package openapidoc_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

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
