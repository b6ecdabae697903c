package manifest

import (
	"maps"
	"slices"
)

// codes are the canonical status codes by the names that a manifest uses.
func codes() []string {
	return []string{
		"canceled", "unknown", "invalid_argument", "deadline_exceeded", "not_found", "already_exists",
		"permission_denied", "resource_exhausted", "failed_precondition", "aborted", "out_of_range",
		"unimplemented", "internal", "unavailable", "data_loss", "unauthenticated",
	}
}

func (v *validator) errors() {
	for _, m := range v.Errors.Messages {
		if (m.Text.Value == "") == (m.Prefix.Value == "") {
			v.findings.Addf(m.Pos, "an entry of errors.messages needs either text or prefix")
		}
		v.oneOf(Text{m.Code.Value, or(m.Code.Pos, m.Pos)}, codes(), "errors.messages.code")
	}
	v.uniqueMessages()
	for _, name := range slices.Sorted(maps.Keys(v.Errors.Extensions)) {
		v.oneOf(v.Errors.Extensions[name], codes(), "errors.extensions."+name)
	}
	for _, name := range slices.Sorted(maps.Keys(v.Errors.Codes)) {
		v.oneOf(v.Errors.Codes[name], codes(), "errors.codes."+name)
	}
	if v.Errors.NonCanonicalGRPC.Value != "" {
		v.oneOf(v.Errors.NonCanonicalGRPC, codes(), "errors.noncanonical_grpc")
	}
}

func (v *validator) uniqueMessages() {
	texts, prefixes := map[string]bool{}, map[string]bool{}
	for _, m := range v.Errors.Messages {
		if m.Text.Value != "" && texts[m.Text.Value] {
			v.findings.Addf(m.Text.Pos, "errors.messages has the text %q twice", m.Text.Value)
		}
		if m.Prefix.Value != "" && prefixes[m.Prefix.Value] {
			v.findings.Addf(m.Prefix.Pos, "errors.messages has the prefix %q twice", m.Prefix.Value)
		}
		texts[m.Text.Value], prefixes[m.Prefix.Value] = true, true
	}
}
