package runtime

import "strings"

// Choice is a field of a group of which at most one may be set.
type Choice struct {
	name string
	set  bool
}

// Variant is a field and whether the caller set it.
func Variant(name string, set bool) Choice { return Choice{name, set} }

// OneOf holds a request to a group of fields: if more than one is set, or if none
// is where one is required, that is a violation, the same over every protocol.
func OneOf(e *Encoder, required bool, choices ...Choice) {
	var all, set []string
	for _, c := range choices {
		all = append(all, c.name)
		if c.set {
			set = append(set, c.name)
		}
	}
	switch {
	case len(set) > 1:
		for _, name := range set[1:] {
			e.violation(name, "cannot be set together with %s: only one of %s can", set[0], strings.Join(all, ", "))
		}
	case len(set) == 0 && required:
		e.violation(all[0], "must be set, or another one of %s", strings.Join(all, ", "))
	}
}
