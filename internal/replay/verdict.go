package replay

import (
	"fmt"
	"slices"
	"strings"
)

// Outcome is what one call came to.
type Outcome struct {
	// Unplayable says why the step could not be made into a call; empty: it
	// was called.
	Unplayable string
	// Code is "ok" or the name of the error's code.
	Code string
	// Err is the error, nil for "ok".
	Err error
	// Violations counts the fields that the SDK itself found wrong.
	Violations int
	// Result is a pointer to the returned value, nil on error.
	Result any
	// Visit is what the server saw.
	Visit Visit
}

// CodeOK is the code of a call without error.
const CodeOK = "ok"

const codeInvalidArgument = "invalid_argument"

// Player calls the SDK for a step, with a server that allows the request to
// differ in some parts.
type Player func(step *Step, allowed ...Part) Outcome

// Play plays one step over one protocol by the rules of the table. It returns
// the outcome to compare, nil if there is none, the kind of exception that was
// needed, empty if none, and what is wrong.
func (t *Table) Play(step *Step, protocol string, play Player) (*Outcome, Kind, []string) {
	out := play(step)
	switch {
	case t.take(KindNotACall, step.Name, protocol) != nil:
		return nil, KindNotACall, judgeNotACall(out)
	case t.take(KindEarly, step.Name, protocol) != nil:
		return nil, KindEarly, judgeEarly(out)
	}
	if row := t.take(KindRequest, step.Name, protocol); row != nil {
		if problem := judgeRequest(row, out); problem != "" {
			return nil, KindRequest, []string{problem}
		}
		out = play(step, row.Parts...)
		return &out, KindRequest, judgePlayed(out)
	}
	return &out, "", judgePlayed(out)
}

func judgeNotACall(out Outcome) []string {
	if out.Unplayable == "" && out.Visit.Calls == 1 && !out.Visit.Refused {
		return []string{"the row not-an-sdk-call is no longer needed: the step can be played"}
	}
	return nil
}

func judgeEarly(out Outcome) []string {
	switch {
	case out.Unplayable != "":
		return []string{"cannot be played: " + out.Unplayable}
	case out.Visit.Calls > 0:
		return []string{"the row refused-early is no longer needed: the request was sent"}
	case out.Code != codeInvalidArgument || out.Violations == 0:
		return []string{fmt.Sprintf("was not sent, but without naming a field: %v", out.Err)}
	}
	return nil
}

func judgeRequest(row *Exception, out Outcome) string {
	wanted := slices.Sorted(slices.Values(row.Parts))
	if got := out.Visit.Differences.Parts(); out.Unplayable == "" && out.Visit.Calls > 0 && !slices.Equal(got, wanted) {
		return fmt.Sprintf("the row request says that %v differ, but it is %v:\n%s", wanted, got, out.Visit.Differences)
	}
	return ""
}

func judgePlayed(out Outcome) []string {
	switch {
	case out.Unplayable != "":
		return []string{"cannot be played: " + out.Unplayable}
	case out.Visit.Refused:
		return []string{"the server refused the request:\n" + out.Visit.Differences.String()}
	case out.Visit.Calls == 0:
		return []string{fmt.Sprintf("nothing was sent: %v", out.Err)}
	case out.Visit.Calls > 1:
		return []string{fmt.Sprintf("was sent %d times", out.Visit.Calls)}
	}
	return nil
}

// Compare holds the outcomes of one step against each other, by protocol.
// It returns the kind of exception that each protocol needed, and what is wrong.
func (t *Table) Compare(step string, outcomes map[string]*Outcome) (map[string]Kind, []string) {
	used := map[string]Kind{}
	problems := t.compareCodes(step, outcomes, used)
	return used, append(problems, t.compareResults(step, outcomes, used)...)
}

func (t *Table) compareCodes(step string, outcomes map[string]*Outcome, used map[string]Kind) []string {
	reference := t.reference(KindCode, step, outcomes, func(*Outcome) bool { return true })
	var problems []string
	for _, protocol := range Protocols() {
		out := outcomes[protocol]
		if out == nil {
			continue
		}
		row := t.take(KindCode, step, protocol)
		same := reference != "" && outcomes[reference].Code == out.Code
		switch {
		case row == nil && !same:
			problems = append(problems, fmt.Sprintf("code over %s is %s, over %s %s: %v", protocol, out.Code,
				reference, outcomes[reference].Code, out.Err))
		case row == nil:
		case row.Code != out.Code:
			problems = append(problems, fmt.Sprintf("code over %s is %s, the row says %s: %v", protocol, out.Code, row.Code, out.Err))
		case reference == "" || same:
			problems = append(problems, fmt.Sprintf("the row code for %s is no longer needed: the others have that code too", protocol))
		default:
			used[protocol] = KindCode
		}
	}
	return problems
}

func (t *Table) compareResults(step string, outcomes map[string]*Outcome, used map[string]Kind) []string {
	reference := t.reference(KindResult, step, outcomes, func(o *Outcome) bool { return o.Code == CodeOK })
	var problems []string
	for _, protocol := range Protocols() {
		out := outcomes[protocol]
		if out == nil {
			continue
		}
		row := t.take(KindResult, step, protocol)
		if out.Code != CodeOK || reference == "" {
			if row != nil {
				problems = append(problems, fmt.Sprintf("the row result for %s is not needed: there is nothing to compare", protocol))
			}
			continue
		}
		ds := DiffValues(outcomes[reference].Result, out.Result)
		var fields []string
		if row != nil {
			fields = slices.Sorted(slices.Values(row.Fields))
			used[protocol] = KindResult
		}
		if paths := Paths(ds); !slices.Equal(paths, fields) {
			problems = append(problems, fmt.Sprintf("result over %s differs from %s in %q, the row says %q:\n  %s",
				protocol, reference, paths, fields, lines(ds)))
		}
	}
	return problems
}

// reference is the first protocol that no row of the kind sets apart.
func (t *Table) reference(kind Kind, step string, outcomes map[string]*Outcome, fits func(*Outcome) bool) string {
	for _, protocol := range Protocols() {
		if out := outcomes[protocol]; out != nil && fits(out) && t.find(kind, step, protocol) == nil {
			return protocol
		}
	}
	return ""
}

func lines(ds []FieldDifference) string {
	texts := make([]string, len(ds))
	for i, d := range ds {
		texts[i] = d.String()
	}
	return strings.Join(texts, "\n  ")
}
