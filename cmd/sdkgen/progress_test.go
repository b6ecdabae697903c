package main

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"
)

// TestProgress: nothing in the first second, then the step and the time, in one
// line that goes away; on a terminal that cannot write over, a line a step.
func TestProgress(t *testing.T) {
	const again = "\r\x1b[K"
	for _, c := range []struct {
		name, term string
		t          terminal
		want       string
	}{
		{"terminal", "xterm", terminal{fake: true},
			again + "sdkgen: two (1s)" + again + "sdkgen: three (1s)" + again + "sdkgen: three (2s)" + again + "sdkgen: three (3s)" + again},
		{"dumb terminal", "dumb", terminal{fake: true}, "sdkgen: two\nsdkgen: three\n"},
		{"no colours", "", terminal{fake: true}, "sdkgen: two\nsdkgen: three\n"},
		{"no terminal", "xterm", terminal{}, ""},
		{"JSON", "xterm", terminal{fake: true, json: true}, ""},
		{"another format", "xterm", terminal{fake: true, quiet: true}, ""},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", map[bool]string{true: "1"}[c.name == "no colours"])
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			c.t.err = &out
			step, stop := c.t.progress()
			step("one")
			time.Sleep(900 * time.Millisecond)
			step("two")
			time.Sleep(500 * time.Millisecond)
			step("three")
			time.Sleep(1900 * time.Millisecond)
			stop()
			time.Sleep(time.Minute)
			step("after the end")
			if out.String() != c.want {
				t.Errorf("%s: printed %q, want %q", c.name, out.String(), c.want)
			}
		})
	}
}

// TestProgressQuick: what takes less than a second says nothing.
func TestProgressQuick(t *testing.T) {
	t.Setenv("TERM", "xterm")
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		tt := terminal{err: &out, fake: true}
		step, stop := tt.progress()
		step("one")
		time.Sleep(999 * time.Millisecond)
		stop()
		time.Sleep(time.Minute)
		if out.Len() > 0 {
			t.Errorf("printed %q", out.String())
		}
	})
}
