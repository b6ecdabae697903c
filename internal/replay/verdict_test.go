package replay

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func table(t *testing.T, text string) *Table {
	t.Helper()
	table, err := LoadTable(fstest.MapFS{"x.yaml": {Data: []byte(text)}}, "x.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestLoadTableRefuses(t *testing.T) {
	tests := map[string]string{
		"- {kind: request, steps: [a], reason: Because.}":                            "parts belong to a request row",
		"- {kind: code, steps: [a], reason: Because.}":                               "a code belongs to a code row",
		"- {kind: result, steps: [a], reason: Because., parts: [body]}":              "parts belong to a request row",
		"- {kind: result, steps: [a], reason: Because.}":                             "fields belong to a result row",
		"- {kind: refused-early, steps: [a], reason: Because., code: ok}":            "a code belongs to a code row",
		"- {kind: refused-early, steps: [a]}":                                        "the reason is not a sentence",
		"- {kind: refused-early, steps: [a], reason: because}":                       "the reason is not a sentence",
		"- {kind: refused-early, reason: Because.}":                                  "no steps",
		"- {kind: other, steps: [a], reason: Because.}":                              "unknown kind",
		"- {kind: refused-early, steps: [a], reason: Because., x: 1}":                "x not found",
		"- {kind: refused-early, steps: [a, a], reason: Because.}":                   "stands twice: refused-early a over graphql",
		"- {kind: refused-early, steps: [a], protocols: [rest, rest], reason: Why.}": "stands twice: refused-early a over rest",
		"- 1": "cannot unmarshal",
	}
	for text, want := range tests {
		_, err := LoadTable(fstest.MapFS{"x.yaml": {Data: []byte(text)}}, "x.yaml")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

func TestUnknownSteps(t *testing.T) {
	rows := table(t, `
- {kind: refused-early, steps: [a, b], protocols: [rest], reason: Because.}
- {kind: refused-early, steps: [c], reason: Because.}`)
	got := rows.Unknown(func(step, protocol string) bool { return step == "a" || step == "b" && protocol == "grpc" })
	if want := []string{"b over rest", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A row is not needed when another one decides before it is asked for.
func TestUnneededRows(t *testing.T) {
	rows := table(t, `
- {kind: not-an-sdk-call, steps: [a], reason: Because.}
- {kind: refused-early, steps: [a], reason: Because.}
- {kind: code, steps: [a], protocols: [rest], code: ok, reason: Because.}
- {kind: result, steps: [a], protocols: [graphql], fields: [x], reason: Because.}`)
	outcomes := map[string]*Outcome{}
	for _, protocol := range []string{"rest", "grpc"} {
		outcomes[protocol], _, _ = rows.Play(&Step{Name: "a"}, protocol, func(*Step, ...Part) Outcome { return missing })
	}
	outcomes["graphql"] = &Outcome{Code: "unknown", Err: errSample}
	rows.Compare("a", outcomes)
	got := rows.Unneeded(func(_, protocol string) bool { return protocol != "graphql" })
	want := []string{"refused-early a over rest", "refused-early a over grpc", "code a over rest"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var errSample = errors.New("sample")

// The ways in which a call can end.
var (
	played  = Outcome{Code: CodeOK, Visit: Visit{Calls: 1}}
	early   = Outcome{Code: codeInvalidArgument, Err: errSample, Violations: 1}
	refused = Outcome{Code: "unknown", Err: errSample, Visit: Visit{Calls: 1, Refused: true, Differences: Differences{{Part: PartBody}}}}
	missing = Outcome{Unplayable: "no such method"}
)

func TestPlay(t *testing.T) {
	const (
		notACall = "- {kind: not-an-sdk-call, steps: [s], reason: Because.}"
		isEarly  = "- {kind: refused-early, steps: [s], reason: Because.}"
		body     = "- {kind: request, steps: [s], parts: [body], reason: Because.}"
		origin   = "- {kind: request, steps: [s], parts: [origin, body], reason: Because.}"
	)
	tests := []struct {
		name, rows string
		strict     Outcome
		compared   bool
		kind       Kind
		problem    string
	}{
		{"plain", "[]", played, true, "", ""},
		{"plain, refused", "[]", refused, true, "", "the server refused the request"},
		{"plain, early", "[]", early, true, "", "nothing was sent"},
		{"plain, no method", "[]", missing, true, "", "no such method"},
		{"plain, twice", "[]", Outcome{Visit: Visit{Calls: 2}}, true, "", "sent 2 times"},
		{"not a call", notACall, missing, false, KindNotACall, ""},
		{"not a call, refused", notACall, refused, false, KindNotACall, ""},
		{"not a call, early", notACall, early, false, KindNotACall, ""},
		{"not a call, played", notACall, played, false, KindNotACall, "no longer needed"},
		{"early", isEarly, early, false, KindEarly, ""},
		{"early, no method", isEarly, missing, false, KindEarly, "no such method"},
		{"early, played", isEarly, played, false, KindEarly, "no longer needed"},
		{"early, refused", isEarly, refused, false, KindEarly, "no longer needed"},
		{"early, no field", isEarly, Outcome{Code: codeInvalidArgument}, false, KindEarly, "without naming a field"},
		{"early, other code", isEarly, Outcome{Code: "internal", Violations: 1}, false, KindEarly, "without naming a field"},
		{"request", body, refused, true, KindRequest, ""},
		{"request, played", body, played, false, KindRequest, "the row request says that [body] differ"},
		{"request, too much", origin, refused, false, KindRequest, "the row request says that [body origin] differ"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			player := func(_ *Step, allowed ...Part) Outcome {
				if len(allowed) > 0 {
					return played
				}
				return tt.strict
			}
			out, kind, problems := table(t, tt.rows).Play(&Step{Name: "s"}, "rest", player)
			if (out != nil) != tt.compared || kind != tt.kind {
				t.Errorf("outcome %+v, kind %q", out, kind)
			}
			expectProblem(t, problems, tt.problem)
		})
	}
}

func expectProblem(t *testing.T, problems []string, want string) {
	t.Helper()
	all := strings.Join(problems, "\n")
	if (all == "") != (want == "") || !strings.Contains(all, want) {
		t.Errorf("problems %q, want %q", all, want)
	}
}

func TestCompare(t *testing.T) {
	ok := func(name string) *Outcome { return &Outcome{Code: CodeOK, Result: &sample{Name: name}} }
	failed := func(code string) *Outcome { return &Outcome{Code: code, Err: errSample} }
	const (
		codeOK     = "- {kind: code, steps: [s], protocols: [graphql], code: ok, reason: Because.}"
		resultRest = "- {kind: result, steps: [s], protocols: [rest], fields: [name], reason: Because.}"
	)
	tests := []struct {
		name, rows          string
		graphql, rest, grpc *Outcome
		problem             string
	}{
		{"equal", "[]", ok("a"), ok("a"), ok("a"), ""},
		{"equal errors", "[]", failed("x"), failed("x"), failed("x"), ""},
		{"code", "[]", failed("x"), failed("y"), failed("x"), "code over rest is y, over graphql x"},
		{"ok and error", "[]", ok("a"), failed("x"), nil, "code over rest is x, over graphql ok"},
		{"result", "[]", ok("a"), ok("a"), ok("b"), `result over grpc differs from graphql in ["name"]`},
		{"row for a code", codeOK, ok("a"), failed("x"), failed("x"), ""},
		{"row for a code, others differ", codeOK, ok("a"), failed("x"), failed("y"), "code over grpc is y, over rest x"},
		{"row for another code", codeOK, failed("y"), failed("x"), failed("x"), "code over graphql is y, the row says ok"},
		{"unneeded row for a code", codeOK, ok("a"), ok("a"), ok("a"), "no longer needed"},
		{"row for a code and nothing else", codeOK, ok("a"), nil, nil, "no longer needed"},
		{"row for a result", resultRest, ok("a"), ok("b"), ok("a"), ""},
		{"unneeded row for a result", resultRest, ok("a"), ok("a"), ok("a"), `result over rest differs from graphql in [], the row says ["name"]`},
		{"row for the result of an error", resultRest, ok("a"), failed("x"), ok("a"), "the row result for rest is not needed"},
		{"row for a result and nothing else", resultRest, nil, ok("b"), nil, "the row result for rest is not needed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			outcomes := map[string]*Outcome{"graphql": tt.graphql, "rest": tt.rest, "grpc": tt.grpc}
			_, problems := table(t, tt.rows).Compare("s", outcomes)
			expectProblem(t, problems, tt.problem)
		})
	}
}
