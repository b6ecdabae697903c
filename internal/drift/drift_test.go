package drift_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// small is the project that the mutations are applied to, too.
func small(t *testing.T) fstest.MapFS { return archived(t, "quality/testdata/small.txtar") }

func archived(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return files
}

// edit is a text of a file and what stands in its place.
type edit struct{ file, from, to string }

const (
	manifestFile = "manifest.yaml"
	schemaFile   = "schema.graphql"
	openapiFile  = "openapi.yaml"
	protoFile    = "proto/small/v1/small.proto"
)

func edited(t *testing.T, files fstest.MapFS, edits []edit) fstest.MapFS {
	t.Helper()
	out := maps.Clone(files)
	for _, e := range edits {
		text := string(out[e.file].Data)
		if strings.Count(text, e.from) != 1 {
			t.Fatalf("%s holds %q %d times", e.file, e.from, strings.Count(text, e.from))
		}
		out[e.file] = &fstest.MapFile{Data: []byte(strings.Replace(text, e.from, e.to, 1))}
	}
	return out
}

func read(t *testing.T, files fstest.MapFS) *drift.Side {
	t.Helper()
	side, err := drift.Read("side", files, manifestFile)
	if err != nil {
		t.Fatal(err)
	}
	return side
}

// lines are the changes as "rule class methods Type.field protocols".
func lines(r *drift.Result) []string {
	var out []string
	for _, c := range r.Changes {
		var protocols []string
		for _, p := range c.Protocols() {
			protocols = append(protocols, string(p))
		}
		out = append(out, strings.Join(strings.Fields(strings.Join([]string{
			string(c.Rule), c.Breaks.Class(), strings.Join(c.Methods, ","), strings.Trim(c.Type+"."+c.Field, "."), strings.Join(protocols, ","),
		}, " ")), " "))
	}
	return out
}

// What is said of changes that went through several files.
func TestCompare(t *testing.T) {
	// thing is the answer of these methods; the rest use it within another.
	const all = "find,list,put"
	testChanges(t, small(t), []changeTest{
		{"nothing", nil, nil},
		{"a field of an answer in all three", []edit{
			{schemaFile, "  weight: Float\n  count: Int64\n  tags: [String]\n", "  weight: Float\n  count: Int64\n  color: String\n  tags: [String]\n"},
			{openapiFile, "v1Thing: {type: object, properties: {", "v1Thing: {type: object, properties: {color: {type: string}, "},
			{protoFile, "message Thing { ", "message Thing { string color = 20; "},
		}, []string{"field-added wire " + all + " Thing.color graphql,rest,grpc"}},
		{"a field of an answer in two", []edit{
			{openapiFile, "v1Thing: {type: object, properties: {", "v1Thing: {type: object, properties: {color: {type: string}, "},
			{protoFile, "message Thing { ", "message Thing { string color = 20; "},
		}, []string{
			"sdk-not-generated source",
			"field-added harmless " + all + " Thing.color rest,grpc",
			"one-sided harmless " + all + " Thing.color",
		}},
		{"a request field gone from all three", []edit{
			{schemaFile, "  deep: Boolean\n", ""},
			{openapiFile, "deep: {type: boolean}, ", ""},
			{protoFile, " bool deep = 2;", ""},
		}, []string{"field-removed source+wire find FindRequest.deep graphql,rest,grpc"}},
		{"a request field gone from one, kept for the others", []edit{
			{schemaFile, "  tags: [String!]\n  near", "  near"},
			{manifestFile, "fields:\n", "fields:\n  - {type: FindRequest, field: tags, only: [rest, grpc]}\n"},
		}, []string{"field-removed wire find FindRequest.tags graphql"}},
		{"a request field gone from the one that could leave it unset", []edit{
			{schemaFile, "  deep: Boolean\n", ""},
			{manifestFile, "fields:\n", "fields:\n  - {type: FindRequest, field: deep, only: [rest, grpc]}\n"},
		}, []string{"field-removed source+wire find FindRequest.deep graphql"}},
		{"the same, without the manifest's leave", []edit{
			{schemaFile, "  deep: Boolean\n", ""},
		}, []string{"sdk-not-generated source", "field-removed source+wire find FindRequest.deep graphql", "one-sided harmless find FindRequest.deep"}},
		{"a method in one", []edit{
			{schemaFile, "  status: Status!\n", "  status: Status!\n  weigh: Status!\n"},
		}, []string{"operation-added harmless graphql", "one-sided harmless"}},
		{"a method in all three, with a row", []edit{
			{schemaFile, "  status: Status!\n", "  status: Status!\n  weigh: Status!\n"},
			{openapiFile, "paths:\n", "paths:\n  /v1/weigh:\n    get: {responses: {\"200\": {description: d, content: {application/json: {schema: {$ref: \"#/components/schemas/v1Status\"}}}}}}\n"},
			{protoFile, "service Things {\n", "service Things {\n  rpc Weigh(StatusRequest) returns (StatusResponse);\n"},
			{manifestFile, "methods:\n", "methods:\n  - {name: weigh, service: main, doc: weighs, protocols: [graphql, rest, grpc]}\n"},
		}, []string{"operation-added harmless weigh graphql,rest,grpc"}},
		{"a method gone from one and from its row", []edit{
			{schemaFile, "  status: Status!\n", ""},
			{manifestFile, "doc: tells, protocols: [graphql, rest, grpc]", "doc: tells, protocols: [rest, grpc]"},
		}, []string{"operation-removed wire status graphql", "one-sided harmless status"}},
		{"a row gone, the contracts as they were", []edit{
			{manifestFile, "  - {name: tune, service: admin, doc: tunes, protocols: [graphql]}\n", ""},
		}, []string{"sdk-type-changed source TuneRequest", "sdk-type-changed source Tuned", "sdk-method-changed source tune"}},
		{"a row over fewer protocols", []edit{
			{manifestFile, "doc: tells, protocols: [graphql, rest, grpc]", "doc: tells, protocols: [rest, grpc]"},
		}, []string{"sdk-method-changed wire status"}},
		{"another package and constructor", []edit{
			{manifestFile, "package: small", "package: smaller"},
			{manifestFile, "constructor: NewAdmin", "constructor: NewAdministrator"},
		}, []string{"sdk-client-changed source", "sdk-client-changed source"}},
		{"a type of another Go name", []edit{
			{manifestFile, "objects:\n", "naming: {types: {Place: Spot}}\nobjects:\n"},
		}, []string{"sdk-type-changed source Place", "sdk-field-changed source Thing.parts", "sdk-field-changed source Thing.place"}},
		{"deprecated in one", []edit{
			{protoFile, "bool ready = 2;", "bool ready = 2 [deprecated = true];"},
		}, []string{"field-deprecated harmless status StatusResponse.ready grpc", "one-sided harmless status StatusResponse.ready"}},
	})
}

