// Package sides finds the two sides of a comparison: a directory, a revision of
// the git repository that a directory is in, or a live server.
package sides

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/pull"
)

// Kind is what sort of side a specification names.
type Kind string

// The kinds, as they are written before a colon.
const (
	Directory Kind = "dir"
	Revision  Kind = "git"
	Live      Kind = "live"
)

// Spec names a side.
type Spec struct {
	Kind Kind
	// Value is the directory or the revision; empty for a live server.
	Value string
}

// Parse reads "dir:PATH", "git:REVISION" or "live:". Without such a word it is
// the directory of that name if there is one, and else a revision.
func Parse(text string) (Spec, error) {
	word, value, ok := strings.Cut(text, ":")
	switch kind := Kind(word); {
	case ok && kind == Live:
		if value != "" {
			return Spec{}, fmt.Errorf("%q: live: stands alone; say with --graphql, --openapi and --grpc where the server is", text)
		}
		return Spec{Kind: Live}, nil
	case ok && (kind == Directory || kind == Revision) && value == "":
		return Spec{}, fmt.Errorf("%q names nothing: write %sNAME", text, text)
	case ok && (kind == Directory || kind == Revision):
		return Spec{Kind: kind, Value: value}, nil
	case text == "":
		//lint:ignore ST1005 "live:" is what one writes, with the colon
		return Spec{}, fmt.Errorf("a side cannot be empty: write a directory, a git revision or live:")
	}
	if info, err := os.Stat(text); err == nil && info.IsDir() {
		return Spec{Kind: Directory, Value: text}, nil
	}
	return Spec{Kind: Revision, Value: text}, nil
}

// Project is where revisions are looked up, and the path of the manifest on
// every side.
type Project struct {
	Dir, Manifest string
}

// Read reads a directory or a revision. What cannot be read is an error that
// names the side.
func (p Project) Read(ctx context.Context, s Spec) (*drift.Side, error) {
	switch s.Kind {
	case Directory:
		return drift.Read(p.name(s), os.DirFS(s.Value), p.Manifest)
	case Revision:
		files, err := p.revision(ctx, s.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Value, err)
		}
		return drift.Read(s.Value, files, p.Manifest)
	}
	return nil, fmt.Errorf("a live server tells no manifest: compare it with a directory or a revision")
}

// name is how messages call a directory.
func (p Project) name(s Spec) string {
	if filepath.Clean(s.Value) == filepath.Clean(p.Dir) {
		return "the working tree"
	}
	return filepath.ToSlash(s.Value)
}

// ReadLive asks a server for its contracts and reads them with the manifest of
// the other side. Contracts that were not asked for, and documents that a
// server does not offer, are those of the other side: they do not differ. The
// protocols are those that were asked for.
func (p Project) ReadLive(ctx context.Context, sources pull.Sources, other *drift.Side) (*drift.Side, []ir.Protocol, error) {
	protocols, err := asked(sources, other.Manifest)
	if err != nil {
		return nil, nil, err
	}
	pulled, err := pull.FromServer(ctx, sources)
	if err != nil {
		return nil, nil, err
	}
	files, err := overlay(other, p.Manifest, pulled)
	if err != nil {
		return nil, nil, err
	}
	side, err := drift.Read("the live server", files, p.Manifest)
	if err != nil {
		return nil, nil, err
	}
	return side, protocols, nil
}

// asked are the protocols whose sources are given.
func asked(sources pull.Sources, file *manifest.File) ([]ir.Protocol, error) {
	var out []ir.Protocol
	for _, one := range []struct {
		protocol ir.Protocol
		source   string
		exists   bool
	}{
		{ir.GraphQL, sources.GraphQL, file.Contracts.GraphQL != nil},
		{ir.REST, sources.OpenAPI, file.Contracts.REST != nil},
		{ir.GRPC, sources.GRPC, file.Contracts.GRPC != nil},
	} {
		if one.source == "" {
			continue
		}
		if !one.exists {
			return nil, &drift.UnreadableError{Side: "the live server", Findings: []diag.Finding{{
				Pos: file.Pos, Message: fmt.Sprintf("the manifest has no contract for %s to compare with", one.protocol),
			}}}
		}
		out = append(out, one.protocol)
	}
	return out, nil
}

// overlay lays what a server told over the files of the other side, at the
// paths that the manifest names.
func overlay(other *drift.Side, manifestPath string, pulled map[string][]byte) (fs.FS, error) {
	out := fstest.MapFS{}
	c := other.Manifest.Contracts
	keep := []string{manifestPath, "go.mod"}
	if c.GraphQL != nil {
		keep = append(keep, c.GraphQL.Schema.Value)
	}
	if c.REST != nil {
		keep = append(keep, manifest.Values(c.REST.Documents)...)
	}
	for _, name := range keep {
		data, err := fs.ReadFile(other.Files, name)
		if err == nil {
			out[path.Clean(name)] = &fstest.MapFile{Data: data}
		}
	}
	protos := false
	for name := range maps.Keys(pulled) {
		protos = protos || strings.HasPrefix(name, pull.ProtoDir+"/")
	}
	if c.GRPC != nil && !protos {
		if err := copyTree(out, other.Files, c.GRPC.Protos.Value); err != nil {
			return nil, err
		}
	}
	for name, data := range pulled {
		switch {
		case name == pull.GraphQLFile:
			name = c.GraphQL.Schema.Value
		case name == pull.OpenAPIFile:
			name = c.REST.Documents[0].Value
		default:
			name = path.Join(c.GRPC.Protos.Value, strings.TrimPrefix(name, pull.ProtoDir+"/"))
		}
		out[path.Clean(name)] = &fstest.MapFile{Data: data}
	}
	return out, nil
}

func copyTree(out fstest.MapFS, files fs.FS, dir string) error {
	return fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
}
