package openapidoc_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

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
