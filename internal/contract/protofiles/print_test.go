package protofiles_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/triwire/authorizer-sdk/internal/contract/protofiles"
)

const descriptors = "../../pull/testdata/2.3.0-rc.9/descriptors.binpb"

func savedSet(t *testing.T) *descriptorpb.FileDescriptorSet {
	t.Helper()
	data, err := os.ReadFile(descriptors)
	if err != nil {
		t.Fatal(err)
	}
	set, err := protofiles.ParseSet(data)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// What is printed says the same as the descriptors, custom options included.
func TestPrintRoundTrip(t *testing.T) {
	set := savedSet(t)
	printed, err := protofiles.Print(set)
	if err != nil {
		t.Fatal(err)
	}
	compiler := protocompile.Compiler{Resolver: protocompile.WithStandardImports(&protocompile.SourceResolver{
		Accessor: func(name string) (io.ReadCloser, error) {
			if data, ok := printed[name]; ok {
				return io.NopCloser(bytes.NewReader(data)), nil
			}
			return nil, fs.ErrNotExist
		},
	})}
	types := typesOf(t, set)
	options := 0
	for _, want := range set.File {
		if printed[want.GetName()] == nil {
			continue
		}
		compiled, err := compiler.Compile(context.Background(), want.GetName())
		if err != nil {
			t.Fatal(err)
		}
		got := retype(t, types, protoutil.ProtoFromFileDescriptor(compiled[0]))
		expected := retype(t, types, want)
		if diff := cmp.Diff(expected, got, protocmp.Transform()); diff != "" {
			t.Errorf("%s changed in printing (-descriptor +printed):\n%s", want.GetName(), diff)
		}
		for _, s := range got.GetService() {
			for _, m := range s.GetMethod() {
				if strings.Contains(m.GetOptions().String(), "google.api.http") {
					options++
				}
			}
		}
	}
	// The comparison is worth nothing if it does not see the options.
	if options != 52 {
		t.Errorf("%d methods with google.api.http were compared, want 52", options)
	}
}

// typesOf knows the custom options that the descriptors declare.
func typesOf(t *testing.T, set *descriptorpb.FileDescriptorSet) *dynamicpb.Types {
	t.Helper()
	files, err := protodesc.NewFiles(set)
	if err != nil {
		t.Fatal(err)
	}
	return dynamicpb.NewTypes(files)
}

// retype gives all custom options the same Go types, so that they compare.
func retype(t *testing.T, types *dynamicpb.Types, in *descriptorpb.FileDescriptorProto) *descriptorpb.FileDescriptorProto {
	t.Helper()
	data, err := proto.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := &descriptorpb.FileDescriptorProto{}
	if err := (proto.UnmarshalOptions{Resolver: types}).Unmarshal(data, out); err != nil {
		t.Fatal(err)
	}
	out.SourceCodeInfo = nil
	return out
}

// Which files are printed: those with services and what they import; not those
// of gRPC, of the compiler, and of nobody.
func TestPrintFiles(t *testing.T) {
	printed, err := protofiles.Print(savedSet(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"authorizer/v1/admin.proto", "authorizer/v1/annotations.proto", "authorizer/v1/authorizer.proto",
		"authorizer/v1/common.proto", "authorizer/v1/pagination.proto", "authorizer/v1/types.proto",
		"buf/validate/validate.proto", "google/api/annotations.proto", "google/api/http.proto",
	}
	if diff := cmp.Diff(want, sortedKeys(printed)); diff != "" {
		t.Error(diff)
	}
}

func TestPrintErrors(t *testing.T) {
	tests := []struct {
		name string
		set  *descriptorpb.FileDescriptorSet
		want string
	}{
		{"empty", &descriptorpb.FileDescriptorSet{}, "the descriptors hold no service besides those of gRPC itself"},
		{"import missing", &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{
			{Name: proto.String("a.proto"), Dependency: []string{"b.proto"}},
		}}, "the descriptors do not fit together: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := protofiles.Print(tt.set)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || len(got) > 0 {
				t.Errorf("got %v, %v; want error %q", got, err, tt.want)
			}
		})
	}
	if _, err := protofiles.ParseSet([]byte("no descriptors")); err == nil || errors.Unwrap(err) == nil {
		t.Errorf("ParseSet of nonsense: %v", err)
	}
}
