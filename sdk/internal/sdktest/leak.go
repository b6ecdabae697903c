package sdktest

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// NoLeaks fails the test if, when it is over, more goroutines that run code of
// these packages or of net are left than now. Goroutines take time to end, so
// it waits for them.
func NoLeaks(t testing.TB) {
	t.Helper()
	before := len(goroutines())
	t.Cleanup(func() {
		var left []string
		for range 100 {
			if left = goroutines(); len(left) <= before {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("%d goroutines before, %d after:\n%s", before, len(left), strings.Join(left, "\n\n"))
	})
}

func goroutines() []string {
	buf := make([]byte, 16<<20)
	buf = buf[:runtime.Stack(buf, true)]
	return strings.Split(string(buf), "\n\n")
}
