package gofile

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
)

// Duplicate is a name that the files of a package declare twice: a name of the
// package, or Type.name for a method or a field.
type Duplicate struct {
	// Dir is the directory of the package, First and Second the names of the files.
	Dir, Name, First, Second string
}

// Twice finds the names that packages declare twice. The files must be formatted:
// what is declared is then told by how lines begin, which takes much less time
// than parsing.
func Twice(files map[string][]byte) []Duplicate {
	var out []Duplicate
	first := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(name) != ".go" {
			continue
		}
		dir := path.Dir(name)
		for _, declared := range Declared(files[name]) {
			if other, twice := first[dir+" "+declared]; twice {
				out = append(out, Duplicate{dir, declared, path.Base(other), path.Base(name)})
				continue
			}
			first[dir+" "+declared] = name
		}
	}
	return out
}

// Declared are the names that a formatted file declares.
func Declared(src []byte) []string {
	s := &scanner{}
	for line := range bytes.Lines(src) {
		s.line(line)
	}
	return s.names
}

// scanner goes through the lines of a file.
type scanner struct {
	names []string
	// block is what stands before each name of a block: the struct's type with a
	// dot, or nothing; open tells that there is one.
	block string
	open  bool
	// raw: the line is amid a raw string.
	raw bool
}

var (
	function   = regexp.MustCompile(`^func (?:\((?:\w+ )?\*?(\w+)\) )?(\w+)`)
	typeName   = regexp.MustCompile(`^type (\w+) `)
	structType = regexp.MustCompile(`^type (\w+) struct \{$`)
	value      = regexp.MustCompile(`^(?:const|var) (\w+)`)
	inBlock    = regexp.MustCompile(`^\t(\w+)(?:\s|$|,)`)
	blockStart = regexp.MustCompile(`^(?:const|var|type) \($`)
)

func (s *scanner) line(line []byte) {
	line = bytes.TrimRight(line, "\r\n")
	wasRaw := s.raw
	if bytes.Count(line, []byte{'`'})%2 == 1 {
		s.raw = !s.raw
	}
	switch {
	case wasRaw:
	case s.open && (bytes.Equal(line, []byte("}")) || bytes.Equal(line, []byte(")"))):
		s.open = false
	case s.open:
		if m := inBlock.FindSubmatch(line); m != nil {
			s.add(s.block, m[1])
		}
	case blockStart.Match(line):
		s.open, s.block = true, ""
	default:
		s.declaration(line)
	}
}

func (s *scanner) declaration(line []byte) {
	if m := function.FindSubmatch(line); m != nil {
		receiver := ""
		if len(m[1]) > 0 {
			receiver = string(m[1]) + "."
		} else if string(m[2]) == "init" {
			return
		}
		s.add(receiver, m[2])
		return
	}
	if m := typeName.FindSubmatch(line); m != nil {
		s.add("", m[1])
		if structType.Match(line) {
			s.open, s.block = true, string(m[1])+"."
		}
		return
	}
	if m := value.FindSubmatch(line); m != nil {
		s.add("", m[1])
	}
}

func (s *scanner) add(prefix string, name []byte) {
	if string(name) != "_" {
		s.names = append(s.names, prefix+string(name))
	}
}
