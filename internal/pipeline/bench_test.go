package pipeline

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Khan/genqlient/generate"
	"github.com/bufbuild/protocompile"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oapi-codegen/oapi-codegen/v2/pkg/codegen"
	gengo "google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// What a check may cost: in times of what the four vendor generators cost on the
// same contracts, and, with nothing changed since the last one, in time of the
// process.
const (
	mostTimesVendors = 1.5
	mostSecondCheck  = 150 * time.Millisecond
)

// vendors are the four generators, from contract files to Go as their users run
// them, but without the start of a process where a generator can be had as a
// library. The protos are compiled once for both of theirs.
type vendors struct {
	in         *input
	operations string
	request    *pluginpb.CodeGeneratorRequest
	// grpc is the generator of grpc-go, which is a program and no library.
	grpc string
}

func newVendors(tb testing.TB, p Project) *vendors {
	tb.Helper()
	in, err := load(p)
	if err != nil {
		tb.Fatal(err)
	}
	model, findings := resolve.Resolve(in.Input)
	if err := findings.Err(); err != nil {
		tb.Fatal(err)
	}
	v := &vendors{in: in, operations: graphql.Operations(model)}
	var params []string
	for _, name := range in.protos.Sources {
		params = append(params, "M"+name+"=example.test/"+filepath.ToSlash(filepath.Dir(name)))
	}
	v.request = &pluginpb.CodeGeneratorRequest{
		FileToGenerate: in.protos.Sources, Parameter: proto.String(strings.Join(params, ",")), ProtoFile: in.protos.Set.File,
	}
	// What is not needed any more must not count as memory of the others.
	v.in = &input{scalars: in.scalars, schema: in.schema, protos: &protofiles.Files{Sources: in.protos.Sources}}
	v.in.Manifest = in.Manifest
	v.grpc = build(tb, "../..", "google.golang.org/grpc/cmd/protoc-gen-go-grpc")
	return v
}

// build builds a program.
func build(tb testing.TB, dir, pkg string) string {
	tb.Helper()
	out := filepath.Join(tb.TempDir(), "program")
	cmd := exec.Command("go", "build", "-o", out, pkg)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%s", cmd, err, text)
	}
	return out
}

func (v *vendors) genqlient(tb testing.TB) {
	dir := tb.TempDir()
	// In as many files as our own run of it: what it does fastest.
	schema, err := graphql.WriteParts(dir, "schema", string(v.in.schema))
	if err != nil {
		tb.Fatal(err)
	}
	operations, err := graphql.WriteParts(dir, "operations", v.operations)
	if err != nil {
		tb.Fatal(err)
	}
	bindings := map[string]*generate.TypeBinding{}
	for name := range v.in.scalars {
		bindings[name] = &generate.TypeBinding{Type: "interface{}"}
	}
	_, err = generate.Generate(&generate.Config{
		Schema: schema, Operations: operations,
		Generated: filepath.Join(dir, "out.go"), Package: "out", ContextType: "context.Context", Bindings: bindings,
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func (v *vendors) oapiCodegen(tb testing.TB, dir string) {
	for _, name := range v.in.Manifest.Contracts.REST.Documents {
		doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, name.Value))
		if err != nil {
			tb.Fatal(err)
		}
		version := ""
		src, err := codegen.Generate(doc, codegen.Configuration{
			PackageName: "out", Generate: codegen.GenerateOptions{Client: true, Models: true}, NoVCSVersionOverride: &version,
		})
		if err != nil || !strings.Contains(src, "type ClientWithResponses struct") {
			tb.Fatalf("oapi-codegen: %v, %d bytes", err, len(src))
		}
	}
}

// compile compiles the protos, which protoc would do.
func (v *vendors) compile(tb testing.TB, dir string) {
	compiler := protocompile.Compiler{
		Resolver:       protocompile.WithStandardImports(&protocompile.SourceResolver{ImportPaths: []string{filepath.Join(dir, v.in.Manifest.Contracts.GRPC.Protos.Value)}}),
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	if _, err := compiler.Compile(context.Background(), v.in.protos.Sources...); err != nil {
		tb.Fatal(err)
	}
}

func (v *vendors) protocGenGo(tb testing.TB) {
	plugin, err := protogen.Options{}.New(proto.Clone(v.request).(*pluginpb.CodeGeneratorRequest))
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range plugin.Files {
		if f.Generate {
			gengo.GenerateFile(plugin, f)
		}
	}
	if r := plugin.Response(); r.Error != nil || len(r.File) == 0 {
		tb.Fatal(r.GetError())
	}
}

func (v *vendors) protocGenGoGRPC(tb testing.TB) {
	stdin, err := proto.Marshal(v.request)
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(v.grpc)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(stdin), os.Stderr
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		tb.Fatalf("protoc-gen-go-grpc: %v, %d bytes", err, len(out))
	}
}

// all runs the four, one after the other.
func (v *vendors) all(tb testing.TB, p Project) {
	v.genqlient(tb)
	v.oapiCodegen(tb, p.Dir)
	v.compile(tb, p.Dir)
	v.protocGenGo(tb)
	v.protocGenGoGRPC(tb)
}

// BenchmarkCheck compares a check of this project without a cache with the sum of
// the vendor generators, one after the other. Both are measured in turns, so that
// what else the machine does concerns both.
func BenchmarkCheck(b *testing.B) {
	p := Project{Dir: "../..", Manifest: "manifest.yaml"}
	v := newVendors(b, p)
	var sum, checks []time.Duration
	for b.Loop() {
		runtime.GC()
		sum = append(sum, clock(func() { v.all(b, p) }))
		runtime.GC()
		checks = append(checks, clock(func() {
			if _, err := Check(context.Background(), p); err != nil {
				b.Fatal(err)
			}
		}))
	}
	ratio := float64(median(checks)) / float64(median(sum))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(median(checks)), "check-ms")
	b.ReportMetric(milliseconds(median(sum)), "vendors-ms")
	b.ReportMetric(ratio, "check/vendors")
	if ratio > mostTimesVendors {
		b.Errorf("the check takes %.2f times what the vendor generators take; the limit is %v", ratio, mostTimesVendors)
	}
}

// BenchmarkSecondCheck measures the time of the process of a second check of this
// project, with nothing changed since the first, in user and system time, which
// other programs on the machine change little. The ratio is that to a first check.
func BenchmarkSecondCheck(b *testing.B) {
	program := build(b, "../..", "./cmd/sdkgen")
	cache := b.TempDir()
	first := process(b, program, cache, "check", "--no-cache")
	process(b, program, cache, "check")
	var again, wall []time.Duration
	for b.Loop() {
		wall = append(wall, clock(func() { again = append(again, process(b, program, cache, "check")) }))
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(median(again)), "process-ms")
	b.ReportMetric(milliseconds(median(wall)), "wall-ms")
	b.ReportMetric(float64(median(again))/float64(first), "second/first")
	if t := median(again); t > mostSecondCheck {
		b.Errorf("a second check takes %s; the limit is %s", t, mostSecondCheck)
	}
}

// process runs the program on this project and returns its user and system time.
func process(tb testing.TB, program, cache string, args ...string) time.Duration {
	tb.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = "../.."
	// The go command that checks run keeps its own cache.
	cmd.Env = append(os.Environ(), "GOCACHE="+goCache(tb), "XDG_CACHE_HOME="+cache)
	cmd.Stdout = io.Discard
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		tb.Fatal(err)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

func goCache(tb testing.TB) string {
	tb.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func clock(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func median(list []time.Duration) time.Duration {
	sorted := slices.Clone(list)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
