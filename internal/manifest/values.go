package manifest

import "github.com/triwire/authorizer-sdk/internal/diag"

// Text is a string with its position. A Text that the manifest does not hold
// is empty and has no position.
type Text struct {
	Value string
	Pos   diag.Pos
}

// String returns the value.
func (t Text) String() string { return t.Value }

// Bool is a bool with its position.
type Bool struct {
	Value bool
	Pos   diag.Pos
}

// Int is a whole number with its position.
type Int struct {
	Value int
	Pos   diag.Pos
}

// Values returns the texts without their positions.
func Values(texts []Text) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = t.Value
	}
	return out
}
