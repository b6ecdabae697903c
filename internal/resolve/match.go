package resolve

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// SameName tells whether two names of fields are one name in the conventions of
// the contracts: book_id, bookId and bookID, and X-Book-Id of a header x_book_id.
// Names that differ in the case of their first letter are not, but for headers:
// such a name does not follow the convention of its contract.
func SameName(a, b string) bool { return a == b || nameKey(a) == nameKey(b) }

// nameKey is the same text for names that are one name.
func nameKey(name string) string {
	key := strings.ToLower(strings.Join(words(name), ""))
	first, _ := utf8.DecodeRuneInString(name)
	if unicode.IsUpper(first) && !strings.Contains(name, "-") {
		return "^" + key
	}
	return key
}

// fieldOf is the field of that name, or else the one field whose name is the same
// in another convention.
func (r *resolver) fieldOf(m *contract.Message, name string) *contract.Field {
	if m == nil {
		return nil
	}
	if f := m.Field(name); f != nil {
		return f
	}
	keys := r.keys[m]
	if keys == nil {
		keys = fieldKeys(m)
		r.keys[m] = keys
	}
	return keys[nameKey(name)]
}

// theField is fieldOf for messages that are looked at once.
func theField(m *contract.Message, name string) *contract.Field {
	if m == nil {
		return nil
	}
	if f := m.Field(name); f != nil {
		return f
	}
	return fieldKeys(m)[nameKey(name)]
}

// fieldKeys are a message's fields by what their names have in common in all
// conventions; nil where that is not one field.
func fieldKeys(m *contract.Message) map[string]*contract.Field {
	out := map[string]*contract.Field{}
	for _, f := range m.Fields {
		key := nameKey(f.Name)
		if _, twice := out[key]; twice {
			f = nil // neither of two is the one
		}
		out[key] = f
	}
	return out
}
