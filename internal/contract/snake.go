package contract

import (
	"strings"
	"unicode"
)

// Snake is a type's name as the names of fields are written: DVDDisc, dvd_disc.
func Snake(name string) string {
	var out strings.Builder
	runes := []rune(name[strings.LastIndexByte(name, '.')+1:])
	for i, r := range runes {
		startsWord := i > 0 && unicode.IsUpper(r) && runes[i-1] != '_' &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return strings.TrimLeft(out.String(), "_")
}
