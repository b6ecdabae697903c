package openapidoc_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
)

// TestBase: the path of a document's first server is a part of its operations'
// paths, unless it is said otherwise; places and references stay right.
func TestBase(t *testing.T) {
	doc := func(servers string) string {
		return "openapi: 3.0.3\ninfo: {title: x, version: '1'}\n" + servers + `
paths:
  /users/mine:
    get: {responses: {"200": {$ref: "#/paths/~1all/get/responses/200"}}}
  /all:
    get:
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}
`
	}
	for _, c := range []struct{ servers, base, want string }{
		{"", "", "/all /users/mine"},
		{"servers: [{url: /}]", "", "/all /users/mine"},
		{"servers: [{url: https://example.com}]", "", "/all /users/mine"},
		{"servers: [{url: 'https://example.com/api/v2/'}, {url: /other}]", "", "/api/v2/all /api/v2/users/mine"},
		{"servers: [{url: 'https://{host}/{stage}', variables: {stage: {default: beta}, host: {default: a.example}}}]", "", "/beta/all /beta/users/mine"},
		{"servers: [{url: /api}]", "/", "/all /users/mine"},
		{"servers: [{url: /api}]", "/v9/", "/v9/all /v9/users/mine"},
	} {
		fsys := fstest.MapFS{"a.yaml": {Data: []byte(doc(c.servers))}}
		got, list := openapidoc.LoadBelow(fsys, []string{"a.yaml"}, c.base)
		if err := list.Err(); err != nil {
			t.Errorf("%s below %q: %v", c.servers, c.base, err)
			continue
		}
		var paths []string
		for _, key := range slices.Sorted(maps.Keys(got.Contract.Operations)) {
			op := got.Contract.Operations[key]
			paths = append(paths, strings.TrimPrefix(key, "GET "))
			if op.Pos.Line < 5 || strings.Replace(key, " "+op.Details.Base, " ", 1) != "GET "+strings.TrimPrefix(strings.TrimPrefix(key, "GET "), op.Details.Base) {
				t.Errorf("%s stands at %s below %q", key, op.Pos, op.Details.Base)
			}
			if op.Response.Message.Field("a") == nil {
				t.Errorf("%s has lost its answer", key)
			}
		}
		if text := strings.Join(paths, " "); text != c.want {
			t.Errorf("%s below %q: the paths are %s, not %s", c.servers, c.base, text, c.want)
		}
	}
}

// TestOwnServers: an operation lies below the path of its own first server, or of
// its path's; if that is on another host, it cannot be called.
func TestOwnServers(t *testing.T) {
	const doc = `openapi: 3.0.3
info: {title: x, version: '1'}
servers: [{url: 'https://api.example.com/v1'}, {url: 'https://eu.example.com/v1'}]
paths:
  /usual:
    parameters: [{name: q, in: query, schema: {type: string}}]
    get: {responses: {"204": {description: none}}}
    post:
      servers: [{url: /v2}]
      responses: {"200": {$ref: "#/paths/~1moved/get/responses/200"}}
  /moved:
    servers: [{url: 'https://eu.example.com/{stage}/', variables: {stage: {default: beta}}}]
    parameters: [{name: q, in: query, schema: {type: string}}]
    get:
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}
    put:
      servers: [{url: 'https://uploads.example.com/put'}]
      responses: {"204": {description: none}}
    delete: {responses: {"204": {description: none}}}
  /only:
    get:
      servers: [{url: /}]
      responses: {"204": {description: none}}
`
	load := func(t *testing.T, text, base string) map[string]*contract.Operation {
		t.Helper()
		got, list := openapidoc.LoadBelow(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, []string{"a.yaml"}, base)
		if err := list.Err(); err != nil {
			t.Fatal(err)
		}
		return got.Contract.Operations
	}
	ops := load(t, doc, "")
	for key, want := range map[string]struct {
		line int
		base string
	}{
		"GET /v1/usual": {7, "/v1"}, "POST /v2/usual": {8, "/v2"}, "GET /beta/moved": {14, "/beta"},
		"PUT /v1/moved": {16, "/v1"}, "DELETE /beta/moved": {19, "/beta"}, "GET /only": {21, ""},
	} {
		op := ops[key]
		if op == nil {
			t.Errorf("%s is not among %q", key, slices.Sorted(maps.Keys(ops)))
			continue
		}
		if op.Pos.Line != want.line || op.Details.Base != want.base {
			t.Errorf("%s stands at %s below %q", key, op.Pos, op.Details.Base)
		}
		if len(op.Params) == 0 && key != "GET /only" || len(op.Params) > 0 && op.Params[0].Pos.Line == 0 {
			t.Errorf("%s has the parameters %v", key, op.Params)
		}
		if other := strings.Contains(op.Unsupported, "https://uploads.example.com/put"); other != (key == "PUT /v1/moved") {
			t.Errorf("%s: %q", key, op.Unsupported)
		}
	}
	if len(ops) != 6 {
		t.Errorf("there are %q", slices.Sorted(maps.Keys(ops)))
	}
	if m := ops["POST /v2/usual"].Response.Message; m.Field("a") == nil {
		t.Error("a reference into a path that moved has lost its answer")
	}
	if keys := slices.Sorted(maps.Keys(load(t, doc, "/x"))); !slices.Contains(keys, "POST /x/usual") || !slices.Contains(keys, "GET /x/moved") {
		t.Errorf("with a base that is given there are %q", keys)
	}
}

// TestOwnServersClash: two operations at the same address are a finding.
func TestOwnServersClash(t *testing.T) {
	const doc = `openapi: 3.0.3
info: {title: x, version: '1'}
paths:
  /v2/a:
    get: {responses: {"204": {description: none}}}
  /a:
    get: {servers: [{url: /v2}], responses: {"204": {description: none}}}
`
	_, list := openapidoc.LoadBelow(fstest.MapFS{"a.yaml": {Data: []byte(doc)}}, []string{"a.yaml"}, "")
	const want = "a.yaml:5:5: GET /v2/a is here twice, by the servers of its operations (leave one of them out)"
	if err := list.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestOwnServersShare: what operations on several bases share leads where it led.
func TestOwnServersShare(t *testing.T) {
	fsys := fstest.MapFS{"a.yaml": {Data: []byte(`openapi: 3.0.3
info: {title: x, version: '1'}
servers: [{url: /v1}]
paths:
  /all:
    get:
      parameters: [{name: color, in: query, schema: {type: string, enum: [red]}}]
      responses: {"204": {description: ok}}
  /two:
    parameters: [{$ref: "#/paths/~1all/get/parameters/0"}]
    get: {responses: {"204": {description: ok}}}
    post: {servers: [{url: /v2}], responses: {"204": {description: ok}}}
`)}}
	got, list := openapidoc.Load(fsys, []string{"a.yaml"})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"GET /v1/two", "POST /v2/two"} {
		if op := got.Contract.Operations[key]; op == nil || len(op.Params) != 1 || op.Params[0].Name != "color" {
			t.Errorf("%s is %+v", key, op)
		}
	}
}