// An iterator over all pages has another name where a method takes its own.
func TestCompareIterators(t *testing.T) {
	paged := edited(t, small(t), []edit{
		{manifestFile, "objects:\n", "paging: [{style: number, request: page, page: page, answer: page, offset: limit, total: total}]\nobjects:\n"},
	})
	testChanges(t, paged, []changeTest{
		{"renamed by a method of the same client", []edit{
			{manifestFile, "objects:\n", "naming: {methods: {tune: All}}\nobjects:\n"},
		}, []string{
			"sdk-type-changed source TuneRequest",
			"sdk-method-changed source list", // the iterator over all pages is AllList instead of All
			"sdk-method-changed harmless tune", "sdk-method-changed source tune",
		}},
	})
}

// changeTest is a project after edits, and what is said of them.
type changeTest struct {
	name  string
	edits []edit
	want  []string
}

func testChanges(t *testing.T, base fstest.MapFS, tests []changeTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := drift.Compare(read(t, base), read(t, edited(t, base, tt.edits)))
			if got := lines(result); !slices.Equal(got, tt.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
				for _, c := range result.Changes {
					t.Log(c.Message, "|", c.Hint)
				}
			}
			if len(result.Changes) > 0 && tt.want == nil {
				t.Error("changes without one")
			}
		})
	}
}

// What a change means to whom is the other way round when the sides are.
func TestCompareBack(t *testing.T) {
	base := small(t)
	head := edited(t, base, []edit{{protoFile, "message Place { string name = 1; int64 floor = 2; }", "message Place { string name = 1; int64 floor = 2; string town = 3; }"}})
	there, back := drift.Compare(read(t, base), read(t, head)), drift.Compare(read(t, head), read(t, base))
	if b := find(t, there, drift.FieldAdded).Breaks; b.Any() {
		t.Errorf("there: %+v", b)
	}
	if b := find(t, back, drift.FieldRemoved).Breaks; b != (drift.Breaks{Source: true, OlderSDK: true}) {
		t.Errorf("back: %+v", b)
	}
	if find(t, back, drift.SDKGeneratedAgain).Breaks.Any() {
		t.Error("an SDK that can be generated again breaks somebody")
	}
}

func find(t *testing.T, r *drift.Result, rule drift.RuleID) *drift.Change {
	t.Helper()
	for _, c := range r.Changes {
		if c.Rule == rule {
			return c
		}
	}
	t.Fatalf("no %s in %v", rule, lines(r))
	return nil
}

