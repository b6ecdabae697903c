package reference_test

import (
	"go/doc"
	"regexp"
	"strings"
	"testing"
)

// apiNames are the names of a package, methods as "Client.Login".
func apiNames(p *doc.Package) map[string]bool {
	names := map[string]bool{}
	values := func(list []*doc.Value) {
		for _, v := range list {
			for _, n := range v.Names {
				names[n] = true
			}
		}
	}
	values(p.Consts)
	values(p.Vars)
	for _, f := range p.Funcs {
		names[f.Name] = true
	}
	for _, t := range p.Types {
		names[t.Name] = true
		values(t.Consts)
		values(t.Vars)
		for _, f := range t.Funcs {
			names[f.Name] = true
		}
		for _, m := range t.Methods {
			names[t.Name+"."+m.Name] = true
		}
	}
	return names
}

// The guide names every method of the clients, and nothing that does not exist.
func TestMigrationGuide(t *testing.T) {
	names := apiNames(readPackage(t, "sdk"))
	text := string(readFile(t, root+"docs/migrating-from-authorizer-go.md"))
	told := map[string]bool{}
	for line := range strings.Lines(text) {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 2 {
			continue
		}
		for _, m := range regexp.MustCompile("`([A-Z][A-Za-z.]*)`").FindAllStringSubmatch(cells[1], -1) {
			told[m[1]] = true
			if !names[m[1]] {
				t.Errorf("the guide names %s, which package sdk does not have", m[1])
			}
		}
	}
	if len(told) < 60 {
		t.Errorf("only %d names were found", len(told))
	}
	for name := range names {
		client, method, ok := strings.Cut(name, ".")
		view := strings.HasPrefix(method, "With") || method == "Close" || strings.HasPrefix(method, "All")
		if ok && strings.HasSuffix(client, "Client") && !view && !told[name] {
			t.Errorf("the guide does not say what %s was", name)
		}
	}
}
