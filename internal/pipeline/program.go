package pipeline

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// programID tells the running program from all others: by the id that the linker
// wrote into it, which is a hash of its content, or else by that hash itself.
func programID() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	return fileID(name)
}

func fileID(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	id := elfBuildID(f)
	if id == "" {
		// Elsewhere it stands before the program's own code.
		head := make([]byte, 64<<10)
		n, err := f.ReadAt(head, 0)
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		id = textBuildID(head[:n])
	}
	// Four hashes, of which the last is that of the content.
	if strings.Count(id, "/") != 3 || strings.HasSuffix(id, "/") {
		return hashFile(name)
	}
	return fmt.Sprintf("build id %s, %d bytes", id, info.Size()), nil
}

// elfBuildID is the linker's id in a program for Linux and its like; empty if
// there is none.
func elfBuildID(r io.ReaderAt) string {
	f, err := elf.NewFile(r)
	if err != nil {
		return ""
	}
	section := f.Section(".note.go.buildid")
	if section == nil {
		return ""
	}
	// A note: the lengths of name and content, a type, the name "Go", the content.
	const head = 16
	note, err := section.Data()
	if err != nil || len(note) < head || string(note[12:14]) != "Go" {
		return ""
	}
	n := f.ByteOrder.Uint32(note[4:8])
	if uint64(len(note)-head) < uint64(n) {
		return ""
	}
	return string(note[head : head+n])
}

// textBuildID is the linker's id in the beginning of another program.
func textBuildID(head []byte) string {
	_, rest, ok := bytes.Cut(head, []byte("\xff Go build ID: \""))
	id, _, closed := bytes.Cut(rest, []byte("\"\n \xff"))
	if !ok || !closed {
		return ""
	}
	return string(id)
}
