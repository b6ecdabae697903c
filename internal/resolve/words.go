package resolve

import (
	"regexp"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Words splits a name in snake case, camel case or a mixture of them.
func Words(name string) []string { return words(name) }

// Camel is a row's name as "{Name}" stands for it in a service's convention.
func Camel(name string) string { return camel(name) }

// Forms are what stands for a row's name in a service's convention, and what it
// stands for: get_user, GetUser, getUser.
func Forms(name string) map[string]string {
	upper := camel(name)
	return map[string]string{"{name}": name, "{Name}": upper, "{camelName}": strings.ToLower(upper[:1]) + upper[1:]}
}

// Expand puts a row's name into a convention.
func Expand(convention, name string) string {
	for form, text := range Forms(name) {
		convention = strings.ReplaceAll(convention, form, text)
	}
	return convention
}

// leftOver is what an expanded convention still has in braces; empty: nothing.
func leftOver(expanded string) string { return regexp.MustCompile(`\{[^}]*\}`).FindString(expanded) }

// Envelope is the field of a protocol's answer that holds what another protocol
// answers bare, or nil. The answers are those of one method.
func Envelope(p ir.Protocol, answers map[ir.Protocol]*contract.Message) *contract.Field {
	field, _ := envelopeOf(p, answers)
	return field
}
