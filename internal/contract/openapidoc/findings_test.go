package openapidoc_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
