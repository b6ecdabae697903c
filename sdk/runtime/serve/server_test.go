package serve_test

import (
	"strings"
	"testing"
	"time"

	"github.com/triwire/authorizer-sdk/sdk/runtime/serve"
)

// Options that cannot be used are told when the server is made, all at once, and
// not by a panic of a later call.
func TestOptionsThatAreRefused(t *testing.T) {
	if _, err := serve.New(&serve.API{Name: "test"}, nil, serve.WithMaxRequestBytes(1), serve.WithGracePeriod(0)); err != nil {
		t.Error(err)
	}
	_, err := serve.New(&serve.API{Name: "test"},
		serve.WithLogger(nil), serve.WithInterceptor(nil), serve.WithMaxRequestBytes(0), serve.WithGracePeriod(-time.Second))
	if err == nil {
		t.Fatal("all were accepted")
	}
	for _, name := range []string{"WithLogger", "WithInterceptor", "WithMaxRequestBytes: 0", "WithGracePeriod: -1s"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is missing in: %v", name, err)
		}
	}
}
