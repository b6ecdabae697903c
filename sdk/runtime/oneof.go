package runtime

import "strings"

// Choice is a field of a group of which at most one may be set.
type Choice struct {
	name string
	set  bool
}

// Variant is a field and whether the caller set it.
func Variant(name string, set bool) Choice { return Choice{name, set} }

// OneOf holds a request to a group of fields, the same over every protocol, as
// [ChoiceViolations] has it.
func OneOf(e *Encoder, required bool, choices ...Choice) {
	for _, v := range ChoiceViolations(required, choices...) {
		e.violation(v.Field, "%s", v.Description)
	}
}

// ChoiceViolations is what is wrong with a group of fields: that more than one is
// set, or none where one is required. Clients and servers hold requests to it.
func ChoiceViolations(required bool, choices ...Choice) []FieldViolation {
	var all, set []string
	for _, c := range choices {
		all = append(all, c.name)
		if c.set {
			set = append(set, c.name)
		}
	}
	names := strings.Join(all, ", ")
	var out []FieldViolation
	switch {
	case len(set) > 1:
		for _, name := range set[1:] {
			out = append(out, FieldViolation{name, "cannot be set together with " + set[0] + ": only one of " + names + " can"})
		}
	case len(set) == 0 && required:
		out = append(out, FieldViolation{all[0], "must be set, or another one of " + names})
	}
	return out
}
