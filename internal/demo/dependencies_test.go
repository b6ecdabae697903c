package demo

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/triwire/authorizer-sdk"

// linked lists what a program links when it imports a package: the modules of
// others, and our own packages.
func linked(t *testing.T, pkg string) (modules, own []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f",
		"{{if not .Standard}}{{.Module.Path}} {{.ImportPath}}{{end}}", pkg)
	cmd.Dir = root(t)
	// The answer must not depend on the machine.
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		switch from, name, _ := strings.Cut(strings.TrimSpace(line), " "); from {
		case "":
		case module:
			own = append(own, name)
		default:
			modules = append(modules, from)
		}
	}
	slices.Sort(modules)
	return slices.Compact(modules), own
}

// documented lists the modules of the tables in docs/dependencies.md, one list
// per heading.
func documented(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root(t), "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("^\\| `([^`]+)` \\| [^|]{10,} \\|$")
	tables, heading := map[string][]string{}, ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "## Package "); ok {
			heading = strings.Trim(strings.Split(name, ",")[0], "`")
		}
		if m := row.FindStringSubmatch(line); m != nil {
			tables[heading] = append(tables[heading], m[1])
		}
	}
	for _, table := range tables {
		slices.Sort(table)
	}
	return tables
}

// A module is linked if and only if the documentation gives a reason.
func TestDependenciesHaveReasons(t *testing.T) {
	tables := documented(t)
	sdk, _ := linked(t, "./sdk")
	if !slices.Equal(sdk, tables["sdk"]) {
		t.Errorf("package sdk links %q, docs/dependencies.md has reasons for %q", sdk, tables["sdk"])
	}
	withGRPC, _ := linked(t, "./sdk/grpc")
	want := slices.Concat(tables["sdk"], tables["sdk/grpc"])
	slices.Sort(want)
	if !slices.Equal(withGRPC, want) {
		t.Errorf("package sdk/grpc links %q, docs/dependencies.md has reasons for %q", withGRPC, want)
	}
	server, _ := linked(t, "./sdk/server")
	want = slices.Concat(want, tables["sdk/server"])
	slices.Sort(want)
	if !slices.Equal(server, want) {
		t.Errorf("package sdk/server links %q, docs/dependencies.md has reasons for %q", server, want)
	}
	emulator, _ := linked(t, "./sdk/authorizertest")
	want = slices.Concat(want, tables["sdk/authorizertest"])
	slices.Sort(want)
	if !slices.Equal(emulator, want) {
		t.Errorf("package sdk/authorizertest links %q, docs/dependencies.md has reasons for %q", emulator, want)
	}
}

// Who calls a server does not link the half that answers.
func TestSDKLinksNoServer(t *testing.T) {
	for _, pkg := range []string{"./sdk", "./sdk/grpc"} {
		modules, own := linked(t, pkg)
		if slices.Contains(modules, "github.com/99designs/gqlgen") {
			t.Errorf("%s links gqlgen", pkg)
		}
		for _, name := range own {
			if strings.HasSuffix(name, "/serve") || strings.HasSuffix(name, "/sdk/server") || strings.Contains(name, "/authorizertest") {
				t.Errorf("%s links %s", pkg, name)
			}
		}
	}
	if _, own := linked(t, "./sdk/server"); !slices.Contains(own, module+"/sdk/runtime/serve") {
		t.Error("sdk/server does not link what answers")
	}
}

// Of this module, programs link the SDK, its runtime and the wire code, and
// nothing of the generator or the demo.
func TestSDKLinksNoTools(t *testing.T) {
	for _, pkg := range []string{"./sdk", "./sdk/grpc"} {
		_, own := linked(t, pkg)
		for _, name := range own {
			rest := strings.TrimPrefix(name, module+"/")
			if rest != "sdk" && !strings.HasPrefix(rest, "sdk/") && !strings.HasPrefix(rest, "gen/") {
				t.Errorf("%s links %s", pkg, name)
			}
		}
	}
}
