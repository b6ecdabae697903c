package walls

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "draw the picture of docs/architecture.md anew")

// room is a box of the picture: the packages at and below some paths.
type room struct {
	id, title string
	paths     []string
}

// rooms are the boxes, in the order in which they are drawn. A package belongs
// to the room with the longest path.
func rooms() []room {
	return []room{
		{"sdkgen", "cmd/sdkgen", []string{"cmd/sdkgen"}},
		{"explain", "internal/explain", []string{"internal/explain"}},
		{"initial", "internal/initial", []string{"internal/initial"}},
		{"pull", "internal/pull", []string{"internal/pull"}},
		{"drift", "internal/drift", []string{"internal/drift"}},
		{"pipeline", "internal/pipeline", []string{"internal/pipeline"}},
		{"manifest", "internal/manifest", []string{"internal/manifest"}},
		{"contract", "internal/contract", []string{"internal/contract"}},
		{"resolve", "internal/resolve", []string{"internal/resolve"}},
		{"check", "internal/check", []string{"internal/check"}},
		{"emit", "internal/emit", []string{"internal/emit"}},
		{"transaction", "internal/transaction", []string{"internal/transaction"}},
		{"report", "internal/report", []string{"internal/report"}},
		{"ir", "internal/ir", []string{"internal/ir"}},
		{"diag", "internal/diag", []string{"internal/diag"}},
		{"nearest", "internal/nearest", []string{"internal/nearest"}},
		{"emulator", "sdk/authorizertest", []string{"sdk/authorizertest", "cmd/authorizer-emulator"}},
		{"sdkgrpc", "sdk/grpc", []string{"sdk/grpc"}},
		{"server", "sdk/server", []string{"sdk/server"}},
		{"sdk", "sdk", []string{"sdk"}},
		{"grpcrt", "sdk/runtime/grpcrt", []string{"sdk/runtime/grpcrt"}},
		{"serve", "sdk/runtime/serve", []string{"sdk/runtime/serve"}},
		{"runtime", "sdk/runtime", []string{"sdk/runtime"}},
		{"gen", "gen", []string{"gen"}},
	}
}

// roomOf is the room of a package, or nil.
func roomOf(name string) *room {
	rel, ok := strings.CutPrefix(name, module+"/")
	if !ok || strings.Contains(rel, "/internal/sdktest") || strings.Contains(rel, "/internal/reference") {
		return nil
	}
	var found *room
	longest := -1
	all := rooms()
	for i := range all {
		for _, p := range all[i].paths {
			if (rel == p || strings.HasPrefix(rel, p+"/")) && len(p) > longest {
				found, longest = &all[i], len(p)
			}
		}
	}
	return found
}

// picture draws the rooms and which imports which, without what follows from the
// rest: an arrow that another way leads to as well.
func picture(all map[string]pkg) string {
	arrows := map[string]map[string]bool{}
	for name, p := range all {
		from := roomOf(name)
		if from == nil {
			continue
		}
		if arrows[from.id] == nil {
			arrows[from.id] = map[string]bool{}
		}
		for _, imported := range p.Imports {
			if to := roomOf(imported); to != nil && to.id != from.id {
				arrows[from.id][to.id] = true
			}
		}
	}
	var b strings.Builder
	b.WriteString("```mermaid\nflowchart TD\n")
	for _, r := range rooms() {
		if arrows[r.id] != nil {
			fmt.Fprintf(&b, "  %s[\"%s\"]\n", r.id, r.title)
		}
	}
	for _, r := range rooms() {
		for _, to := range slices.Sorted(maps.Keys(arrows[r.id])) {
			if !roundabout(arrows, r.id, to) {
				fmt.Fprintf(&b, "  %s --> %s\n", r.id, to)
			}
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// roundabout tells whether a longer way leads from one room to another.
func roundabout(arrows map[string]map[string]bool, from, to string) bool {
	for next := range arrows[from] {
		if next != to && reaches(arrows, next, to, map[string]bool{from: true}) {
			return true
		}
	}
	return false
}

func reaches(arrows map[string]map[string]bool, from, to string, seen map[string]bool) bool {
	if from == to {
		return true
	}
	if seen[from] {
		return false
	}
	seen[from] = true
	for next := range arrows[from] {
		if reaches(arrows, next, to, seen) {
			return true
		}
	}
	return false
}

// The picture of the architecture is drawn from the imports.
func TestPicture(t *testing.T) {
	const start, end = "<!-- drawn by go test ./internal/walls -update -->\n", "<!-- end of the drawing -->\n"
	file := filepath.Join(root, "docs", "architecture.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := bytes.Cut(text, []byte(start))
	have, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		t.Fatalf("%s has no place for the picture", file)
	}
	want := picture(packages(t))
	if *update {
		if err := os.WriteFile(file, slices.Concat(before, []byte(start), []byte(want), []byte(end), after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(have) != want {
		t.Errorf("the picture in %s is not that of the imports; after a look, run go test ./internal/walls -update\n%s", file, want)
	}
}

// A package without a room would be missing in the picture.
func TestEveryPackageHasARoom(t *testing.T) {
	outside := []string{"cmd/demo", "examples", "internal/ownapi", "internal/bench", "internal/demo", "internal/fidelity", "internal/golden", "internal/guides", "internal/replay", "internal/walls", "internal/updateflag", "sdk/internal/sdktest", "sdk/internal/reference"}
	for _, name := range sorted(packages(t)) {
		if strings.HasPrefix(name, module+"/") && roomOf(name) == nil && !below(name, outside) {
			t.Errorf("%s has no room in the picture: add one to rooms()", name)
		}
	}
}
