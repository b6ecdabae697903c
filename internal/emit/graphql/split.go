package graphql

import "strings"

// chunk is the size in bytes beyond which a document is cut.
const chunk = 16 << 10

// split cuts a schema or a document of operations into pieces of about that
// size, between definitions. For each field, genqlient looks through the file
// that the field is in: with everything in one file the time grows with the
// square of its size.
func split(src string, size int) []string {
	var out []string
	start, depth := 0, 0
	for i := 0; i < len(src); {
		switch src[i] {
		case '#':
			i += lineLength(src[i:])
			continue
		case '"':
			i += stringLength(src[i:])
			continue
		case '{', '(', '[':
			depth++
		case '}', ')', ']':
			depth--
		}
		i++
		// A brace that closes with nothing else open ends a definition.
		if src[i-1] == '}' && depth == 0 && i-start >= size {
			out = append(out, src[start:i])
			start = i
		}
	}
	// Comments and white space alone are no document.
	if rest := src[start:]; len(out) == 0 || hasTokens(rest) {
		out = append(out, rest)
	}
	return out
}

func hasTokens(src string) bool {
	for line := range strings.Lines(src) {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) != "" {
			return true
		}
	}
	return false
}

func lineLength(src string) int {
	if i := strings.IndexAny(src, "\r\n"); i >= 0 {
		return i
	}
	return len(src)
}

// stringLength is the length of the string that src begins with; one that does
// not end takes the rest.
func stringLength(src string) int {
	quote := `"`
	if strings.HasPrefix(src, `"""`) {
		quote = `"""`
	}
	for i := len(quote); i < len(src); i++ {
		switch {
		case strings.HasPrefix(src[i:], quote):
			return i + len(quote)
		case quote == `"` && src[i] == '\\':
			i++
		case strings.HasPrefix(src[i:], `\"""`):
			i += 3
		}
	}
	return len(src)
}
