package golden

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/mod/modfile"
)

// module is a Go module outside of the repository with one directory for each
// case, as the project of somebody who generates an SDK would be. All cases
// share it, so that one run of the go command does for all.
type module struct {
	dir string
	// used are the cases with a program that calls what was generated, packages
	// what is to be vetted. The wire code, which is not ours, need only compile.
	used, packages []string
}

// modulePath is the module that the cases live in.
const modulePath = "example.test"

func newModule(t *testing.T) *module {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", readFile(t, filepath.Join(root, "go.mod")), nil)
	if err != nil {
		t.Fatal(err)
	}
	repository := mod.Module.Mod.Path
	for _, err := range []error{
		mod.AddModuleStmt(modulePath),
		mod.AddRequire(repository, "v0.0.0"),
		mod.AddReplace(repository, "", root, ""),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	text, err := mod.Format()
	if err != nil {
		t.Fatal(err)
	}
	m := &module{dir: t.TempDir()}
	m.write(t, "", map[string][]byte{
		"go.mod":               text,
		"go.sum":               readFile(t, filepath.Join(root, "go.sum")),
		"loopback/loopback.go": readFile(t, "testdata/loopback/loopback.go"),
	})
	return m
}

// add notes what is to be tested of a case.
func (m *module) add(c *goldenCase, sdk string) {
	m.packages = append(m.packages, "./"+c.name+"/"+sdk+"/...")
	if _, ok := c.inputs()["use/use.go"]; ok {
		m.used = append(m.used, c.name)
		m.packages = append(m.packages, "./"+c.name+"/use")
	}
}

// test builds everything that was generated, vets the SDKs, and runs the programs
// of the cases, linked into one.
func (m *module) test(t *testing.T) {
	var imports, calls bytes.Buffer
	for _, name := range m.used {
		fmt.Fprintf(&imports, "\t%s \"%s/%s/use\"\n", name, modulePath, name)
		fmt.Fprintf(&calls, "\tt.Run(%q, %s.Use)\n", name, name)
	}
	m.write(t, "", map[string][]byte{"use_test.go": fmt.Appendf(nil,
		"package use\n\nimport (\n\t\"testing\"\n\n%s)\n\nfunc TestUse(t *testing.T) {\n%s}\n", &imports, &calls)})
	cmd := exec.Command("go", append([]string{"test", "-vet=all", "-count=1", ".", "./loopback"}, m.packages...)...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go test: %v\n%s", err, out)
	}
}

// write writes files below a directory of the module.
func (m *module) write(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	for _, name := range sortedKeys(files) {
		writeFile(t, filepath.Join(m.dir, dir, filepath.FromSlash(name)), files[name])
	}
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
