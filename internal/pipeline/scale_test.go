package pipeline

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// mostMemory is what a command may take at its most, in bytes.
const mostMemory = 2 << 30

// BenchmarkScale measures generate and check of synthetic projects, each with a
// cold cache, in times of the sum of the vendor generators on the same
// contracts, measured in turns; and the most memory that the program takes for
// each, as the kernel keeps it of the process (the resident set's peak).
func BenchmarkScale(b *testing.B) {
	program := build(b, "../..", "./cmd/sdkgen")
	for _, methods := range []int{50, 500, 5000} {
		b.Run(fmt.Sprintf("methods=%d", methods), func(b *testing.B) { scale(b, program, methods) })
	}
}

func scale(b *testing.B, program string, methods int) {
	p := synthetic(b, methods)
	v := newVendors(b, p)
	var sum, generates, checks []time.Duration
	for b.Loop() {
		sum = append(sum, collected(func() { v.all(b, p) }))
		debug.SetMemoryLimit(MemoryLimit) // as the program does
		generates = append(generates, collected(func() { generateAll(b, p) }))
		checks = append(checks, collected(func() {
			if _, err := Check(context.Background(), p); err != nil {
				b.Fatal(err)
			}
		}))
		debug.SetMemoryLimit(math.MaxInt64)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(median(sum)), "vendors-ms")
	for name, times := range map[string][]time.Duration{"generate": generates, "check": checks} {
		ratio := float64(median(times)) / float64(median(sum))
		peak := peakMemory(b, program, name, p)
		b.Logf("%s: %s, vendors %s, %.2f times, %d MiB", name, median(times), median(sum), ratio, peak>>20)
		b.ReportMetric(milliseconds(median(times)), name+"-ms")
		b.ReportMetric(ratio, name+"/vendors")
		b.ReportMetric(float64(peak)/(1<<20), name+"-peak-MiB")
		if ratio > mostTimesVendors {
			b.Errorf("%s takes %.2f times what the vendor generators take; the limit is %v", name, ratio, mostTimesVendors)
		}
		if peak > mostMemory {
			b.Errorf("%s takes up to %d MiB; the limit is %d MiB", name, peak>>20, mostMemory>>20)
		}
	}
}

// collected is the time that f takes when there is no garbage of others.
func collected(f func()) time.Duration {
	runtime.GC()
	return clock(f)
}

// generateAll writes all files anew.
func generateAll(tb testing.TB, p Project) {
	for _, dir := range []string{"gen", "sdk"} {
		if err := os.RemoveAll(p.Dir + "/" + dir); err != nil {
			tb.Fatal(err)
		}
	}
	out, err := Run(context.Background(), p)
	if err != nil {
		tb.Fatal(err)
	}
	diffs, err := Compare(p, out)
	if err == nil {
		err = Write(context.Background(), p, diffs)
	}
	if err != nil {
		tb.Fatal(err)
	}
}

// peakMemory runs a command in a process of its own and returns the most memory
// that it had resident, in bytes; zero where the system does not tell. What wait
// returns is no help: it counts the process that started it, too.
func peakMemory(tb testing.TB, program, command string, p Project) int64 {
	tb.Helper()
	cmd := exec.Command(program, command, "--dir", p.Dir)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+tb.TempDir(), "GOCACHE="+goCache(tb))
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	peak := int64(0)
	for tick := time.NewTicker(5 * time.Millisecond); ; {
		select {
		case err := <-done:
			if err != nil {
				tb.Fatal(err)
			}
			return peak
		case <-tick.C:
			peak = max(peak, highWater(cmd.Process.Pid))
		}
	}
}

// highWater is VmHWM of a process: it only grows.
func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}
