package check_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/triwire/authorizer-sdk/internal/check"
	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/report"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// input reads and resolves a project; the list is what makes it unusable.
func input(fsys fstest.MapFS) (check.Input, *diag.List) {
	findings := &diag.List{}
	file, list := manifest.Parse("manifest.yaml", fsys["manifest.yaml"].Data)
	findings.Merge(list)
	in := check.Input{Manifest: file, Contracts: map[ir.Protocol]*contract.Contract{}}
	if list := fsys[inPlaces]; list != nil {
		places, found := check.ParsePlaces(inPlaces, list.Data)
		findings.Merge(found)
		in.Places = places
	}
	c := file.Contracts
	if c.GraphQL != nil {
		scalars := map[string]contract.Scalar{}
		for name, t := range file.Scalars {
			scalars[name] = contract.Scalar(t.Value)
		}
		in.Contracts[ir.GraphQL], list = graphqlschema.Load(fsys, []string{c.GraphQL.Schema.Value}, graphqlschema.Options{Scalars: scalars})
		findings.Merge(list)
	}
	if c.REST != nil {
		doc, list := openapidoc.Load(fsys, manifest.Values(c.REST.Documents))
		in.Contracts[ir.REST] = doc.Contract
		findings.Merge(list)
	}
	if c.GRPC != nil {
		files, list := protofiles.Load(fsys, c.GRPC.Protos.Value)
		in.Contracts[ir.GRPC] = files.Contract
		findings.Merge(list)
	}
	if findings.Len() > 0 {
		return in, findings
	}
	model, found := resolve.Resolve(resolve.Input{Manifest: file, Contracts: in.Contracts, Module: "example.test/x"})
	in.Model, in.Resolved = model, found.Findings()
	return in, findings
}

