package quality

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/drift"
)

var (
	full  = flag.Bool("full", false, "measure on the project's own contracts, too")
	sites = flag.Int("sites", 12, "with -full: at most so many places for each kind of change to openapi.yaml and proto/, which take long to read; 0: all places")
	seed  = flag.Uint64("seed", 1, "which places are taken when not all are")
)

// answer is what is expected of source compatibility.
type answer int

const (
	no answer = iota
	yes
	// either: it depends on what else the manifest says.
	either
)

// want is what comparing has to say of a mutation. Without rules: nothing at all.
type want struct {
	// rules: the first must be among those found, and all found must be among
	// them.
	rules  []drift.RuleID
	wire   bool
	source answer
}

// mutation is one change to one contract.
type mutation struct {
	kind string
	at   string
	// before and after are the contract's files on both sides; nil: as they are.
	before, after func() map[string][]byte
	want          want
}

// found is the outcome of a mutation.
type found struct {
	mutation
	// problem says what is wrong; empty: nothing.
	problem string
	// unusable: the mutated contract cannot be read, so that it counts for nothing.
	unusable bool
}

// The small project has every sort of thing that can change: each kind of
// mutation is applied to it at one or two places, with -full at all.
func TestSmallProject(t *testing.T) { judgeAll(t, smallProject) }

// The rich project has what the small one lacks: requests of several parts,
// choices, maps, enums, well-known types and streams.
func TestRichProject(t *testing.T) { judgeAll(t, richProject) }

func judgeAll(t *testing.T, name string) {
	t.Helper()
	p := readProject(t, name)
	list := p.mutations()
	if *full {
		judge(t, p, list, 2000)
		return
	}
	judge(t, p, sample(list, 1, 2), 180)
}

// Some mutations of the project's own contracts, or with -full most of them.
func TestOwnContracts(t *testing.T) {
	if *full {
		p := ownProject(t)
		list := p.mutations()
		if *sites > 0 {
			list = sample(list, *sites, len(list))
		}
		judge(t, p, list, 1000)
		return
	}
	if testing.Short() {
		t.Skip("reads the project's contracts many times")
	}
	p := ownProject(t)
	list := p.mutations()
	shuffle(list)
	var some []mutation
	count := map[string]int{}
	for _, m := range list {
		protocol := string(protocolOf(m))
		if limit := map[string]int{"graphql": 100, "rest": 3, "grpc": 3}[protocol]; count[protocol] < limit {
			count[protocol]++
			some = append(some, m)
		}
	}
	judge(t, p, some, 100)
}

func shuffle(list []mutation) {
	random := rand.New(rand.NewPCG(*seed, 0))
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// sample takes some mutations of each kind. GraphQL has a limit of its own, since
// its schema is read a hundred times as fast as the other contracts.
func sample(list []mutation, atMost, ofGraphQL int) []mutation {
	shuffle(list)
	count := map[string]int{}
	return slices.DeleteFunc(list, func(m mutation) bool {
		count[m.kind]++
		if strings.HasPrefix(m.kind, "graphql ") {
			return count[m.kind] > ofGraphQL
		}
		return count[m.kind] > atMost
	})
}

// judge applies the mutations and fails for each that is not judged rightly.
func judge(t *testing.T, p *project, list []mutation, least int) {
	results := p.run(list)
	slices.SortFunc(results, func(a, b found) int { return cmp.Or(strings.Compare(a.kind, b.kind), strings.Compare(a.at, b.at)) })
	type tally struct{ all, right int }
	kinds, breaking, harmless, silent := map[string]*tally{}, tally{}, tally{}, tally{}
	unusable := map[string]int{}
	for _, r := range results {
		if r.unusable {
			unusable[r.kind+": "+r.problem]++
			continue
		}
		total := &harmless
		switch {
		case r.want.rules == nil:
			total = &silent
		case r.want.wire || r.want.source == yes:
			total = &breaking
		}
		if kinds[r.kind] == nil {
			kinds[r.kind] = &tally{}
		}
		kinds[r.kind].all++
		total.all++
		if r.problem == "" {
			kinds[r.kind].right++
			total.right++
		} else {
			t.Errorf("%s at %s: %s", r.kind, r.at, r.problem)
		}
	}
	var names []string
	for name := range kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		t.Logf("%-52s %5d of %5d", name, kinds[name].right, kinds[name].all)
	}
	for what, n := range unusable {
		t.Logf("not counted: %d of %s", n, what)
	}
	recall := func(t tally) string {
		return fmt.Sprintf("%d of %d (%.4f)", t.right, t.all, float64(t.right)/float64(max(t.all, 1)))
	}
	t.Logf("%d mutations of %d kinds: breaking ones found and rightly classed %s, harmless ones %s; changes that are none and gave no alarm %s",
		breaking.all+harmless.all+silent.all, len(kinds), recall(breaking), recall(harmless), recall(silent))
	if all := breaking.all + harmless.all + silent.all; all < least {
		t.Errorf("%d mutations, want at least %d", all, least)
	}
	if len(kinds) < 30 {
		t.Errorf("%d kinds of change, want at least 30", len(kinds))
	}
	if 20*len(unusable) > len(kinds)*4 {
		t.Errorf("too many kinds make contracts that cannot be read: %v", unusable)
	}
}

