package bench

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	authorizer "github.com/triwire/authorizer-sdk/sdk"
)

// stubVariable makes the test binary the stub: it is the other process.
const stubVariable = "AUTHORIZER_BENCH_STUB"

func TestMain(m *testing.M) {
	if os.Getenv(stubVariable) == "" {
		os.Exit(m.Run())
	}
	if err := serve(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "stub:", err)
		os.Exit(1)
	}
}

// startStub starts the other process, which ends with the test.
func startStub(tb testing.TB) (web, rpc string) {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), stubVariable+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("the stub did not start: %v", err)
	}
	if _, err := fmt.Sscan(line, &web, &rpc); err != nil {
		tb.Fatalf("the stub wrote %q: %v", line, err)
	}
	return web, rpc
}

// sides are the two sides of each operation.
type sides func(op operation) (floor, sdk call)

// protocolSides connects both sides to a stub.
func protocolSides(tb testing.TB, protocol authorizer.Protocol) sides {
	tb.Helper()
	web, rpc := startStub(tb)
	s, err := newSDK(protocol, web, rpc)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _, _ = s.user.Close(), s.admin.Close() })
	f := newFloorHTTP(web)
	g, err := newFloorGRPC(web, rpc)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = g.conn.Close() })
	floors := map[authorizer.Protocol]func(operation) call{
		authorizer.ProtocolGraphQL: f.graphql, authorizer.ProtocolREST: f.rest, authorizer.ProtocolGRPC: g.call,
	}
	return func(op operation) (floor, sdk call) { return floors[protocol](op), s.call(op) }
}

func protocols() []authorizer.Protocol {
	return []authorizer.Protocol{authorizer.ProtocolGraphQL, authorizer.ProtocolREST, authorizer.ProtocolGRPC}
}

// BenchmarkPair is the table: each iteration is one round of both sides in
// turns, and the metrics are medians over the rounds.
func BenchmarkPair(b *testing.B) {
	for _, protocol := range protocols() {
		b.Run(string(protocol), func(b *testing.B) {
			of := protocolSides(b, protocol)
			for _, op := range operations() {
				for _, callers := range []int{1, 32} {
					b.Run(fmt.Sprintf("%s/%d", op, callers), func(b *testing.B) { measurePair(b, of, op, callers) })
				}
			}
		})
	}
}

func measurePair(b *testing.B, of sides, op operation, callers int) {
	floor, sdk := of(op)
	p, err := newPair(context.Background(), floor, sdk, callers)
	if err != nil {
		b.Fatal(err)
	}
	var floors, sdks []cost
	for i := range b.N {
		f, s, err := p.round(context.Background(), i)
		if err != nil {
			b.Fatal(err)
		}
		floors, sdks = append(floors, f), append(sdks, s)
	}
	report(b, floors, sdks)
}

// report gives ratios and the floor's costs instead of the usual metrics,
// which would be those of a round.
func report(b *testing.B, floors, sdks []cost) {
	b.ReportMetric(0, "ns/op")
	for _, m := range []struct {
		unit  string
		value func(cost) float64
	}{
		{"ns", func(c cost) float64 { return c.nanos }},
		{"B", func(c cost) float64 { return c.bytes }},
		{"allocs", func(c cost) float64 { return c.allocs }},
	} {
		f, s := median(floors, m.value), median(sdks, m.value)
		b.ReportMetric(f, "floor-"+m.unit)
		b.ReportMetric(s, "sdk-"+m.unit)
		b.ReportMetric(s/f, m.unit+"-ratio")
	}
}

// BenchmarkSide is one side alone, for profiles: go test -bench Side -cpuprofile.
func BenchmarkSide(b *testing.B) {
	for _, protocol := range protocols() {
		of := protocolSides(b, protocol)
		for _, op := range operations() {
			floor, sdk := of(op)
			for name, side := range map[string]call{"floor": floor, "sdk": sdk} {
				b.Run(fmt.Sprintf("%s/%s/%s", protocol, op, name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := side(context.Background()); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// Ratios mean nothing unless both sides do the same work.
func TestBothSidesDecodeTheSame(t *testing.T) {
	for _, protocol := range protocols() {
		of := protocolSides(t, protocol)
		for _, op := range operations() {
			floor, sdk := of(op)
			want, err := floor(t.Context())
			if err != nil {
				t.Fatalf("%s over %s, floor: %v", op, protocol, err)
			}
			got, err := sdk(t.Context())
			if err != nil {
				t.Fatalf("%s over %s, SDK: %v", op, protocol, err)
			}
			if diff := cmp.Diff(flat(want), flat(got)); diff != "" {
				t.Errorf("%s over %s (-floor +SDK):\n%s", op, protocol, diff)
			}
		}
	}
}