func files(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	out := fstest.MapFS{}
	for _, f := range archive.Files {
		out[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return out
}

// edit is a change of one file of the base.
type edit struct{ file, old, new string }

const (
	inManifest = "manifest.yaml"
	inSchema   = "schema.graphql"
	inOpenAPI  = "openapi.yaml"
	inProto    = "proto/x/v1/x.proto"
	inPlaces   = "accepted.txt" // all of it
)

// run checks the base with the edits, one line a finding.
func run(t *testing.T, edits ...edit) (lines []string, findings []report.Finding) {
	t.Helper()
	fsys := files(t, "testdata/base.txtar")
	for _, e := range edits {
		if e.file == inPlaces {
			fsys[inPlaces] = &fstest.MapFile{Data: []byte(e.new)}
			continue
		}
		text := string(fsys[e.file].Data)
		if strings.Count(text, e.old) != 1 {
			t.Fatalf("%s holds %q %d times", e.file, e.old, strings.Count(text, e.old))
		}
		fsys[e.file].Data = []byte(strings.Replace(text, e.old, e.new, 1))
	}
	in, unusable := input(fsys)
	if err := unusable.Err(); err != nil {
		t.Fatalf("the input cannot be used: %v", err)
	}
	findings = check.Run(in)
	for _, f := range findings {
		line := fmt.Sprintf("%s: %s: %s %s", filepath.Base(f.Pos.File), f.Rule, f.Message, f.Protocols)
		if f.Accepted != "" {
			line += " accepted: " + f.Accepted
		}
		lines = append(lines, line)
	}
	return lines, findings
}

// add appends entries to a part of the manifest.
func add(text string) edit { return edit{inManifest, "methods:\n", text + "\nmethods:\n"} }

type ruleCase struct {
	name  string
	edits []edit
	want  []string
}

func cases() []ruleCase {
	return slices.Concat(operationCases(), fieldCases(), methodCases(), acceptanceCases(), placesCases())
}

func operationCases() []ruleCase {
	extra := edit{inSchema, "type Query {", "type Query { extra: Item!"}
	return []ruleCase{
		{"nothing", nil, nil},
		{"uncovered", []edit{extra}, []string{"schema.graphql: uncovered-operation: graphql has the operation extra, which no method covers [graphql]"}},
		{"ignored", []edit{extra, add("ignored: [{graphql: extra, reason: why}]")}, []string{
			"schema.graphql: uncovered-operation: graphql has the operation extra, which no method covers [graphql] accepted: why"}},
		{"ignored and gone", []edit{add("ignored: [{graphql: extra, reason: why}]")}, []string{
			"manifest.yaml: unused-ignore: ignored lists extra, but graphql has no such operation [graphql]"}},
		{"ignored and covered", []edit{add("ignored: [{rest: POST /items, reason: why}]")}, []string{
			"manifest.yaml: unused-ignore: ignored lists POST /items, but a method covers it [rest]"}},
		{"annotation of another path", []edit{{inProto, `post: "/items"`, `post: "/all"`}}, []string{
			"x.proto: http-annotation-differs: method items is POST /items over rest, but the google.api.http annotation of x.v1.S/Items is POST /all [rest grpc]"}},
		{"annotation of another verb", []edit{{inProto, `post: "/items"`, `get: "/items"`}}, []string{
			"x.proto: http-annotation-differs: method items is POST /items over rest, but the google.api.http annotation of x.v1.S/Items is GET /items [rest grpc]"}},
		{"no annotation", []edit{{inProto, "    option (google.api.http) = {post: \"/items\"};\n", ""}}, []string{
			"x.proto: http-annotation-differs: method items is POST /items over rest, but x.v1.S/Items has no google.api.http annotation [grpc]"}},
		{"annotation without REST", []edit{{inManifest, "protocols: [graphql, rest, grpc]", "protocols: [graphql, grpc]"}, add("ignored: [{rest: POST /items, reason: why}]")}, []string{
			"x.proto: http-annotation-differs: method items does not list rest, but the google.api.http annotation of x.v1.S/Items offers POST /items [grpc]",
			"openapi.yaml: uncovered-operation: rest has the operation POST /items, which no method covers [rest] accepted: why"}},
	}
}

func fieldCases() []ruleCase {
	color := edit{inSchema, "type Item {", "type Item { color: String!"}
	tint := edit{inSchema, "input ItemsRequest {", "input ItemsRequest { tint: String"}
	return []ruleCase{
		{"a field more", []edit{color}, []string{
			"schema.graphql: missing-field: field color of Item exists over graphql (schema.graphql:5:13) but not over rest, where the type is Item, and grpc, where it is x.v1.Item []"}},
		{"a field more, left out", []edit{color, add("fields: [{type: Item, field: color, omit: why}]")}, []string{
			"schema.graphql: missing-field: field color of Item exists over graphql, and is left out of the SDK [graphql] accepted: why"}},
		{"a field more, kept without a reason", []edit{tint, add("fields: [{type: ItemsRequest, field: tint, only: [graphql]}]")}, []string{
			"manifest.yaml: missing-field: field tint of ItemsRequest exists over graphql but not over rest and grpc; setting it there is an error [rest grpc]"}},
		{"a field more, kept", []edit{tint, add("fields: [{type: ItemsRequest, field: tint, only: [graphql], reason: why}]")}, []string{
			"manifest.yaml: missing-field: field tint of ItemsRequest exists over graphql but not over rest; setting it there is an error [rest] accepted: why",
			"manifest.yaml: missing-field: field tint of ItemsRequest exists over graphql but not over grpc; setting it there is an error [grpc] accepted: why"}},
		{"a field more, accepted of one protocol", []edit{tint, add("fields: [{type: ItemsRequest, field: tint, only: [graphql]}]"), add("accepted: [{rule: missing-field, type: ItemsRequest, field: tint, protocols: [rest], reason: because}]")}, []string{
			"manifest.yaml: missing-field: field tint of ItemsRequest exists over graphql but not over rest; setting it there is an error [rest] accepted: because",
			"manifest.yaml: missing-field: field tint of ItemsRequest exists over graphql but not over grpc; setting it there is an error [grpc]"}},
		{"another case", []edit{{inSchema, "type Item { id:", "type Item { Id:"}}, []string{
			"x.proto: name-case: field id of Item exists over rest (openapi.yaml:12:39) and grpc (proto/x/v1/x.proto:21:3) but not over graphql, where the type is Item []",
			"schema.graphql: name-case: field Id of Item exists over graphql (schema.graphql:5:13) but not over rest, where the type is Item, and grpc, where it is x.v1.Item []",
			"schema.graphql: name-clash: fields id and Id of Item have the same Go name Id []"}},
		{"another case, declared without a reason", []edit{{inSchema, "type Item { id:", "type Item { Id:"}, add("fields: [{type: Item, field: id, graphql: Id}]")}, []string{
			"schema.graphql: name-case: field id of Item is called Id over graphql [graphql]"}},
		{"another case, declared", []edit{{inSchema, "type Item { id:", "type Item { Id:"}, add("fields: [{type: Item, field: id, graphql: Id, reason: why}]")}, []string{
			"schema.graphql: name-case: field id of Item is called Id over graphql [graphql] accepted: why"}},
		{"not required", []edit{{inProto, " [(buf.validate.field).string.min_len = 1]", ""}}, []string{
			"x.proto: required-differs: field name of ItemsRequest is required over graphql but not over grpc [grpc]"}},
		{"a limit that demands nothing", []edit{{inProto, "min_len = 1", "min_len = 0"}}, []string{
			"x.proto: required-differs: field name of ItemsRequest is required over graphql but not over grpc [grpc]"}},
		{"required over gRPC only", []edit{{inProto, "optional string token = 1", "optional string token = 1 [(buf.validate.field).required = true]"}}, []string{
			"schema.graphql: required-differs: field token of ItemsRequest is required over grpc but not over graphql [graphql]"}},
		{"no presence", []edit{{inProto, "optional string token", "string token"}}, []string{
			"openapi.yaml: presence-lost: field token of ItemsRequest cannot be sent empty over rest, as over graphql [rest]",
			"x.proto: presence-lost: field token of ItemsRequest cannot be sent empty over grpc, as over graphql [grpc]"}},
		{"nullable", []edit{{inSchema, "count: Int64!", "count: Int64"}}, []string{
			"openapi.yaml: nullable-differs: field count of Item always has a value over rest, but can be absent over graphql [rest]",
			"x.proto: nullable-differs: field count of Item always has a value over grpc, but can be absent over graphql [grpc]"}},
		{"nullable items", []edit{{inSchema, "[Item!]!", "[Item]!"}}, []string{
			"schema.graphql: nullable-differs: items of the list items of ItemsResponse can be null over graphql, but not over rest and grpc [graphql]"}},
		{"int64 as string", []edit{{inOpenAPI, "type: integer, format: int64", "type: string, format: int64"}}, []string{
			"openapi.yaml: int64-as-string: field count of Item is an integer that rest writes as a string [rest]"}},
		{"another type", []edit{{inSchema, "count: Int64!", "count: String!"}}, []string{
			"schema.graphql: type-mismatch: field count of Item is string over graphql but int64 elsewhere []"}},
		{"what cannot be represented", []edit{{inProto, "string id = 1", "google.protobuf.Any id = 1"}, {inProto, "import \"buf", "import \"google/protobuf/any.proto\";\nimport \"buf"}}, []string{
			"x.proto: unsupported-type: field id of Item cannot be represented over grpc: is a google.protobuf.Any, whose type is known only when it arrives []"}},
		{"an enum over one", []edit{{inProto, "string id = 1", "Kind id = 1"}, {inProto, "message Item {", "enum Kind { NONE = 0; }\nmessage Item {"}}, []string{
			"schema.graphql: type-mismatch: field id of Item is string over graphql but enum elsewhere []"}},
		{"an enum of other values", enum("enum Kind { NEW USED }", "KIND_UNSPECIFIED = 0; KIND_NEW = 1;", "Kind!"), []string{
			"x.proto: enum-values-differ: the enum Kind has the value USED over graphql but not over grpc [grpc]"}},
		{"a default", []edit{{inProto, "syntax = \"proto3\";\npackage x.v1;\nimport \"buf", "syntax = \"proto2\";\npackage x.v1;\nimport \"buf"},
			{inProto, "string name = 2 [", "optional string name = 2 ["}, {inProto, "  string token = 2;", "  required string token = 2;"},
			{inProto, "  string id = 1;", "  required string id = 1;"}, {inProto, "  int64 count = 2;", "  required int64 count = 2 [default = 7];"}}, []string{
			"x.proto: proto-default: field count of Item is 7 over grpc where it is absent, but zero over graphql and rest [grpc]",
			"schema.graphql: nullable-differs: field count of Item always has a value over graphql, but can be absent over rest and grpc [graphql]",
			"schema.graphql: nullable-differs: field id of Item always has a value over graphql, but can be absent over rest and grpc [graphql]",
			"schema.graphql: nullable-differs: field token of ItemsResponse always has a value over graphql, but can be absent over rest and grpc [graphql]",
			"x.proto: required-differs: field name of ItemsRequest is required over graphql but not over grpc [grpc]"}},
		{"an enum whose first value counts", enum("enum Kind { NEW }", "NEW = 0;", "Kind"), []string{
			"openapi.yaml: nullable-differs: field id of Item always has a value over rest, but can be absent over graphql [rest]",
			"x.proto: nullable-differs: field id of Item always has a value over grpc, but can be absent over graphql [grpc]",
			"x.proto: enum-zero: field id of Item is NEW over grpc where it is absent over graphql [grpc]"}},
	}
}

// enum makes the field id an enum with these values.
func enum(graphql, proto, use string) []edit {
	return []edit{
		{inSchema, "type Item { id: String!", graphql + "\ntype Item { id: " + use},
		{inProto, "string id = 1", "Kind id = 1"},
		{inProto, "message Item {", "enum Kind { " + proto + " }\nmessage Item {"},
	}
}

func methodCases() []ruleCase {
	guarded := edit{inOpenAPI, "components:\n", "security: [{key: []}]\ncomponents:\n  securitySchemes: {key: {type: apiKey, in: header, name: k}}\n"}
	return []ruleCase{
		{"pages over some", []edit{{inProto, "  optional string token = 1;\n", ""}, add("fields: [{type: ItemsRequest, field: token, only: [graphql, rest], reason: why}]")}, []string{
			"manifest.yaml: missing-field: field token of ItemsRequest exists over graphql and rest but not over grpc; setting it there is an error [grpc] accepted: why",
			"x.proto: paging-differs: method items comes in pages by token over graphql and rest, but not over grpc [grpc]",
			"openapi.yaml: presence-lost: field token of ItemsRequest cannot be sent empty over rest, as over graphql [rest]"}},
		{"deprecated operation", []edit{{inSchema, "ItemsResponse! }", "ItemsResponse! @deprecated(reason: \"use another\") }"}}, []string{
			"openapi.yaml: deprecation-differs: method items is deprecated over graphql, but not over rest [rest]",
			"x.proto: deprecation-differs: method items is deprecated over graphql, but not over grpc [grpc]",
			"manifest.yaml: deprecation-differs: method items is deprecated over graphql, but its row does not say so [graphql]"}},
		{"deprecated field", []edit{{inProto, "int64 count = 2;", "int64 count = 2 [deprecated = true];"}}, []string{
			"schema.graphql: deprecation-differs: field count of Item is deprecated over grpc, but not over graphql [graphql]",
			"openapi.yaml: deprecation-differs: field count of Item is deprecated over grpc, but not over rest [rest]"}},
		{"guarded over REST", []edit{guarded}, []string{
			"x.proto: auth-differs: method items needs a credential over rest, but not over grpc [grpc]"}},
		{"guarded over both", []edit{guarded, {inProto, "option (public) = true", "option (public) = false"}, {inProto, "service S {", "service S {\n  rpc Other(Item) returns (Item) { option (public) = true; }"}, add("ignored: [{grpc: x.v1.S/Other, reason: why}]")}, []string{
			"x.proto: uncovered-operation: grpc has the operation x.v1.S/Other, which no method covers [grpc] accepted: why"}},
		{"guarded, and by nothing", []edit{guarded, {inOpenAPI, "    post:\n", "    post:\n      security: [{}]\n"}}, nil},
	}
}

func acceptanceCases() []ruleCase {
	int64s := edit{inOpenAPI, "type: integer, format: int64", "type: string, format: int64"}
	const found = "openapi.yaml: int64-as-string: field count of Item is an integer that rest writes as a string [rest]"
	accept := func(entry string) edit { return add("accepted: [{" + entry + ", reason: why}]") }
	return []ruleCase{
		{"accepted by rule", []edit{int64s, accept("rule: int64-as-string")}, []string{found + " accepted: why"}},
		{"accepted by all", []edit{int64s, accept("rule: int64-as-string, method: items, type: Item, field: count, protocols: [rest]")}, []string{found + " accepted: why"}},
		{"accepted in another place", []edit{int64s, accept("rule: int64-as-string, type: Item, field: id")}, []string{
			found, "manifest.yaml: unused-acceptance: the accepted finding of int64-as-string does not occur any more []"}},
		{"accepted over another protocol", []edit{int64s, accept("rule: int64-as-string, protocols: [grpc]")}, []string{
			found, "manifest.yaml: unused-acceptance: the accepted finding of int64-as-string does not occur any more []"}},
		{"accepted over a protocol too many", []edit{int64s, accept("rule: int64-as-string, protocols: [rest, grpc]")}, []string{
			found + " accepted: why", "manifest.yaml: unused-acceptance: the accepted finding of int64-as-string does not occur over grpc any more []"}},
		{"accepted and gone", []edit{accept("rule: int64-as-string")}, []string{
			"manifest.yaml: unused-acceptance: the accepted finding of int64-as-string does not occur any more []"}},
		{"no such rule", []edit{accept("rule: int64")}, []string{`manifest.yaml: unused-acceptance: accepted names the unknown rule "int64" []`}},
		{"cannot be accepted", []edit{accept("rule: stale-output")}, []string{
			"manifest.yaml: unused-acceptance: what the rule stale-output finds cannot be accepted []"}},
		{"what stands in the way of an SDK", []edit{{inSchema, "type Item {", "type Item { color: String!"}, accept("rule: missing-field")}, []string{
			"schema.graphql: missing-field: field color of Item exists over graphql (schema.graphql:5:13) but not over rest, where the type is Item, and grpc, where it is x.v1.Item []"}},
	}
}

// placesCases are about the list of what open entries of accepted stand for.
func placesCases() []ruleCase {
	int64s := edit{inOpenAPI, "type: integer, format: int64", "type: string, format: int64"}
	deprecated := edit{inSchema, "ItemsResponse! }", "ItemsResponse! @deprecated(reason: \"use another\") }"}
	const found = "openapi.yaml: int64-as-string: field count of Item is an integer that rest writes as a string [rest]"
	accept := func(entry string) edit { return add("accepted: [{" + entry + ", reason: why}]") }
	list := func(lines string) edit { return edit{file: inPlaces, new: lines} }
	return []ruleCase{
		{"listed", []edit{int64s, accept("rule: int64-as-string"), list("# comment\n\n  int64-as-string\tItem.count rest\n")}, []string{found + " accepted: why"}},
		{"not listed", []edit{int64s, accept("rule: int64-as-string"), list("")}, []string{found}},
		{"not listed over that protocol", []edit{int64s, accept("rule: int64-as-string, type: Item"), list("int64-as-string Item.count grpc\n")}, []string{
			found, `accepted.txt: unused-acceptance: "int64-as-string Item.count grpc" is listed, but is not found any more []`}},
		{"said by the entry itself", []edit{int64s, accept("rule: int64-as-string, type: Item, field: count"), list("")}, []string{found + " accepted: why"}},
		{"said by one entry, open in another", []edit{int64s, add("accepted: [{rule: int64-as-string, reason: open}, {rule: int64-as-string, type: Item, field: count, reason: why}]"), list("")}, []string{found + " accepted: why"}},
		{"said for a method, about its type", []edit{int64s, accept("rule: int64-as-string, method: items"), list("")}, []string{found}},
		{"said for a method", []edit{deprecated, accept("rule: deprecation-differs, method: items"), list("")}, []string{
			"openapi.yaml: deprecation-differs: method items is deprecated over graphql, but not over rest [rest] accepted: why",
			"x.proto: deprecation-differs: method items is deprecated over graphql, but not over grpc [grpc] accepted: why",
			"manifest.yaml: deprecation-differs: method items is deprecated over graphql, but its row does not say so [graphql] accepted: why"}},
		{"one of three is new", []edit{deprecated, accept("rule: deprecation-differs"), list("deprecation-differs items rest\ndeprecation-differs items graphql\n")}, []string{
			"openapi.yaml: deprecation-differs: method items is deprecated over graphql, but not over rest [rest] accepted: why",
			"x.proto: deprecation-differs: method items is deprecated over graphql, but not over grpc [grpc]",
			"manifest.yaml: deprecation-differs: method items is deprecated over graphql, but its row does not say so [graphql] accepted: why"}},
		{"listed twice, found once", []edit{int64s, accept("rule: int64-as-string"), list("int64-as-string Item.count rest\nint64-as-string Item.count rest\n")}, []string{
			found + " accepted: why", `accepted.txt: unused-acceptance: "int64-as-string Item.count rest" is listed, but is not found any more []`}},
	}
}

// TestPlaces: what is written lists just what is found, sorted, and is read back.
func TestPlaces(t *testing.T) {
	fsys := files(t, "testdata/base.txtar")
	for name, change := range map[string][2]string{
		inOpenAPI:  {"type: integer, format: int64", "type: string, format: int64"},
		inProto:    {"optional string token", "string token"},
		inManifest: {"methods:\n", "accepted: [{rule: int64-as-string, reason: why}, {rule: presence-lost, reason: why}]\nmethods:\n"},
	} {
		fsys[name].Data = []byte(strings.Replace(string(fsys[name].Data), change[0], change[1], 1))
	}
	in, unusable := input(fsys)
	if err := unusable.Err(); err != nil {
		t.Fatal(err)
	}
	text := string(check.FormatPlaces(check.AcceptedPlaces(in)))
	want := "int64-as-string Item.count rest\npresence-lost ItemsRequest.token grpc\npresence-lost ItemsRequest.token rest\n"
	if _, lines, ok := strings.Cut(text, "is not accepted.\n"); !ok || lines != want {
		t.Errorf("the list is %q", text)
	}
	places, findings := check.ParsePlaces("list", []byte(text))
	if got := strings.Join(places.Lines(), "\n") + "\n"; got != want || findings.Len() > 0 {
		t.Errorf("read back: %q, %v", got, findings.Err())
	}
	if _, findings = check.ParsePlaces("list", []byte("\nrule place\n")); findings.Len() != 1 || findings.Findings()[0].Pos.Line != 2 {
		t.Errorf("a line of two words: %v", findings.Err())
	}
}

// A misspelled rule is told with the one that it looks like.
func TestUnknownRule(t *testing.T) {
	_, findings := run(t, add("accepted: [{rule: int64-as-strings, reason: why}]"))
	if len(findings) != 1 || !strings.HasPrefix(findings[0].Hint, "did you mean int64-as-string? ") {
		t.Errorf("got %+v", findings)
	}
}

// TestRules: each change of the base makes just these findings.
func TestRules(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			got, findings := run(t, c.edits...)
			slices.Sort(got)
			want := slices.Sorted(slices.Values(c.want))
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("the findings differ (-want +got):\n%s", d)
			}
			for _, f := range findings {
				if f.Pos.Line == 0 || f.Pos.Col == 0 {
					t.Errorf("%s has no position: %+v", f.Rule, f.Pos)
				}
			}
		})
	}
}

