package pipeline

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// synthetic is a project with so many methods whose three contracts agree: the
// same number gives the same bytes. Every five methods (get, list, create,
// update, remove) share the type of a resource, and the resources share types
// that hold one another, three deep.
func synthetic(tb testing.TB, methods int) Project {
	tb.Helper()
	p := Project{Dir: tb.TempDir(), Manifest: "manifest.yaml"}
	s := &synthesis{protos: map[string]*protoFile{}}
	s.all(methods)
	files := s.files()
	// The generators that are programs of their own are those of this module.
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			tb.Fatal(err)
		}
		files[name] = bytes.Replace(content, []byte("module github.com/triwire/authorizer-sdk\n"), []byte("module example.test/synthetic\n"), 1)
	}
	for name, content := range files {
		at := filepath.Join(p.Dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(at, content, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

// Of so many methods each service consists, and so many resources share a type.
const (
	methodsOfService = 100
	methodsOfShared  = 10
)

// kind is a scalar as the three contracts write it.
type kind struct{ graphql, openapi, proto string }

func kinds() []kind {
	return []kind{
		{"String", "{type: string}", "string"},
		{"Boolean", "{type: boolean}", "bool"},
		{"Int64", "{type: string, format: int64}", "int64"},
		{"Float", "{type: number, format: double}", "double"},
		{"Int", "{type: integer, format: int32}", "int32"},
	}
}

// property is a field of a type: a scalar, or else a message.
type property struct {
	name, message string
	kind          kind
	list          bool
}

// synthesis collects the four files while methods and types are added.
type synthesis struct {
	services, rows, queries, mutations, graphql, paths, schemas strings.Builder
	// protos are the proto files by name, as APIs of that size have them: one for
	// each service, and one for each third of the shared types. proto is the one
	// that messages go to.
	protos map[string]*protoFile
	proto  *protoFile
}

// protoFile is a proto file; rpcs are the methods of its one service.
type protoFile struct{ head, messages, rpcs strings.Builder }

func (s *synthesis) all(methods int) {
	shared := max(3, methods/methodsOfShared)
	for i := range shared {
		if i%(shared/3) == 0 && i < shared/3*3 {
			third := i / (shared / 3)
			s.file(fmt.Sprintf("part%d", third), map[int][]string{0: {"part1"}, 1: {"part2"}}[third]...)
		}
		s.message(fmt.Sprintf("Part%d", i), false, parts(i, shared))
		s.message(fmt.Sprintf("Part%dInput", i), true, properties(i+1, 3))
	}
	for i := range methods {
		if i%methodsOfService == 0 {
			s.service(i / methodsOfService)
		}
		if i%5 == 0 {
			s.message(fmt.Sprintf("Resource%d", i/5), false, append(properties(i, 8),
				property{name: "main_part", message: fmt.Sprintf("Part%d", i/5%shared)},
				property{name: "parts", message: fmt.Sprintf("Part%d", (i/5+1)%shared), list: true}))
		}
		s.method(i, shared)
	}
}

// file begins a proto file that imports others.
func (s *synthesis) file(name string, imports ...string) {
	s.proto = &protoFile{}
	s.protos[name] = s.proto
	s.proto.head.WriteString("syntax = \"proto3\";\npackage synthetic.v1;\nimport \"google/api/annotations.proto\";\n")
	for _, other := range imports {
		fmt.Fprintf(&s.proto.head, "import \"synthetic/v1/%s.proto\";\n", other)
	}
}

// parts: a third of the shared types holds two of the next third, and those hold
// some of the last, which hold scalars only.
func parts(i, shared int) []property {
	out, third := properties(i, 6), shared/3
	if i >= 2*third {
		return out
	}
	next := (i/third + 1) * third
	return append(out,
		property{name: "inner", message: fmt.Sprintf("Part%d", next+i%third)},
		property{name: "others", message: fmt.Sprintf("Part%d", next+(i+1)%third), list: true})
}

// properties are scalars and, at the end, a list of texts.
func properties(seed, n int) []property {
	var out []property
	for i := range n {
		k, list := kinds()[(seed+i)%len(kinds())], i == n-1
		if list {
			k = kinds()[0]
		}
		out = append(out, property{name: fmt.Sprintf("%s_value_%d", strings.ToLower(k.graphql), i), kind: k, list: list})
	}
	return out
}

func (s *synthesis) service(n int) {
	fmt.Fprintf(&s.services, "  - {name: s%d, doc: calls the methods of service %d, client: S%dClient, constructor: NewS%d, graphql: \"{name}\", rest: \"/v1/{name}\", grpc: \"synthetic.v1.S%d/{Name}\"}\n", n, n, n, n, n)
	s.file(fmt.Sprintf("s%d", n), "part0", "part1", "part2")
}

func (s *synthesis) method(i, shared int) {
	verb := []string{"Get", "List", "Create", "Update", "Remove"}[i%5]
	name, resource := fmt.Sprintf("%sResource%d", verb, i/5), fmt.Sprintf("Resource%d", i/5)
	row := fmt.Sprintf("%s_resource%d", strings.ToLower(verb), i/5)
	fmt.Fprintf(&s.rows, "  - {name: %s, service: s%d, doc: does %s with resource %d, protocols: [graphql, rest, grpc]}\n", row, i/methodsOfService, strings.ToLower(verb), i/5)

	request := append([]property{{name: "id", kind: kinds()[0]}}, properties(i, 2+i%4)...)
	if i%5 > 1 {
		request = append(request, property{name: "part", message: fmt.Sprintf("Part%dInput", i%shared)})
	}
	s.message(name+"Request", true, request)
	answer := resource
	if verb == "List" {
		answer = name + "Response"
		s.message(answer, false, []property{{name: "resources", message: resource, list: true}, {name: "total", kind: kinds()[2]}})
	}
	operations := &s.mutations
	if i%5 < 2 {
		operations = &s.queries
	}
	fmt.Fprintf(operations, "  %s(params: %sRequest): %s!\n", row, name, answer)
	fmt.Fprintf(&s.paths, "  /v1/%s:\n    post:\n      requestBody: {content: {application/json: {schema: {$ref: \"#/components/schemas/%sRequest\"}}}}\n      responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: \"#/components/schemas/%s\"}}}}}\n", row, name, answer)
	fmt.Fprintf(&s.proto.rpcs, "  rpc %s(%sRequest) returns (%s) { option (google.api.http) = {post: \"/v1/%s\"}; }\n", name, name, answer, row)
}

// message adds a type to the three contracts. Over GraphQL answers have all
// their fields, and requests none that must be there.
func (s *synthesis) message(name string, input bool, fields []property) {
	word, required := "type", "!"
	if input {
		word, required = "input", ""
	}
	fmt.Fprintf(&s.graphql, "%s %s {\n", word, name)
	fmt.Fprintf(&s.schemas, "    %s:\n      type: object\n      properties:\n", name)
	fmt.Fprintf(&s.proto.messages, "message %s {\n", name)
	for i, f := range fields {
		g, o, p := f.kind.graphql, f.kind.openapi, f.kind.proto
		label := ""
		switch {
		case f.message != "":
			g, o, p = f.message, fmt.Sprintf("{$ref: \"#/components/schemas/%s\"}", f.message), f.message
			if !f.list {
				required = "" // a message may always be absent
			}
		case input && !f.list:
			label = "optional "
		}
		if f.list {
			g, o, label = "["+g+"!]", "{type: array, items: "+o+"}", "repeated "
		}
		fmt.Fprintf(&s.graphql, "  %s: %s%s\n", f.name, g, required)
		fmt.Fprintf(&s.schemas, "        %s: %s\n", f.name, o)
		fmt.Fprintf(&s.proto.messages, "  %s%s %s = %d;\n", label, p, f.name, i+1)
		if !input {
			required = "!"
		}
	}
	s.graphql.WriteString("}\n")
	s.proto.messages.WriteString("}\n")
}

func (s *synthesis) files() map[string][]byte {
	manifest := "version: 1\napi: {name: synthetic}\ncontracts:\n  graphql: {schema: schema.graphql, path: /graphql}\n" +
		"  rest: {documents: [openapi.yaml], transcoded: true}\n  grpc: {protos: proto, port: 1}\noutput: {package: synthetic}\n" +
		"scalars: {Int64: int64}\naccepted:\n  - {rule: int64-as-string, protocols: [rest], reason: the JSON form of protobuf}\n" +
		"  - {rule: presence-lost, protocols: [rest, grpc], reason: proto3 cannot tell an empty list from none}\n" +
		"services:\n" + s.services.String() + "methods:\n" + s.rows.String()
	schema := "scalar Int64\ntype Query {\n" + s.queries.String() + "}\ntype Mutation {\n" + s.mutations.String() + "}\n" + s.graphql.String()
	openapi := "openapi: 3.0.3\ninfo: {title: synthetic, version: \"1\"}\npaths:\n" + s.paths.String() + "components:\n  schemas:\n" + s.schemas.String()
	out := map[string][]byte{
		"manifest.yaml": []byte(manifest), "schema.graphql": []byte(schema), "openapi.yaml": []byte(openapi),
		"proto/google/api/annotations.proto": []byte(annotations),
	}
	for name, f := range s.protos {
		text := f.head.String() + f.messages.String()
		if f.rpcs.Len() > 0 {
			text += "service " + strings.ToUpper(name) + " {\n" + f.rpcs.String() + "}\n"
		}
		out["proto/synthetic/v1/"+name+".proto"] = []byte(text)
	}
	return out
}

// annotations is as much of google/api/annotations.proto as is used.
const annotations = `syntax = "proto3";
package google.api;
import "google/protobuf/descriptor.proto";
message HttpRule { oneof pattern { string get = 2; string post = 4; } }
extend google.protobuf.MethodOptions { HttpRule http = 72295728; }
`

// TestSynthetic: the contracts agree, so that just what is accepted is found,
// and the same number of methods gives the same files.
func TestSynthetic(t *testing.T) {
	p := synthetic(t, 20)
	out, err := Check(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range out.Findings {
		if f.Accepted == "" && f.Rule != "stale-output" {
			t.Errorf("%s: %s: %s", f.Pos, f.Rule, f.Message)
		}
	}
	if out.Methods != 20 || out.Files < 10 {
		t.Errorf("%d methods, %d files", out.Methods, out.Files)
	}
	again := synthetic(t, 20)
	for _, name := range []string{"manifest.yaml", "schema.graphql", "openapi.yaml", "proto/synthetic/v1/s0.proto", "proto/synthetic/v1/part0.proto"} {
		if read(t, p.Dir, name) != read(t, again.Dir, name) {
			t.Errorf("%s is another one the second time", name)
		}
	}
}
