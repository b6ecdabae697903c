package diag

import (
	"slices"
	"testing"
)

func TestPos(t *testing.T) {
	for want, p := range map[string]Pos{
		"-":       {Line: 3, Col: 4},
		"f":       {File: "f", Col: 4},
		"f:3":     {File: "f", Line: 3},
		"f:3:4":   {File: "f", Line: 3, Col: 4},
		"d/f:1:1": {File: "d/f", Line: 1, Col: 1},
	} {
		if got := p.String(); got != want {
			t.Errorf("%#v is %q, want %q", p, got, want)
		}
	}
}

func TestFinding(t *testing.T) {
	for want, f := range map[string]Finding{
		"m":              {Message: "m"},
		"m (h)":          {Message: "m", Hint: "h"},
		"f:1:2: m":       {Pos: Pos{"f", 1, 2}, Message: "m"},
		"f:1:2: m (h)":   {Pos: Pos{"f", 1, 2}, Message: "m", Hint: "h"},
		"f: m 100% (%s)": {Pos: Pos{File: "f"}, Message: "m 100%", Hint: "%s"},
	} {
		if got := f.Error(); got != want {
			t.Errorf("%#v is %q, want %q", f, got, want)
		}
	}
}

// TestList: findings come sorted by place and text, each once, and adding to one
// list does not change another.
func TestList(t *testing.T) {
	var a, b List
	if a.Err() != nil || a.Len() != 0 || len(a.Findings()) != 0 {
		t.Error("the zero list is not empty")
	}
	a.Addf(Pos{"f", 10, 1}, "%s", "ten")
	a.Addf(Pos{"f", 9, 2}, "nine, two")
	a.Addf(Pos{"f", 9, 1}, "nine, one, b")
	a.Addf(Pos{"f", 9, 1}, "nine, one, a")
	a.Add(Finding{Pos: Pos{"f", 9, 1}, Message: "nine, one, a", Hint: "with a hint"})
	b.Addf(Pos{"e", 99, 1}, "another file")
	b.Addf(Pos{"f", 10, 1}, "ten")
	a.Merge(&b)
	a.Merge(nil)
	want := "e:99:1: another file\nf:9:1: nine, one, a\nf:9:1: nine, one, a (with a hint)\nf:9:1: nine, one, b\nf:9:2: nine, two\nf:10:1: ten"
	err := a.Err()
	if err == nil || err.Error() != want {
		t.Errorf("the error is\n%v, want\n%s", err, want)
	}
	if a.Len() != 7 || b.Len() != 2 {
		t.Errorf("the lengths are %d and %d", a.Len(), b.Len())
	}
	found := a.Findings()
	found[0].Message = "changed"
	if slices.Contains(a.Findings(), found[0]) {
		t.Error("the findings can be changed from outside")
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 findings", 1: "1 finding", 2: "2 findings"} {
		if got := Count(n, "finding"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
