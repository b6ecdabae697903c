package fidelity

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Exception is one row of the table: steps that the emulator answers in another
// way than the real server, and why.
type Exception struct {
	Steps []string `yaml:"steps"`
	// Protocols is where; none: everywhere.
	Protocols []string `yaml:"protocols"`
	// WithoutFGA: only without fine-grained authorization.
	WithoutFGA bool   `yaml:"without_fga"`
	Reason     string `yaml:"reason"`
}

type table []Exception

func loadTable(path string) (table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("exceptions: %w", err)
	}
	var t table
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&t); err != nil {
		return nil, fmt.Errorf("exceptions %s: %w", path, err)
	}
	for i, row := range t {
		if len(row.Steps) == 0 || !strings.HasSuffix(strings.TrimSpace(row.Reason), ".") {
			return nil, fmt.Errorf("exceptions %s: row %d has no steps, or its reason is no sentence", path, i+1)
		}
	}
	return t, nil
}

// find tells whether a row stands for a step.
func (t table) find(step, protocol string, fga bool) bool {
	return slices.ContainsFunc(t, func(e Exception) bool {
		return slices.Contains(e.Steps, step) && (len(e.Protocols) == 0 || slices.Contains(e.Protocols, protocol)) && !(e.WithoutFGA && fga)
	})
}

// rows are the steps that stand in the table for a protocol.
func (t table) rows(protocol string, fga bool) []string {
	var out []string
	for _, e := range t {
		for _, step := range e.Steps {
			if t.find(step, protocol, fga) && (len(e.Protocols) == 0 || slices.Contains(e.Protocols, protocol)) {
				out = append(out, step)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
