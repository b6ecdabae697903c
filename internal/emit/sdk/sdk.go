// Package sdk emits what people import: flat types, clients with a method for
// each manifest row, and per protocol the adapters between the flat types and
// the wire code.
package sdk

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/triwire/authorizer-sdk/internal/emit/gofile"
	"github.com/triwire/authorizer-sdk/internal/emit/prose"
	"github.com/triwire/authorizer-sdk/internal/emit/rest"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Emit returns the files of the SDK by path. Names that collide come back as a
// *diag.ListError.
func Emit(s *ir.SDK) (map[string][]byte, error) {
	g := &generator{SDK: s, rest: rest.CodeOf(s), usage: prose.Usages(s)}
	// One after the other: each file's tree is garbage before the next is made.
	files := map[string]func() *jen.File{
		path.Join(s.Paths.SDK.Dir, "types_gen.go"):   g.types,
		path.Join(s.Paths.SDK.Dir, "runtime_gen.go"): g.runtimeNames,
		path.Join(s.Paths.SDK.Dir, "api_gen.go"):     g.api,
	}
	for _, service := range s.Services {
		files[path.Join(s.Paths.SDK.Dir, service.Name+"_gen.go")] = func() *jen.File { return g.service(service) }
	}
	for _, p := range s.Protocols {
		switch p {
		case ir.GraphQL:
			files[path.Join(s.Paths.SDK.Dir, "graphql_gen.go")] = g.graphQLAdapters
		case ir.REST:
			files[path.Join(s.Paths.SDK.Dir, "rest_gen.go")] = g.restAdapters
		case ir.GRPC:
			files[path.Join(s.Paths.GRPC.Dir, "grpc_gen.go")] = g.grpcAdapters
			files[path.Join(s.Paths.Link.Dir, "link_gen.go")] = g.link
		}
	}
	out := map[string][]byte{}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		src, err := gofile.Render(files[name]())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = src
	}
	return out, collisions(s, out)
}

// generator writes the files of one SDK.
type generator struct {
	*ir.SDK
	rest *rest.Code
	// usage says what a type is for that nobody described.
	usage func(*ir.Message) string
}

// file starts a file of the package at the import path.
func (g *generator) file(importPath, name string) *jen.File {
	f := jen.NewFilePathName(importPath, name)
	f.HeaderComment(gofile.Header)
	f.ImportName(g.Paths.Runtime, "runtime")
	f.ImportName(g.Paths.GRPCRuntime, "grpcrt")
	f.ImportName(g.Paths.SDK.Import, g.Package)
	f.ImportName(g.Paths.Link.Import, "link")
	f.ImportAlias(g.Paths.Runtime+"/wire", "forms")
	f.ImportAlias(g.Paths.GraphQL.Import, "wire")
	f.ImportAlias(g.Paths.REST.Import, "wire")
	f.ImportName(genqlient, "graphql")
	return f
}

// The packages that generated code imports besides its own.
const (
	genqlient = "github.com/Khan/genqlient/graphql"
	grpcGo    = "google.golang.org/grpc"
)