// TestEveryRuleFinds: each rule that is described finds something somewhere that
// is not accepted, and nothing is found by a rule that is not described.
func TestEveryRuleFinds(t *testing.T) {
	found := map[string]bool{}
	note := func(list []report.Finding) {
		for _, f := range list {
			found[f.Rule] = found[f.Rule] || f.Accepted == ""
		}
	}
	for _, c := range cases() {
		_, findings := run(t, c.edits...)
		note(findings)
	}
	// The cases of what stands in the way of generating are those of the command.
	names, err := filepath.Glob("../../cmd/sdkgen/testdata/errors/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		fsys := files(t, name)
		if fsys["manifest.yaml"] == nil {
			continue
		}
		if in, unusable := input(fsys); unusable.Len() == 0 {
			note(check.Run(in))
		}
	}
	// Those of others, and of their tests.
	found[check.StaleOutput], found[check.UnusableInput] = true, true
	for _, r := range check.Rules() {
		if !found[r.ID] {
			t.Errorf("no case makes %s find anything", r.ID)
		}
		if len(r.Doc) < 20 || strings.Contains(r.Doc, "\n") {
			t.Errorf("%s is described by %q", r.ID, r.Doc)
		}
		delete(found, r.ID)
	}
	for id := range found {
		t.Errorf("%q finds something, but is not described", id)
	}
}

