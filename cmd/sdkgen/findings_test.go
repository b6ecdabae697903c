package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestEveryFindingHasACase looks up each text of a finding in the generator's
// source among the findings that the cases of TestErrors expect.
func TestEveryFindingHasACase(t *testing.T) {
	var all strings.Builder
	for _, name := range errorCases(t) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, findings, _ := strings.Cut(string(content), "-- "+findingsFile+" --\n")
		all.WriteString(findings)
	}
	all.WriteString(expectedByScripts(t))
	texts := 0
	for _, dir := range []string{"manifest", "resolve", "pipeline", "emit"} {
		for _, text := range findingTexts(t, filepath.Join("../../internal", dir)) {
			texts++
			if !regexp.MustCompile(pattern(text.format)).MatchString(all.String()) {
				t.Errorf("%s: no case expects the finding %q", text.place, text.format)
			}
		}
	}
	if texts < 60 {
		t.Errorf("only %d texts were found: does the test still know how findings are made?", texts)
	}
}

// expectedByScripts is what the scripts expect on the standard error.
func expectedByScripts(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	var out strings.Builder
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^stderr '(.*)'$`).FindAllStringSubmatch(string(content), -1) {
			out.WriteString(m[1] + "\n")
		}
	}
	return out.String()
}

type findingText struct{ format, place string }

// findingTexts are the texts of all findings in the Go files below a directory.
func findingTexts(t *testing.T, dir string) []findingText {
	t.Helper()
	var out []findingText
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if format := findingFormat(n); format != "" {
				out = append(out, findingText{format, fset.Position(n.Pos()).String()})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// findingFormat is the text of a finding that a node makes; empty: none.
func findingFormat(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		selector, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return ""
		}
		argument, suffix := map[string]int{"Addf": 1, "hint": 2, "add": 3, "required": 2}[selector.Sel.Name], ""
		if selector.Sel.Name == "required" {
			suffix = " is missing"
		}
		if argument == 0 || len(n.Args) <= argument {
			return ""
		}
		if text := literal(n.Args[argument]); text != "" {
			return text + suffix
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Message" {
			return literal(n.Value)
		}
	}
	return ""
}

// literal is a constant text, alone, as the beginning of a sum, or as what is
// formatted.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err == nil {
			return text
		}
	case *ast.BinaryExpr:
		return literal(e.X)
	case *ast.CallExpr:
		if selector, ok := e.Fun.(*ast.SelectorExpr); ok && selector.Sel.Name == "Sprintf" {
			return literal(e.Args[0])
		}
	}
	return ""
}

// pattern matches what a format can become.
func pattern(format string) string {
	verb := regexp.MustCompile(`%[sqdv]`)
	parts := verb.Split(format, -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return `(?m)(^|: )` + strings.Join(parts, `.*`)
}
