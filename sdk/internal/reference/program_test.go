package reference_test

import (
	"encoding/json"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

// goCalls compiles all Go examples into one program, runs it against the server,
// and returns the first call of each method.
func goCalls(t *testing.T, server *sdktest.Server, all []section) map[string]*sdktest.Request {
	t.Helper()
	executable := build(t, program(t, all))
	cmd := exec.CommandContext(t.Context(), executable)
	cmd.Env = os.Environ()
	for name, value := range values(server) {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the Go examples fail: %v\n%s", err, out)
	}
	sent := map[string]*sdktest.Request{}
	for _, s := range all {
		if calls := server.Calls(s.name); len(calls) > 0 {
			sent[s.name] = calls[0]
		}
	}
	return sent
}

// program is a program with a function for each example.
func program(t *testing.T, all []section) []byte {
	t.Helper()
	clients := setup(t)["Go"]
	var functions, table strings.Builder
	for _, s := range all {
		fmt.Fprintf(&table, "{%q, call%s},\n", s.name, s.name)
		fmt.Fprintf(&functions, "\nfunc call%s(ctx context.Context) error {\n%s\ntoken, session := os.Getenv(\"AUTHORIZER_TOKEN\"), authorizer.NewSession()\n_, _ = token, session\n", s.name, clients)
		found := false
		for _, title := range []string{"Go", "Go, One call", "Go, All pages"} {
			if text := s.snippets[title]; text != "" {
				found = true
				fmt.Fprintf(&functions, "{\n%s}\n", text)
			}
		}
		if !found {
			t.Errorf("%s has no Go example", s.name)
		}
		functions.WriteString("return nil\n}\n")
	}
	src, err := format.Source([]byte(`package main

import (
	"context"
	"fmt"
	"os"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

func main() {
	failed := false
	for _, c := range []struct {
		name string
		call func(context.Context) error
	}{
` + table.String() + `} {
		if err := c.call(context.Background()); err != nil {
			failed = true
			fmt.Println(c.name, err)
		}
	}
	if failed {
		os.Exit(1)
	}
}
` + functions.String()))
	if err != nil {
		t.Fatalf("the Go examples are no Go: %v", err)
	}
	return src
}

// build compiles a program as if it stood in this module.
func build(t *testing.T, src []byte) string {
	t.Helper()
	dir := t.TempDir()
	main, overlay, out := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "examples")
	place, err := filepath.Abs("program/main.go")
	if err != nil {
		t.Fatal(err)
	}
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {place: main}})
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{main: src, overlay: replace} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", overlay, "-o", out, "./program")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("the Go examples do not compile: %v\n%s", err, text)
	}
	return out
}
