package drift

import (
	"strconv"
	"strings"
)

// tighter tells whether the changed limit allows less than before. What cannot
// be told counts as tighter.
func tighter(name, before, after string) bool {
	b, err1 := strconv.ParseFloat(before, 64)
	h, err2 := strconv.ParseFloat(after, 64)
	if err1 != nil || err2 != nil {
		return after != "false"
	}
	word := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	switch {
	case strings.HasPrefix(word, "max") || word == "lt" || word == "lte":
		return h < b
	case strings.HasPrefix(word, "min") || word == "gt" || word == "gte":
		return h > b
	}
	return true
}
