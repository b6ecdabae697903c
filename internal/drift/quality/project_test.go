package quality

import (
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// project is what is mutated.
type project struct {
	files fstest.MapFS
	side0 *drift.Side
	// flats are the fields of the SDK, once they are asked for.
	flats *flats
}

func ownProject(t *testing.T) *project {
	t.Helper()
	files := fstest.MapFS{}
	root := os.DirFS("../../..")
	for _, name := range []string{"manifest.yaml", "schema.graphql", "openapi.yaml", "openapi.oauth.yaml", "go.mod", "proto"} {
		err := fs.WalkDir(root, name, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(root, name)
			files[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return newProject(t, files)
}

// The projects of our own making; testdata/oracle is asked about them, too.
const (
	smallProject = "testdata/small.txtar"
	richProject  = "testdata/rich.txtar"
)

func readProject(t *testing.T, name string) *project {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, f := range archive.Files {
		files[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return newProject(t, files)
}

func newProject(t *testing.T, files fstest.MapFS) *project {
	t.Helper()
	side, err := drift.Read("base", files, "manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if !side.Complete() {
		t.Fatalf("the project does not resolve: %v", side.Findings)
	}
	return &project{files: files, side0: side}
}

func protocolOf(m mutation) ir.Protocol {
	word, _, _ := strings.Cut(m.kind, " ")
	return ir.Protocol(word)
}

// side is the project with some of its files replaced; only the contract that
// they belong to is read anew.
func (p *project) side(name string, m mutation, replace func() map[string][]byte) (*drift.Side, error) {
	if replace == nil {
		return p.side0, nil
	}
	files := maps.Clone(p.files)
	for path, data := range replace() {
		files[path] = &fstest.MapFile{Data: data}
	}
	side := &drift.Side{Name: name, Files: files, Manifest: p.side0.Manifest, Contracts: maps.Clone(p.side0.Contracts)}
	var list *diag.List
	c := side.Manifest.Contracts
	switch protocol := protocolOf(m); protocol {
	case ir.GraphQL:
		scalars := map[string]contract.Scalar{}
		for name, t := range side.Manifest.Scalars {
			scalars[name] = contract.Scalar(t.Value)
		}
		side.Contracts[protocol], list = graphqlschema.Load(files, []string{c.GraphQL.Schema.Value}, graphqlschema.Options{Scalars: scalars})
	case ir.REST:
		var doc *openapidoc.Document
		doc, list = openapidoc.Load(files, manifest.Values(c.REST.Documents))
		side.Contracts[protocol] = doc.Contract
	case ir.GRPC:
		var protos *protofiles.Files
		protos, list = protofiles.Load(files, c.GRPC.Protos.Value)
		side.Contracts[protocol] = protos.Contract
	}
	if err := list.Err(); err != nil {
		return nil, err
	}
	side.Resolve()
	return side, nil
}

// mutations are all of them, at every place where they fit.
func (p *project) mutations() []mutation {
	return slices.Concat(p.graphqlMutations(), p.restMutations(), p.grpcMutations())
}

// row is an operation that the manifest has a method for.
type row struct {
	methods []string
	// single: one of the methods has no other protocol.
	single bool
}

// rows finds the rows by operation, from the manifest as it stands.
func (p *project) rows(protocol ir.Protocol, operations []string) map[string]*row {
	out := map[string]*row{}
	file := p.side0.Manifest
	for _, m := range file.Methods {
		if !slices.Contains(manifest.Values(m.Protocols), string(protocol)) {
			continue
		}
		key := map[ir.Protocol]string{ir.GraphQL: m.GraphQL.Value, ir.REST: m.REST.Value, ir.GRPC: m.GRPC.Value}[protocol]
		for _, s := range file.Services {
			if s.Name.Value == m.Service.Value && key == "" {
				key = map[ir.Protocol]string{ir.GraphQL: s.GraphQL.Value, ir.REST: s.REST.Value, ir.GRPC: s.GRPC.Value}[protocol]
			}
		}
		key = strings.NewReplacer("{name}", m.Name.Value, "{Name}", camel(m.Name.Value)).Replace(key)
		for _, op := range operations {
			if op == key || protocol == ir.REST && strings.HasSuffix(op, " "+key) {
				if out[op] == nil {
					out[op] = &row{}
				}
				out[op].methods = append(out[op].methods, m.Name.Value)
				out[op].single = out[op].single || len(m.Protocols) == 1
			}
		}
	}
	return out
}

func camel(name string) string {
	var out strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			out.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return out.String()
}

// travel is how a type is used by methods of the SDK.
type travel struct {
	request, response, failure bool
	// single: some method that uses it has no other protocol.
	single bool
}

func (t travel) used() bool { return t.request || t.response || t.failure }

// graph is what refers to what in one contract.
type graph struct {
	refs map[string][]string
	uses map[string]*travel
}

// walk marks all types that can be reached.
func (g *graph) walk(from string, r *row, mark func(*travel)) {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(name string) {
		if name == "" || seen[name] {
			return
		}
		seen[name] = true
		if g.uses[name] == nil {
			g.uses[name] = &travel{}
		}
		mark(g.uses[name])
		g.uses[name].single = g.uses[name].single || r.single
		for _, to := range g.refs[name] {
			visit(to)
		}
	}
	visit(from)
}

func (g *graph) of(name string) travel {
	if g.uses[name] == nil {
		return travel{}
	}
	return *g.uses[name]
}

func request(t *travel)  { t.request = true }
func response(t *travel) { t.response = true }
func failure(t *travel)  { t.failure = true }

// omitted tells whether the manifest leaves a field out of the SDK.
func (p *project) omitted(typeName, field string) bool {
	short := strings.TrimPrefix(typeName[strings.LastIndexByte(typeName, '.')+1:], "v1")
	return slices.ContainsFunc(p.side0.Manifest.Fields, func(r manifest.FieldRule) bool {
		return r.Omit.Value != "" && r.Type.Value == short && r.Field.Value == field
	})
}

// ids makes a list of rules.
func ids(list ...drift.RuleID) []drift.RuleID { return list }

// when is yes or no.
func when(condition bool) answer {
	if condition {
		return yes
	}
	return no
}

// of adjusts what is wanted to how the thing is used: what nobody uses, or the
// manifest leaves out, breaks nobody.
func (w want) of(used bool) want {
	if !used {
		w.wire, w.source = false, no
	}
	return w
}
