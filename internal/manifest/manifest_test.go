package manifest

import (
	"os"
	"reflect"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// TestRealManifest: the manifest of this repository has no findings, and values
// carry their positions.
func TestRealManifest(t *testing.T) {
	src, err := os.ReadFile("../../manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, list := Parse("manifest.yaml", src)
	for _, f := range list.Findings() {
		t.Error(f.Error())
	}
	if len(file.Methods) != 57 {
		t.Errorf("there are %d methods", len(file.Methods))
	}
	for _, m := range file.Methods {
		if m.Pos.Line == 0 || m.Name.Pos.Line != m.Pos.Line || m.Doc.Pos.Line <= m.Pos.Line {
			t.Errorf("method %s stands at %s, its name at %s, its description at %s", m.Name, m.Pos, m.Name.Pos, m.Doc.Pos)
		}
	}
}

// TestDecode: each kind of value, with its position.
func TestDecode(t *testing.T) {
	src := "version: 1\n" +
		"api: {name: \"x\\n\", contract: 1.0}\n" +
		"contracts: {rest: {documents: [a.yaml], transcoded: True}}\n" +
		"scalars: {A: &shape string, B: *shape}\n"
	file := &File{}
	d := &decoder{file: "m.yaml", findings: &diag.List{}}
	node, err := parseYAML([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	d.value(node, reflect.ValueOf(file).Elem(), "")
	if err := d.findings.Err(); err != nil {
		t.Fatal(err)
	}
	at := func(line, col int) diag.Pos { return diag.Pos{File: "m.yaml", Line: line, Col: col} }
	for _, c := range []struct {
		name      string
		got, want any
	}{
		{"version", file.Version, Int{1, at(1, 10)}},
		{"api.name", file.API.Name, Text{"x\n", at(2, 13)}},
		{"api.contract", file.API.Contract, Text{"1.0", at(2, 30)}},
		{"documents", file.Contracts.REST.Documents, []Text{{"a.yaml", at(3, 32)}}},
		{"transcoded", file.Contracts.REST.Transcoded, Bool{true, at(3, 53)}},
		{"alias", file.Scalars, map[string]Text{"A": {"string", at(4, 14)}, "B": {"string", at(4, 14)}}},
		{"absent", file.Contracts.GRPC, (*GRPCContract)(nil)},
		{"absent", file.Output.Package, Text{}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s is %+v, want %+v", c.name, c.got, c.want)
		}
	}
}
