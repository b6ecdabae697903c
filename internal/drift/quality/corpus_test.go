package quality

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/drift"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

var corpus = flag.String("corpus", "", "write the changes of the OpenAPI documents of the small and the rich project, and the verdicts on them, to this `directory`, for testdata/oracle")

// written is a change as testdata/oracle reads it.
type written struct {
	Kind, At, Base, Head string
	OlderSDK             bool
}

// TestCorpus writes what another comparer can be asked about, too.
func TestCorpus(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	index := writeCorpus(t, readProject(t, smallProject), "small")
	index = append(index, writeCorpus(t, readProject(t, richProject), "rich")...)
	data, err := json.MarshalIndent(index, "", " ")
	if err == nil {
		err = os.WriteFile(filepath.Join(*corpus, "index.json"), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func writeCorpus(t *testing.T, p *project, prefix string) []written {
	t.Helper()
	var index []written
	for i, m := range p.restMutations() {
		base, err := p.side("base", m, m.before)
		if err != nil {
			t.Fatal(err)
		}
		head, err := p.side("head", m, m.after)
		if err != nil {
			t.Fatal(err)
		}
		w := written{Kind: m.kind, At: m.at, OlderSDK: drift.Compare(base, head, ir.REST).Breaks().OlderSDK}
		w.Base, w.Head = fmt.Sprintf("%s-%04d-base.yaml", prefix, i), fmt.Sprintf("%s-%04d-head.yaml", prefix, i)
		index = append(index, w)
		for name, side := range map[string]*drift.Side{w.Base: base, w.Head: head} {
			if err := os.WriteFile(filepath.Join(*corpus, name), content(t, m, side), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return index
}

// content is the document of a side that the mutation changes.
func content(t *testing.T, m mutation, side *drift.Side) []byte {
	t.Helper()
	for _, files := range []func() map[string][]byte{m.after, m.before} {
		if files == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(files())) {
			data, err := fs.ReadFile(side.Files, name)
			if err != nil {
				t.Fatal(err)
			}
			return data
		}
	}
	return nil
}
