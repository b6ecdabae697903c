package drift_test

import (
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"
)

// bareProject answers and takes what is no object.
const bareProject = `
-- manifest.yaml --
version: 1
api: {name: bare}
contracts:
  graphql: {schema: schema.graphql, path: /graphql}
  rest: {documents: [openapi.yaml]}
output: {package: bare}
services: [{name: main, client: Client, constructor: New, graphql: "{camelName}", rest: "/{camelName}"}]
methods:
  - {name: list_books, service: main, doc: lists, protocols: [graphql, rest]}
  - {name: remove_book, service: main, doc: removes, protocols: [graphql, rest]}
  - {name: add_books, service: main, doc: adds, protocols: [rest]}
  - {name: tell_kind, service: main, doc: tells, protocols: [graphql, rest]}
-- schema.graphql --
type Query { listBooks: [Book!]!, tellKind: Kind! }
type Mutation { removeBook: Boolean! }
type Book { id: ID! }
enum Kind { OLD NEW }
-- openapi.yaml --
openapi: 3.0.3
info: {title: bare, version: "1"}
paths:
  /listBooks:
    get: {responses: {"200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Book"}}}}}}}
  /removeBook:
    get: {responses: {"200": {description: d, content: {application/json: {schema: {type: boolean}}}}}}
  /addBooks:
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}}}}
      responses: {"204": {description: d}}
  /tellKind:
    get: {responses: {"200": {description: d, content: {application/json: {schema: {type: string, enum: [OLD, NEW]}}}}}}
components:
  schemas:
    Book: {type: object, properties: {id: {type: string}}}
`

// TestCompareBare: answers and bodies that are no objects are compared as fields are.
func TestCompareBare(t *testing.T) {
	base := fstest.MapFS{}
	for _, f := range txtar.Parse([]byte(bareProject)).Files {
		base[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	testChanges(t, base, []changeTest{
		{"nothing", nil, nil},
		{"a list becomes an object with the list, everywhere", []edit{
			{schemaFile, "listBooks: [Book!]!", "listBooks: Books!"},
			{schemaFile, "type Book {", "type Books { items: [Book!]! }\ntype Book {"},
			{openapiFile, `{type: array, items: {$ref: "#/components/schemas/Book"}}`, `{type: object, properties: {items: {type: array, items: {$ref: "#/components/schemas/Book"}}}}`},
		}, []string{
			"sdk-type-changed source ListBooksResponse",
			"response-replaced source+wire list_books rest", "response-replaced source+wire list_books graphql",
			"message-added harmless list_books Books graphql", "message-added harmless list_books Books rest",
		}},
		{"a flag becomes a number", []edit{
			{schemaFile, "removeBook: Boolean!", "removeBook: Int!"},
			{openapiFile, "{type: boolean}", "{type: integer, format: int32}"},
		}, []string{
			"sdk-field-changed source RemoveBookResponse.value",
			"response-replaced wire remove_book rest", "response-replaced wire remove_book graphql",
		}},
		{"a flag may be null", []edit{{schemaFile, "removeBook: Boolean!", "removeBook: Boolean"}}, []string{"response-nullable wire remove_book graphql"}},
		{"items may be null", []edit{{schemaFile, "[Book!]!", "[Book]!"}}, []string{"field-item-nullable wire list_books graphql"}},
		{"a new value", []edit{
			{schemaFile, "OLD NEW", "OLD NEW USED"},
			{openapiFile, "[OLD, NEW]", "[OLD, NEW, USED]"},
		}, []string{"enum-value-added wire tell_kind rest", "enum-value-added wire tell_kind graphql"}},
		{"a body becomes a list of other things", []edit{{openapiFile, "items: {type: string}", "items: {type: integer}"}}, []string{
			"sdk-field-changed source AddBooksRequest.items", "request-replaced wire add_books rest",
		}},
		{"a body becomes an object", []edit{{openapiFile, "schema: {type: array, items: {type: string}}", "schema: {type: object, properties: {items: {type: array, items: {type: string}}}}"}}, []string{
			"request-replaced wire add_books rest", "message-added harmless add_books AddBooksRequest rest",
		}},
		{"a body may be left out", []edit{{openapiFile, "{required: true, content", "{content"}}, []string{"request-optional harmless add_books rest"}},
		{"a field of what the list holds", []edit{
			{schemaFile, "type Book { id: ID! }", "type Book { id: ID!, title: String }"},
			{openapiFile, "Book: {type: object, properties: {id", "Book: {type: object, properties: {title: {type: string}, id"},
		}, []string{"field-added wire list_books Book.title graphql,rest"}},
	})
}