var update = flag.Bool("update", false, "rewrite the table of rules in docs/contract-drift.md")

// TestDocumented holds the documentation to the rules' own words.
func TestDocumented(t *testing.T) {
	const name = "../../docs/contract-drift.md"
	const begin, end = "<!-- rules: written by go test ./internal/check -update -->\n", "<!-- end of rules -->"
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(content), begin)
	have, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the rules", name)
	}
	want := "\n| id | severity | accepted by an entry | finds |\n|---|---|---|---|\n"
	for _, r := range check.Rules() {
		want += fmt.Sprintf("| `%s` | %s | %s | %s |\n", r.ID, r.Severity, map[bool]string{true: "yes", false: "no"}[check.Acceptable(r.ID)], r.Doc)
	}
	want += "\n"
	if *update {
		if err := os.WriteFile(name, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if have != want {
		t.Errorf("%s has other rules; run go test ./internal/check -update", name)
	}
}

// TestRuleIDs: ids are unique, also those of the resolver.
func TestRuleIDs(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range check.Rules() {
		if seen[r.ID] {
			t.Errorf("%s is described twice", r.ID)
		}
		seen[r.ID] = true
	}
	for _, id := range resolve.RuleIDs() {
		if !seen[string(id)] {
			t.Errorf("%s is not described", id)
		}
	}
}
