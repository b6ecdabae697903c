package pipeline

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/sync/errgroup"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// errUncacheable: a check may depend on something that a snapshot does not see.
var errUncacheable = errors.New("the project cannot be summed up")

// environment are the variables that decide which code generators run.
func environment() []string { return []string{"GOFLAGS", "GOWORK", "GO111MODULE", "GOENV"} }

// snapshot is the hash of everything that a check depends on: the program, the
// manifest, the contracts, what chooses the versions of generators, and every
// file in the directories of the output. Times and sizes are not looked at.
func snapshot(p Project, program string) (string, error) {
	root, err := filepath.Abs(p.Dir)
	if err != nil {
		return "", err
	}
	src, err := fs.ReadFile(os.DirFS(root), p.Manifest)
	if err != nil {
		return "", err
	}
	file, findings := manifest.Parse(p.Manifest, src)
	if findings.Len() > 0 {
		return "", errUncacheable
	}
	s := &summer{}
	s.note("program", program)
	s.note("project", root, p.Manifest)
	for _, name := range environment() {
		s.note("environment", name, os.Getenv(name))
	}
	s.file(filepath.Join(root, filepath.FromSlash(p.Manifest)))
	if name := file.AcceptedPlaces.Value; name != "" {
		s.file(filepath.Join(root, filepath.FromSlash(name)))
	}
	s.contracts(root, file.Contracts)
	s.modules(root)
	s.goSettings()
	for _, dir := range []string{cmp.Or(file.Output.Wire.Value, "gen"), cmp.Or(file.Output.SDK.Value, "sdk"), file.Output.Server.Value, file.Output.Docs.Value} {
		if dir != "" {
			s.tree(filepath.Join(root, filepath.FromSlash(dir)))
		}
	}
	return s.sum()
}

// summer collects what goes into a snapshot.
type summer struct {
	lines []string
	// files are read and hashed at the end, side by side.
	files []string
	err   error
}

// note takes facts as they are.
func (s *summer) note(facts ...string) { s.lines = append(s.lines, fmt.Sprintf("%q", facts)) }

// file takes a file's content, or that it does not exist.
func (s *summer) file(name string) { s.files = append(s.files, name) }

// tree takes all files below a directory, and that there are no others.
func (s *summer) tree(root string) {
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == root:
			s.note("absent", root)
			return fs.SkipAll
		case err != nil:
			return err
		}
		s.note("entry", name, d.Type().String())
		if d.IsDir() {
			return nil
		}
		// A link to a directory hides what the walk does not see.
		if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
			return errUncacheable
		}
		s.file(name)
		return nil
	})
	s.err = errors.Join(s.err, err)
}

func (s *summer) contracts(root string, c manifest.Contracts) {
	var files []manifest.Text
	if c.GraphQL != nil {
		files = append(files, c.GraphQL.Schema)
	}
	if c.REST != nil {
		files = append(files, c.REST.Documents...)
	}
	for _, f := range files {
		s.file(filepath.Join(root, filepath.FromSlash(f.Value)))
	}
	if c.GRPC != nil {
		s.tree(filepath.Join(root, filepath.FromSlash(c.GRPC.Protos.Value)))
	}
}

// modules takes what gives the project its import path and chooses the versions
// of the generators that run as programs of their own.
func (s *summer) modules(root string) {
	for dir := root; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt"} {
			s.file(filepath.Join(dir, filepath.FromSlash(name)))
		}
		for _, name := range []string{"go.mod", "go.work"} {
			if localGenerator(filepath.Join(dir, name)) {
				s.err = errors.Join(s.err, errUncacheable)
			}
		}
		if vendored := filepath.Join(dir, "vendor", "google.golang.org"); exists(vendored) {
			s.tree(vendored)
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
}

// goSettings takes the files that the go command's variables name. With flags
// that put other files in the place of go.mod or of sources nothing is sure.
func (s *summer) goSettings() {
	settings := os.Getenv("GOENV")
	if config, err := os.UserConfigDir(); err == nil && settings == "" {
		settings = filepath.Join(config, "go", "env")
	}
	flags := os.Getenv("GOFLAGS")
	if settings != "" && settings != "off" {
		s.file(settings)
		content, err := os.ReadFile(settings)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			s.err = errors.Join(s.err, errUncacheable)
		}
		flags += "\n" + string(content)
	}
	for _, flag := range []string{"-modfile", "-overlay", "-toolexec", "GOWORK="} {
		if strings.Contains(flags, flag) {
			s.err = errors.Join(s.err, errUncacheable)
		}
	}
	if work := os.Getenv("GOWORK"); work != "" && work != "off" {
		s.file(work)
		if localGenerator(work) {
			s.err = errors.Join(s.err, errUncacheable)
		}
	}
}

// localGenerator tells whether a go.mod or go.work replaces a generator, or what
// it is made of, by sources that no version stands for.
func localGenerator(name string) bool {
	data, err := os.ReadFile(name)
	if err != nil {
		return false
	}
	var replaced []*modfile.Replace
	if filepath.Base(name) != "go.mod" {
		work, err := modfile.ParseWork(name, data, nil)
		if err != nil || slices.ContainsFunc(work.Use, func(u *modfile.Use) bool { return usesGenerator(name, u.Path) }) {
			return true
		}
		replaced = work.Replace
	} else {
		mod, err := modfile.Parse(name, data, nil)
		if err != nil {
			return true
		}
		replaced = mod.Replace
	}
	return slices.ContainsFunc(replaced, func(r *modfile.Replace) bool {
		return strings.HasPrefix(r.Old.Path, "google.golang.org/") && modfile.IsDirectoryPath(r.New.Path)
	})
}

// usesGenerator tells whether a workspace uses the sources of a generator, or of
// what it is made of.
func usesGenerator(work, dir string) bool {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(filepath.Dir(work), filepath.FromSlash(dir))
	}
	data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err != nil || strings.HasPrefix(modfile.ModulePath(data), "google.golang.org/")
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// sum hashes everything; files are read side by side.
func (s *summer) sum() (string, error) {
	if s.err != nil {
		return "", s.err
	}
	hashes := make([]string, len(s.files))
	group := errgroup.Group{}
	group.SetLimit(8)
	for i, name := range s.files {
		group.Go(func() (err error) {
			hashes[i], err = hashFile(name)
			if errors.Is(err, fs.ErrNotExist) {
				hashes[i], err = "absent", nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	all := sha256.New()
	for _, line := range s.lines {
		fmt.Fprintln(all, line)
	}
	for i, name := range s.files {
		fmt.Fprintf(all, "%q %s\n", name, hashes[i])
	}
	return hex.EncodeToString(all.Sum(nil)), nil
}

func hashFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
