// Package pipeline is the whole run of sdkgen as one story: load the manifest
// and the contracts, resolve them into the model, emit files in memory, and
// only then compare them with the disk or write them.
package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/emit/docs"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/emit/pb"
	"github.com/triwire/authorizer-sdk/internal/emit/rest"
	"github.com/triwire/authorizer-sdk/internal/emit/sdk"
	"github.com/triwire/authorizer-sdk/internal/emit/server"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// Runtime is the import path of the hand-written half of every SDK.
const Runtime = "github.com/triwire/authorizer-sdk/sdk/runtime"

// MemoryLimit is how much memory, in bytes, a program that runs this should ask
// the garbage collector to stay below. The largest contracts stay below it
// with some more collecting; without a limit they take almost twice as much.
const MemoryLimit = 1536 << 20

// Project is where to run.
type Project struct {
	// Dir is the directory that all paths are relative to.
	Dir string
	// Manifest is the path of the manifest below Dir.
	Manifest string
	// Progress is told what is being done; it may be nil.
	Progress func(step string)
}

// Output is what a run would write.
type Output struct {
	Model *ir.SDK
	// Files by path below the project's directory, with forward slashes.
	Files map[string][]byte
	// docsOnly: the files are those of the reference, and nothing else is.
	docsOnly bool
}

// Run does everything but touch the disk. What is wrong with the input comes
// back as a *diag.ListError with all findings.
func Run(ctx context.Context, p Project) (*Output, error) {
	// 1. Read the manifest and the contracts that it names.
	p.progress("reading the manifest and the contracts")
	in, err := await(ctx, func() (*input, error) { return load(p) })
	if err != nil {
		return nil, err
	}
	// 2. Lay them over one another.
	model, err := resolved(p, in)
	if err != nil {
		return nil, err
	}
	// 3. Write the wire code and the SDK, in memory.
	p.progress("generating the SDK for " + diag.Count(len(in.Manifest.Methods), "method"))
	files, err := emit(ctx, p, in, model)
	if err != nil {
		return nil, err
	}
	return &Output{Model: model, Files: files}, nil
}

// RunDocs is [Run] for the reference alone.
func RunDocs(p Project) (*Output, error) {
	p.progress("reading the manifest and the contracts")
	in, err := load(p)
	if err != nil {
		return nil, err
	}
	if in.Manifest.Output.Docs.Value == "" {
		return nil, fmt.Errorf("%s: output.docs is missing: there is no directory for the reference (write docs: docs/reference under output)", p.Manifest)
	}
	model, err := resolved(p, in)
	if err != nil {
		return nil, err
	}
	files, err := docs.Emit(model)
	return &Output{Model: model, Files: files, docsOnly: true}, err
}

// resolved makes the model, or says why there is none.
func resolved(p Project, in *input) (*ir.SDK, error) {
	p.progress("resolving the methods")
	model, findings := resolve.Resolve(in.Input)
	return model, findings.Err()
}

func (p Project) progress(step string) {
	if p.Progress != nil {
		p.Progress(step)
	}
}

// input is what is read, in the forms that the phases need.
type input struct {
	resolve.Input
	scalars map[string]contract.Scalar
	schema  []byte
	openapi *openapidoc.Document
	protos  *protofiles.Files
}

// load reads everything; findings of all files come together.
func load(p Project) (*input, error) {
	root := os.DirFS(p.Dir)
	findings := &diag.List{}
	src, err := fs.ReadFile(root, p.Manifest)
	if err != nil {
		findings.Add(unreadable(p.Dir, p.Manifest, err))
		return nil, findings.Err()
	}
	file, list := manifest.Parse(p.Manifest, src)
	findings.Merge(list)
	in := &input{scalars: map[string]contract.Scalar{}}
	in.Manifest, in.Runtime = file, Runtime
	in.Contracts = map[ir.Protocol]*contract.Contract{}
	module, err := ModulePath(p.Dir)
	if err != nil {
		findings.Add(diag.Finding{Message: err.Error(), Hint: "run sdkgen inside of a Go module: go mod init"})
	}
	in.Module = module
	in.contracts(root, findings)
	return in, findings.Err()
}

// unreadable is the finding for a manifest that cannot be read.
func unreadable(dir, path string, err error) diag.Finding {
	f := contract.Unreadable(path, err)
	f.Message = strings.Replace(f.Message, "contract file", "manifest", 1)
	if _, missing := os.Stat(dir); errors.Is(missing, fs.ErrNotExist) {
		return diag.Finding{Message: "there is no directory " + dir, Hint: "say where the project is with --dir"}
	}
	if errors.Is(err, fs.ErrNotExist) {
		f.Hint = "sdkgen init writes a first one; say where it is with --dir and --manifest"
	}
	return f
}

