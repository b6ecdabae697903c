package gofile

import (
	"slices"
	"strings"
	"testing"
)

func TestCommentLines(t *testing.T) {
	long := strings.Repeat("x", 100)
	for text, want := range map[string][]string{
		"":                          nil,
		" \n ":                      nil,
		"one  two\nthree":           {"// one two three"},
		"one\n\ntwo":                {"// one", "//", "// two"},
		long:                        {"// " + long},
		"a " + long + " b":          {"// a", "// " + long, "// b"},
		strings.Repeat("abcd ", 16): {"// " + strings.TrimSpace(strings.Repeat("abcd ", 15)), "// abcd"},
		"ends */ here":              {"// ends */ here"},
	} {
		if got := CommentLines(text); !slices.Equal(got, want) {
			t.Errorf("%q becomes\n%q, want\n%q", text, got, want)
		}
	}
}
