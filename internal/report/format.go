package report

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Format is a way to print a report.
type Format string

// The formats.
const (
	Text     Format = "text"
	JSON     Format = "json"
	GitHub   Format = "github"
	SARIF    Format = "sarif"
	Markdown Format = "markdown"
)

// Formats are all formats by their names.
func Formats() []string {
	return []string{string(Text), string(JSON), string(GitHub), string(SARIF), string(Markdown)}
}

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	if !slices.Contains(Formats(), name) {
		all := Formats()
		return "", fmt.Errorf("--format cannot be %q: %s or %s", name, strings.Join(all[:len(all)-1], ", "), all[len(all)-1])
	}
	return Format(name), nil
}

// Write prints the report. Text is coloured if w is a terminal.
func Write(w io.Writer, format Format, r *Report) error {
	p := r.prepared()
	switch format {
	case Text:
		return writeText(w, p, coloured(w))
	case JSON:
		return writeJSON(w, p)
	case GitHub:
		return writeGitHub(w, p)
	case SARIF:
		return writeSARIF(w, p)
	case Markdown:
		return writeMarkdown(w, p)
	}
	return fmt.Errorf("there is no format %q", format)
}

// IsTerminal tells whether somebody looks at what is written.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// coloured tells whether to use colours: on terminals, unless the environment
// asks for none (https://no-color.org).
func coloured(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
