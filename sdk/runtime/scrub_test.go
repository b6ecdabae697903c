package runtime

import (
	"fmt"
	"strings"
	"testing"
)

func TestScrubFormsAndCuts(t *testing.T) {
	long := `s3cret/with+"quotes"<&>`
	for _, test := range []struct{ name, secret, text, want string }{
		{"as it is", long, "no " + long + " here", "no [redacted] here"},
		{"in JSON", long, `{"p":"s3cret/with+\"quotes\"<&>"}`, `{"p":"[redacted]"}`},
		{"in JSON for HTML", long, `{"p":"s3cret/with+\"quotes\"\u003c\u0026\u003e"}`, `{"p":"[redacted]"}`},
		{"in a query", long, "?p=s3cret%2Fwith%2B%22quotes%22%3C%26%3E&q=1", "?p=[redacted]&q=1"},
		{"one-time code", "482913", "the code 482913 is wrong", "the code [redacted] is wrong"},
		{"one-time codes in a row", "482913", "482913 482913,482913\n482913", "[redacted] [redacted],[redacted]\n[redacted]"},
		{"part of a number", "482913", "at 1482913", "at 1482913"},
		{"short", "admin", "the admin said", "the admin said"},
		{"short, in quotes", "admin", "password \"admin\" of the admin: 'admin', `admin`", "password \"[redacted]\" of the admin: '[redacted]', `[redacted]`"},
		{"short, in JSON", "admin", `{"password":"admin","role":"admins"}`, `{"password":"[redacted]","role":"admins"}`},
		{"short, in JSON in a text", "admin", `"{\"password\":\"admin\"}"`, `"{\"password\":\"[redacted]\"}"`},
		{"short, in a query", "admin", "password=admin&user=administrator", "password=[redacted]&user=administrator"},
		{"short, a part of what is in quotes", "admin", `the "admin user" and "no admin"`, `the "admin user" and "no admin"`},
		{"short code", "4821", "the code 4821 is wrong, not 48210", "the code [redacted] is wrong, not 48210"},
		{"shorter number", "400", "the limit is 400, not \"400\"", "the limit is 400, not \"[redacted]\""},
		{"empty", "", "nothing", "nothing"},
		{"cut in the middle", "abcdefghij", "the token abcdefg...", "the token [redacted]..."},
		{"cut before its end", "abcdefghij", "the token abcdefghi...", "the token [redacted]..."},
		{"cut after it", "abcdefghij", "the token abcdefghij...", "the token [redacted]..."},
		{"cut elsewhere", "abcdefghij", "the token xyz...", "the token xyz..."},
		{"not cut", "abcdefghij", "the token abcdefg", "the token abcdefg"},
		{"a code that was cut", "482913", "the code 48291...", "the code [redacted]..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := &Error{Message: test.text, ServerCode: test.text, Violations: []FieldViolation{{test.text, test.text}}, cause: fmt.Errorf("%s", test.text)}
			e.scrub([]string{"", "x", test.secret})
			for _, got := range []string{e.Message, e.ServerCode, e.Violations[0].Field, e.Violations[0].Description, e.cause.Error()} {
				if got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			}
		})
	}
}

// A message is cut before its secrets are known, anywhere.
func TestScrubOfWhatWasCut(t *testing.T) {
	secret := "abcdefghijklmnop"
	for before := maxMessage - len(secret) - 5; before < maxMessage+5; before++ {
		e := &Error{Message: shorten(strings.Repeat("x", before) + secret + strings.Repeat("y", 100))}
		e.scrub([]string{secret})
		if strings.Contains(e.Message, secret[:minStump]) {
			t.Errorf("after %d bytes: ...%s", before, e.Message[len(e.Message)-40:])
		}
	}
}
