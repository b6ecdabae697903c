package pb

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPluginVersionComesFromTheNearestGoMod(t *testing.T) {
	root := t.TempDir()
	below := filepath.Join(root, "api", "v1")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	pinned := plugin + "@" + pluginVersion
	for _, c := range []struct{ name, mod, want string }{
		{"none", "", pinned},
		{"not required", "module x\n", pinned},
		{"required", "module x\nrequire " + plugin + " v1.5.0\n", plugin},
		{"malformed", "require (", pinned},
	} {
		if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte(c.mod), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, dir := range []string{root, below} {
			if got := pluginArgument(dir); got != c.want {
				t.Errorf("%s: got %s, want %s", c.name, got, c.want)
			}
		}
	}
}
