package runtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// These are shaped as generated types are.

type loginRequest struct {
	Email    string         `json:"email,omitempty"`
	Password string         `json:"password,omitempty" secret:"true"`
	OTP      *string        `json:"otp,omitempty" secret:"true"`
	Codes    []string       `json:"codes,omitempty" secret:"true"`
	Roles    []string       `json:"roles,omitempty"`
	Limit    *int64         `json:"limit,omitempty"`
	Nested   *nestedRequest `json:"nested,omitempty"`
	List     []nestedRequest
	Map      map[string]nestedRequest
	Extra    map[string]any `json:"extra,omitempty"`
	hidden   string         `secret:"true"`
}

func (r loginRequest) Format(s fmt.State, verb rune) { FormatRedacted(s, verb, r) }
func (r loginRequest) LogValue() slog.Value          { return LogValueRedacted(r) }

// nestedRequest does not redact itself: the outer struct must.
type nestedRequest struct {
	Name  string `json:"name,omitempty"`
	Token string `json:"token,omitempty" secret:"true"`
}

func fullRequest() loginRequest {
	n := nestedRequest{"n", canary}
	return loginRequest{
		Email: "a@b.c", Password: canary, OTP: ptr(canary), Codes: []string{canary}, Roles: []string{"r"}, Limit: ptr(int64(7)),
		Nested: &n, List: []nestedRequest{n}, Map: map[string]nestedRequest{"k": n, "j": n}, Extra: map[string]any{"x": n, "t": time.Unix(0, 0).UTC()},
		hidden: canary,
	}
}

func TestFormatRedacted(t *testing.T) {
	r := fullRequest()
	values := []any{r, &r, []loginRequest{r}, []*loginRequest{&r}, map[string]loginRequest{"k": r}, struct{ R loginRequest }{r}, struct{ R *loginRequest }{&r}, any(&r)}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%T %v"} {
			got := fmt.Sprintf(verb, v)
			if verb == "%T %v" {
				got = fmt.Sprintf(verb, v, v)
			}
			if strings.Contains(got, canary) || strings.Contains(strings.ToLower(got), fmt.Sprintf("%x", canary)) {
				t.Errorf("%s of %T shows the secret: %s", verb, v, got)
			}
		}
		if got := fmt.Sprint(v) + fmt.Sprintln(v); strings.Contains(got, canary) {
			t.Errorf("Sprint of %T shows the secret: %s", v, got)
		}
	}
}

func TestFormatRedactedText(t *testing.T) {
	r := fullRequest()
	cases := []struct{ verb, want string }{
		{"%+v", "{Email:a@b.c Password:[redacted] OTP:[redacted] Codes:[redacted] Roles:[r] Limit:7 Nested:&{Name:n Token:[redacted]} " +
			"List:[{Name:n Token:[redacted]}] Map:map[j:{Name:n Token:[redacted]} k:{Name:n Token:[redacted]}] " +
			"Extra:map[t:1970-01-01 00:00:00 +0000 UTC x:{Name:n Token:[redacted]}] hidden:[redacted]}"},
		{"%#v", `runtime.loginRequest{Email:"a@b.c", Password:[redacted], OTP:[redacted], Codes:[redacted], Roles:[]string["r"], Limit:7, Nested:&runtime.nestedRequest{Name:"n", Token:[redacted]}, ` +
			`List:[]runtime.nestedRequest[runtime.nestedRequest{Name:"n", Token:[redacted]}], Map:map[string]runtime.nestedRequest["j":runtime.nestedRequest{Name:"n", Token:[redacted]}, "k":runtime.nestedRequest{Name:"n", Token:[redacted]}], ` +
			`Extra:map[string]interface {}["t":time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC), "x":runtime.nestedRequest{Name:"n", Token:[redacted]}], hidden:[redacted]}`},
	}
	for _, tc := range cases {
		if got := fmt.Sprintf(tc.verb, r); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.verb, got, tc.want)
		}
	}
	want := "{Email: Password: OTP:<nil> Codes:[] Roles:[] Limit:<nil> Nested:<nil> List:[] Map:map[] Extra:map[] hidden:}"
	if got := fmt.Sprint(loginRequest{}); got != want {
		t.Errorf("zero\ngot  %s\nwant %s", got, want)
	}
	if got := fmt.Sprint((*loginRequest)(nil)); got != "<nil>" {
		t.Errorf("nil: got %s", got)
	}
}

func TestPrintingACycleEnds(t *testing.T) {
	m := map[string]any{}
	m["m"] = m
	r := loginRequest{Extra: m}
	if got := fmt.Sprint(r); !strings.Contains(got, "...") {
		t.Errorf("got %s", got)
	}
	slog.New(slog.NewTextHandler(&bytes.Buffer{}, nil)).Info("x", "r", r)
}

func TestLogValueRedacted(t *testing.T) {
	r := fullRequest()
	for _, v := range []any{r, &r} {
		var text, doc bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("x", "r", v)
		slog.New(slog.NewJSONHandler(&doc, nil)).Info("x", "r", v)
		if strings.Contains(text.String()+doc.String(), canary) {
			t.Errorf("the log shows the secret: %s%s", text.String(), doc.String())
		}
		if !strings.Contains(text.String(), "r.email=a@b.c r.password=[redacted]") {
			t.Errorf("got %s", text.String())
		}
		var line struct{ R map[string]any }
		if err := json.Unmarshal(doc.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		nested, _ := line.R["nested"].(map[string]any)
		list, _ := line.R["List"].([]any)
		extra, _ := line.R["extra"].(map[string]any)
		if len(list) != 1 || extra["t"] != "1970-01-01 00:00:00 +0000 UTC" {
			t.Errorf("got %s", doc.String())
		}
		if line.R["limit"] != 7.0 || nested["name"] != "n" || nested["token"] != redacted {
			t.Errorf("got %s", doc.String())
		}
	}
	if got := LogValueRedacted(loginRequest{Roles: []string{}}).Group(); len(got) != 0 {
		t.Errorf("zero fields are logged: %v", got)
	}
}

func TestSecretsIn(t *testing.T) {
	r := fullRequest()
	if got := secretsIn(&r); len(got) != 9 { // four fields of its own, five tokens below
		t.Errorf("got %d secrets: %v", len(got), got)
	}
	type outer struct {
		Inner nestedRequest `secret:"true"`
	}
	if got := secretsIn(&outer{nestedRequest{"name", "token"}}); len(got) != 2 {
		t.Errorf("a secret struct is secret in all its parts: got %v", got)
	}
	if got := secretsIn((*loginRequest)(nil)); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestScrub(t *testing.T) {
	e := &Error{Message: "long-secret-1 long-secret-12 short", ServerCode: "long-secret-1", Violations: []FieldViolation{{"a", "long-secret-12"}}}
	e.scrub([]string{"short", "long-secret-1", "long-secret-12", ""})
	if got, want := fmt.Sprint(e.Message, "|", e.ServerCode, "|", e.Violations), "[redacted] [redacted] short|[redacted]|[{a [redacted]}]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
