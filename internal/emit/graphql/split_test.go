package graphql

import (
	"slices"
	"strings"
	"testing"
)

// TestSplit: cuts are made only where a definition ends.
func TestSplit(t *testing.T) {
	tests := map[string][]string{
		"":                                   {""},
		"# nothing\n":                        {"# nothing\n"},
		"type A { b: C }\ntype C { d: Int }": {"type A { b: C }", "\ntype C { d: Int }"},
		"type A { b(c: In = {d: [1]}): C }\n# the end }\n":                                  {"type A { b(c: In = {d: [1]}): C }"},
		"scalar S\ntype A @x(y: {z: 1}) { b: C } union U = A":                               {"scalar S\ntype A @x(y: {z: 1}) { b: C }", " union U = A"},
		"\"of } B\" type B { c: \"\" Int } \"\"\"no \\\"\"\" } end\"\"\" type D { e: Int }": {"\"of } B\" type B { c: \"\" Int }", " \"\"\"no \\\"\"\" } end\"\"\" type D { e: Int }"},
		"\"a \\\" } b\" type B { c: Int }":                                                  {"\"a \\\" } b\" type B { c: Int }"},
		"type A { # } not here\r\n b: Int }":                                                {"type A { # } not here\r\n b: Int }"},
		"query Q { a { b } }\nfragment F on G { h }\n":                                      {"query Q { a { b } }", "\nfragment F on G { h }"},
		"type A { b: \"\"\"never closed }":                                                  {"type A { b: \"\"\"never closed }"},
	}
	for src, want := range tests {
		if got := split(src, 1); !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", src, got, want)
		}
		if got := split(src, len(src)+1); !slices.Equal(got, []string{src}) {
			t.Errorf("%q, which is small, is cut into %q", src, got)
		}
	}
	large := strings.TrimSpace(strings.Repeat("type A { b: Int }\n", 3000))
	pieces := split(large, 1000)
	if len(pieces) < 40 || len(pieces) > 60 || strings.Join(pieces, "") != large {
		t.Errorf("%d pieces", len(pieces))
	}
}
