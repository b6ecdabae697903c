// Package oracle compares what sdkgen diff says of changes to an OpenAPI document
// with what oasdiff says of them: "make drift-oracle".
package oracle

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"
)

var corpus = flag.String("corpus", "", "the `directory` that the tests of the parent wrote with -corpus")

// change is a change of a document and what sdkgen diff says of it.
type change struct {
	Kind, At, Base, Head string
	// OlderSDK: programs that know the base fail with a server of the head.
	OlderSDK bool
}

// TestOracle: oasdiff finds that clients break where sdkgen diff does, but for the
// kinds of change of which it is known why not.
func TestOracle(t *testing.T) {
	if *corpus == "" {
		t.Skip("no -corpus")
	}
	data, err := os.ReadFile(filepath.Join(*corpus, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var changes []change
	if err := json.Unmarshal(data, &changes); err != nil {
		t.Fatal(err)
	}
	type tally struct {
		same, onlyOurs, onlyTheirs, warned, unused int
		example                                    string
	}
	kinds, sum := map[string]*tally{}, tally{}
	for _, c := range changes {
		errs, warnings, err := breaking(filepath.Join(*corpus, c.Base), filepath.Join(*corpus, c.Head))
		if err != nil {
			t.Errorf("%s at %s: %v", c.Kind, c.At, err)
			continue
		}
		k := kinds[c.Kind]
		if k == nil {
			k = &tally{}
			kinds[c.Kind] = k
		}
		switch {
		case !c.OlderSDK && len(errs) > 0 && unused(c.At):
			sum.unused++
		case c.OlderSDK && len(errs) == 0 && len(warnings) > 0:
			sum.warned++ // "may break" is what oasdiff's warnings mean
		case c.OlderSDK == (len(errs) > 0):
			k.same++
			sum.same++
		case c.OlderSDK:
			k.onlyOurs++
			sum.onlyOurs++
			k.example = c.At
		default:
			k.onlyTheirs++
			sum.onlyTheirs++
			k.example = c.At + ": " + errs[0]
		}
	}
	reasons := reasons()
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		known, ok := reasons[kind]
		switch differ := k.onlyOurs > 0 || k.onlyTheirs > 0; {
		case differ && (!ok || k.onlyOurs > 0 && !known.ours || k.onlyTheirs > 0 && !known.theirs):
			t.Errorf("%s: the same %d times, only ours %d, only oasdiff's %d; the last at %s", kind, k.same, k.onlyOurs, k.onlyTheirs, k.example)
		case differ:
			t.Logf("%-45s same %4d, only ours %4d, only oasdiff's %4d: %s", kind, k.same, k.onlyOurs, k.onlyTheirs, known.why)
		case ok:
			t.Errorf("%s: both agree, so that no reason is needed why not", kind)
		}
	}
	t.Logf("%d changes of %d kinds: the same verdict %d times; ours breaking and a warning of oasdiff %d; breaking for oasdiff, of what the SDK does not use %d; only ours %d; only oasdiff's %d",
		len(changes), len(kinds), sum.same, sum.warned, sum.unused, sum.onlyOurs, sum.onlyTheirs)
	if len(changes) < 500 {
		t.Errorf("only %d changes", len(changes))
	}
}

// unused tells whether the SDK does not use what changed: the manifest has no row
// for the operation, or leaves the field out. A document does not say so.
func unused(at string) bool {
	return strings.Contains(strings.ToLower(at), "spare") || at == "v1Page.token"
}

// breaking is what oasdiff takes for breaking, and what it warns of.
func breaking(base, head string) (errs, warnings []string, err error) {
	var specs []*load.SpecInfo
	for _, name := range []string{base, head} {
		spec, err := load.NewSpecInfo(openapi3.NewLoader(), load.NewSource(name))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		specs = append(specs, spec)
	}
	found, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), specs[0], specs[1])
	if err != nil {
		return nil, nil, err
	}
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(checker.NewConfig(checker.GetAllChecks()), found, sources, checker.WARN) {
		text := c.GetId() + " " + c.GetUncolorizedText(checker.NewDefaultLocalizer())
		if c.GetLevel() == checker.ERR {
			errs = append(errs, text)
		} else {
			warnings = append(warnings, text)
		}
	}
	return errs, warnings, nil
}

// reason says why the two differ about a kind of change, and in which direction.
type reason struct {
	ours, theirs bool
	why          string
}

func reasons() map[string]reason {
	const (
		absent   = "oasdiff only informs of a property that answers lose and that they could leave out; callers of an SDK get a zero value from then on"
		defaults = "oasdiff only informs of it; what a field means that an older SDK leaves out is another thing"
		media    = "oasdiff takes application/vnd.x+json for a kind of application/json"
		longer   = "an answer with longer texts: a string of Go has no limit"
		tells    = "oasdiff only informs of a mapping that changes; an SDK sends and knows the values of the one that it was made with"
		styles   = "oasdiff does not look at how the items of a list are written"
		values   = "oasdiff does not look at the values of maps, nor at the properties of what had none"
	)
	ours := func(why string) reason { return reason{ours: true, why: why} }
	return map[string]reason{
		"rest remove a property":                       ours(absent),
		"rest rename a property":                       ours(absent),
		"rest replace a property's schema":             ours(absent),
		"rest replace the type of an answer":           ours(absent),
		"rest change a default":                        ours(defaults),
		"rest remove a default":                        ours(defaults),
		"rest change the media type of a body":         ours(media),
		"rest change the media type of an answer":      ours(media),
		"rest refuse unknown properties":               ours("oasdiff does not look at additionalProperties: false"),
		"rest change a string to a date":               ours("for oasdiff an answer's text only became narrower; here it is another type"),
		"rest limit a text less":                       {theirs: true, why: longer},
		"rest no longer limit the length of a text":    {theirs: true, why: longer},
		"rest change the value of a variant":           ours(tells),
		"rest let a second value tell a variant":       ours(tells),
		"rest let one value less tell a variant":       ours(tells),
		"rest let the names of variants tell them":     ours(tells),
		"rest explode a list in a query or not":        ours(styles),
		"rest part a list by other signs":              ours(styles),
		"rest give the values of a free object a type": ours(values),
		"rest make a map a free object":                ours(values),
		"rest make a map an object with properties":    ours(values),
		"rest change an object to a string":            ours("oasdiff does not take a choice that becomes a text for another type"),
		"rest make a property a list":                  ours("where every value was allowed, a list was, too; in Go it is another type"),
		"rest make a parameter a list":                 ours("a list of one is written as one value; in Go it is another type"),
		"rest give one of the parameters another type": ours("for oasdiff a text takes what was written for another type"),
		"rest remove the default of a parameter":       ours(defaults),
		"rest remove a part of allOf":                  ours(absent),
		"rest add a part to allOf":                     {theirs: true, why: "what the part adds to a request may be left out"},
		"rest rename a schema":                         {theirs: true, why: "oasdiff knows the parts of allOf and the variants of oneOf by their names"},
		"rest rename a parameter of a path":            {theirs: true, why: "for oasdiff a path consists of the names in it, too"},
		"rest mark a string as a password":             {theirs: true, why: "the format says how a text is shown; it is the same text"},
	}
}
