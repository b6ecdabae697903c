package initial

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/contract/graphqlschema"
	"github.com/triwire/authorizer-sdk/internal/contract/openapidoc"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// sources are the contract files of a project, as paths below its directory.
type sources struct {
	graphql string
	openapi []string
	protos  string
}

func (s sources) empty() bool { return s.graphql == "" && len(s.openapi) == 0 && s.protos == "" }

// found are files that look like contracts, the highest first, then those with the shortest names.
type found struct {
	graphql, openapi, protos []string
}

// maxFile bounds what is read to see what a file is, in bytes.
const maxFile = 32 << 20

// find looks for contract files, by what they hold. Those that lie highest count;
// what is named in the options is taken as it is.
func find(o Options, list *diag.List) sources {
	out := sources{graphql: o.GraphQL, openapi: o.OpenAPI, protos: o.Protos}
	files, err := candidates(o.FS)
	if err != nil {
		list.Addf(diag.Pos{}, "the directory cannot be searched: %v", err)
		return out
	}
	if out.graphql == "" {
		out.graphql = oneSchema(highest(files.graphql), list)
	}
	if len(out.openapi) == 0 {
		out.openapi = highest(files.openapi)
	}
	if out.protos == "" {
		out.protos = protoRoot(o.FS, files.protos)
	}
	out.leaveOut()
	if out.empty() && list.Len() == 0 {
		list.Add(diag.Finding{
			Message: "no contract was found: no GraphQL schema, no OpenAPI 3 or Swagger 2 document and no .proto file",
			Hint:    "run sdkgen init where they are, name them with --graphql, --openapi and --proto, or let it ask a server: --graphql URL, --openapi URL, --grpc HOST:PORT",
		})
	}
	return out
}

// None in the place of a contract's path leaves that contract out.
const None = "none"

func (s *sources) leaveOut() {
	if s.graphql == None {
		s.graphql = ""
	}
	if s.protos == None {
		s.protos = ""
	}
	s.openapi = slices.DeleteFunc(s.openapi, func(name string) bool { return name == None })
}

// oneSchema is the schema file; of several in one place none is better.
func oneSchema(files []string, list *diag.List) string {
	switch len(files) {
	case 0:
		return ""
	case 1:
		return files[0]
	}
	list.Add(diag.Finding{
		Pos:     diag.Pos{File: files[0]},
		Message: "there are several GraphQL schemas: " + strings.Join(files, ", "),
		Hint:    "name one with --graphql; if they are parts of one schema, write them into one file first",
	})
	return ""
}

// candidates walks the project.
func candidates(fsys fs.FS) (*found, error) {
	out := &found{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name != "." && skipped(d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		return out.look(fsys, name, d)
	})
	for _, list := range [][]string{out.graphql, out.openapi, out.protos} {
		slices.SortFunc(list, func(a, b string) int {
			return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(len(a), len(b)), strings.Compare(a, b))
		})
	}
	return out, err
}

// skipped are directories that hold no contracts of the project's own.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || slices.Contains([]string{"node_modules", "vendor", "testdata"}, name)
}

func depth(name string) int { return strings.Count(name, "/") }

// look tells what a file is by its content; only files that people name so are
// opened at all.
func (f *found) look(fsys fs.FS, name string, d fs.DirEntry) error {
	ext := strings.ToLower(path.Ext(name))
	if ext == ".proto" {
		f.protos = append(f.protos, name)
		return nil
	}
	if !slices.Contains([]string{".graphql", ".graphqls", ".gql", ".yaml", ".yml", ".json", ".txt"}, ext) {
		return nil
	}
	info, err := d.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return err
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	switch ext {
	case ".graphql", ".graphqls", ".gql", ".txt":
		if graphqlschema.IsSchema(src) {
			f.graphql = append(f.graphql, name)
		}
	default:
		if openapidoc.KindOf(src) != openapidoc.KindOther {
			f.openapi = append(f.openapi, name)
		}
	}
	return nil
}

// highest are the first files that lie in one directory.
func highest(files []string) []string {
	var out []string
	for _, name := range files {
		if path.Dir(name) == path.Dir(files[0]) {
			out = append(out, name)
		}
	}
	return out
}

// protoFile is what decides where imports start.
type protoFile struct {
	name, pkg string
	imports   []string
}

