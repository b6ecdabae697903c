package sdk

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
		if got := commentLines(text); !slices.Equal(got, want) {
			t.Errorf("%q becomes\n%q, want\n%q", text, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{"LoginRequest": "loginRequest", "FGATuple": "fgaTuple", "ID": "id", "X": "x", "A1": "a1"} {
		if got := lowerFirst(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
	for text, want := range map[string]string{"": "", "a": "a.", "a. ": "a.", " a": "a."} {
		if got := sentence(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	for want, list := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := and(list); got != want {
			t.Errorf("%q becomes %q, want %q", list, got, want)
		}
	}
}
