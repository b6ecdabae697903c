package transaction

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// start is a tree with a file of each kind; changes are made to it.
func start(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"a.txt": "old a", "deep/b.txt": "old b", "gone.txt": "old gone", "other/x.txt": "stays", "same.txt": "same"} {
		at := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func changes() []Change {
	return []Change{
		{Path: "a.txt", Content: []byte("new a")},
		{Path: "deep/b.txt", Content: []byte("new b")},
		{Path: "gone.txt", Remove: true},
		{Path: "new/er/c.txt", Content: []byte("new c")},
		{Path: "new/er/d.txt"},
		{Path: "same.txt", Content: []byte("same")},
		{Path: ".dot", Content: []byte("new dot")},
	}
}

func after() map[string]string {
	return map[string]string{
		"a.txt": "-rw-r--r-- new a", "deep/b.txt": "-rw-r--r-- new b", "new/er/c.txt": "-rw-r--r-- new c", "new/er/d.txt": "-rw-r--r-- ",
		"same.txt": "-rw-r--r-- same", ".dot": "-rw-r--r-- new dot", "other/x.txt": "-rw------- stays",
		"deep": "directory", "new": "directory", "new/er": "directory", "other": "directory",
	}
}

// tree is every file with its mode and content, and every directory.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(dir, at)
		if err != nil || rel == "." {
			return err
		}
		if d.IsDir() {
			out[rel] = "directory"
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(at)
		out[rel] = fmt.Sprintf("%s %s", info.Mode(), content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestApply(t *testing.T) {
	dir := start(t)
	if err := Apply(context.Background(), dir, changes()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(after(), tree(t, dir)); d != "" {
		t.Errorf("the tree differs (-want +got):\n%s", d)
	}
	if back, err := Recover(dir); len(back) > 0 || err != nil {
		t.Errorf("recovered %q, %v", back, err)
	}
	below := filepath.Join(dir, "not", "there")
	if err := Apply(context.Background(), below, []Change{{Path: "x", Content: []byte("x")}}); err != nil {
		t.Error(err)
	}
}

// steps are those of a run without trouble.
func steps(t *testing.T) []string {
	t.Helper()
	var out []string
	tr := &transaction{dir: start(t), before: func(step, name string) error {
		out = append(out, step+" "+name)
		return nil
	}}
	if err := tr.apply(context.Background(), changes()); err != nil {
		t.Fatal(err)
	}
	if len(out) < 25 {
		t.Fatalf("the steps are %q", out)
	}
	return out
}

// TestFailure makes each step fail in turn, once, and from there on: in the
// first case all is as it was at once, in the second after Recover.
func TestFailure(t *testing.T) {
	broken := errors.New("broken")
	for at, name := range steps(t) {
		for _, once := range []bool{true, false} {
			dir := start(t)
			before := tree(t, dir)
			n := -1
			tr := &transaction{dir: dir, before: func(string, string) error {
				if n++; n == at || n > at && !once {
					return broken
				}
				return nil
			}}
			err := tr.apply(context.Background(), changes())
			if err == nil {
				before = after() // it was done, and only the leftovers remained
			} else if !errors.Is(err, broken) {
				t.Fatalf("%s: %v", name, err)
			}
			if _, journal := tree(t, dir)[journalName]; once && err != nil && journal {
				t.Errorf("%s failed once: the journal remains", name)
			}
			if _, err := Recover(dir); err != nil {
				t.Errorf("%s: recovering: %v", name, err)
			}
			if d := cmp.Diff(before, tree(t, dir)); d != "" {
				t.Errorf("%s failed (once: %v): the tree differs (-before +after):\n%s", name, once, d)
			}
		}
	}
}

// TestKilled ends the run before each step, with nothing done any more, as a
// killed process does; and then the recovery, too, before every third of its
// steps.
func TestKilled(t *testing.T) {
	list := steps(t)
	recovered := 0
	for at := range list {
		for second := at % 3; ; second += 3 {
			dir := start(t)
			before := tree(t, dir)
			killed(t, at, &transaction{dir: dir}, func(tr *transaction) { _ = tr.apply(context.Background(), changes()) })
			stopped := killed(t, second, &transaction{dir: dir}, func(tr *transaction) {
				if tr.open() == nil {
					_, err := tr.recover()
					_ = tr.close(err == nil)
				}
			})
			back, err := Recover(dir)
			if err != nil {
				t.Fatalf("%s: %v", list[at], err)
			}
			recovered += len(back)
			got := tree(t, dir)
			if at > slices.IndexFunc(list, func(s string) bool { return strings.HasPrefix(s, "move .dot") })+1 {
				before = after()
			}
			if d := cmp.Diff(before, got); d != "" {
				t.Fatalf("killed before %s and then again: the tree differs (-before +after):\n%s", list[at], d)
			}
			if !stopped {
				break
			}
		}
	}
	if recovered == 0 {
		t.Error("nothing was ever recovered")
	}
}

// killed runs f and ends it before the step of that number; it tells whether
// there was one. The lock goes, as it does with the process.
func killed(t *testing.T, at int, tr *transaction, f func(*transaction)) (stopped bool) {
	t.Helper()
	n := -1
	tr.before = func(string, string) error {
		if n++; n == at {
			stopped = true
			_ = tr.journal.Close()
			runtime.Goexit()
		}
		return nil
	}
	var group sync.WaitGroup
	group.Go(func() { f(tr) })
	group.Wait()
	return stopped
}

// TestCanceled: the context ends before each step.
func TestCanceled(t *testing.T) {
	list := steps(t)
	canceled := 0
	for at, name := range list {
		dir := start(t)
		before := tree(t, dir)
		ctx, cancel := context.WithCancel(context.Background())
		n := -1
		tr := &transaction{dir: dir, before: func(string, string) error {
			if n++; n == at {
				cancel()
			}
			return nil
		}}
		switch err := tr.apply(ctx, changes()); {
		case err == nil:
			before = after()
		case errors.Is(err, context.Canceled):
			canceled++
		default:
			t.Errorf("%s: %v", name, err)
		}
		cancel()
		if d := cmp.Diff(before, tree(t, dir)); d != "" {
			t.Errorf("canceled at %s: the tree differs (-before +after):\n%s", name, d)
		}
	}
	if canceled < len(changes()) {
		t.Errorf("only %d runs were canceled", canceled)
	}
}

// TestSomebodyElse: what was edited after a killed run stays.
func TestSomebodyElse(t *testing.T) {
	list := steps(t)
	at := slices.IndexFunc(list, func(s string) bool { return strings.HasPrefix(s, "move .dot") })
	dir := start(t)
	killed(t, at, &transaction{dir: dir}, func(tr *transaction) { _ = tr.apply(context.Background(), changes()) })
	want := maps.Clone(tree(t, start(t)))
	for _, name := range []string{"a.txt", "new/er/c.txt", "gone.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		want[name] = "-rw-r--r-- mine"
	}
	want["new"], want["new/er"] = "directory", "directory"
	err := Apply(context.Background(), dir, changes())
	if !errors.Is(err, ErrInterrupted) {
		t.Errorf("the error is %v", err)
	}
	if d := cmp.Diff(want, tree(t, dir)); d != "" {
		t.Errorf("the tree differs (-want +got):\n%s", d)
	}
	if err := Apply(context.Background(), dir, changes()); err != nil {
		t.Error(err)
	}
}

// TestRefused: nothing is touched where the changes cannot be made.
func TestRefused(t *testing.T) {
	for name, list := range map[string][]Change{
		"is a directory":    {{Path: "a.txt"}, {Path: "other"}},
		"not a directory":   {{Path: "deep/b.txt"}, {Path: "a.txt/x"}},
		"is here twice":     {{Path: "x"}, {Path: "x"}},
		"no path of a file": {{Path: "../x"}},
		"stands in the way": {{Path: "x"}, {Path: "z"}},
		"no such file":      {{Path: "x"}, {Path: "nowhere", Remove: true}},
	} {
		dir := start(t)
		if err := os.WriteFile(filepath.Join(dir, ".z.sdkgen-old"), []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		before := tree(t, dir)
		if err := Apply(context.Background(), dir, list); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if d := cmp.Diff(before, tree(t, dir)); d != "" {
			t.Errorf("%s: the tree differs (-before +after):\n%s", name, d)
		}
	}
}

// TestAtOnce: runs of several processes, here of goroutines, come one after the
// other.
func TestAtOnce(t *testing.T) {
	dir := start(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			content := []byte(strings.Repeat(fmt.Sprint(i), 1000))
			if err := Apply(context.Background(), dir, []Change{{Path: "a.txt", Content: content}, {Path: "deep/b.txt", Content: content}}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	got := tree(t, dir)
	if got["a.txt"] != got["deep/b.txt"] || len(got) != 7 {
		t.Errorf("the tree is %v", got)
	}
}
