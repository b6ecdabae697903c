package runtime

import (
	"os/exec"
	"strings"
	"testing"
)

// A program that does not ask for gRPC must not link it.
func TestRuntimeDoesNotLinkGRPC(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	for dep := range strings.Lines(string(out)) {
		if strings.HasPrefix(dep, "google.golang.org/") || strings.Contains(dep, "/grpcrt") {
			t.Errorf("the runtime imports %s", dep)
		}
	}
	if !strings.Contains(string(out), "genqlient/graphql") {
		t.Errorf("go list did not list what is imported:\n%s", out)
	}
}
