package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/check"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// acceptedPlaces reads the list that the manifest names; nil if it names none.
func acceptedPlaces(p Project, file *manifest.File) (*check.Places, error) {
	name := file.AcceptedPlaces
	if name.Value == "" {
		return nil, nil
	}
	src, err := fs.ReadFile(os.DirFS(p.Dir), name.Value)
	if err != nil {
		list := &diag.List{}
		finding := diag.Finding{Pos: name.Pos, Message: fmt.Sprintf("the list of accepted places %s cannot be read", name.Value), Hint: "run sdkgen accept to write it"}
		if errors.Is(err, fs.ErrNotExist) {
			finding.Message = fmt.Sprintf("the list of accepted places %s does not exist", name.Value)
		}
		list.Add(finding)
		return nil, list.Err()
	}
	places, findings := check.ParsePlaces(name.Value, src)
	return places, findings.Err()
}

// Accepted is what Accept did: lines of the list of accepted places.
type Accepted struct {
	File string
	// Lines is their number now; New and Gone are sorted.
	Lines     int
	New, Gone []string
}

// Accept writes the list of the places that the entries of accepted stand for
// now, in the file that the manifest names.
func Accept(ctx context.Context, p Project) (*Accepted, error) {
	in, err := await(ctx, func() (*input, error) { return load(p) })
	if err != nil {
		return nil, err
	}
	name := in.Manifest.AcceptedPlaces
	if name.Value == "" {
		list := &diag.List{}
		list.Add(diag.Finding{Pos: diag.Pos{File: p.Manifest}, Message: "the manifest names no list of accepted places", Hint: "add accepted_places: accepted.txt to it"})
		return nil, list.Err()
	}
	model, findings := resolve.Resolve(in.Input)
	if err := findings.Err(); err != nil {
		return nil, err
	}
	lines := check.AcceptedPlaces(check.Input{Manifest: in.Manifest, Contracts: in.Contracts, Model: model})
	out := &Accepted{File: name.Value, Lines: len(lines)}
	// A list that cannot be read is written anew.
	var before []string
	if old, err := acceptedPlaces(p, in.Manifest); err == nil {
		before = old.Lines()
	}
	out.New, out.Gone = without(lines, before), without(before, lines)
	return out, WriteFiles(ctx, p.Dir, map[string][]byte{name.Value: check.FormatPlaces(lines)})
}

// without is what of a is not in b; the same line counts as often as it is there.
func without(a, b []string) []string {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	var out []string
	for _, line := range slices.Sorted(slices.Values(a)) {
		if count[line]--; count[line] < 0 {
			out = append(out, line)
		}
	}
	return out
}
