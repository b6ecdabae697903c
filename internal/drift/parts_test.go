package drift_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/drift"
)

// rich is the project that has requests of several parts, choices and rules of
// HTTP.
func rich(t *testing.T) fstest.MapFS { return archived(t, "quality/testdata/rich.txtar") }

const richProto = "proto/rich/v1/rich.proto"

// What is said of parameters, choices, enums and rules of HTTP.
func TestCompareParts(t *testing.T) {
	tests := []struct {
		name  string
		edits []edit
		want  []string
	}{
		{"a field that is an argument, a parameter and a field", []edit{
			{schemaFile, "word: String): Found!", "word: String, maxSize: Int): Found!"},
			{openapiFile, "        - {name: word, in: query, schema: {type: string}}\n", "        - {name: word, in: query, schema: {type: string}}\n        - {name: maxSize, in: query, schema: {type: integer, format: int32}}\n"},
			{richProto, "google.protobuf.StringValue word = 4;", "google.protobuf.StringValue word = 4; optional int32 max_size = 5;"},
		}, []string{
			"argument-added wire find_items FindItemsRequest.max_size graphql,rest",
			"field-added harmless find_items FindItemsRequest.max_size grpc",
		}},
		{"the same, forgotten in one", []edit{
			{schemaFile, "word: String): Found!", "word: String, maxSize: Int): Found!"},
			{richProto, "google.protobuf.StringValue word = 4;", "google.protobuf.StringValue word = 4; optional int32 max_size = 5;"},
		}, []string{
			"sdk-not-generated source",
			"argument-added wire find_items FindItemsRequest.max_size graphql",
			"field-added harmless find_items FindItemsRequest.max_size grpc",
			"one-sided harmless find_items FindItemsRequest.max_size",
		}},
		{"a parameter of one protocol alone is gone", []edit{
			{openapiFile, "        - {name: X-Trace, in: header, schema: {type: string}}\n", ""},
		}, []string{"argument-removed source+wire draw DrawRequest.x_trace rest"}},
		{"a parameter becomes required, and a pointer a value", []edit{
			{openapiFile, "{name: order, in: query, schema", "{name: order, in: query, required: true, schema"},
		}, []string{"argument-required source+wire draw DrawRequest.order rest"}},
		{"a list is written otherwise", []edit{
			{openapiFile, "in: query, explode: false, ", "in: query, "},
		}, []string{"argument-style-changed wire draw DrawRequest.sizes rest"}},
		{"what stands in a path has another name", []edit{
			{openapiFile, "/tables/{table}:", "/tables/{name}:"},
			{openapiFile, "{name: table, in: path", "{name: name, in: path"},
			{manifestFile, "GET /tables/{table}", "GET /tables/{name}"},
		}, []string{"path-changed harmless table rest", "argument-renamed source table TableRequest.table rest"}},
		{"an argument may be left out", []edit{
			{schemaFile, "search(text: String!,", "search(text: String,"},
		}, []string{"argument-optional source+wire search SearchRequest.text graphql"}},
		{"a constant is gone everywhere", []edit{
			{schemaFile, "  FILM\n", ""},
			{openapiFile, "KIND_FILM, ", ""},
			{richProto, " KIND_FILM = 2;", ""},
		}, []string{
			"enum-value-removed source+wire find_items FindItemsRequest.kinds graphql",
			"enum-value-removed source+wire find_items FindItemsRequest.kinds grpc",
			"enum-value-removed source+wire find_items FindItemsRequest.kinds rest",
			"enum-value-removed source find_items,get_item,put_item Item.kind graphql",
			"enum-value-removed source find_items,get_item,put_item,watch_items Item.kind grpc",
			"enum-value-removed source find_items,get_item,put_item,watch_items Item.kind rest",
		}},
		{"a body of all fields becomes none", []edit{
			{richProto, `post: "/v1/choose" body: "*"`, `post: "/v1/choose"`},
		}, []string{"http-rule-changed wire choose grpc"}},
		{"a rule has a further binding", []edit{
			{richProto, `post: "/v1/choose" body: "*"`, `post: "/v1/choose" body: "*" additional_bindings { get: "/v1/choices" }`},
		}, []string{"http-rule-changed harmless choose grpc"}},
		{"a oneof has another name", []edit{
			{richProto, "message Choice { oneof kind {", "message Choice { oneof sort {"},
		}, []string{"field-oneof-changed harmless choose Choice.link grpc", "field-oneof-changed harmless choose Choice.text grpc"}},
		{"a union has one member less", []edit{
			{schemaFile, "union Hit = Person | Place", "union Hit = Person"},
		}, []string{"sdk-type-changed source Place", "variant-removed source+wire search Hit.place graphql"}},
		{"a second value tells a variant of an answer", []edit{
			{openapiFile, `mapping: {circle: "#/components/schemas/Circle", `, `mapping: {circle: "#/components/schemas/Circle", round: "#/components/schemas/Circle", `},
		}, []string{"discriminator-changed wire draw Shape rest"}},
		{"a message of others comes", []edit{
			{richProto, "rpc Unused(Text) returns (stream Text);", "rpc Unused(google.protobuf.Struct) returns (stream Text);"},
		}, []string{"request-replaced harmless grpc"}},
	}
	base := rich(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := drift.Compare(read(t, base), read(t, edited(t, base, tt.edits)))
			got := lines(result)
			if strings.HasPrefix(tt.name, "a constant") {
				got = slices.DeleteFunc(got, func(s string) bool {
					return !strings.Contains(s, "FindItemsRequest") && !strings.Contains(s, "Item.kind ")
				})
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(tt.want))
			if !slices.Equal(got, want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
			}
		})
	}
}
