package ownapi

import (
	"io/fs"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/modfile"
)

// sdkgen is the tool, which TestMain builds once for all tests.
var sdkgen string

func TestMain(m *testing.M) { os.Exit(withTool(m.Run)) }

func withTool(run func() int) int {
	dir, err := os.MkdirTemp("", "ownapi-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	sdkgen = filepath.Join(dir, "sdkgen")
	// Without what debuggers need it is linked in two thirds of the time.
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", sdkgen, "../../cmd/sdkgen").CombinedOutput(); err != nil {
		log.Printf("%v\n%s", err, out)
		return 1
	}
	return run()
}

// walker runs commands in a directory that is a module of its own.
type walker struct {
	t *testing.T
	// root is this repository.
	root, dir string
	env       []string
}

func newWalker(t *testing.T) *walker {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	// The results of tests are cached by what they open themselves. These depend
	// on what the tool and the reader's module are built of, too.
	for _, dir := range []string{"cmd", "internal", "sdk"} {
		if err := filepath.WalkDir(filepath.Join(root, dir), func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			t.Fatal(err)
		}
	}
	return &walker{t: t, root: root, dir: t.TempDir(), env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")}
}

// run runs a command of the document. What would ask the network for this very
// repository works on the files here, and a server is left running.
func (w *walker) run(command string) string {
	w.t.Helper()
	switch {
	case strings.HasPrefix(command, "mkdir ") || strings.HasPrefix(command, "go get "):
		return ""
	case strings.HasPrefix(command, "go mod init "):
		w.module(strings.TrimPrefix(command, "go mod init "))
		return ""
	case command == "go mod tidy":
		// The module has the requirements of this repository already.
		return ""
	case command == "go run ./server":
		w.serve()
		return ""
	}
	out, err := w.try(strings.Fields(command)...)
	// Findings of a check are no failure of the command.
	if err != nil && !strings.HasPrefix(command, "go tool sdkgen check") {
		w.t.Fatalf("%s: %v\n%s", command, err, out)
	}
	return out
}

// try runs a command and returns what it prints.
func (w *walker) try(words ...string) (string, error) {
	if len(words) > 2 && slices.Equal(words[:3], []string{"go", "tool", "sdkgen"}) {
		words = append([]string{sdkgen}, words[3:]...)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir, cmd.Env = w.dir, w.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// serve runs the server of the document until the test ends.
func (w *walker) serve() {
	w.t.Helper()
	binary := filepath.Join(w.t.TempDir(), "server")
	if out, err := w.try("go", "build", "-o", binary, "./server"); err != nil {
		w.t.Fatalf("./server: %v\n%s", err, out)
	}
	cmd := exec.Command(binary)
	cmd.Env = w.env
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for _, name := range []string{"SHELF_HTTP", "SHELF_GRPC"} {
		w.await(w.lookup(name))
	}
}

// await waits until something listens.
func (w *walker) await(address string) {
	w.t.Helper()
	for range 200 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	w.t.Fatalf("nothing listens on %s", address)
}

// free is an address that nothing listens on.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// lookup is a variable of the commands' environment.
func (w *walker) lookup(name string) string {
	for _, entry := range w.env {
		if value, ok := strings.CutPrefix(entry, name+"="); ok {
			return value
		}
	}
	return ""
}

func (w *walker) write(name string, data []byte) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// module writes the go.mod of the reader's module, with this repository in place
// of a released version.
func (w *walker) module(name string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.root, "go.mod"))
	if err != nil {
		w.t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	repository := mod.Module.Mod.Path
	for _, err := range []error{mod.AddModuleStmt(name), mod.AddRequire(repository, "v0.0.0"), mod.AddReplace(repository, "", w.root, "")} {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if text, err = mod.Format(); err != nil {
		w.t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(w.root, "go.sum"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.write("go.mod", text)
	w.write("go.sum", sums)
}
