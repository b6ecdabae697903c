// Package protofiles reads protobuf sources into the neutral contract model and
// prints descriptors as sources. It is the only importer of protocompile.
package protofiles

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/ast"
	"github.com/bufbuild/protocompile/linker"
	"github.com/bufbuild/protocompile/parser"
	"github.com/bufbuild/protocompile/protoutil"
	"github.com/bufbuild/protocompile/reporter"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Files is a compiled directory of proto files.
type Files struct {
	// Contract is the neutral model of the services and their messages.
	Contract *contract.Contract
	// Set holds the descriptors of all files and of what they import, each
	// after its imports, with source information. Custom options are kept as
	// unknown fields. It is nil when there are findings.
	Set *descriptorpb.FileDescriptorSet
	// Sources are the files of the directory itself, as they are imported
	// ("authorizer/v1/types.proto"), sorted.
	Sources []string
}

// Load compiles all .proto files below the directory dir of fsys, which is
// their import root. It always returns Files with a contract; when the list is
// not empty, the contract is empty.
func Load(fsys fs.FS, dir string) (*Files, *diag.List) {
	list := &diag.List{}
	out := &Files{
		Contract: &contract.Contract{
			Operations: map[string]*contract.Operation{},
			Messages:   map[string]*contract.Message{},
			Root:       diag.Pos{File: dir},
		},
	}
	out.Sources = sources(fsys, dir, list)
	if list.Len() > 0 {
		return out, list
	}
	compiled := compile(fsys, dir, out.Sources, list)
	if list.Len() > 0 {
		return out, list
	}
	set, err := fileSet(compiled)
	if err != nil {
		list.Addf(out.Contract.Root, "%v", err)
		return out, list
	}
	if err := build(out, set, compiled, dir); err != nil {
		list.Addf(out.Contract.Root, "%v", err)
		return out, list
	}
	out.Set = set
	return out, list
}

// sources lists the proto files below dir, relative to it.
func sources(fsys fs.FS, dir string, list *diag.List) []string {
	var out []string
	err := fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(p) == ".proto" {
			out = append(out, strings.TrimPrefix(p, dir+"/"))
		}
		return err
	})
	switch {
	case err != nil:
		list.Add(contract.Unreadable(dir, err))
	case len(out) == 0:
		list.Add(diag.Finding{
			Pos:     diag.Pos{File: dir},
			Message: "the directory holds no .proto files",
			Hint:    "write them with sdkgen pull, or mend the path in the manifest",
		})
	}
	slices.Sort(out)
	return out
}

// compile compiles the files; every error that the compiler can go on after is
// a finding of its own.
func compile(fsys fs.FS, dir string, files []string, list *diag.List) linker.Files {
	rep := reporter.NewReporter(func(err reporter.ErrorWithPos) error {
		p := err.GetPosition()
		list.Addf(diag.Pos{File: path.Join(dir, p.Filename), Line: p.Line, Col: p.Col}, "%v", err.Unwrap())
		return nil
	}, nil)
	if !checkEditions(fsys, dir, files, list) {
		return nil
	}
	checkImports(fsys, dir, files, rep, list)
	c := protocompile.Compiler{
		Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
			Accessor: func(name string) (io.ReadCloser, error) { return fsys.Open(path.Join(dir, name)) },
		}),
		// One at a time: which errors are found must not depend on luck.
		MaxParallelism: 1,
		Reporter:       rep,
		SourceInfoMode: protocompile.SourceInfoStandard,
	}
	compiled, err := c.Compile(context.Background(), files...)
	if err != nil && list.Len() == 0 {
		list.Addf(diag.Pos{File: dir}, "%v", err)
	}
	return compiled
}

// checkImports finds every import that leads nowhere: the compiler would stop
// at the first.
func checkImports(fsys fs.FS, dir string, files []string, rep reporter.Reporter, list *diag.List) {
	for _, name := range files {
		data, ok := contract.ReadFile(fsys, path.Join(dir, name), list)
		if !ok {
			continue
		}
		// Its syntax errors are reported by the compiler again, in the same
		// words at the same place, and so count once.
		file, err := parser.Parse(name, bytes.NewReader(data), reporter.NewHandler(rep))
		if file == nil || err != nil {
			continue
		}
		for _, decl := range file.Decls {
			node, ok := decl.(*ast.ImportNode)
			if !ok {
				continue
			}
			imported := node.Name.AsString()
			if _, err := fs.Stat(fsys, path.Join(dir, imported)); err == nil || isStandard(imported) {
				continue
			}
			p := file.NodeInfo(node.Name).Start()
			list.Add(diag.Finding{
				Pos:     diag.Pos{File: path.Join(dir, name), Line: p.Line, Col: p.Col},
				Message: fmt.Sprintf("the import %q does not exist", imported),
				Hint:    "imports start at " + dir,
			})
		}
	}
}

// fileSet collects the descriptors, imports first.
func fileSet(files linker.Files) (*descriptorpb.FileDescriptorSet, error) {
	set := &descriptorpb.FileDescriptorSet{}
	seen := map[string]bool{}
	var add func(fd protoreflect.FileDescriptor)
	add = func(fd protoreflect.FileDescriptor) {
		if seen[fd.Path()] {
			return
		}
		seen[fd.Path()] = true
		for i := range fd.Imports().Len() {
			add(fd.Imports().Get(i).FileDescriptor)
		}
		set.File = append(set.File, protoutil.ProtoFromFileDescriptor(fd))
	}
	for _, fd := range files {
		add(fd)
	}
	return withoutTypes(set)
}

// withoutTypes turns the custom options, which come as dynamic messages, into
// unknown fields: those mean the same whatever is linked into the program.
func withoutTypes(set *descriptorpb.FileDescriptorSet) (*descriptorpb.FileDescriptorSet, error) {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(set)
	if err != nil {
		return nil, err
	}
	out := &descriptorpb.FileDescriptorSet{}
	err = proto.UnmarshalOptions{Resolver: new(protoregistry.Types)}.Unmarshal(data, out)
	return out, err
}
