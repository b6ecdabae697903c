package demo

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// block is a fenced block of a Markdown file.
type block struct {
	language, text string
	line           int
	before         string // the line before the fence
}

// blocks lists the fenced blocks of a file in order.
func blocks(t *testing.T, path string) []block {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []block
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		language, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		length := slices.Index(lines[i+1:], "```")
		if length < 0 {
			t.Fatalf("%s:%d: the block does not end", path, i+1)
		}
		text := strings.Join(lines[i+1:i+1+length], "\n") + "\n"
		all = append(all, block{language, text, i + 1, lines[max(i-1, 0)]})
		i += length + 1
	}
	return all
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// program is a Go program of the README and what the README says it prints.
type program struct {
	block
	prints string // empty: it is not run
}

// programs pairs each Go block with the text block that follows it.
func programs(t *testing.T) []program {
	t.Helper()
	all := blocks(t, filepath.Join(root(t), "README.md"))
	var out []program
	for i, b := range all {
		if b.language != "go" {
			continue
		}
		p := program{block: b}
		notRun := strings.HasPrefix(b.before, "<!-- compiled, not run")
		switch followed := i+1 < len(all) && all[i+1].language == "text"; {
		case followed == notRun:
			t.Errorf("README.md:%d: a program is followed by a text block with its output, or marked as not run", b.line)
		case followed:
			p.prints = all[i+1].text
		}
		out = append(out, p)
	}
	return out
}

// build compiles the programs as if they stood in this module, and returns the
// executables.
func build(t *testing.T, programs []program) []string {
	t.Helper()
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	args := []string{"build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", dir + string(filepath.Separator)}
	var executables []string
	for i, p := range programs {
		name := fmt.Sprintf("readme%d", i)
		source := filepath.Join(dir, name+".go")
		write(t, source, []byte(p.text))
		overlay.Replace[filepath.Join(root(t), "internal", "demo", name, "main.go")] = source
		args = append(args, "./internal/demo/"+name)
		executables = append(executables, filepath.Join(dir, name))
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "overlay.json"), data)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = root(t)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the programs of the README do not compile: %v\n%s", err, out)
	}
	return executables
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every Go block of the README is a program that compiles, and prints what the
// README says.
func TestReadmePrograms(t *testing.T) {
	all := programs(t)
	if len(all) < 4 {
		t.Fatalf("%d programs in the README", len(all))
	}
	s := startServer(t)
	for i, executable := range build(t, all) {
		p := all[i]
		if formatted, err := format.Source([]byte(p.text)); err != nil || string(formatted) != p.text {
			t.Errorf("README.md:%d: not formatted (%v)", p.line, err)
		}
		if p.prints == "" {
			continue
		}
		if err := startAnew(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), executable)
		cmd.Env = append(os.Environ(),
			"AUTHORIZER_URL="+s.URL, "AUTHORIZER_GRPC="+s.GRPCEndpoint,
			"AUTHORIZER_CLIENT_ID="+clientID, "AUTHORIZER_ADMIN_SECRET="+adminSecret)
		out, err := cmd.CombinedOutput()
		if err != nil || string(out) != p.prints {
			t.Errorf("README.md:%d: %v, printed\n%swant\n%s", p.line, err, out, p.prints)
		}
	}
}

// What the README shows of the demo is what the demo prints, and what it shows
// of the manifest stands there.
func TestReadmeShowsTheTruth(t *testing.T) {
	_, printed, _ := runMain(t, environment())
	manifest, err := os.ReadFile(filepath.Join(root(t), "manifest.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks(t, filepath.Join(root(t), "README.md")) {
		if b.language == "yaml" && !strings.Contains(string(manifest), b.text) {
			t.Errorf("README.md:%d: not in manifest.yaml", b.line)
		}
		if !strings.HasPrefix(b.text, "$ make demo\n") {
			continue
		}
		for line := range strings.Lines(b.text) {
			if line != "...\n" && !strings.HasPrefix(line, "$ ") && !strings.Contains(printed, line) {
				t.Errorf("README.md:%d: the demo does not print %q", b.line, line)
			}
		}
	}
}
