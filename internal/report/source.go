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

// sources quotes lines of files, each of which it reads once.
type sources struct {
	fsys  fs.FS
	lines map[string][]string
}

// line is the line that a position is in; empty where it cannot be read.
func (s *sources) line(pos diag.Pos) string {
	if s.fsys == nil || pos.Line == 0 || !fs.ValidPath(pos.File) {
		return ""
	}
	lines, ok := s.lines[pos.File]
	if !ok {
		if src, err := fs.ReadFile(s.fsys, pos.File); err == nil {
			lines = strings.Split(string(src), "\n")
		}
		s.lines[pos.File] = lines
	}
	if pos.Line > len(lines) {
		return ""
	}
	return strings.TrimRight(lines[pos.Line-1], "\r")
}

// redactor masks secrets: the report's own, passwords in URLs, and credentials
// that announce themselves as such.
type redactor struct {
	secrets        []string
	user, announce *regexp.Regexp
}

func newRedactor(secrets []string) *redactor {
	return &redactor{
		secrets:  secrets,
		user:     regexp.MustCompile(`(://)[^/@\s"']+@`),
		announce: regexp.MustCompile(`(?i)\b(bearer|basic) +[a-z0-9._~+/=-]{16,}`),
	}
}

// text is the text without secrets.
func (r *redactor) text(s string) string {
	for _, secret := range r.secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, redactedMark)
		}
	}
	s = r.user.ReplaceAllString(s, "${1}"+redactedMark+"@")
	return r.announce.ReplaceAllString(s, "$1 "+redactedMark)
}

// finding is the finding without secrets.
func (r *redactor) finding(f Finding) Finding {
	for _, s := range []*string{&f.Line, &f.Message, &f.Hint, &f.Detail, &f.Accepted, &f.Pos.File} {
		*s = r.text(*s)
	}
	if len(f.Properties) > 0 {
		clean := map[string]string{}
		for k, v := range f.Properties {
			clean[k] = r.text(v)
		}
		f.Properties = clean
	}
	return f
}

// Clean is text without the secrets, without passwords in URLs, and without control
// characters, for those who print it without a report.
func Clean(text string, secrets []string) string { return printable(newRedactor(secrets).text(text)) }

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
