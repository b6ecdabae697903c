package openapidoc_test

import (
	"testing"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
)

// No document, however odd, may end in a panic.
func FuzzLoad(f *testing.F) {
	f.Add(shop)
	for _, odd := range []string{
		"paths: {/a: null}",
		"paths: {/a: {get: null}}",
		"paths: {/a: {get: {responses: null}}}",
		"paths: {/a: {get: {responses: {'200': null}}}}",
		"paths: {/a: {get: {responses: {'200': {description: a, content: null}}}}}",
		"paths: {/a: {get: {responses: {'200': {description: a, content: {application/json: null}}}}}}",
		"paths: {/a: {get: {responses: {'200': {description: a, content: {application/json: {schema: null}}}}}}}",
		"paths: {/a: {get: {parameters: [null], responses: {'200': {description: a}}}}}",
		"paths: {/a: {post: {requestBody: {content: {application/json: null}}, responses: {'200': {description: a}}}}}",
		"paths: {/a: {post: {requestBody: {}, responses: {'200': {description: a}}}}}",
		"paths: {}\ncomponents: null",
		"paths: {}\ncomponents: {schemas: null}",
		"paths: {}\ncomponents: {schemas: {A: null}}",
		"paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: null}}}}",
		"paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {type: array, items: null}}}}}",
		"paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A'}}}",
		"paths: {}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}}",
		"paths: {}\ncomponents: {schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A/properties/a'}}}}}",
		"paths: {/a: {$ref: '#/paths/~1a'}}",
		"paths: null",
		"paths: []",
		"",
	} {
		f.Add(head + odd + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		doc, list := openapidoc.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}}, []string{"a.yaml"})
		if list.Len() == 0 {
			if _, err := doc.OpenAPI(); err != nil {
				t.Errorf("no findings, but the merged document does not load: %v", err)
			}
		}
		_, _ = openapidoc.FromServer([]byte(text))
	})
}
