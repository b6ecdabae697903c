package pb

import (
	"slices"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
)

// strip returns the set without custom options and without the imports that
// only they need, and the project's own sources without file options, which are
// about other languages and packages. Options such as google.api.http or validation rules are for
// servers; in a client they would only bring in packages to link.
func strip(set *descriptorpb.FileDescriptorSet, sources []string) (*descriptorpb.FileDescriptorSet, error) {
	// Custom options are unknown fields here; discarding those drops them.
	data, err := proto.Marshal(set)
	if err != nil {
		return nil, err
	}
	out := &descriptorpb.FileDescriptorSet{}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(data, out); err != nil {
		return nil, err
	}
	owner := map[string]string{}
	for _, f := range out.File {
		for _, name := range declared(f) {
			owner[name] = f.GetName()
		}
	}
	for _, f := range out.File {
		used := map[string]bool{}
		for _, name := range referenced(f) {
			used[owner[name]] = true
		}
		f.Dependency = slices.DeleteFunc(f.Dependency, func(d string) bool { return !used[d] })
		f.PublicDependency, f.WeakDependency = nil, nil
		if slices.Contains(sources, f.GetName()) {
			// Features of an edition are no option but what the file means.
			f.Options = &descriptorpb.FileOptions{Deprecated: proto.Bool(f.GetOptions().GetDeprecated()), Features: f.GetOptions().GetFeatures()}
		}
	}
	return out, nil
}

// needed lists the files to generate: those with the services and, of the
// project's own sources, those that they import.
func needed(set *descriptorpb.FileDescriptorSet, roots, sources []string) []string {
	byName := map[string]*descriptorpb.FileDescriptorProto{}
	for _, f := range set.File {
		byName[f.GetName()] = f
	}
	seen := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		if seen[name] || !slices.Contains(sources, name) {
			return
		}
		seen[name] = true
		for _, d := range byName[name].GetDependency() {
			visit(d)
		}
	}
	for _, name := range roots {
		visit(name)
	}
	var out []string
	for name := range seen {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// declared are the full names of all types of a file, with the leading dot.
func declared(f *descriptorpb.FileDescriptorProto) []string {
	prefix := "."
	if f.GetPackage() != "" {
		prefix = "." + f.GetPackage() + "."
	}
	var out []string
	for _, e := range f.EnumType {
		out = append(out, prefix+e.GetName())
	}
	for _, m := range f.MessageType {
		out = append(out, declaredIn(prefix, m)...)
	}
	return out
}

func declaredIn(prefix string, m *descriptorpb.DescriptorProto) []string {
	name := prefix + m.GetName()
	out := []string{name}
	for _, e := range m.EnumType {
		out = append(out, name+"."+e.GetName())
	}
	for _, n := range m.NestedType {
		out = append(out, declaredIn(name+".", n)...)
	}
	return out
}

// referenced are the full names of all types that a file mentions.
func referenced(f *descriptorpb.FileDescriptorProto) []string {
	var out []string
	for _, s := range f.Service {
		for _, m := range s.Method {
			out = append(out, m.GetInputType(), m.GetOutputType())
		}
	}
	for _, m := range f.MessageType {
		out = append(out, referencedIn(m)...)
	}
	return append(out, fieldTypes(f.Extension)...)
}

func referencedIn(m *descriptorpb.DescriptorProto) []string {
	out := append(fieldTypes(m.Field), fieldTypes(m.Extension)...)
	for _, n := range m.NestedType {
		out = append(out, referencedIn(n)...)
	}
	return out
}

func fieldTypes(fields []*descriptorpb.FieldDescriptorProto) []string {
	var out []string
	for _, f := range fields {
		if f.GetTypeName() != "" {
			out = append(out, f.GetTypeName())
		}
		if f.GetExtendee() != "" {
			out = append(out, f.GetExtendee())
		}
	}
	return out
}
