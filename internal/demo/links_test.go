package demo

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pages reads the Markdown files of the repository, by their path from its top.
func pages(t *testing.T) map[string]string {
	t.Helper()
	out, top := map[string]string{}, root(t)
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(name) != ".md" {
			return nil
		}
		data, err := os.ReadFile(name)
		rel, _ := filepath.Rel(top, name) // below top: never fails
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// prose is a page without its blocks of code.
func prose(page string) string {
	var out strings.Builder
	code := false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			code = !code
			line = "\n"
		}
		if !code {
			out.WriteString(line)
		}
	}
	return out.String()
}

// link is where a page leads to: a file, a place in it, or both.
type link struct{ text, file, fragment string }

// links lists the links of a page to the repository itself. Their files are
// paths from the top of it; those of other sites are left out.
func links(name, page string) []link {
	text := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(prose(page), "code")
	var out []link
	for _, m := range regexp.MustCompile(`(?m)\]\(\s*([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)`).FindAllStringSubmatch(text, -1) {
		to := m[1] + m[2]
		if regexp.MustCompile(`^[a-z]+:`).MatchString(to) {
			continue
		}
		file, fragment, _ := strings.Cut(to, "#")
		if file == "" {
			file = name
		} else {
			file = path.Join(path.Dir(name), file)
		}
		out = append(out, link{to, file, fragment})
	}
	return out
}

// anchors lists the places of a page that a link can lead to, by the rule of
// GitHub: the heading in small letters, with hyphens for spaces and without
// other punctuation; a number follows where it is not the first.
func anchors(page string) map[string]bool {
	out, count := map[string]bool{}, map[string]int{}
	for line := range strings.Lines(prose(page)) {
		m := regexp.MustCompile(`^#{1,6}\s+(.*?)[\s#]*$`).FindStringSubmatch(line)
		if m == nil {
			continue
		}
		heading := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(m[1], "$1")
		slug := regexp.MustCompile(`[^\p{L}\p{N}_ -]`).ReplaceAllString(strings.ToLower(heading), "")
		slug = strings.ReplaceAll(slug, " ", "-")
		if count[slug]++; count[slug] > 1 {
			slug = fmt.Sprintf("%s-%d", slug, count[slug]-1)
		}
		out[slug] = true
	}
	return out
}

// dead says why a link leads nowhere, or nothing.
func dead(top string, places map[string]map[string]bool, to link) string {
	if strings.HasPrefix(to.file, "..") {
		return "leads out of the repository"
	}
	if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(to.file))); err != nil {
		return "there is no such file"
	}
	headings, isPage := places[to.file]
	switch {
	case to.fragment == "":
		return ""
	case !isPage:
		return "only headings of Markdown files are known as places"
	case !headings[to.fragment]:
		return "there is no such heading"
	}
	return ""
}

// Links to the repository lead somewhere, and somebody who starts at the README
// finds every page.
func TestLinks(t *testing.T) {
	all := pages(t)
	if len(all) < 10 {
		t.Fatalf("only %d pages", len(all))
	}
	places, leads := map[string]map[string]bool{}, map[string][]link{}
	for name, page := range all {
		places[name], leads[name] = anchors(page), links(name, page)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for _, to := range leads[name] {
			if why := dead(root(t), places, to); why != "" {
				t.Errorf("%s: link to %s: %s", name, to.text, why)
			}
		}
	}
	found := map[string]bool{"README.md": true}
	for next := []string{"README.md"}; len(next) > 0; next = next[1:] {
		for _, to := range leads[next[0]] {
			if _, ok := all[to.file]; ok && !found[to.file] {
				found[to.file] = true
				next = append(next, to.file)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !found[name] {
			t.Errorf("no links lead from README.md to %s", name)
		}
	}
}

func TestDeadLinks(t *testing.T) {
	top := t.TempDir()
	page := "# One\n\n## `x.y` and [z](b)!\n\n# One\n\n```sh\n# Two\n[no](none.md)\n```\n"
	places := map[string]map[string]bool{"a.md": anchors(page), "d/b.md": nil}
	if err := os.Mkdir(filepath.Join(top, "d"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a.md", "d/b.md", "c.txt"} {
		write(t, filepath.Join(top, name), nil)
	}
	for from, want := range map[string]string{
		"[a](../a.md)": "", "[a](../a.md#one)": "", "[a](../a.md#one-1)": "", "[a](../a.md#xy-and-z)": "", "[c]: ../c.txt": "",
		"[a](../a.md#two)":       "there is no such heading",
		"[a](#one)":              "there is no such heading",
		"[a](a.md)":              "there is no such file",
		"[a `code`](a.md \"t\")": "there is no such file",
		"[a]: a.md":              "there is no such file",
		"[c](../c.txt#L1)":       "only headings of Markdown files are known as places",
		"[a](../../a.md)":        "leads out of the repository",
	} {
		got := links("d/b.md", from)
		if len(got) != 1 || dead(top, places, got[0]) != want {
			t.Errorf("%s: %v, want %q", from, got, want)
		}
	}
	if got := links("a.md", page+"[x](https://example.com) `[y](z)`"); len(got) != 1 || got[0].text != "b" {
		t.Errorf("links of other sites, and of code: %v", got)
	}
}
