// Package ownapi runs what docs/your-own-api.md tells its readers to do.
package ownapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

const document = "docs/your-own-api.md"

// block is a fenced block, and the file that it is to be, if any.
type block struct {
	language, file string
	lines          []string
	line           int
}

func blocks(t *testing.T, path string) []block {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		language, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		n := slices.Index(lines[i+1:], "```")
		if n < 0 {
			t.Fatalf("%s:%d: the block does not end", path, i+1)
		}
		b := block{language: language, lines: lines[i+1 : i+1+n], line: i + 1}
		if file, ok := strings.CutPrefix(lines[max(i-1, 0)], "<!-- file: "); ok {
			b.file = strings.TrimSuffix(file, " -->")
		}
		out = append(out, b)
		i += n + 1
	}
	return out
}

// walker does the steps in a directory.
type walker struct {
	t      *testing.T
	dir    string
	sdkgen string
	url    string
}

func TestWalkThrough(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{t: t, dir: t.TempDir(), sdkgen: filepath.Join(t.TempDir(), "sdkgen"), url: serve(t)}
	w.must(root, "go", "build", "-o", w.sdkgen, "./cmd/sdkgen")
	for _, b := range blocks(t, filepath.Join(root, document)) {
		switch {
		case b.file != "":
			name := filepath.Join(w.dir, filepath.FromSlash(b.file))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(strings.Join(b.lines, "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		case b.language == "console":
			w.console(b, root)
		default:
			t.Errorf("%s:%d: a block that is neither a file nor commands", document, b.line)
		}
		if t.Failed() {
			return
		}
	}
}

// console runs the commands of a block and compares what each prints with what
// stands below it; a line of three dots stands for any lines.
func (w *walker) console(b block, root string) {
	w.t.Helper()
	for i := 0; i < len(b.lines); {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			w.t.Fatalf("%s:%d: no command", document, b.line+i+1)
		}
		next := i + 1
		for next < len(b.lines) && !strings.HasPrefix(b.lines[next], "$ ") {
			next++
		}
		got := w.run(command, root)
		if want := b.lines[i+1 : next]; !matches(want, strings.Split(strings.TrimSpace(got), "\n")) {
			w.t.Errorf("%s:%d: %s prints\n%s\nnot\n%s", document, b.line+i+1, command, got, strings.Join(want, "\n"))
		}
		i = next
	}
}

// matches tells whether lines are as wanted; nothing wanted, nothing matters.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return true
	}
	for i, line := range want {
		switch {
		case line == "...":
			for j := range len(got) - i + 1 {
				if rest := want[i+1:]; len(rest) == 0 || matches(rest, got[i+j:]) {
					return true
				}
			}
			return false
		case i >= len(got) || strings.TrimSpace(line) != strings.TrimSpace(got[i]):
			return false
		}
	}
	return len(want) == len(got)
}

// run runs a command of the document. What would ask the network for this very
// repository works on the files here.
func (w *walker) run(command, root string) string {
	w.t.Helper()
	switch {
	case strings.HasPrefix(command, "mkdir ") || strings.HasPrefix(command, "go get "):
		return ""
	case strings.HasPrefix(command, "go mod init "):
		w.module(strings.TrimPrefix(command, "go mod init "), root)
		return ""
	case command == "go mod tidy":
		// The module has the requirements of this repository already.
		return ""
	}
	env := os.Environ()
	words := strings.Fields(command)
	if name, _, ok := strings.Cut(words[0], "="); ok {
		env = append(env, name+"="+w.url)
		words = words[1:]
	}
	if len(words) > 2 && slices.Equal(words[:3], []string{"go", "tool", "sdkgen"}) {
		words = append([]string{w.sdkgen}, words[3:]...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir, cmd.Env = w.dir, append(env, "GOWORK=off", "GOFLAGS=-mod=mod")
	out, err := cmd.CombinedOutput()
	// Findings of a check are no failure of the command.
	if err != nil && !slices.Contains(words, "check") {
		w.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

// module writes the go.mod of the reader's module, with this repository in place
// of a released version.
func (w *walker) module(name, root string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		w.t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	repository := mod.Module.Mod.Path
	for _, err := range []error{mod.AddModuleStmt(name), mod.AddRequire(repository, "v0.0.0"), mod.AddReplace(repository, "", root, "")} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if text, err = mod.Format(); err != nil {
		w.t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		w.t.Fatal(err)
	}
	for name, data := range map[string][]byte{"go.mod": text, "go.sum": sums} {
		if err := os.WriteFile(filepath.Join(w.dir, name), data, 0o644); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *walker) must(dir string, words ...string) {
	w.t.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("%v: %v\n%s", words, err, out)
	}
}

// serve answers as the API of the document does, over GraphQL and REST.
func serve(t *testing.T) string {
	book := map[string]any{"id": "7", "title": "The Dispossessed", "genre": "NOVEL"}
	missing := func(id any) string { return fmt.Sprintf("there is no book %v", id) }
	write := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/books/{id}", func(w http.ResponseWriter, r *http.Request) {
		if id := r.PathValue("id"); id != book["id"] {
			write(w, http.StatusNotFound, map[string]any{"code": "not_found", "message": missing(id)})
			return
		}
		write(w, http.StatusOK, book)
	})
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Variables map[string]any }
		_ = json.NewDecoder(r.Body).Decode(&in)
		if id := in.Variables["id"]; id != book["id"] {
			failure := map[string]any{"message": missing(id), "extensions": map[string]any{"code": "NOT_FOUND"}}
			write(w, http.StatusOK, map[string]any{"data": nil, "errors": []any{failure}})
			return
		}
		write(w, http.StatusOK, map[string]any{"data": map[string]any{"result": book}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}
