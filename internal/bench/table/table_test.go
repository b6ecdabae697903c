package main

import (
	"strings"
	"testing"

	// "go test ./... -update" means all packages.
	_ "github.com/triwire/authorizer-sdk/internal/updateflag"
)

func TestTable(t *testing.T) {
	in := `goos: linux
BenchmarkPair/rest/users/32-2    20    0.70 B-ratio  1.00 allocs-ratio  1748 floor-allocs  100000 floor-B  1000000 floor-ns  0.90 ns-ratio
BenchmarkPair/rest/users/32-2    20    0.72 B-ratio  1.02 allocs-ratio  1750 floor-allocs  100000 floor-B  3000000 floor-ns  1.20 ns-ratio
BenchmarkPair/rest/users/32-2    20    0.71 B-ratio  1.01 allocs-ratio  1749 floor-allocs  100000 floor-B  2000000 floor-ns  1.00 ns-ratio
BenchmarkPair/grpc/meta/1-2      20    1.20 B-ratio  1.10 allocs-ratio  89 floor-allocs  5000 floor-B  50000 floor-ns  1.04 ns-ratio
PASS
`
	var out strings.Builder
	if err := run(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	table, ok := strings.CutPrefix(out.String(), in)
	if !ok {
		t.Errorf("the input is not shown first:\n%s", out.String())
	}
	want := `
| protocol | operation | callers | time | (runs) | bytes | allocations | floor: µs | bytes | allocations |
|---|---|--:|--:|:-:|--:|--:|--:|--:|--:|
| rest | users | 32 | 1.00 | 0.90–1.20 | 0.71 | 1.01 | 2000 | 100000 | 1749 |
| grpc | meta | 1 | 1.04 | 1.04–1.04 | 1.20 | 1.10 | 50 | 5000 | 89 |
`
	if table != want {
		t.Errorf("got\n%s\nwant\n%s", table, want)
	}
}

func TestTableNamesWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		"PASS\n": "no line of BenchmarkPair",
		"BenchmarkPair/rest/users/1-2 20 1 ns-ratio\nFAIL\n": "the benchmarks failed",
		"BenchmarkPair/rest/users 20 1 ns-ratio\n":           "BenchmarkPair/PROTOCOL/OPERATION/CALLERS",
		"BenchmarkPair/rest/users/1-2 20 one ns-ratio\n":     `"one"`,
	} {
		if err := run(strings.NewReader(in), new(strings.Builder)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
	}
}
