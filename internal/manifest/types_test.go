package manifest

import (
	"os"
	"strings"
	"testing"
)

// TestScalarsAreDocumented: docs/types.md names every shape that a scalar can have.
func TestScalarsAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/types.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range append(scalars(), "object", "any", "map<string>") {
		if !strings.Contains(string(page), "bound to `"+word+"`") && !strings.Contains(string(page), "`"+word+"`") {
			t.Errorf("docs/types.md does not say what a scalar bound to %s is", word)
		}
	}
}
