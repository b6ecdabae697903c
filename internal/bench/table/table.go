package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// row is one line of the table: an operation over a protocol with a number of
// callers, and its metrics by unit, one value for each run.
type row struct {
	protocol, operation, callers string
	metrics                      map[string][]float64
}

// read takes the lines of BenchmarkPair and passes over everything else.
func read(in io.Reader) ([]*row, error) {
	var rows []*row
	byName := map[string]*row{}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "FAIL") {
			return nil, errors.New("the benchmarks failed")
		}
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "BenchmarkPair/") {
			continue
		}
		r := byName[fields[0]]
		if r == nil {
			var err error
			if r, err = newRow(fields[0]); err != nil {
				return nil, err
			}
			byName[fields[0]] = r
			rows = append(rows, r)
		}
		if err := r.add(fields[2:]); err != nil {
			return nil, fmt.Errorf("%s: %w", fields[0], err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("no line of BenchmarkPair in the input: did the benchmarks fail?")
	}
	return rows, nil
}

// newRow reads a name such as BenchmarkPair/rest/users/32-2.
func newRow(name string) (*row, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 {
		return nil, fmt.Errorf("%q is no name of the form BenchmarkPair/PROTOCOL/OPERATION/CALLERS", name)
	}
	callers, _, _ := strings.Cut(parts[3], "-")
	return &row{parts[1], parts[2], callers, map[string][]float64{}}, nil
}

// add reads pairs of a value and its unit.
func (r *row) add(fields []string) error {
	for i := 0; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return err
		}
		r.metrics[fields[i+1]] = append(r.metrics[fields[i+1]], value)
	}
	return nil
}

// format writes the table: ratios as medians over the runs, in brackets the
// least and the greatest time, then what the floor took.
func format(rows []*row) string {
	var b strings.Builder
	b.WriteString("| protocol | operation | callers | time | (runs) | bytes | allocations | floor: µs | bytes | allocations |\n")
	b.WriteString("|---|---|--:|--:|:-:|--:|--:|--:|--:|--:|\n")
	for _, r := range rows {
		times := slices.Sorted(slices.Values(r.metrics["ns-ratio"]))
		if len(times) == 0 {
			times = []float64{0}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f | %.2f–%.2f | %.2f | %.2f | %.0f | %.0f | %.0f |\n",
			r.protocol, r.operation, r.callers,
			r.median("ns-ratio"), times[0], times[len(times)-1], r.median("B-ratio"), r.median("allocs-ratio"),
			r.median("floor-ns")/1000, r.median("floor-B"), r.median("floor-allocs"))
	}
	return b.String()
}

// median is the middle of the values of all runs, 0 if there are none.
func (r *row) median(unit string) float64 {
	values := slices.Sorted(slices.Values(r.metrics[unit]))
	if len(values) == 0 {
		return 0
	}
	n := len(values)
	return (values[n/2] + values[(n-1)/2]) / 2
}