// run applies the mutations, several at a time.
func (p *project) run(list []mutation) []found {
	out := make([]found, len(list))
	next := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				out[i] = p.apply(list[i])
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	group.Wait()
	return out
}

func (p *project) apply(m mutation) found {
	base, err := p.side("base", m, m.before)
	if err == nil {
		var head *drift.Side
		if head, err = p.side("head", m, m.after); err == nil {
			result := drift.Compare(base, head)
			return found{mutation: m, problem: cmp.Or(m.want.check(result), m.want.reversed(result, drift.Compare(head, base)))}
		}
	}
	return found{mutation: m, problem: err.Error(), unusable: true}
}

// reversed holds a comparison to that of the two sides the other way round. An
// SDK of the head that misses a server of the base is, seen from the other side,
// an older SDK that misses a server of the head. (Not the reverse: an older SDK
// may send all that it knows, a rebuilt program does not send what is new.)
func (w want) reversed(there, back *drift.Result) string {
	a, b := there.Breaks(), back.Breaks()
	complete := there.Base.Complete() && there.Head.Complete()
	switch {
	case slices.Contains(w.rules, drift.FieldPresence):
		// A program that sets an empty value with the SDK of one side cannot do so
		// with that of the other: there is nothing that is otherwise unchanged.
		return ""
	case !complete && !w.wire && w.rules != nil:
		// Nobody uses what changed on the one side, but maybe on the other.
		return ""
	case (len(there.Changes) == 0) != (len(back.Changes) == 0):
		return fmt.Sprintf("it finds %d changes, and %d the other way round", len(there.Changes), len(back.Changes))
	case a.OlderServer && !b.OlderSDK:
		return "it breaks older servers, but the other way round no older SDKs; said: " + messages(there) + " ; and back: " + messages(back)
	case b.OlderServer && !a.OlderSDK:
		return "the other way round it breaks older servers, but no older SDKs this way; said: " + messages(there) + " ; and back: " + messages(back)
	}
	return ""
}

func messages(r *drift.Result) string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, fmt.Sprintf("[%s] %s: %s", c.Rule, strings.Join(c.Breaks.Whom(), " "), c.Message))
	}
	return strings.Join(out, " | ")
}

// check compares what was found with what is wanted; empty: all is well.
func (w want) check(r *drift.Result) string {
	var breaks drift.Breaks
	var rules []drift.RuleID
	var lines []string
	for _, c := range r.Changes {
		switch c.Rule {
		case drift.OneSided, drift.SDKNotGenerated, drift.SDKGeneratedAgain:
			continue // these follow from the change
		}
		lines = append(lines, fmt.Sprintf("[%s] %s: %s", c.Rule, c.Breaks.Class(), c.Message))
		rules = append(rules, c.Rule)
		breaks.Source = breaks.Source || c.Breaks.Source
		breaks.OlderSDK = breaks.OlderSDK || c.Breaks.OlderSDK
		breaks.OlderServer = breaks.OlderServer || c.Breaks.OlderServer
	}
	said := "; said: " + strings.Join(lines, " | ")
	sdk := []drift.RuleID{drift.SDKField, drift.SDKType, drift.SDKMethod}
	switch {
	case len(w.rules) == 0 && len(r.Changes) > 0:
		return "a false alarm" + said
	case len(w.rules) == 0:
		return ""
	case !slices.Contains(rules, w.rules[0]):
		return fmt.Sprintf("%s was not found%s", w.rules[0], said)
	}
	for _, rule := range rules {
		if !slices.Contains(w.rules, rule) && !slices.Contains(sdk, rule) {
			return fmt.Sprintf("%s was found, too%s", rule, said)
		}
	}
	if breaks.Wire() != w.wire {
		return fmt.Sprintf("it says that it breaks the wire: %v%s", breaks.Wire(), said)
	}
	if w.source != either && breaks.Source != (w.source == yes) {
		return fmt.Sprintf("it says that it breaks source code: %v%s", breaks.Source, said)
	}
	return ""
}