// Only what was asked for is compared.
func TestCompareProtocols(t *testing.T) {
	base := small(t)
	head := edited(t, base, []edit{{schemaFile, "  deep: Boolean\n", ""}, {protoFile, " bool deep = 2;", ""}})
	got := lines(drift.Compare(read(t, base), read(t, head), ir.GRPC))
	if !slices.Contains(got, "field-removed wire find FindRequest.deep grpc") || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "graphql") }) {
		t.Errorf("got %q", got)
	}
}

// What cannot be read is an error that names the side and the place.
func TestReadErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edits []edit
		gone  string
		want  string
	}{
		{"no manifest", nil, manifestFile, "side: manifest.yaml: the manifest does not exist"},
		{"a manifest that is none", []edit{{manifestFile, "version: 1", "version: ["}}, "", "side: manifest.yaml"},
		{"no schema", nil, schemaFile, "side: schema.graphql: the contract file does not exist"},
		{"no protos", nil, protoFile, "side: "},
		{"a broken schema", []edit{{schemaFile, "scalar Map", "scalar {"}}, "", "side: schema.graphql:2:8: "},
		{"a broken document", []edit{{openapiFile, "paths:", "paths: ["}}, "", "side: openapi.yaml"},
		{"a broken proto", []edit{{protoFile, "service Admin {", "service Admin"}}, "", "side: " + protoFile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := edited(t, small(t), tt.edits)
			delete(files, tt.gone)
			if tt.gone == protoFile {
				for name := range files {
					if strings.HasPrefix(name, "proto/") {
						delete(files, name)
					}
				}
			}
			side, err := drift.Read("side", files, manifestFile)
			if err == nil || side != nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, error %v", side, err)
			}
		})
	}
}

// Every rule is described, can be found in the docs, and no other is.
func TestRules(t *testing.T) {
	text, err := os.ReadFile("../../docs/contract-drift-diff.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[drift.RuleID]bool{}
	for _, rule := range drift.Rules() {
		if seen[rule.ID] || rule.Doc == "" {
			t.Errorf("rule %s stands twice or has no description", rule.ID)
		}
		seen[rule.ID] = true
		if !strings.Contains(string(text), "| `"+string(rule.ID)+"` | "+rule.Doc+" |") {
			t.Errorf("docs/contract-drift-diff.md lacks the line\n| `%s` | %s |", rule.ID, rule.Doc)
		}
	}
	for _, rule := range drift.LiveRules() {
		if !strings.Contains(string(text), "| `"+rule.ID+"` | "+rule.Doc+" |") {
			t.Errorf("docs/contract-drift-diff.md lacks the line\n| `%s` | %s |", rule.ID, rule.Doc)
		}
	}
}

// Which changes are findings depends on what to fail on.
func TestFailOn(t *testing.T) {
	base := small(t)
	deprecated := drift.Compare(read(t, base), read(t, edited(t, base, []edit{{protoFile, "string other", "string other"}, {schemaFile, "  weight: Float\n  count: Int64\n  tags: [String]\n", "  weight: Float @deprecated\n  count: Int64\n  tags: [String]\n"}}[1:])))
	added := drift.Compare(read(t, base), read(t, edited(t, base, []edit{{schemaFile, "type Spare {\n", "type Spare {\n  more: Int\n"}})))
	pointer := drift.Compare(read(t, base), read(t, edited(t, base, []edit{{schemaFile, "input TuneRequest {\n  level: String!\n", "input TuneRequest {\n  level: String\n"}})))
	for _, tt := range []struct {
		name   string
		result *drift.Result
		want   map[drift.FailOn]int
	}{
		{"one-sided", deprecated, map[drift.FailOn]int{drift.FailOnBreaking: 1, drift.FailOnSource: 0, drift.FailOnWire: 0, drift.FailOnAny: 1}},
		{"harmless", added, map[drift.FailOn]int{drift.FailOnBreaking: 0, drift.FailOnSource: 0, drift.FailOnWire: 0, drift.FailOnAny: 1}},
		{"source", pointer, map[drift.FailOn]int{drift.FailOnBreaking: 1, drift.FailOnSource: 1, drift.FailOnWire: 0, drift.FailOnAny: 1}},
	} {
		for on, want := range tt.want {
			if got := tt.result.Report(on).ExitCode(); got != want {
				t.Errorf("%s, fail on %s: exit code %d, want %d; %v", tt.name, on, got, want, lines(tt.result))
			}
		}
	}
	if r := drift.Compare(read(t, base), read(t, base)).Report(drift.FailOnAny); r.ExitCode() != report.ExitClean {
		t.Errorf("no change: %+v", r.Findings)
	}
}
