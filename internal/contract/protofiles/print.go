package protofiles

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/jhump/protoreflect/v2/protoprint"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

// Print writes the descriptors as proto sources, by import path. It prints the
// files that declare services and what these import, but neither the services
// of gRPC itself (reflection, health) nor the files that every compiler brings
// along (google/protobuf). The same descriptors give the same bytes, and the
// sources compile.
func Print(set *descriptorpb.FileDescriptorSet) (map[string][]byte, error) {
	files, err := protodesc.NewFiles(set)
	if err != nil {
		return nil, fmt.Errorf("the descriptors do not fit together: %w", err)
	}
	out := map[string][]byte{}
	for _, name := range needed(set) {
		fd, err := files.FindFileByPath(name)
		if err != nil {
			return nil, fmt.Errorf("the descriptors lack %s, which is imported", name)
		}
		var buf bytes.Buffer
		printer := protoprint.Printer{ForceFullyQualifiedNames: hidesMessage(fd)}
		if err := printer.PrintProtoFile(fd, &buf); err != nil {
			return nil, fmt.Errorf("%s cannot be printed: %w", name, err)
		}
		out[name] = buf.Bytes()
	}
	if len(out) == 0 {
		return nil, errors.New("the descriptors hold no service besides those of gRPC itself")
	}
	return out, verify(out)
}

// hidesMessage tells whether a service of the file has a method with the name of
// a message that its methods use. Inside the service the short name would mean
// the method, which the printer does not see.
func hidesMessage(fd protoreflect.FileDescriptor) bool {
	for i := range fd.Services().Len() {
		methods := fd.Services().Get(i).Methods()
		for j := range methods.Len() {
			m := methods.Get(j)
			if methods.ByName(m.Input().Name()) != nil || methods.ByName(m.Output().Name()) != nil {
				return true
			}
		}
	}
	return false
}

// needed lists the files to print, sorted.
func needed(set *descriptorpb.FileDescriptorSet) []string {
	byName := map[string]*descriptorpb.FileDescriptorProto{}
	for _, f := range set.File {
		byName[f.GetName()] = f
	}
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || isStandard(name) {
			return
		}
		seen[name] = true
		for _, dep := range byName[name].GetDependency() {
			visit(dep)
		}
	}
	for _, f := range set.File {
		if len(f.Service) > 0 && !IsInfrastructure(protoreflect.FullName(f.GetPackage())) {
			visit(f.GetName())
		}
	}
	var out []string
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// IsInfrastructure tells whether a package belongs to gRPC itself, such as
// grpc.reflection.v1: servers offer its services beside their own.
func IsInfrastructure(pkg protoreflect.FullName) bool {
	return pkg == "grpc" || strings.HasPrefix(string(pkg), "grpc.")
}

// isStandard tells whether the compiler brings the file along.
func isStandard(name string) bool {
	none := protocompile.ResolverFunc(func(string) (protocompile.SearchResult, error) {
		return protocompile.SearchResult{}, protoregistry.NotFound
	})
	_, err := protocompile.WithStandardImports(none).FindFileByPath(name)
	return err == nil
}

// verify compiles what was printed.
func verify(files map[string][]byte) error {
	c := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
			Accessor: func(name string) (io.ReadCloser, error) {
				if data, ok := files[name]; ok {
					return io.NopCloser(bytes.NewReader(data)), nil
				}
				return nil, fs.ErrNotExist
			},
		}),
	}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	if _, err := c.Compile(context.Background(), names...); err != nil {
		return fmt.Errorf("the sources made from the descriptors do not compile: %w", err)
	}
	return nil
}

// ParseSet reads a serialised FileDescriptorSet; custom options become unknown
// fields.
func ParseSet(data []byte) (*descriptorpb.FileDescriptorSet, error) {
	set := &descriptorpb.FileDescriptorSet{}
	err := proto.UnmarshalOptions{Resolver: new(protoregistry.Types)}.Unmarshal(data, set)
	if err != nil {
		return nil, fmt.Errorf("not a serialised FileDescriptorSet: %w", err)
	}
	return set, nil
}
