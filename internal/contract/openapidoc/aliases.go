package openapidoc

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// aliases gives other names to the properties that the wire code could not have
// under their own: those of which nothing is left in a Go name, or the same as of
// another, such as "+1" and "-1".
func aliases(msg *contract.Message) {
	taken := map[string]bool{}
	for _, f := range msg.Fields {
		taken[goKey(f.Name)] = true
	}
	first := map[string]bool{"": true}
	for i, f := range msg.Fields {
		key := goKey(f.Name)
		if f.Name == "" {
			f.Type = contract.Type{Scalar: contract.ScalarUnsupported, Wire: f.Type.Wire, Reason: "has an empty name"}
		}
		if !first[key] {
			first[key] = true
			continue
		}
		for n := i + 1; f.Alias == "" || taken[goKey(f.Alias)]; n++ {
			f.Alias = fmt.Sprintf("property_%d", n)
		}
		taken[goKey(f.Alias)] = true
	}
}

// typeAliases does the same for the names of objects.
func typeAliases(messages map[string]*contract.Message) {
	first := map[string]bool{"": true}
	for i, name := range slices.Sorted(maps.Keys(messages)) {
		key := goKey(name)
		if !first[key] {
			first[key] = true
			continue
		}
		messages[name].GoName = fmt.Sprintf("Schema%dX%s", i+1, key)
	}
}

// goKey is the same for names of which the wire code may make the same name.
func goKey(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, name)
}
