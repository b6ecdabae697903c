// Package transaction changes several files of a directory at once: either all
// of them, or none.
//
//  1. The journal, a file in the directory, says what is going to happen. Its
//     lock keeps others that use this package away.
//  2. All new content is written beside its place, and what stands there now is
//     kept beside it, too (stage).
//  3. The new content is moved to its place (swap).
//  4. The journal says that it is done, what was kept is removed, and then the
//     journal itself.
//
// A failure, or a context that ends, in steps 1 to 3 takes everything back. If
// the process is killed, the journal remains, and Recover takes back what it did.
package transaction

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Change is what becomes of one file.
type Change struct {
	// Path is below the directory, with forward slashes.
	Path string
	// Content is what the file is to hold.
	Content []byte
	// Remove removes the file instead.
	Remove bool
}

// ErrInterrupted says that an earlier run was killed while it changed files.
// They are as they were before it now, so that changes that were planned before
// may not fit.
var ErrInterrupted = errors.New("an earlier run was interrupted, and what it had changed was taken back just now: run the command again")

// Apply makes all changes, or none of them. Directories that are missing are
// made. Nothing changes after ctx is done.
func Apply(ctx context.Context, dir string, changes []Change) error {
	return (&transaction{dir: dir}).apply(ctx, changes)
}

// Recover takes back what a run changed that was killed, and returns the paths
// of the files that it put back. Without such a run it does nothing.
func Recover(dir string) ([]string, error) {
	if _, err := os.Lstat(filepath.Join(dir, journalName)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	t := &transaction{dir: dir}
	if err := t.open(); err != nil {
		return nil, err
	}
	back, err := t.recover()
	return back, errors.Join(err, t.close(err == nil))
}

// transaction is one run of Apply or Recover.
type transaction struct {
	dir     string
	journal journal
	plan    plan
	// before is called before each step that changes the disk; what it returns
	// stops the transaction. Tests set it.
	before func(step, name string) error
}

func (t *transaction) apply(ctx context.Context, changes []Change) error {
	made, err := makeDirs(t.dir)
	if err == nil {
		err = t.open()
	}
	if err != nil {
		return errors.Join(err, removeDirs(made))
	}
	// What another run left behind goes first; then nothing else is done.
	back, err := t.recover()
	if err == nil && len(back) > 0 {
		err = ErrInterrupted
	}
	if err != nil {
		return errors.Join(err, t.close(err == ErrInterrupted))
	}
	if err = t.run(ctx, changes); err != nil {
		undone := t.undo()
		return errors.Join(err, undone, t.close(undone == nil), removeDirs(made))
	}
	// From here on the changes stand; what cannot be tidied up now is tidied up
	// by the next run, or is its error.
	_ = t.close(t.tidy() == nil)
	return nil
}

func (t *transaction) run(ctx context.Context, changes []Change) error {
	plan, err := newPlan(t.dir, changes)
	if err != nil {
		return err
	}
	if err := t.write(plan); err != nil {
		return err
	}
	for i := range t.plan.Entries {
		if err := t.stage(ctx, &t.plan.Entries[i], changes[i].Content); err != nil {
			return err
		}
	}
	for _, e := range t.plan.Entries {
		if err := t.swap(ctx, e); err != nil {
			return err
		}
	}
	done := t.plan
	done.Done = true
	return t.write(done)
}

// stage puts the new content beside its place, and keeps the old one there.
func (t *transaction) stage(ctx context.Context, e *entry, content []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !e.Remove {
		if err := t.step("make directories of", e.Path); err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(t.at(e.Path)), 0o755); err != nil {
			return err
		}
		if err := t.step("write", e.fresh()); err != nil {
			return err
		}
		if err := writeNew(t.at(e.fresh()), content); err != nil {
			return err
		}
	}
	if !e.Existed {
		return nil
	}
	if err := t.step("keep", e.kept()); err != nil {
		return err
	}
	return keep(t.at(e.Path), t.at(e.kept()))
}

// swap puts the new content in its place.
func (t *transaction) swap(ctx context.Context, e entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if e.Remove {
		if err := t.step("remove", e.Path); err != nil {
			return err
		}
		return os.Remove(t.at(e.Path))
	}
	if err := t.step("move", e.Path); err != nil {
		return err
	}
	return os.Rename(t.at(e.fresh()), t.at(e.Path))
}

// step is asked before everything that changes the disk.
func (t *transaction) step(step, name string) error {
	if t.before == nil {
		return nil
	}
	return t.before(step, name)
}

func (t *transaction) at(name string) string { return filepath.Join(t.dir, filepath.FromSlash(name)) }

// newPlan looks at what is there.
func newPlan(dir string, changes []Change) (plan, error) {
	var p plan
	seen := map[string]bool{}
	for _, c := range changes {
		if !fs.ValidPath(c.Path) || c.Path == "." || seen[c.Path] {
			return p, fmt.Errorf("%q is no path of a file below the directory, or is here twice", c.Path)
		}
		seen[c.Path] = true
		e := entry{Path: c.Path, Remove: c.Remove}
		target := filepath.Join(dir, filepath.FromSlash(c.Path))
		info, err := os.Lstat(target)
		switch {
		case err == nil && info.IsDir():
			return p, fmt.Errorf("%s is a directory, where a file is to be", c.Path)
		case err == nil:
			e.Existed = true
		case !errors.Is(err, fs.ErrNotExist):
			return p, err
		}
		if !c.Remove {
			e.Hash = hash(c.Content)
			for _, d := range missing(filepath.Dir(target)) {
				rel, err := filepath.Rel(dir, d)
				if err != nil {
					return p, err
				}
				p.addDir(filepath.ToSlash(rel))
			}
		}
		p.Entries = append(p.Entries, e)
		for _, name := range []string{e.fresh(), e.kept()} {
			if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name))); !errors.Is(err, fs.ErrNotExist) {
				return p, fmt.Errorf("%s stands in the way: remove it", name)
			}
		}
	}
	return p, nil
}

// writeNew writes a file that is not there yet.
func writeNew(name string, content []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Chmod(0o644), f.Close())
}

// keep makes a file be there under a second name. Where the system cannot do
// that, or the file is none of ours to link, its content is copied.
func keep(name, kept string) error {
	if os.Link(name, kept) == nil {
		return nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(name)
	if err == nil {
		err = writeNew(kept, content)
	}
	if err != nil {
		return err
	}
	return errors.Join(os.Chmod(kept, info.Mode().Perm()), os.Chtimes(kept, info.ModTime(), info.ModTime()))
}

// missing lists the directory and those above it that do not exist, the deepest
// first.
func missing(dir string) []string {
	var out []string
	for {
		if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
			return out
		}
		out = append(out, dir)
		dir = filepath.Dir(dir)
	}
}

// makeDirs makes a directory and returns those that it had to make, the deepest
// first.
func makeDirs(dir string) ([]string, error) {
	made := missing(dir)
	return made, os.MkdirAll(dir, 0o755)
}

// removeDirs removes directories that are empty; others stay.
func removeDirs(dirs []string) error {
	for _, d := range dirs {
		if list, err := os.ReadDir(d); err != nil || len(list) > 0 {
			continue
		}
		if err := os.Remove(d); err != nil {
			return err
		}
	}
	return nil
}

// beside is a name in the directory of another.
func beside(name, suffix string) string {
	dir, base := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir, base = name[:i+1], name[i+1:]
	}
	return dir + "." + strings.TrimPrefix(base, ".") + suffix
}
