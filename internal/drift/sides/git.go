package sides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"testing/fstest"

	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// revision reads the manifest of a revision and the contract files that it
// names, straight from git's objects: the working tree stays as it is.
func (p Project) revision(ctx context.Context, name string) (fs.FS, error) {
	commit, err := p.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", name+"^{commit}")
	if err != nil {
		if errors.Is(err, errAnswer) {
			return nil, fmt.Errorf("the repository has neither a directory nor a revision of that name (in a shallow clone, fetch it first)")
		}
		if strings.Contains(err.Error(), "not a git repository") {
			return nil, fmt.Errorf("there is no directory of that name, and the project is in no git repository (name a directory with --base, or a server: --base live:)")
		}
		return nil, err
	}
	r := &revision{project: p, ctx: ctx, commit: strings.TrimSpace(string(commit)), files: fstest.MapFS{}}
	if err := r.add(p.Manifest, "go.mod"); err != nil {
		return nil, err
	}
	src := r.files[path.Clean(p.Manifest)]
	if src == nil {
		return r.files, nil // reading it will say so
	}
	// What is wrong with the manifest is said when the side is read.
	file, _ := manifest.Parse(p.Manifest, src.Data)
	var names []string
	if c := file.Contracts.GraphQL; c != nil {
		names = append(names, c.Schema.Value)
	}
	if c := file.Contracts.REST; c != nil {
		names = append(names, manifest.Values(c.Documents)...)
	}
	if c := file.Contracts.GRPC; c != nil {
		names = append(names, c.Protos.Value)
	}
	return r.files, r.add(names...)
}

type revision struct {
	project Project
	ctx     context.Context
	commit  string
	files   fstest.MapFS
}

// add reads files, and all files below directories; what the revision lacks is
// left out.
func (r *revision) add(names ...string) error {
	for _, name := range names {
		if !fs.ValidPath(path.Clean(name)) {
			continue // reading the side will say so
		}
		list, err := r.project.git(r.ctx, "ls-tree", "-r", "-z", r.commit, "--", path.Clean(name))
		if err != nil {
			return err
		}
		for entry := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
			about, file, ok := strings.Cut(entry, "\t")
			fields := strings.Fields(about)
			if !ok || len(fields) != 3 || fields[1] != "blob" {
				continue
			}
			data, err := r.project.git(r.ctx, "cat-file", "blob", fields[2])
			if err != nil {
				return err
			}
			r.files[file] = &fstest.MapFile{Data: data}
		}
	}
	return nil
}

// errAnswer is an answer of git that means no.
var errAnswer = errors.New("git says no")

// git runs git in the project's directory.
func (p Project) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", p.Dir}, args...)...)
	cmd.Env = append(cmd.Environ(), "LC_ALL=C") // what it says is read
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if err == nil {
		return stdout.Bytes(), nil
	}
	var exit *exec.ExitError
	text := strings.TrimSpace(strings.ReplaceAll(stderr.String(), "fatal: ", ""))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case !errors.As(err, &exit):
		return nil, fmt.Errorf("git cannot be run: %w", err)
	case text == "":
		return nil, errAnswer
	}
	return nil, fmt.Errorf("git %s: %s", args[0], text)
}
