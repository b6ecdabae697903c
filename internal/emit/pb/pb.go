// Package pb emits the gRPC wire code: it runs the generators of protobuf-go
// (in-process) and grpc-go (as a program, since it is no library) over the
// proto files that the methods need.
package pb

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	gengo "google.golang.org/protobuf/cmd/protoc-gen-go/internal_gengo"
	"google.golang.org/protobuf/compiler/protogen"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Emit returns the files of the gRPC wire packages by path. The set holds all
// proto files with their imports; moduleDir is the directory whose go.mod says
// which version of the grpc-go generator runs.
func Emit(ctx context.Context, sdk *ir.SDK, set *descriptorpb.FileDescriptorSet, sources []string, moduleDir string) (map[string][]byte, error) {
	services := serviceFiles(sdk, set)
	if len(services) == 0 {
		return nil, nil
	}
	bare, err := strip(set, sources)
	if err != nil {
		return nil, err
	}
	request := codeGeneratorRequest(sdk, bare, needed(bare, services, sources))
	var messages, stubs []*pluginpb.CodeGeneratorResponse_File
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		if messages, err = runMessages(request); err != nil {
			return fmt.Errorf("protoc-gen-go: %w", err)
		}
		return nil
	})
	group.Go(func() (err error) {
		if stubs, err = runStubs(ctx, request, moduleDir); err != nil {
			return fmt.Errorf("protoc-gen-go-grpc: %w", err)
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for _, f := range append(messages, stubs...) {
		out[f.GetName()] = []byte(f.GetContent())
	}
	return out, nil
}

// PackageName is the name of the Go package for the proto files of a directory.
func PackageName(dir string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(dir))
}

// serviceFiles are the files whose services have a method in the manifest.
func serviceFiles(sdk *ir.SDK, set *descriptorpb.FileDescriptorSet) []string {
	used := map[string]bool{}
	for _, s := range sdk.Services {
		for _, m := range s.Methods {
			if b := m.Binding(ir.GRPC); b != nil {
				service, _, _ := strings.Cut(b.Operation.Key, "/")
				used[service] = true
			}
		}
	}
	var out []string
	for _, f := range set.File {
		for _, s := range f.Service {
			if used[f.GetPackage()+"."+s.GetName()] {
				out = append(out, f.GetName())
				break
			}
		}
	}
	return out
}

// codeGeneratorRequest is what protoc would send to a plugin.
func codeGeneratorRequest(sdk *ir.SDK, set *descriptorpb.FileDescriptorSet, files []string) *pluginpb.CodeGeneratorRequest {
	module := strings.TrimSuffix(sdk.Paths.Wire.Import, "/"+sdk.Paths.Wire.Dir)
	params := []string{"module=" + module}
	for _, name := range files {
		dir := path.Dir(name)
		params = append(params, fmt.Sprintf("M%s=%s;%s", name, path.Join(sdk.Paths.Wire.Import, dir), PackageName(dir)))
	}
	return &pluginpb.CodeGeneratorRequest{
		FileToGenerate: files,
		Parameter:      proto.String(strings.Join(params, ",")),
		ProtoFile:      set.File,
	}
}

func runMessages(request *pluginpb.CodeGeneratorRequest) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	plugin, err := protogen.Options{}.New(proto.Clone(request).(*pluginpb.CodeGeneratorRequest))
	if err != nil {
		return nil, err
	}
	for _, f := range plugin.Files {
		if f.Generate {
			gengo.GenerateFile(plugin, f)
		}
	}
	return files(plugin.Response())
}

func files(response *pluginpb.CodeGeneratorResponse) ([]*pluginpb.CodeGeneratorResponse_File, error) {
	if response.Error != nil {
		return nil, fmt.Errorf("%s", response.GetError())
	}
	return slices.Clip(response.File), nil
}
