// Package initial makes the first manifest of a project from its contracts:
//
//  1. find the contract files, by what they hold (find.go);
//  2. read them, and find which of their operations are the same method (package
//     match);
//  3. name the methods, group them into services, and find the conventions that
//     lead from a method's name to its operations (rows.go, services.go,
//     conventions.go);
//  4. resolve what came of it, as generating would, and settle what that finds as
//     far as the contracts themselves tell (settle.go), and propose what of the
//     check's findings may be accepted (accepted.go);
//  5. write it down, with what speaks for each row, and what is left to people
//     (write.go).
package initial

import (
	"cmp"
	"io/fs"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/initial/match"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Options say what to make a manifest of. Only FS and Manifest must be set.
type Options struct {
	// FS is the project's directory.
	FS fs.FS
	// Manifest is the path that the manifest will have below it.
	Manifest string
	// Module is the import path of the directory; it may be empty.
	Module string
	// Dir is the name of the directory, the last resort to call the API by.
	Dir string
	// GraphQL is the schema file, OpenAPI the documents, Protos the directory of
	// the proto files; what is empty is searched for.
	GraphQL string
	OpenAPI []string
	Protos  string
	// Pulled are contract files that a server gave and that are not on disk yet.
	Pulled map[string][]byte
	// Name is what the API is called, Package the SDK's Go package; what is empty
	// is made from the contracts.
	Name, Package string
	// Server is the directory of the server adapters; empty: there are none.
	Server string
	// GraphQLPath is the path that servers answer GraphQL on, default "/graphql";
	// GRPCPort the port of gRPC, default 50051.
	GraphQLPath string
	GRPCPort    int
	// All gives rows to operations that only one of several contracts has, too.
	All bool
}

// Result is a first manifest.
type Result struct {
	// Files by path: the manifest, and documents that had to be converted.
	Files map[string][]byte
	// Contracts are the contract files that were found, in words.
	Contracts []string
	// Rows is the number of methods, Certain, Likely and Unsure how many of them
	// are so; Commented are operations without a row.
	Rows, Certain, Likely, Unsure, Commented int
	// Decided are the things that were settled in the manifest and that people
	// should look at.
	Decided int
	// Warnings is the number of those that the check will make of it.
	Warnings int
	// Left is what stands in the way of generating; empty: nothing.
	Left []diag.Finding
}

// Make makes the first manifest. What is wrong with the contracts comes back as a
// *diag.ListError with all findings.
func Make(o Options) (*Result, error) {
	list := &diag.List{}
	// 1. Find the contracts.
	from := find(o, list)
	files := readable(newOverlay(o.FS, o.Pulled), &from, list)
	if err := list.Err(); err != nil {
		return nil, err
	}
	// 2. Read them and match their operations.
	in := &contracts{fsys: newOverlay(o.FS, o.Pulled, files), from: from}
	if err := in.read(); err != nil {
		return nil, err
	}
	methods := match.Match(in.all)
	// 3. Name what was found.
	d := newDraft(o, in, methods)
	// 4. Settle what resolving finds.
	if err := d.settle(); err != nil {
		return nil, err
	}
	if err := d.findAccepted(); err != nil {
		return nil, err
	}
	// 5. Write it down.
	files[o.Manifest] = d.text()
	return d.result(files), nil
}

// contracts are the files that were found, read.
type contracts struct {
	fsys overlay
	from sources
	all  map[ir.Protocol]*contract.Contract
	// scalars are the custom scalars of the schema.
	scalars []string
	info    openapidoc.Info
	// keys are the headers in which the document wants keys.
	keys []string
}

func (c *contracts) read() error {
	list := &diag.List{}
	c.all = map[ir.Protocol]*contract.Contract{}
	if c.from.graphql != "" {
		if src, err := fs.ReadFile(c.fsys, c.from.graphql); err == nil {
			c.scalars = graphqlschema.CustomScalars(src)
		}
		c.graphql(knownScalars(c.scalars), list)
	}
	if len(c.from.openapi) > 0 {
		doc, found := openapidoc.Load(c.fsys, c.from.openapi)
		list.Merge(found)
		c.all[ir.REST], c.info, c.keys = doc.Contract, doc.Info(), doc.KeyHeaders()
	}
	if c.from.protos != "" {
		files, found := protofiles.Load(c.fsys, c.from.protos)
		list.Merge(found)
		c.all[ir.GRPC] = files.Contract
	}
	return hinted(list).Err()
}

// graphql reads the schema with what is known of its scalars.
func (c *contracts) graphql(bindings map[string]string, list *diag.List) {
	scalars := map[string]contract.Scalar{}
	for name, shape := range bindings {
		scalars[name] = contract.Scalar(shape)
	}
	schema, found := graphqlschema.Load(c.fsys, []string{c.from.graphql}, graphqlschema.Options{Scalars: scalars})
	list.Merge(found)
	c.all[ir.GraphQL] = schema
}

// hinted adds to findings what can be done where there is no manifest to mend.
func hinted(list *diag.List) *diag.List {
	out := &diag.List{}
	for _, f := range list.Findings() {
		f.Hint = cmp.Or(f.Hint, "mend the contract, or leave it out: name the ones to use with --graphql, --openapi and --proto")
		if strings.HasPrefix(f.Message, "the import ") {
			f.Hint += "; buf export . --output DIR writes protos together with what they import"
		}
		out.Add(f)
	}
	return out
}