// protoRoot is the directory that the imports of the proto files start at: the one
// below which the fewest imports lead nowhere and the most files lie where their
// packages say.
func protoRoot(fsys fs.FS, names []string) string {
	files := make([]protoFile, 0, len(names))
	dirs := map[string]bool{}
	for _, name := range names {
		src, err := fs.ReadFile(fsys, name)
		if err != nil {
			continue
		}
		files = append(files, readProto(name, src))
		for dir := path.Dir(name); ; dir = path.Dir(dir) {
			dirs[dir] = true
			if dir == "." {
				break
			}
		}
	}
	best, bestRank := "", rank{}
	for dir := range dirs {
		if r := rankRoot(dir, files); best == "" || r.better(bestRank) || r == bestRank && dir < best {
			best, bestRank = dir, r
		}
	}
	return best
}

func readProto(name string, src []byte) protoFile {
	out := protoFile{name: name}
	if m := regexp.MustCompile(`(?m)^\s*package\s+([\w.]+)\s*;`).FindSubmatch(src); m != nil {
		out.pkg = string(m[1])
	}
	for _, m := range regexp.MustCompile(`(?m)^\s*import\s+(?:public\s+|weak\s+)?"([^"]+)"`).FindAllSubmatch(src, -1) {
		out.imports = append(out.imports, string(m[1]))
	}
	return out
}

// rank is how well a directory suits as a root.
type rank struct {
	resolved, packages, depth int
}

func (r rank) better(other rank) bool {
	return cmp.Or(cmp.Compare(r.resolved, other.resolved), cmp.Compare(r.packages, other.packages), cmp.Compare(r.depth, other.depth)) > 0
}

func rankRoot(dir string, files []protoFile) rank {
	out := rank{depth: strings.Count(dir, "/")}
	if dir == "." {
		out.depth = -1
	}
	known := map[string]bool{}
	for _, f := range files {
		if rel, ok := below(dir, f.name); ok {
			known[rel] = true
		}
	}
	for _, f := range files {
		rel, ok := below(dir, f.name)
		if !ok {
			continue
		}
		out.resolved++
		for _, name := range f.imports {
			if known[name] {
				out.resolved++
			}
		}
		if path.Dir(rel) == strings.ReplaceAll(f.pkg, ".", "/") {
			out.packages++
		}
	}
	return out
}

// below is the way from a directory to a file, if it lies below it.
func below(dir, name string) (string, bool) {
	if dir == "." {
		return name, true
	}
	return strings.CutPrefix(name, dir+"/")
}

// readable turns the documents that the generator does not read as they are into
// such that it does: Swagger 2 becomes OpenAPI 3, in a file beside it.
func readable(fsys fs.FS, s *sources, list *diag.List) map[string][]byte {
	written := map[string][]byte{}
	for i, name := range s.openapi {
		src, err := fs.ReadFile(fsys, name)
		if err != nil || openapidoc.KindOf(src) != openapidoc.KindSwagger {
			continue // what cannot be read is found when it is loaded
		}
		converted, err := openapidoc.FromServer(src)
		if err != nil {
			list.Add(diag.Finding{Pos: diag.Pos{File: name}, Message: fmt.Sprintf("the Swagger 2 document cannot be converted: %v", err)})
			continue
		}
		s.openapi[i] = strings.TrimSuffix(name, path.Ext(name)) + ".openapi3.yaml"
		written[s.openapi[i]] = converted
	}
	// A document and what was made of it earlier are one.
	seen := map[string]bool{}
	s.openapi = slices.DeleteFunc(s.openapi, func(name string) bool {
		twice := seen[name]
		seen[name] = true
		return twice
	})
	return written
}

// overlay is a file system with files that are not on disk yet, which go before
// those that are.
type overlay struct {
	disk  fs.FS
	files fstest.MapFS
}

func newOverlay(disk fs.FS, sets ...map[string][]byte) overlay {
	o := overlay{disk, fstest.MapFS{}}
	for _, files := range sets {
		for name, data := range files {
			o.files[name] = &fstest.MapFile{Data: data}
		}
	}
	return o
}

// Open opens a file or directory.
func (o overlay) Open(name string) (fs.File, error) {
	if f, err := o.files.Open(name); err == nil && name != "." {
		return f, nil
	}
	return o.disk.Open(name)
}
