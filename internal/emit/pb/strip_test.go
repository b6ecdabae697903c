package pb

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// TestStrip: custom options go, with the imports that only they need, and the
// file options of our own sources; imports of types stay.
func TestStrip(t *testing.T) {
	options := &descriptorpb.MethodOptions{Deprecated: proto.Bool(true)}
	custom := protowire.AppendTag(nil, 72295728, protowire.BytesType)
	options.ProtoReflect().SetUnknown(protowire.AppendBytes(custom, []byte("POST")))
	set := &descriptorpb.FileDescriptorSet{File: []*descriptorpb.FileDescriptorProto{
		{Name: proto.String("google/http.proto"), Package: proto.String("google"), MessageType: []*descriptorpb.DescriptorProto{{Name: proto.String("Http")}},
			Options: &descriptorpb.FileOptions{GoPackage: proto.String("google.example/http")}},
		{Name: proto.String("shared.proto"), MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("Out"), NestedType: []*descriptorpb.DescriptorProto{{Name: proto.String("In")}},
		}}},
		{
			Name: proto.String("service.proto"), Package: proto.String("x"),
			Dependency: []string{"google/http.proto", "shared.proto"}, PublicDependency: []int32{0}, WeakDependency: []int32{1},
			Options: &descriptorpb.FileOptions{GoPackage: proto.String("example.test/elsewhere"), JavaPackage: proto.String("com.example"), Deprecated: proto.Bool(true)},
			Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("S"), Method: []*descriptorpb.MethodDescriptorProto{{
				Name: proto.String("M"), InputType: proto.String(".Out.In"), OutputType: proto.String(".Out"), Options: options,
			}}}},
		},
	}}
	before := proto.Clone(set)
	got, err := strip(set, []string{"service.proto", "shared.proto"})
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(set, before) {
		t.Error("what was given was changed")
	}
	if got.File[0].GetOptions().GetGoPackage() != "google.example/http" {
		t.Error("a file that is not ours lost its options")
	}
	service := got.File[2]
	if !slices.Equal(service.Dependency, []string{"shared.proto"}) || len(service.PublicDependency)+len(service.WeakDependency) > 0 {
		t.Errorf("the imports are %q, public %v, weak %v", service.Dependency, service.PublicDependency, service.WeakDependency)
	}
	if !proto.Equal(service.Options, &descriptorpb.FileOptions{Deprecated: proto.Bool(true)}) {
		t.Errorf("the file options are %v", service.Options)
	}
	if m := service.Service[0].Method[0]; !proto.Equal(m.Options, &descriptorpb.MethodOptions{Deprecated: proto.Bool(true)}) {
		t.Errorf("the method options are %v", m.Options)
	}
}
