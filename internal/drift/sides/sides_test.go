package sides_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/triwire/authorizer-sdk/internal/drift/sides"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

func TestParse(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("main", 0o755); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]sides.Spec{
		"main":      {Kind: sides.Directory, Value: "main"},
		".":         {Kind: sides.Directory, Value: "."},
		"git:main":  {Kind: sides.Revision, Value: "main"},
		"HEAD~2":    {Kind: sides.Revision, Value: "HEAD~2"},
		"v1.2.3":    {Kind: sides.Revision, Value: "v1.2.3"},
		"HEAD:api":  {Kind: sides.Revision, Value: "HEAD:api"},
		"dir:other": {Kind: sides.Directory, Value: "other"},
		"live:":     {Kind: sides.Live},
	} {
		if got, err := sides.Parse(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "a side cannot be empty", "git:": "names nothing", "dir:": "names nothing",
		"live:http://localhost": "live: stands alone",
	} {
		if got, err := sides.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// repository is a git repository with the small project below api, committed.
func repository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	archive, err := txtar.ParseFile("../quality/testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		path := filepath.Join(dir, "api", f.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git(t, dir, "init", "-q")
	commit(t, dir)
	return dir
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=n", "-c", "user.email=e", "-c", "commit.gpgsign=false"}, args...)...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cmd, err, text)
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-qm", "c")
}

// A revision is read from git's objects, whatever the working tree holds, also
// from a directory below the repository's root.
func TestRevision(t *testing.T) {
	dir := repository(t)
	if err := os.RemoveAll(filepath.Join(dir, "api", "proto")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "api", "schema.graphql"), []byte("no schema"), 0o644); err != nil {
		t.Fatal(err)
	}
	project := sides.Project{Dir: filepath.Join(dir, "api"), Manifest: "manifest.yaml"}
	side, err := project.Read(context.Background(), sides.Spec{Kind: sides.Revision, Value: "HEAD"})
	if err != nil {
		t.Fatal(err)
	}
	if !side.Complete() || len(side.Contracts) != len(ir.Protocols()) || side.Name != "HEAD" {
		t.Errorf("%s: %v", side.Name, side.Findings)
	}
	if status, err := exec.Command("git", "-C", dir, "status", "--short").Output(); err != nil || len(status) == 0 {
		t.Errorf("the working tree was changed: %s %v", status, err)
	}
	if _, err := project.Read(context.Background(), sides.Spec{Kind: sides.Directory, Value: project.Dir}); err == nil {
		t.Error("the working tree can be read although it is broken")
	}
}

// Each revision has its own content.
func TestOlderRevision(t *testing.T) {
	dir := repository(t)
	schema := filepath.Join(dir, "api", "schema.graphql")
	text, err := os.ReadFile(schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(schema, []byte(strings.Replace(string(text), "type Spare {", "type Spare {\n  later: Int", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	project := sides.Project{Dir: filepath.Join(dir, "api"), Manifest: "manifest.yaml"}
	for revision, want := range map[string]bool{"HEAD~1": false, "HEAD": true} {
		side, err := project.Read(context.Background(), sides.Spec{Kind: sides.Revision, Value: revision})
		if err != nil {
			t.Fatal(err)
		}
		if got := side.Contracts[ir.GraphQL].Messages["Spare"].Field("later") != nil; got != want {
			t.Errorf("%s has the field: %v, want %v", revision, got, want)
		}
	}
}

func TestRevisionErrors(t *testing.T) {
	dir := repository(t)
	if err := os.Remove(filepath.Join(dir, "api", "openapi.yaml")); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	tests := []struct {
		name, dir, revision, want string
	}{
		{"unknown", "api", "nowhere", "nowhere: the repository has neither a directory nor a revision of that name"},
		{"an option", "api", "--all", "--all: the repository has neither"},
		{"a blob", "api", "HEAD:api/manifest.yaml", "HEAD:api/manifest.yaml: "},
		{"no project there", ".", "HEAD", "HEAD: manifest.yaml: the manifest does not exist"},
		{"a file is missing", "api", "HEAD", "HEAD: openapi.yaml: the contract file does not exist"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			project := sides.Project{Dir: filepath.Join(dir, tt.dir), Manifest: "manifest.yaml"}
			side, err := project.Read(context.Background(), sides.Spec{Kind: sides.Revision, Value: tt.revision})
			if err == nil || side != nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, error %v; want %s", side, err, tt.want)
			}
		})
	}
	outside := sides.Project{Dir: t.TempDir(), Manifest: "manifest.yaml"}
	if _, err := outside.Read(context.Background(), sides.Spec{Kind: sides.Revision, Value: "HEAD"}); err == nil || !strings.Contains(err.Error(), "in no git repository (name a directory with --base") {
		t.Errorf("a revision outside of a repository: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (sides.Project{Dir: dir, Manifest: "manifest.yaml"}).Read(ctx, sides.Spec{Kind: sides.Revision, Value: "HEAD"}); err == nil {
		t.Error("a cancelled context is passed over")
	}
}
