package pipeline

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Cache remembers what checks found, by the hash of everything that they depend
// on: an entry can be damaged or missing, but not stale.
type Cache struct {
	// Dir is where the entries are; empty: nowhere.
	Dir string
	// Program tells the program that checks from others; empty: that of the
	// running one is found out.
	Program string
}

// UserCache is the cache in the user's cache directory; where there is none, or
// where it lies within the project, nothing is remembered.
func UserCache(p Project) Cache {
	base, err := os.UserCacheDir()
	if err != nil {
		return Cache{}
	}
	dir := filepath.Join(base, "sdkgen")
	root, err := filepath.Abs(p.Dir)
	if err != nil || within(root, dir) {
		return Cache{}
	}
	return Cache{Dir: dir}
}

func within(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err != nil || filepath.IsLocal(rel)
}

// CheckCached is [Check], unless the same check was made before. Trouble with
// the cache is no trouble: then the check is made.
func CheckCached(ctx context.Context, p Project, c Cache) (*Checked, error) {
	if c.Dir == "" {
		return Check(ctx, p)
	}
	if c.Program == "" {
		program, err := programID()
		if err != nil {
			return Check(ctx, p)
		}
		c.Program = program
	}
	before, err := snapshot(p, c.Program)
	if err != nil {
		return Check(ctx, p)
	}
	if known := c.load(before); known != nil {
		return known, nil
	}
	out, err := Check(ctx, p)
	if err != nil {
		return nil, err
	}
	// What changed while the check was made must not be remembered as checked.
	if after, err := snapshot(p, c.Program); err == nil && after == before {
		_ = c.store(before, out)
	}
	return out, nil
}

// cacheEntry is the content of a file in the cache, below a line with its hash.
type cacheEntry struct {
	Snapshot string
	Checked  *Checked
}

const entrySuffix = ".check.json"

func (c Cache) path(snapshot string) string { return filepath.Join(c.Dir, snapshot+entrySuffix) }

// load returns what was found for a snapshot; nil if that is not known for sure.
func (c Cache) load(snapshot string) *Checked {
	data, err := os.ReadFile(c.path(snapshot))
	if err != nil {
		return nil
	}
	sum, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok || string(sum) != bodySum(body) {
		return nil
	}
	var entry cacheEntry
	if json.Unmarshal(body, &entry) != nil || entry.Snapshot != snapshot {
		return nil
	}
	return entry.Checked
}

// store writes an entry and removes old ones.
func (c Cache) store(snapshot string, checked *Checked) error {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	body, err := json.Marshal(cacheEntry{snapshot, checked})
	if err != nil {
		return err
	}
	// Written beside its place and then moved there, so that it is whole. The
	// file can be read by the user only: it quotes generated files.
	f, err := os.CreateTemp(c.Dir, "new-*"+entrySuffix)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s\n%s", bodySum(body), body)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), c.path(snapshot))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return c.prune()
}

func bodySum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// prune keeps the newest entries.
func (c Cache) prune() error {
	const most = 32
	type aged struct {
		name string
		time time.Time
	}
	list, err := os.ReadDir(c.Dir)
	if err != nil {
		return err
	}
	var entries []aged
	for _, d := range list {
		info, err := d.Info()
		if err == nil && info.Mode().IsRegular() && strings.HasSuffix(d.Name(), entrySuffix) {
			entries = append(entries, aged{d.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(entries, func(a, b aged) int { return cmp.Or(b.time.Compare(a.time), strings.Compare(a.name, b.name)) })
	for _, e := range entries[min(len(entries), most):] {
		err = errors.Join(err, os.Remove(filepath.Join(c.Dir, e.name)))
	}
	return err
}
