package report

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// redactedMark stands where a secret stood.
const redactedMark = "[redacted]"

// sourceLine is the line that a position is in; empty where it cannot be read.
func (r *Report) sourceLine(pos diag.Pos) string {
	if r.Sources == nil || pos.Line == 0 || !fs.ValidPath(pos.File) {
		return ""
	}
	src, err := fs.ReadFile(r.Sources, pos.File)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(src), "\n")
	if pos.Line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[pos.Line-1], "\r")
}

// redacted is the finding without secrets.
func (r *Report) redacted(f Finding) Finding {
	for _, s := range []*string{&f.Line, &f.Message, &f.Hint, &f.Detail, &f.Accepted, &f.Pos.File} {
		*s = r.redact(*s)
	}
	if len(f.Properties) > 0 {
		clean := map[string]string{}
		for k, v := range f.Properties {
			clean[k] = r.redact(v)
		}
		f.Properties = clean
	}
	return f
}

// redact masks the report's secrets, passwords in URLs, and credentials that
// announce themselves as such.
func (r *Report) redact(s string) string {
	for _, secret := range r.Secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, redactedMark)
		}
	}
	s = regexp.MustCompile(`(://)[^/@\s"']+@`).ReplaceAllString(s, "${1}"+redactedMark+"@")
	return regexp.MustCompile(`(?i)\b(bearer|basic) +[a-z0-9._~+/=-]{16,}`).ReplaceAllString(s, "$1 "+redactedMark)
}

// printable is text without control characters: what a server says about itself
// must not steer the terminal that it is printed on.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c)) {
			return unicode.ReplacementChar
		}
		return c
	}, s)
}

// oneLine is printable text in one line.
func oneLine(s string) string {
	return printable(strings.Join(strings.FieldsFunc(s, func(c rune) bool { return c == '\n' || c == '\r' }), " "))
}

// file is the path of a finding's file from where the command runs.
func (r *Report) file(f Finding) string {
	if f.Pos.File == "" {
		return ""
	}
	return path.Join(r.Prefix, f.Pos.File)
}
