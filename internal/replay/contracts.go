package replay

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bufbuild/protocompile"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Contracts is what the comparison of request bodies needs to know about the
// service. It is read from the contract files, never from generated code, so
// that an error of the generator cannot hide itself here.
type Contracts struct {
	schema *ast.Schema
	// methods by full name with a leading slash.
	methods map[string]protoreflect.MethodDescriptor
}

// LoadContracts reads schema.graphql and proto/ below root.
func LoadContracts(root string) (*Contracts, error) {
	path := filepath.Join(root, "schema.graphql")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("contracts: %w", err)
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: path, Input: string(text)})
	if err != nil {
		return nil, fmt.Errorf("contracts: %w", err)
	}
	files, err := compile(filepath.Join(root, "proto"))
	if err != nil {
		return nil, fmt.Errorf("contracts: %w", err)
	}
	return &Contracts{schema: schema, methods: methodsOf(files)}, nil
}

func compile(dir string) ([]protoreflect.FileDescriptor, error) {
	names, err := protoFiles(dir)
	if err != nil {
		return nil, err
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(
		&protocompile.SourceResolver{ImportPaths: []string{dir}})}
	compiled, err := compiler.Compile(context.Background(), names...)
	if err != nil {
		return nil, err
	}
	files := make([]protoreflect.FileDescriptor, len(compiled))
	for i, f := range compiled {
		files[i] = f
	}
	return files, nil
}

func protoFiles(dir string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".proto") {
			names = append(names, path)
		}
		return err
	})
	return names, err
}

func methodsOf(files []protoreflect.FileDescriptor) map[string]protoreflect.MethodDescriptor {
	methods := map[string]protoreflect.MethodDescriptor{}
	for _, f := range files {
		for i := range f.Services().Len() {
			service := f.Services().Get(i)
			for j := range service.Methods().Len() {
				m := service.Methods().Get(j)
				methods["/"+string(service.FullName())+"/"+string(m.Name())] = m
			}
		}
	}
	return methods
}

// method finds the one of a step: by its full name over gRPC, by the name of
// the logical method over REST, whose requests are transcoded from the same
// messages.
func (c *Contracts) method(s *Step) (protoreflect.MethodDescriptor, error) {
	if s.GRPC() {
		if m := c.methods[s.Request.Method]; m != nil {
			return m, nil
		}
		return nil, fmt.Errorf("the contract has no gRPC method %s", s.Request.Method)
	}
	admin := strings.HasPrefix(s.Request.Path, "/v1/admin/")
	for _, m := range c.methods {
		if plainName(string(m.Name())) == plainName(s.Method) && admin == isAdmin(m) {
			return m, nil
		}
	}
	return nil, fmt.Errorf("the contract has no method %s for %s", s.Method, s.Request.Path)
}

func isAdmin(m protoreflect.MethodDescriptor) bool {
	return strings.Contains(string(m.Parent().Name()), "Admin")
}

// plainName makes the spellings of one name alike: verify_otp, VerifyOTP and
// VerifyOtp.
func plainName(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// Method is the gRPC method of a step: the one that it calls, or, over REST,
// whose messages it sends.
func (c *Contracts) Method(s *Step) (protoreflect.MethodDescriptor, error) { return c.method(s) }
