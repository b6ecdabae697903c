// Package ownapi runs what docs/your-own-api.md tells its readers to do.
package ownapi

import (
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const document = "docs/your-own-api.md"

// block is a fenced block, and the file that it is to be, if any.
type block struct {
	language, file string
	lines          []string
	line           int
}

func blocks(t *testing.T, path string) []block {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []block
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		language, ok := strings.CutPrefix(lines[i], "```")
		if !ok {
			continue
		}
		n := slices.Index(lines[i+1:], "```")
		if n < 0 {
			t.Fatalf("%s:%d: the block does not end", path, i+1)
		}
		b := block{language: language, lines: lines[i+1 : i+1+n], line: i + 1}
		if file, ok := strings.CutPrefix(lines[max(i-1, 0)], "<!-- file: "); ok {
			b.file = strings.TrimSuffix(file, " -->")
		}
		out = append(out, b)
		i += n + 1
	}
	return out
}

func TestWalkThrough(t *testing.T) {
	t.Parallel()
	w := newWalker(t)
	w.env = append(w.env, "SHELF_HTTP="+free(t), "SHELF_GRPC="+free(t))
	w.env = append(w.env, "SHELF_URL=http://"+w.lookup("SHELF_HTTP"))
	for _, b := range blocks(t, filepath.Join(w.root, document)) {
		switch {
		case b.file != "":
			text := strings.Join(b.lines, "\n") + "\n"
			if formatted, err := format.Source([]byte(text)); strings.HasSuffix(b.file, ".go") && (err != nil || string(formatted) != text) {
				t.Errorf("%s:%d: gofmt would write it otherwise (%v):\n%s", document, b.line, err, formatted)
			}
			w.write(b.file, []byte(text))
		case b.language == "console":
			w.console(b)
		default:
			t.Errorf("%s:%d: a block that is neither a file nor commands", document, b.line)
		}
		if t.Failed() {
			return
		}
	}
}

// console runs the commands of a block and compares what each prints with what
// stands below it; a line of three dots stands for any lines.
func (w *walker) console(b block) {
	w.t.Helper()
	for i := 0; i < len(b.lines); {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			w.t.Fatalf("%s:%d: no command", document, b.line+i+1)
		}
		next := i + 1
		for next < len(b.lines) && !strings.HasPrefix(b.lines[next], "$ ") {
			next++
		}
		got := w.run(command)
		if want := b.lines[i+1 : next]; !matches(want, strings.Split(strings.TrimSpace(got), "\n")) {
			w.t.Errorf("%s:%d: %s prints\n%s\nnot\n%s", document, b.line+i+1, command, got, strings.Join(want, "\n"))
		}
		i = next
	}
}

// matches tells whether lines are as wanted; nothing wanted, nothing matters.
func matches(want, got []string) bool {
	if len(want) == 0 {
		return true
	}
	for i, line := range want {
		switch {
		case line == "...":
			for j := range len(got) - i + 1 {
				if rest := want[i+1:]; len(rest) == 0 || matches(rest, got[i+j:]) {
					return true
				}
			}
			return false
		case i >= len(got) || strings.TrimSpace(line) != strings.TrimSpace(got[i]):
			return false
		}
	}
	return len(want) == len(got)
}
