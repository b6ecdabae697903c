package gofile_test

import (
	"go/format"
	"slices"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
)

const declarations = `package x

import "fmt"

// type Comment is none.
type A struct {
	// X is documented.
	X, Y int
	B
	*C
	Z    map[string]struct {
		Inner int
	} ` + "`json:\"z\"`" + `
}

type (
	Group int
)

type Alias = A

const One = 1

const (
	Two Group = iota
	Three
	_
)

var text = ` + "`" + `
type NotHere struct {
func NotHere()
` + "`" + `

func init() {}

func (a *A) Method() { fmt.Println(a) }

func (A) Other() {}

func Free[T any](x T) {
	type Local struct{}
	const inside = 1
}
`

// TestTwice: names are told by how the lines of a formatted file begin.
func TestTwice(t *testing.T) {
	src, err := format.Source([]byte(declarations))
	if err != nil {
		t.Fatal(err)
	}
	got := gofile.Declared(src)
	for _, name := range []string{"A", "A.X", "A.Z", "Group", "Alias", "One", "Two", "Three", "text", "A.Method", "A.Other", "Free"} {
		if !slices.Contains(got, name) {
			t.Errorf("%s is not among %q", name, got)
		}
	}
	for _, name := range []string{"NotHere", "Comment", "init", "A.Inner", "Local", "inside", "_"} {
		if slices.Contains(got, name) {
			t.Errorf("%s is among %q", name, got)
		}
	}
	if twice := gofile.Twice(map[string][]byte{"p/a.go": src, "q/b.go": src}); len(twice) > 0 {
		t.Errorf("two packages: %v", twice)
	}
	twice := gofile.Twice(map[string][]byte{"p/a.go": []byte("package p\n\nfunc F() {}\n"), "p/b.go": []byte("package p\n\ntype F int\n")})
	if !slices.Equal(twice, []gofile.Duplicate{{Dir: "p", Name: "F", First: "a.go", Second: "b.go"}}) {
		t.Errorf("got %v", twice)
	}
}
