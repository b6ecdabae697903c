package replay

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestLoadRefuses(t *testing.T) {
	const step = `{"name": "a", "request": {"method": "/x.Y/Z"}}`
	tests := map[string]string{
		`{"steps": [`:                            "unexpected EOF",
		`{"steps": [], "x": 1}`:                  `unknown field "x"`,
		`{"steps": []}`:                          "no steps",
		`{"steps": [{}]}`:                        "empty or used twice",
		`{"steps": [` + step + `,` + step + `]}`: "empty or used twice",
		`{"steps": [{"name": "a", "request": {"method": "POST"}}]}`:                       "neither an HTTP nor a gRPC request",
		`{"steps": [{"name": "a", "response": {"headers": {"A": 1}}}]}`:                   "cannot unmarshal number",
		`{"steps": [{"name": "a", "request": {"method": "/x.Y/Z", "path": "/graphql"}}]}`: "neither an HTTP nor a gRPC request",
	}
	for text, want := range tests {
		_, err := Load(fstest.MapFS{"x.json": {Data: []byte(text)}}, "x.json")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	if _, err := Load(fstest.MapFS{}, "x.json"); err == nil {
		t.Error("a missing file loads")
	}
}

// Steps are aligned: the same name means the same method, input and credential
// over every protocol that recorded it.
func TestRecordingsAgree(t *testing.T) {
	for _, scenario := range []string{"", ".mail"} {
		first := map[string]*Step{}
		for _, protocol := range Protocols() {
			rec := testRecording(t, protocol+scenario)
			if rec.Protocol != protocol || rec.ServerVersion != version {
				t.Errorf("%s%s is of %s %s", protocol, scenario, rec.Protocol, rec.ServerVersion)
			}
			for _, s := range rec.Steps {
				f := first[s.Name]
				if f == nil {
					first[s.Name] = s
				} else if f.Method != s.Method || string(f.Input) != string(s.Input) || f.Kind != s.Kind || f.Auth != s.Auth {
					t.Errorf("%s over %s: not the step that it is elsewhere", s.Name, protocol)
				}
			}
		}
	}
}