// contracts reads the contract files that the manifest names, side by side; each
// reader fills fields of its own.
func (in *input) contracts(root fs.FS, findings *diag.List) {
	c := in.Manifest.Contracts
	var graphqlContract *contract.Contract
	var readers []func() *diag.List
	if c.GraphQL != nil && c.GraphQL.Schema.Value != "" {
		for name, t := range in.Manifest.Scalars {
			in.scalars[name] = contract.Scalar(t.Value)
		}
		readers = append(readers, func() (list *diag.List) {
			path := c.GraphQL.Schema.Value
			graphqlContract, list = graphqlschema.Load(root, []string{path}, graphqlschema.Options{Scalars: in.scalars})
			in.schema, _ = fs.ReadFile(root, path)
			return list
		})
	}
	if c.REST != nil && len(c.REST.Documents) > 0 {
		readers = append(readers, func() (list *diag.List) {
			in.openapi, list = openapidoc.LoadBelow(root, manifest.Values(c.REST.Documents), c.REST.Base.Value)
			return list
		})
	}
	if c.GRPC != nil && c.GRPC.Protos.Value != "" {
		readers = append(readers, func() (list *diag.List) {
			in.protos, list = protofiles.Load(root, c.GRPC.Protos.Value)
			return list
		})
	}
	lists := make([]*diag.List, len(readers))
	var group sync.WaitGroup
	for i, read := range readers {
		group.Go(func() { lists[i] = read() })
	}
	group.Wait()
	for _, list := range lists {
		findings.Merge(list)
	}
	if graphqlContract != nil {
		in.Contracts[ir.GraphQL] = graphqlContract
	}
	if in.openapi != nil {
		in.Contracts[ir.REST] = in.openapi.Contract
	}
	if in.protos != nil {
		in.Contracts[ir.GRPC] = in.protos.Contract
	}
}

// emit runs the emitters side by side; each fills files of its own.
func emit(ctx context.Context, p Project, in *input, model *ir.SDK) (map[string][]byte, error) {
	scratch, err := os.MkdirTemp("", "sdkgen-")
	if err != nil {
		return nil, err
	}
	defer discard(scratch)
	emitters := []func(context.Context) (map[string][]byte, error){
		func(context.Context) (map[string][]byte, error) { return in.emitSDK(model) },
		func(context.Context) (map[string][]byte, error) { return docs.Emit(model) },
	}
	if in.schema != nil {
		emitters = append(emitters, func(context.Context) (map[string][]byte, error) {
			return graphql.Emit(model, in.schema, in.scalars, scratch)
		})
	}
	if model.Paths.Server.Dir != "" {
		emitters = append(emitters, func(context.Context) (map[string][]byte, error) {
			return server.Emit(model, in.schema)
		})
	}
	if in.protos != nil {
		emitters = append(emitters, func(ctx context.Context) (map[string][]byte, error) {
			return pb.Emit(ctx, model, in.protos.Set, in.protos.Sources, p.Dir)
		})
	}
	return await(ctx, func() (map[string][]byte, error) {
		parts := make([]map[string][]byte, len(emitters))
		group, groupCtx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0)) // more at a time take more memory, and no less time
		for i, e := range emitters {
			group.Go(func() (err error) {
				parts[i], err = e(groupCtx)
				return err
			})
		}
		err := group.Wait()
		files := map[string][]byte{}
		for _, part := range parts {
			maps.Copy(files, part)
		}
		if err == nil {
			err = wireCollisions(model, files)
		}
		return files, err
	})
}

// discard removes a directory that somebody may still write to: not under the
// name that it has then.
func discard(dir string) {
	if gone := dir + "-gone"; os.Rename(dir, gone) == nil {
		dir = gone
	}
	_ = os.RemoveAll(dir)
}

// await returns what f returns, or at once when ctx is done: parsers and
// generators of others do not stop when they are told to. What f does until then
// must not concern anybody.
func await[T any](ctx context.Context, f func() (T, error)) (out T, err error) {
	if err := ctx.Err(); err != nil {
		return out, err
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		// A generator that was stopped says something else.
		return r.value, cmp.Or(ctx.Err(), r.err)
	case <-ctx.Done():
		return out, ctx.Err()
	}
}

// emitSDK emits the SDK and then the REST wire code: oapi-codegen keeps global
// state, which also decides the names that the SDK uses.
func (in *input) emitSDK(model *ir.SDK) (map[string][]byte, error) {
	files, err := sdk.Emit(model)
	if err != nil || in.openapi == nil {
		return files, err
	}
	doc, err := in.openapi.OpenAPI()
	if err != nil {
		return nil, err
	}
	wire, err := rest.Emit(model, doc)
	maps.Copy(files, wire)
	return files, err
}
