package transaction

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// journalName is the file in the directory that says what is being done. It is
// there while files are changed, and afterwards only if the process was killed.
const journalName = ".sdkgen-journal"

// plan is the content of the journal.
type plan struct {
	// Done: all changes are made, and only the leftovers have to go.
	Done    bool    `json:"done"`
	Entries []entry `json:"entries"`
	// Dirs are directories that have to be made, the deepest first.
	Dirs []string `json:"dirs"`
}

func (p *plan) addDir(dir string) {
	if !slices.Contains(p.Dirs, dir) {
		p.Dirs = append(p.Dirs, dir)
		slices.SortStableFunc(p.Dirs, func(a, b string) int { return len(b) - len(a) })
	}
}

// entry is the change of one file.
type entry struct {
	Path    string `json:"path"`
	Existed bool   `json:"existed"`
	Remove  bool   `json:"remove,omitempty"`
	// Hash is that of the new content.
	Hash string `json:"hash,omitempty"`
}

// fresh and kept are where the new and the old content stand in between.
func (e entry) fresh() string { return beside(e.Path, ".sdkgen-new") }
func (e entry) kept() string  { return beside(e.Path, ".sdkgen-old") }

// journal is the open and locked journal.
type journal struct{ *lockedfile.File }

// open opens the journal, and waits until nobody else has it.
func (t *transaction) open() error {
	name := filepath.Join(t.dir, journalName)
	for {
		f, err := lockedfile.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		// Whoever had it may have removed it in the meantime.
		ours, err := f.Stat()
		there, err2 := os.Stat(name)
		if err == nil && err2 == nil && os.SameFile(ours, there) {
			t.journal = journal{f}
			return nil
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
}

// close ends the transaction; the journal goes unless somebody needs it again.
func (t *transaction) close(remove bool) error {
	var err error
	if remove {
		if err = t.step("remove", journalName); err == nil {
			err = os.Remove(t.journal.Name())
		}
	}
	return errors.Join(err, t.journal.Close())
}

// write replaces the content of the journal. A journal that is not whole says
// that nothing has happened yet, or that everything has: see recover.
func (t *transaction) write(p plan) error {
	if err := t.step("write", journalName); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	// Appended, so that what it said before holds until the whole line is there.
	if _, err = t.journal.Seek(0, io.SeekEnd); err == nil {
		_, err = t.journal.Write(append(text, '\n'))
	}
	if err == nil {
		t.plan = p
	}
	return err
}

// recover reads the journal and takes back, or tidies up, what it tells.
func (t *transaction) recover() ([]string, error) {
	if _, err := t.journal.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	// A line that is not whole was never acted upon.
	found := false
	for d := json.NewDecoder(t.journal.File); ; {
		var p plan
		if d.Decode(&p) != nil {
			break
		}
		t.plan, found = p, true
	}
	var back []string
	if found {
		for _, e := range t.plan.Entries {
			if !fs.ValidPath(e.Path) {
				return nil, fmt.Errorf("%s is damaged: look at the files that it names, and remove it", t.journal.Name())
			}
			back = append(back, e.Path)
		}
		if t.plan.Done {
			back = nil
			if err := t.tidy(); err != nil {
				return nil, err
			}
		} else if err := t.undo(); err != nil {
			return nil, err
		}
	}
	t.plan = plan{}
	return back, t.journal.Truncate(0)
}

// undo brings all files back to what they were. It can be done again from
// wherever it stopped.
func (t *transaction) undo() error {
	var errs []error
	for _, e := range t.plan.Entries {
		errs = append(errs, t.putBack(e), t.discard(e.fresh()), t.discard(e.kept()))
	}
	var dirs []string
	for _, d := range t.plan.Dirs {
		dirs = append(dirs, t.at(d))
	}
	return errors.Join(append(errs, removeDirs(dirs))...)
}

// putBack brings one file back. What somebody else has made of it since then
// stays.
func (t *transaction) putBack(e entry) error {
	content, err := os.ReadFile(t.at(e.Path))
	gone := errors.Is(err, fs.ErrNotExist)
	switch {
	case e.Remove && !gone, !e.Remove && (err != nil || hash(content) != e.Hash):
		return nil // it was not changed yet, or is another one by now
	case !e.Existed:
		if gone {
			return nil
		}
		if err := t.step("remove", e.Path); err != nil {
			return err
		}
		return os.Remove(t.at(e.Path))
	}
	if _, err := os.Lstat(t.at(e.kept())); errors.Is(err, fs.ErrNotExist) {
		return nil // it is back already, or its content was the same
	}
	if err := t.step("put back", e.Path); err != nil {
		return err
	}
	return os.Rename(t.at(e.kept()), t.at(e.Path))
}

// tidy removes what was kept.
func (t *transaction) tidy() error {
	var errs []error
	for _, e := range t.plan.Entries {
		errs = append(errs, t.discard(e.fresh()), t.discard(e.kept()))
	}
	return errors.Join(errs...)
}

// discard removes a file of ours that may be there.
func (t *transaction) discard(name string) error {
	if _, err := os.Lstat(t.at(name)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := t.step("remove", name); err != nil {
		return err
	}
	return os.Remove(t.at(name))
}

func hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
