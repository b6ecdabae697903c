package demo

import (
	"bytes"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

func TestJudge(t *testing.T) {
	value := func(appData map[string]any) outcome {
		return outcome{value: &authorizer.User{ID: "1", AppData: appData}}
	}
	for name, c := range map[string]struct {
		a, b    outcome
		leftOut bool
		want    verdict
	}{
		"equal":                  {value(map[string]any{"n": 3.0}), value(map[string]any{"n": 3.0}), false, same},
		"another type":           {value(map[string]any{"n": 3.0}), value(map[string]any{"n": int64(3)}), false, differs},
		"nil and empty":          {value(nil), value(map[string]any{}), false, differs},
		"null and absent":        {value(map[string]any{"n": nil}), value(map[string]any{}), false, differs},
		"an error":               {value(nil), outcome{err: errors.New("x")}, false, differs},
		"another id":             {value(nil), outcome{value: &authorizer.User{ID: "2"}}, false, differs},
		"another id, left out":   {value(nil), outcome{value: &authorizer.User{ID: "2"}}, true, same},
		"another name, left out": {value(nil), outcome{value: &authorizer.User{GivenName: "x"}}, true, differs},
		"an id in a map":         {value(map[string]any{"id": 1.0}), value(map[string]any{"id": 2.0}), true, differs},
	} {
		t.Run(name, func(t *testing.T) {
			s := step{name: "profile"}
			if c.leftOut {
				s.leftOut = []string{"id"}
			}
			r := judge(s, []outcome{c.a, c.a, c.b})
			if r.verdict != c.want {
				t.Errorf("verdict %q, want %q", r.verdict, c.want)
			}
			var b bytes.Buffer
			(&printer{w: &b}).step(r)
			if told := strings.Contains(b.String(), "differ"); told != (c.want == differs) {
				t.Errorf("the table does not say where: %s", b.String())
			}
		})
	}
}

func TestWithoutKeepsTheOriginal(t *testing.T) {
	original := &authorizer.UsersResponse{Users: []authorizer.User{{ID: "1", Email: "a@example.com"}}}
	got := without(original, []string{"id"})
	want := &authorizer.UsersResponse{Users: []authorizer.User{{Email: "a@example.com"}}}
	if !reflect.DeepEqual(got, want) || original.Users[0].ID != "1" {
		t.Errorf("got %+v, original %+v", got, original)
	}
}

func TestLeavesHideSecrets(t *testing.T) {
	for _, l := range leaves(&authorizer.AuthResponse{AccessToken: "canary", AuthenticatorRecoveryCodes: []string{"canary"}}) {
		if strings.Contains(l.text, "canary") {
			t.Errorf("%s is shown: %s", l.path, l.text)
		}
	}
}

func TestRefusalMustBeEarly(t *testing.T) {
	unimplemented := &authorizer.Error{Code: authorizer.CodeUnimplemented}
	for name, c := range map[string]struct {
		refused refused
		want    int
	}{
		"early":         {refused{err: unimplemented}, 0},
		"offered":       {refused{offered: true}, 0},
		"late":          {refused{err: unimplemented, requests: 1}, 1},
		"no error":      {refused{}, 1},
		"another error": {refused{err: &authorizer.Error{Code: authorizer.CodeInternal}}, 1},
	} {
		if got := (refusalRow{c.refused}).problem(); got != c.want {
			t.Errorf("%s: %d problems, want %d", name, got, c.want)
		}
	}
}

func TestColour(t *testing.T) {
	tty, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0) // a character device, as terminals are
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	for name, c := range map[string]struct {
		got  *printer
		want bool
	}{
		"terminal":      {newPrinter(tty, environment()), true},
		"NO_COLOR":      {newPrinter(tty, environment("NO_COLOR", "1")), false},
		"dumb terminal": {newPrinter(tty, environment("TERM", "dumb")), false},
		"pipe":          {newPrinter(&bytes.Buffer{}, environment()), false},
	} {
		if c.got.colour != c.want || strings.Contains(c.got.paint(red, "x"), "\x1b") != c.want {
			t.Errorf("%s: colour is %v, want %v", name, c.got.colour, c.want)
		}
	}
}

func TestPad(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"abc", "abc   "},
		{"abcdefgh", "ab..gh"},
		{"héé", "héé   "},
		{"a\nb\x1b[", "a b [ "},
	} {
		if got := pad(c.in, 6); got != c.want {
			t.Errorf("pad(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
