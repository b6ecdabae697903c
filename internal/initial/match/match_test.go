package match

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

type contracts = map[ir.Protocol]*contract.Contract

const root = "../../.."

// ours are the contracts and the manifest of a project of this repository.
func ours(t *testing.T, dir string) (contracts, *manifest.File) {
	t.Helper()
	fsys := os.DirFS(dir)
	src, err := os.ReadFile(dir + "/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, list := manifest.Parse("manifest.yaml", src)
	scalars := map[string]contract.Scalar{}
	for name, shape := range file.Scalars {
		scalars[name] = contract.Scalar(shape.Value)
	}
	schema, found := graphqlschema.Load(fsys, []string{file.Contracts.GraphQL.Schema.Value}, graphqlschema.Options{Scalars: scalars})
	list.Merge(found)
	doc, found := openapidoc.Load(fsys, manifest.Values(file.Contracts.REST.Documents))
	list.Merge(found)
	protos, found := protofiles.Load(fsys, file.Contracts.GRPC.Protos.Value)
	list.Merge(found)
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return contracts{ir.GraphQL: schema, ir.REST: doc.Contract, ir.GRPC: protos.Contract}, file
}

// truth is the row of each operation, by what people wrote into manifest.yaml.
func truth(t *testing.T, all contracts, file *manifest.File) map[*contract.Operation]string {
	t.Helper()
	model, list := resolve.Resolve(resolve.Input{Manifest: file, Contracts: all, Module: "x", Runtime: "x"})
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	out := map[*contract.Operation]string{}
	for _, s := range model.Services {
		for _, m := range s.Methods {
			for _, b := range m.Bindings {
				out[b.Operation] = m.Name
			}
		}
	}
	return out
}

// copied are contracts whose operations a test may change, and their rows.
func copied(all contracts, rows map[*contract.Operation]string) (contracts, map[*contract.Operation]string) {
	out, outRows := contracts{}, map[*contract.Operation]string{}
	for p, c := range all {
		ops := map[string]*contract.Operation{}
		for key, op := range c.Operations {
			one, details := *op, *op.Details
			one.Details = &details
			ops[key] = &one
			outRows[&one] = rows[op]
		}
		out[p] = &contract.Contract{Operations: ops, Messages: c.Messages, Root: c.Root}
	}
	return out, outRows
}

// verdict counts the pairs of operations that belong together, by whether they
// were found, and names the pairs that do not belong together.
func verdict(methods []*Method, rows map[*contract.Operation]string) (found, all int, wrong []string) {
	size := map[string]int{}
	for _, row := range rows {
		size[row]++
	}
	for _, n := range size {
		all += n * (n - 1) / 2
	}
	for _, m := range methods {
		ops := slices.Collect(maps.Values(m.Operations))
		for i, a := range ops {
			for _, b := range ops[:i] {
				if rows[a] == rows[b] && rows[a] != "" {
					found++
				} else {
					wrong = append(wrong, fmt.Sprintf("%s with %s", a.Key, b.Key))
				}
			}
		}
	}
	return found, all, wrong
}

// rename gives operations other keys; an empty one removes the operation.
func rename(c *contract.Contract, to func(op *contract.Operation) string) {
	ops := map[string]*contract.Operation{}
	for _, key := range slices.Sorted(maps.Keys(c.Operations)) {
		op := c.Operations[key]
		if op.Key = to(op); op.Key != "" {
			ops[op.Key] = op
		}
	}
	c.Operations = ops
}

func lowerCamel(name string) string {
	s := resolve.Camel(name)
	return strings.ToLower(s[:1]) + s[1:]
}

func inCamel(op *contract.Operation) string { return lowerCamel(op.Key) }

func withVerb(op *contract.Operation) string {
	name := strings.TrimPrefix(op.Key, "_")
	hasVerb := slices.ContainsFunc(resolve.Words(name), func(w string) bool { return verbs()[w] != "" })
	switch {
	case op.Kind != contract.KindQuery || hasVerb:
		return lowerCamel(name)
	case strings.HasSuffix(name, "s"):
		return lowerCamel("list_" + name)
	}
	return lowerCamel("get_" + name)
}

func verbLast(op *contract.Operation) string {
	words := resolve.Words(strings.TrimPrefix(op.Key, "_"))
	if len(words) > 1 && verbs()[words[0]] != "" {
		words = append(words[1:], words[0])
	}
	return strings.Join(words, "_")
}

// mutation is another way to write the same API.
type mutation struct {
	name string
	do   func(contracts)
	// found and all are the pairs that belong together: how many are found, at
	// least, and how many there are.
	found, all int
}

func mutations() []mutation {
	unannotated := func(c contracts) {
		for _, op := range c[ir.GRPC].Operations {
			op.HTTP = nil
		}
	}
	noIDs := func(c contracts) {
		for _, op := range c[ir.REST].Operations {
			op.OperationID = ""
		}
	}
	otherServices := func(c contracts) {
		rename(c[ir.GRPC], func(op *contract.Operation) string {
			service, method, _ := strings.Cut(op.Key, "/")
			return map[bool]string{true: "acme.back.office.v2.Office/", false: "acme.front.v2.FrontAPI/"}[strings.Contains(service, "Admin")] + method
		})
	}
	return []mutation{
		{"as it is", func(contracts) {}, 156, 156},
		{"GraphQL in lower camel case", func(c contracts) { rename(c[ir.GraphQL], inCamel) }, 156, 156},
		{"GraphQL queries with verbs", func(c contracts) { rename(c[ir.GraphQL], withVerb) }, 156, 156},
		{"GraphQL with the verb last", func(c contracts) { rename(c[ir.GraphQL], verbLast) }, 156, 156},
		{"no annotations", unannotated, 156, 156},
		{"no annotations, no operation ids", func(c contracts) { unannotated(c); noIDs(c) }, 154, 156},
		{"no annotations, no ids, verbs", func(c contracts) { unannotated(c); noIDs(c); rename(c[ir.GraphQL], withVerb) }, 154, 156},
		{"other services", otherServices, 156, 156},
		{"other services, no annotations", func(c contracts) { otherServices(c); unannotated(c) }, 156, 156},
		{"other services, no annotations, no ids", func(c contracts) { otherServices(c); unannotated(c); noIDs(c); rename(c[ir.GraphQL], verbLast) }, 144, 156},
		{"every third GraphQL operation is missing", func(c contracts) { everyThird(c[ir.GraphQL], 0) }, 120, 120},
		{"every third gRPC method is missing", func(c contracts) { everyThird(c[ir.GRPC], 1) }, 122, 122},
		{"a third of both is missing, no annotation", func(c contracts) { everyThird(c[ir.GRPC], 1); everyThird(c[ir.REST], 2); unannotated(c); noIDs(c) }, 92, 93},
		{"only GraphQL and REST", func(c contracts) { delete(c, ir.GRPC) }, 52, 52},
		{"only GraphQL and REST, no ids", func(c contracts) { noIDs(c); delete(c, ir.GRPC) }, 48, 52},
		{"only GraphQL and gRPC", func(c contracts) { delete(c, ir.REST); rename(c[ir.GraphQL], withVerb) }, 51, 52},
		{"only GraphQL", func(c contracts) { delete(c, ir.REST); delete(c, ir.GRPC) }, 0, 0},
	}
}

func everyThird(c *contract.Contract, from int) {
	i := from
	rename(c, func(op *contract.Operation) string {
		if i++; i%3 == 0 {
			return ""
		}
		return op.Key
	})
}

// TestMutations measures how many of the pairs that belong together are found
// where the same API is written in another way. No pair may be wrong.
func TestMutations(t *testing.T) { testMutations(t, root, mutations()) }

// TestLibraryMutations does the same with an API whose paths have variables.
func TestLibraryMutations(t *testing.T) {
	noIDs := func(c contracts) {
		for _, op := range c[ir.REST].Operations {
			op.OperationID = ""
		}
	}
	testMutations(t, root+"/examples/library", []mutation{
		{"as it is", func(contracts) {}, 32, 32},
		{"no operation ids", noIDs, 26, 32},
		{"only GraphQL and REST", func(c contracts) { delete(c, ir.GRPC) }, 10, 10},
		{"only GraphQL and REST, no ids", func(c contracts) { noIDs(c); delete(c, ir.GRPC) }, 8, 10},
		{"only GraphQL and gRPC, verbs", func(c contracts) { delete(c, ir.REST); rename(c[ir.GraphQL], withVerb) }, 10, 10},
	})
}

func testMutations(t *testing.T, dir string, mutations []mutation) {
	original, file := ours(t, dir)
	originalRows := truth(t, original, file)
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) {
			all, rows := copied(original, originalRows)
			m.do(all)
			kept := map[*contract.Operation]string{}
			for _, c := range all {
				for _, op := range c.Operations {
					if rows[op] != "" {
						kept[op] = rows[op]
					}
				}
			}
			found, want, wrong := verdict(Match(all), kept)
			if len(wrong) > 0 {
				t.Errorf("wrong pairs: %s", strings.Join(wrong, "; "))
			}
			if found < m.found || want != m.all {
				t.Errorf("%d of %d pairs were found, not at least %d of %d", found, want, m.found, m.all)
			}
		})
	}
}

