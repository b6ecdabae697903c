package prose

import (
	"fmt"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// FieldNotes are the sentences about a field that follow from how it travels.
func FieldNotes(m *ir.Message, field *ir.Field) []string {
	var notes []string
	if lacks := protocolsWhere(m, field, func(f *ir.WireField) bool { return f.Contract == nil }); len(lacks) > 0 {
		notes = append(notes, fmt.Sprintf("It cannot be sent over %s and is refused there.", And(lacks)))
	}
	if o := field.Oneof; o != nil && choice(m) == nil {
		var names []string
		for _, f := range o.Fields {
			names = append(names, f.GoName)
		}
		notes = append(notes, fmt.Sprintf("At most one of %s is set.", And(names)))
	}
	if m.Request && commonSilence(m) == "" {
		if silent := silence(m, field); silent != "" {
			notes = append(notes, fmt.Sprintf("Over %s a zero or empty value cannot be told from an unset one and is refused.", silent))
		}
	}
	return notes
}

// choice is the group that all fields of a message belong to, or nil.
func choice(m *ir.Message) *ir.Oneof {
	if len(m.Oneofs) == 1 && len(m.Oneofs[0].Fields) == len(m.Fields) {
		return m.Oneofs[0]
	}
	return nil
}

// MessageNote says once what holds for all fields: of a choice, that one is set;
// of a request, how those that are optional are left out.
func MessageNote(m *ir.Message) string {
	if o := choice(m); o != nil {
		switch {
		case !m.Request:
			return "One of its fields is set; none, if the server answers something that this package does not know."
		case o.Required:
			return "Exactly one of its fields must be set; anything else is refused before anything is sent."
		default:
			return "At most one of its fields can be set; more are refused before anything is sent."
		}
	}
	silent := commonSilence(m)
	if !m.Request || silent == "" {
		return ""
	}
	return fmt.Sprintf("Fields that are not required are left out while nil. Over %s a zero or empty value cannot be told from that: setting one is refused before anything is sent.", silent)
}

// commonSilence are the protocols that cannot send zero values of any optional
// field, if they are the same for each.
func commonSilence(m *ir.Message) string {
	common, first := "", true
	for _, field := range m.Fields {
		if field.Required || !couldBeEmpty(field) || field.Type.Message != nil && field.Type.Single() {
			continue
		}
		silent := silence(m, field)
		if !first && silent != common {
			return ""
		}
		common, first = silent, false
	}
	return common
}

// silence are the protocols that cannot tell a zero value of the field from an
// unset one, while others can.
func silence(m *ir.Message, field *ir.Field) string {
	return And(protocolsWhere(m, field, func(f *ir.WireField) bool {
		optional := couldBeEmpty(field) && !field.Required
		return f.Contract != nil && optional && !f.Presence && len(f.Over) > 0
	}))
}

// couldBeEmpty tells whether the field has an empty value beside nil.
func couldBeEmpty(field *ir.Field) bool {
	return field.Pointer || !field.Type.Single() || field.Type.Scalar == contract.ScalarBytes
}

// protocolsWhere lists the protocols over which the test holds for the field.
func protocolsWhere(m *ir.Message, field *ir.Field, test func(*ir.WireField) bool) []string {
	var out []string
	for _, w := range m.Wires {
		for _, f := range w.Fields {
			if f.Field == field && test(f) && !slices.Contains(out, string(w.Protocol)) {
				out = append(out, string(w.Protocol))
			}
		}
	}
	return out
}
