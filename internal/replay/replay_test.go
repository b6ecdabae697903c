package replay

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
)

// Every recorded step, through the SDK's public methods, over the protocol
// that it was recorded on; and the outcomes of the three held against each
// other. What is not equal must stand in testdata/exceptions.yaml.
func TestReplay(t *testing.T) {
	table, err := LoadTable(os.DirFS("testdata"), "exceptions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	recorded, called := map[string]bool{}, map[string]bool{}
	for _, scenario := range []string{"", ".mail"} {
		r := &replay{table: table, called: called, outcomes: map[string]map[string]*Outcome{}}
		for _, protocol := range Protocols() {
			rec := testRecording(t, protocol+scenario)
			r.play(t, rec)
			for _, step := range rec.Steps {
				recorded[step.Name+" over "+protocol] = true
			}
		}
		r.compare(t)
		r.report(t, orElse(scenario, ".main")[1:])
	}
	exists := func(step, protocol string) bool { return recorded[step+" over "+protocol] }
	for _, unknown := range table.Unknown(exists) {
		t.Errorf("exceptions.yaml names a step that was never recorded: %s", unknown)
	}
	for _, unneeded := range table.Unneeded(exists) {
		t.Errorf("exceptions.yaml has a row that is not needed: %s", unneeded)
	}
	for _, method := range callable() {
		if !called[method] {
			t.Errorf("%s was never called: a new method needs a recorded step", method)
		}
	}
}

// replay is one scenario over all protocols.
type replay struct {
	table    *Table
	called   map[string]bool // Go methods, as callable spells them
	names    []string
	outcomes map[string]map[string]*Outcome // by step and protocol
	tallies  map[string]*tally              // by protocol
}

// tally counts what became of a recording's steps.
type tally struct {
	// equal counts the outcomes that another protocol confirms, alone those of
	// steps that no other protocol has an outcome for.
	steps, played, equal, alone int
	exceptions                  map[Kind]int
}

func (r *replay) tally(protocol string) *tally {
	if r.tallies == nil {
		r.tallies = map[string]*tally{}
	}
	if r.tallies[protocol] == nil {
		r.tallies[protocol] = &tally{exceptions: map[Kind]int{}}
	}
	return r.tallies[protocol]
}

func (r *replay) play(t *testing.T, rec *Recording) {
	server := testServer(t)
	c := newCaller(t, server, rec.Protocol)
	c.called = r.called
	count := r.tally(rec.Protocol)
	for _, step := range rec.Steps {
		count.steps++
		out, kind, problems := r.table.Play(step, rec.Protocol, c.play)
		if kind != "" {
			count.exceptions[kind]++
		}
		if out != nil {
			count.played++
			r.keep(step.Name, rec.Protocol, out)
		}
		if out != nil && len(problems) == 0 {
			problems = anchor(step, out)
		}
		for _, problem := range problems {
			t.Errorf("%s over %s: %s", step.Name, rec.Protocol, problem)
		}
	}
}

func (r *replay) keep(step, protocol string, out *Outcome) {
	if r.outcomes[step] == nil {
		r.outcomes[step] = map[string]*Outcome{}
		r.names = append(r.names, step)
	}
	r.outcomes[step][protocol] = out
}

func (r *replay) compare(t *testing.T) {
	for _, name := range r.names {
		used, problems := r.table.Compare(name, r.outcomes[name])
		for _, problem := range problems {
			t.Errorf("%s: %s", name, problem)
		}
		for protocol := range r.outcomes[name] {
			switch kind := used[protocol]; {
			case kind != "":
				r.tally(protocol).exceptions[kind]++
			case len(r.outcomes[name]) == 1:
				r.tally(protocol).alone++
			case len(problems) == 0:
				r.tally(protocol).equal++
			}
		}
	}
}

func (r *replay) report(t *testing.T, scenario string) {
	for _, protocol := range Protocols() {
		count := r.tally(protocol)
		line := fmt.Sprintf("%s scenario over %s: %d steps, %d played, %d equal, %d alone",
			scenario, protocol, count.steps, count.played, count.equal, count.alone)
		for _, kind := range []Kind{KindNotACall, KindRequest, KindEarly, KindCode, KindResult} {
			line += fmt.Sprintf(", %s %d", kind, count.exceptions[kind])
		}
		t.Log(line)
	}
}

// anchor holds an outcome against the recording itself: without it, three
// protocols that lose the same thing would be equal.
func anchor(step *Step, out *Outcome) []string {
	if out.Code == CodeOK {
		return anchorResult(step, out)
	}
	var problems []string
	code, message := step.recordedError()
	if code != "" && code != out.Code {
		problems = append(problems, fmt.Sprintf("code is %s, the recorded one is %s: %v", out.Code, code, out.Err))
	}
	if message != "" && !strings.Contains(out.Err.Error(), message) {
		problems = append(problems, fmt.Sprintf("the error %q does not say %q", out.Err, message))
	}
	return problems
}

// anchorResult decodes the recorded answer on its own, where its shape is that
// of the result: over GraphQL and OAuth.
func anchorResult(step *Step, out *Outcome) []string {
	var answer struct {
		Data map[string]json.RawMessage `json:"data"`
	}
	text := step.Response.Body
	switch {
	case step.GRPC() || strings.HasPrefix(step.Request.Path, "/v1/"):
		return nil
	case !isOAuth(step.Request.Path):
		if err := json.Unmarshal(text, &answer); err != nil || len(answer.Data) != 1 {
			return []string{fmt.Sprintf("the recorded answer has no single result: %v", err)}
		}
		for _, data := range answer.Data {
			text = data
		}
	}
	if out.Result == nil {
		if string(text) != "{}" {
			return []string{fmt.Sprintf("the result has no place for the recorded answer %s", text)}
		}
		return nil
	}
	want := reflect.New(reflect.TypeOf(out.Result).Elem())
	if err := decode(text, want.Interface()); err != nil {
		return []string{fmt.Sprintf("the result has no place for something in the recorded answer: %v", err)}
	}
	emptyToNil(want.Elem())
	if ds := DiffValues(want.Interface(), out.Result); len(ds) > 0 {
		return []string{"the result is not what was recorded:\n  " + lines(ds)}
	}
	return nil
}

// emptyToNil makes empty lists and maps what the SDK promises them to be. It
// leaves the inside of a free-form map alone.
func emptyToNil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			emptyToNil(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			emptyToNil(v.Index(i))
		}
		fallthrough
	case reflect.Map:
		if v.Len() == 0 {
			v.SetZero()
		}
	}
}

// recordedError is what the recorded answer says about its failure: the code,
// where it says one that the SDK knows by name, and the message.
func (s *Step) recordedError() (code, message string) {
	if s.GRPC() {
		if s.Response.CodeName == "NON_STANDARD" { // a code of the FGA engine, of no canonical meaning
			return "internal", s.Response.StatusMessage
		}
		return strings.ToLower(s.Response.CodeName), s.Response.StatusMessage
	}
	var body struct {
		Code, Message string
		Description   string                     `json:"error_description"`
		Errors        []struct{ Message string } `json:"errors"`
	}
	if err := json.Unmarshal(s.Response.Body, &body); err != nil {
		return "", ""
	}
	for _, e := range body.Errors {
		return "", e.Message
	}
	var canonical codes.Code
	if canonical.UnmarshalJSON([]byte(strconv.Quote(strings.ToUpper(body.Code)))) != nil {
		body.Code = "" // a word of the server's own: "method_not_allowed"
	}
	return body.Code, orElse(body.Message, body.Description)
}