// TestRequestsOfParts: parameters, and what carries the rest, look like the one
// message of gRPC that holds them, whether it has them side by side or in a field.
func TestRequestsOfParts(t *testing.T) {
	text := contract.Type{Scalar: contract.ScalarString}
	message := func(names ...string) *contract.Message {
		m := &contract.Message{}
		for _, name := range names {
			m.Fields = append(m.Fields, &contract.Field{Name: name, Type: text})
		}
		return m
	}
	within := message("shelf")
	within.Fields = append(within.Fields, &contract.Field{Name: "book", Type: contract.Type{Scalar: contract.ScalarMessage, Message: message("id", "title")}})
	for name, one := range map[string]struct{ a, b *contract.Operation }{
		"REST beside gRPC": {
			&contract.Operation{Request: message("title"), Params: message("bookId", "X-Request-Id").Fields},
			&contract.Operation{Request: message("book_id", "title", "x_request_id")},
		},
		"a variable within the body": {
			&contract.Operation{Request: message("title"), Params: message("book.id", "shelf").Fields},
			&contract.Operation{Request: within},
		},
		"the one input object of GraphQL as a field": {
			&contract.Operation{Request: message("id", "name"), RequestName: "book", Params: message("shelf").Fields},
			&contract.Operation{Request: within},
		},
	} {
		if likeness, _ := newWeights().alike(requestOf(one.a), requestOf(one.b)); likeness != 1 {
			t.Errorf("%s: %.2f alike", name, likeness)
		}
	}
}
