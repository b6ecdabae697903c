package library

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/examples/library/server"
)

// TestCommandsOfTheReference runs every command of the reference that needs curl
// alone, each on a library with the book b1.
func TestCommandsOfTheReference(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	ran := 0
	for _, page := range []string{"docs/catalog.md", "docs/desk.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```sh\n(curl .*?)```").FindAllStringSubmatch(string(text), -1) {
			ran++
			url, endpoint := start(t)
			_, desk := clients(t, url, endpoint, "rest", server.Key)
			book(t, desk, "7", "The bread", 1)
			cmd := exec.CommandContext(t.Context(), "sh", "-c", block[1])
			cmd.Env = append(os.Environ(), "LIBRARY_URL="+url, "LIBRARY_DESK_KEY="+server.Key, "no_proxy=*")
			out, err := cmd.CombinedOutput()
			if err != nil || strings.Contains(string(out), `"message"`) || strings.Contains(string(out), `"books":[]`) {
				t.Errorf("%s\nanswers %s, %v", block[1], out, err)
			}
		}
	}
	if ran != 22 {
		t.Errorf("%d commands ran, want 22: twelve methods over REST, ten over GraphQL", ran)
	}
}
