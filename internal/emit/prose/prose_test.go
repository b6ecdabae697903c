package prose

import "testing"

func TestWords(t *testing.T) {
	for name, want := range map[string]string{"LoginRequest": "loginRequest", "FGATuple": "fgaTuple", "ID": "id", "X": "x", "A1": "a1"} {
		if got := LowerFirst(name); got != want {
			t.Errorf("%s becomes %s, want %s", name, got, want)
		}
	}
	for text, want := range map[string]string{"": "", "a": "a.", "a. ": "a.", " a": "a."} {
		if got := Sentence(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	for doc, want := range map[string]string{
		"returns a user": "GetUser returns a user.", "returns, as text, a user": "GetUser returns, as text, a user.",
		"one user": "GetUser: one user.", "Get a user.": "GetUser: Get a user.", "": "GetUser ",
	} {
		if got := Does("GetUser", doc); got != want {
			t.Errorf("%q becomes %q, want %q", doc, got, want)
		}
	}
	for want, list := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := And(list); got != want {
			t.Errorf("%q becomes %q, want %q", list, got, want)
		}
	}
}
