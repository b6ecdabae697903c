package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

var update = flag.Bool("update", false, "rewrite the expected output")

const secret = "hunter2-hunter2"

// sample has every kind of finding, with characters that mean something in one
// format or another.
func sample() *Report {
	return &Report{
		Command: "check",
		Note:    "3 methods, 9 files",
		Prefix:  "some dir/api",
		Secrets: []string{secret},
		Sources: fstest.MapFS{
			"manifest.yaml":  {Data: []byte("version: 1\r\n\tname: x, y%z\r\n# admin: " + secret + "\n")},
			"schema.graphql": {Data: []byte(strings.Repeat("x", 200) + "HERE" + strings.Repeat("y", 200))},
		},
		Rules: []Rule{
			{"zeta", Info, "is last"},
			{"alpha", Error, "is first: a|b <c>"},
		},
		Findings: []Finding{
			{Rule: "alpha", Severity: Error, Methods: []string{"login"}, Protocols: []string{"rest", "grpc"}, Pos: diag.Pos{File: "manifest.yaml", Line: 2, Col: 8}, Message: "100% wrong, a|b: <c> @all #1 *x*", Hint: "mend it\nsoon"},
			{Rule: "alpha", Severity: Warning, Type: "User", Methods: []string{"a", "b", "c", "d", "e", "f", "g"}, Pos: diag.Pos{File: "schema.graphql", Line: 1, Col: 201}, Message: "type \x1b[31mred\x1b[0m", Properties: map[string]string{"breaks": "source", "url": "https://me:" + secret + "@host/x"}},
			{Rule: "alpha", Severity: Error, Methods: []string{"login"}, Protocols: []string{"rest", "grpc"}, Pos: diag.Pos{File: "manifest.yaml", Line: 2, Col: 8}, Message: "100% wrong, a|b: <c> @all #1 *x*", Hint: "the same again"},
			{Rule: "zeta", Severity: Info, Pos: diag.Pos{File: "manifest.yaml", Line: 3, Col: 3}, Message: "a secret " + secret + " and https://root:pw@host and Authorization: Bearer abcdefghijklmnopqrst"},
			{Rule: "zeta", Severity: Info, Message: "nowhere", Detail: "--- a\n+++ b\n-```x\n+" + secret + "\n"},
			{Rule: "alpha", Severity: Error, Methods: []string{"meta"}, Pos: diag.Pos{File: "manifest.yaml"}, Message: "known", Accepted: "because"},
			{Rule: "other", Severity: Error, Pos: diag.Pos{File: "a:b.yaml", Line: 77, Col: 1}, Message: "no such file", Line: "the line of another tree"},
		},
	}
}

