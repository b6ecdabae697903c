package replay

import (
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Kind is what sort of exception a row is.
type Kind string

// The kinds of exception.
const (
	// KindNotACall: the step cannot be played through the SDK at all.
	KindNotACall Kind = "not-an-sdk-call"
	// KindRequest: the SDK sends a request that differs in Parts; the recorded
	// answer stands all the same.
	KindRequest Kind = "request"
	// KindEarly: the SDK refuses the request before it sends anything.
	KindEarly Kind = "refused-early"
	// KindCode: the server's outcome on this protocol is Code, another one
	// than on the others.
	KindCode Kind = "code"
	// KindResult: the server's answer on this protocol differs in Fields.
	KindResult Kind = "result"
)

// Exception is one row of the table: steps that do not go on every protocol
// as they do on the others, and why.
type Exception struct {
	Kind  Kind     `yaml:"kind"`
	Steps []string `yaml:"steps"`
	// Protocols is where the row applies; none: everywhere.
	Protocols []string `yaml:"protocols"`
	// Reason is a plain sentence.
	Reason string `yaml:"reason"`
	// Parts is for KindRequest, all the parts that differ.
	Parts []Part `yaml:"parts"`
	// Code is for KindCode: "ok" or the name of an error code.
	Code string `yaml:"code"`
	// Fields is for KindResult, all the places that differ, as in
	// [FieldDifference].
	Fields []string `yaml:"fields"`
}

// Table is the table of exceptions. It notes which of them were asked for; it is
// not safe for concurrent use.
type Table struct {
	rows  []*Exception
	asked map[use]bool
}

// use is one row for one step over one protocol.
type use struct {
	kind           Kind
	step, protocol string
}

func (u use) String() string { return fmt.Sprintf("%s %s over %s", u.kind, u.step, u.protocol) }

// LoadTable reads and checks a table. Whether its steps exist is for
// [Table.Unknown] to say.
func LoadTable(fsys fs.FS, path string) (*Table, error) {
	data, err := fs.ReadFile(fsys, path)
	if err != nil {
		return nil, fmt.Errorf("exceptions: %w", err)
	}
	table := &Table{asked: map[use]bool{}}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&table.rows); err != nil {
		return nil, fmt.Errorf("exceptions %s: %w", path, err)
	}
	for i, row := range table.rows {
		if problem := row.problem(); problem != "" {
			return nil, fmt.Errorf("exceptions %s: row %d (%s): %s", path, i+1, row.Kind, problem)
		}
	}
	return table, table.duplicate(path)
}

func (e *Exception) problem() string {
	switch {
	case len(e.Steps) == 0:
		return "no steps"
	case !strings.HasSuffix(strings.TrimSpace(e.Reason), "."):
		return "the reason is not a sentence"
	case (len(e.Parts) > 0) != (e.Kind == KindRequest):
		return "parts belong to a request row, and only there"
	case (e.Code != "") != (e.Kind == KindCode):
		return "a code belongs to a code row, and only there"
	case (len(e.Fields) > 0) != (e.Kind == KindResult):
		return "fields belong to a result row, and only there"
	case !slices.Contains([]Kind{KindNotACall, KindRequest, KindEarly, KindCode, KindResult}, e.Kind):
		return "unknown kind"
	}
	return ""
}

func (t *Table) duplicate(path string) error {
	seen := map[use]bool{}
	for _, u := range t.uses() {
		if seen[u] {
			return fmt.Errorf("exceptions %s: stands twice: %s", path, u)
		}
		seen[u] = true
	}
	return nil
}

// uses are all that the rows are for, in their order.
func (t *Table) uses() []use {
	var all []use
	for _, row := range t.rows {
		for _, step := range row.Steps {
			for _, protocol := range orAll(row.Protocols) {
				all = append(all, use{row.Kind, step, protocol})
			}
		}
	}
	return all
}

// Protocols in the order in which everything is shown. The first one that
// answers as most do is what the others are compared with.
func Protocols() []string { return []string{"graphql", "rest", "grpc"} }

func orAll(protocols []string) []string {
	if len(protocols) == 0 {
		return Protocols()
	}
	return protocols
}

// find returns the row of a kind for a step over a protocol, or nil.
func (t *Table) find(kind Kind, step, protocol string) *Exception {
	for _, row := range t.rows {
		if row.Kind == kind && slices.Contains(row.Steps, step) && slices.Contains(orAll(row.Protocols), protocol) {
			return row
		}
	}
	return nil
}

// take is find for a row that decides; see [Table.Unneeded].
func (t *Table) take(kind Kind, step, protocol string) *Exception {
	row := t.find(kind, step, protocol)
	if row != nil {
		t.asked[use{kind, step, protocol}] = true
	}
	return row
}

// Unknown names what in the table was never recorded: a step, or a step over a
// protocol that a row names.
func (t *Table) Unknown(recorded func(step, protocol string) bool) []string {
	var unknown []string
	for _, row := range t.rows {
		for _, step := range row.Steps {
			exists := func(protocol string) bool { return recorded(step, protocol) }
			if !slices.ContainsFunc(Protocols(), exists) {
				unknown = append(unknown, step)
				continue
			}
			for _, protocol := range row.Protocols {
				if !exists(protocol) {
					unknown = append(unknown, step+" over "+protocol)
				}
			}
		}
	}
	return unknown
}

// Unneeded names what stands in the table for a recorded step, but was never
// asked for: another row has decided before.
func (t *Table) Unneeded(recorded func(step, protocol string) bool) []string {
	var unneeded []string
	for _, u := range t.uses() {
		if recorded(u.step, u.protocol) && !t.asked[u] {
			unneeded = append(unneeded, u.String())
		}
	}
	return unneeded
}
