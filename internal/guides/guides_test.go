package guides

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	// "go test ./... -update" means all packages.
	_ "github.com/triwire/authorizer-sdk/internal/updateflag"
)

const root = "../.."

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// copied is a copy of the repository with a commit, or is skipped without git,
// which sdkgen diff compares with.
func copied(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		fmt.Fprintln(os.Stderr, "SKIPPED: there is no git, and without it no copy to run the commands of the guides in")
		t.Skip("there is no git")
	}
	dir := t.TempDir()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-R"}
	for _, e := range entries {
		if e.Name() != ".git" {
			args = append(args, filepath.Join(root, e.Name()))
		}
	}
	run(t, ".", "cp", append(args, dir)...)
	run(t, dir, "git", "init", "-q")
	run(t, dir, "git", "add", "-A")
	run(t, dir, "git", "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "x")
	return dir
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// sdkgen builds the generator once: go run would do it anew in every copy.
func sdkgen(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "sdkgen")
	run(t, root, "go", "build", "-o", out, "./cmd/sdkgen")
	return out
}

// The commands for adding a method and for a new version of the server.
func TestContributing(t *testing.T) {
	blocks := regexp.MustCompile("(?s)<!-- runs in a copy -->\n```sh\n(.*?)```").FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1)
	if len(blocks) != 2 {
		t.Fatalf("%d blocks to run", len(blocks))
	}
	generator, dir := sdkgen(t), copied(t)
	for i, block := range blocks {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			script := "set -eu\n" + strings.ReplaceAll(block[1], "go run ./cmd/sdkgen", generator)
			run(t, dir, "sh", "-c", script)
			run(t, dir, "git", "checkout", "-q", ".")
		})
	}
}

// Every command of the README's table exists with the flags that it shows, and
// those that need nothing but the repository run.
func TestReadmeCommands(t *testing.T) {
	generator := sdkgen(t)
	commands := regexp.MustCompile("(?m)^\\| `go run ./cmd/sdkgen ([^`]*)`").FindAllStringSubmatch(read(t, "README.md"), -1)
	if len(commands) < 8 {
		t.Fatalf("the table has %d commands", len(commands))
	}
	for _, c := range commands {
		words := strings.Fields(c[1])
		help := exec.CommandContext(t.Context(), generator, words[0], "-h")
		out, err := help.CombinedOutput()
		if err != nil {
			t.Errorf("%s -h: %v\n%s", words[0], err, out)
		}
		for _, flag := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(c[1], -1) {
			if !bytes.Contains(out, []byte("\n  --"+flag[1]+" ")) && !bytes.Contains(out, []byte("\n  --"+flag[1]+"\n")) {
				t.Errorf("sdkgen %s has no flag --%s:\n%s", words[0], flag[1], out)
			}
		}
		switch words[0] {
		case "check", "explain":
			run(t, root, generator, words[0])
		}
	}
}

// What the README shows of make test is what it prints: its steps, and what the
// check says.
func TestReadmeShowsMakeTest(t *testing.T) {
	block := regexp.MustCompile("(?s)```console\n\\$ make test\n(.*?)```").FindStringSubmatch(read(t, "README.md"))
	if block == nil {
		t.Fatal("the README does not show make test")
	}
	check := exec.CommandContext(t.Context(), sdkgen(t), "check")
	check.Dir = root
	said, err := check.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	makefile := strings.ReplaceAll(read(t, "Makefile"), "$(RACE)", "-race")
	for line := range strings.Lines(block[1]) {
		line = strings.TrimSuffix(line, "\n")
		step := strings.HasPrefix(line, "== ") && strings.Contains(makefile, `echo "`+line+`"`)
		passed := regexp.MustCompile(`^ok  \tgithub\.com/triwire/authorizer-sdk/\S+\t[0-9.]+s$`).MatchString(line)
		if line != "..." && !step && !passed && line != strings.TrimSpace(string(said)) {
			t.Errorf("make test does not print %q", line)
		}
	}
}