func render(t *testing.T, format Format, r *Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, format, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestFormats compares every format with what is expected, which is also what
// people may look at to see the formats.
func TestFormats(t *testing.T) {
	for _, format := range Formats() {
		name := filepath.Join("testdata", format+".golden")
		got := render(t, Format(format), sample())
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff.Diff("expected", want, "printed", []byte(got)); d != nil {
			t.Errorf("%s differs; after a look at it, run go test with -update\n%s", format, d)
		}
		for _, word := range []string{secret, "root:pw", "abcdefghijklmnop", "\x1b"} {
			if strings.Contains(got, word) {
				t.Errorf("%s prints %q", format, word)
			}
		}
		if again := render(t, Format(format), sample()); again != got {
			t.Errorf("%s differs from run to run", format)
		}
	}
}

// TestSchemas: SARIF follows the schema of its version, JSON the documented one,
// for reports with and without findings.
func TestSchemas(t *testing.T) {
	for format, schema := range map[Format]string{SARIF: "testdata/sarif-schema-2.1.0.json", JSON: "../../docs/report.schema.json"} {
		compiled := compileSchema(t, schema)
		for name, r := range map[string]*Report{"sample": sample(), "empty": {Command: "check"}, "unusable": {Command: "diff", Unusable: true}} {
			if err := compiled.Validate(decode(t, render(t, format, r))); err != nil {
				t.Errorf("%s of the %s report: %v", format, name, err)
			}
		}
	}
}

// TestSchemasRefuse: the validation sees what is wrong.
func TestSchemasRefuse(t *testing.T) {
	for format, c := range map[Format]struct{ schema, old, new string }{
		SARIF: {"testdata/sarif-schema-2.1.0.json", `"level": "note"`, `"level": "info"`},
		JSON:  {"../../docs/report.schema.json", `"severity": "info"`, `"severity": "note"`},
	} {
		text := render(t, format, sample())
		broken := strings.Replace(text, c.old, c.new, 1)
		if broken == text {
			t.Fatalf("%s does not hold %s", format, c.old)
		}
		if compileSchema(t, c.schema).Validate(decode(t, broken)) == nil {
			t.Errorf("%s with %s is valid", format, c.new)
		}
	}
}

func compileSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", decode(t, string(text))); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func decode(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestColour: there is colour where it is asked for, and nowhere else.
func TestColour(t *testing.T) {
	for _, colour := range []bool{false, true} {
		var out bytes.Buffer
		if err := writeText(&out, sample().prepared(), colour); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(out.String(), "\x1b["); got != colour {
			t.Errorf("colour %v: escape sequences %v", colour, got)
		}
	}
	if coloured(&bytes.Buffer{}) {
		t.Error("a buffer is a terminal")
	}
}

func TestExitCode(t *testing.T) {
	f := func(s Severity, accepted string) []Finding { return []Finding{{Severity: s, Accepted: accepted}} }
	for _, c := range []struct {
		name   string
		r      Report
		code   int
		status string
	}{
		{"nothing", Report{}, 0, "clean"},
		{"info", Report{Findings: f(Info, "")}, 0, "clean"},
		{"accepted", Report{Findings: f(Error, "why")}, 0, "clean"},
		{"warning", Report{Findings: f(Warning, "")}, 1, "findings"},
		{"error", Report{Findings: f(Error, "")}, 1, "findings"},
		{"unusable", Report{Unusable: true}, 2, "unusable"},
		{"unusable with findings", Report{Unusable: true, Findings: f(Error, "")}, 2, "unusable"},
	} {
		if got := c.r.ExitCode(); got != c.code || c.r.Status() != c.status {
			t.Errorf("%s: %d %s", c.name, got, c.r.Status())
		}
		var got struct{ Status string }
		if err := json.Unmarshal([]byte(render(t, JSON, &c.r)), &got); err != nil || got.Status != c.status {
			t.Errorf("%s: the status in JSON is %q, %v", c.name, got.Status, err)
		}
	}
}

// TestGitHubEscapes: no text can end a workflow command or begin another.
func TestGitHubEscapes(t *testing.T) {
	r := &Report{Command: "check", Findings: []Finding{{
		Rule: "r", Severity: Error, Pos: diag.Pos{File: "a,b:c%.yaml", Line: 1}, Message: "x\r\n::error::y%0Az",
	}}}
	want := "::error file=a%2Cb%3Ac%25.yaml,line=1,title=sdkgen check%3A r::x\uFFFD%0A::error::y%250Az\n1 error\n"
	if got := render(t, GitHub, r); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
}

// TestLong: what has a limit elsewhere stays below it, and says what is missing.
func TestLong(t *testing.T) {
	detail := strings.Repeat("+ a line of a file that was not generated again\n", 2000)
	r := &Report{Command: "check"}
	for i := range 1000 {
		f := Finding{Rule: "alpha", Severity: Error, Pos: diag.Pos{File: "a.yaml", Line: i + 1}, Message: strings.Repeat("word ", 30)}
		if i%100 == 0 {
			f.Detail = detail
		}
		r.Findings = append(r.Findings, f)
	}
	comment := render(t, Markdown, r)
	rows := strings.Count(comment, "| error |")
	if len(comment) > 61_000 || rows < 100 || !strings.Contains(comment, fmt.Sprintf("%d findings more", 1000-rows)) {
		t.Errorf("a comment of %d bytes and %d rows, which ends with %q", len(comment), rows, comment[len(comment)-200:])
	}
	for _, format := range []Format{GitHub, SARIF} {
		got := render(t, format, r)
		if n := strings.Count(got, "was not generated again"); n != 10*annotationLines || !strings.Contains(got, "(and 1960 more lines: see --format text)") {
			t.Errorf("%s has %d lines of the details", format, n)
		}
	}
	if n := strings.Count(render(t, Text, r), "was not generated again"); n != 20000 {
		t.Errorf("text has %d lines of the details", n)
	}
}

func TestParseFormat(t *testing.T) {
	for _, name := range Formats() {
		if f, err := ParseFormat(name); err != nil || string(f) != name {
			t.Errorf("%s: %s, %v", name, f, err)
		}
	}
	if _, err := ParseFormat("xml"); err == nil || err.Error() != `--format cannot be "xml": text, json, github, sarif or markdown` {
		t.Errorf("the error is %v", err)
	}
}
