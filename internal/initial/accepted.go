package initial

import (
	"slices"

	"github.com/triwire/authorizer-sdk/internal/check"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// acceptance is an entry of accepted for all that a rule finds. It stands in
// comments: whether things are as they should be is for people to say.
type acceptance struct {
	rule      string
	protocols []ir.Protocol
	count     int
}

// findAccepted notes of what the check will find what may be accepted as a whole:
// warnings, which in most APIs say what follows from the formats. Errors are to be
// looked at one by one.
func (d *draft) findAccepted() error {
	if len(d.left) > 0 {
		return nil // the check comes to an end only where nothing is left
	}
	file, model, findings, err := d.resolve()
	if err != nil || len(findings) > 0 {
		return err
	}
	for _, f := range check.Run(check.Input{Manifest: file, Contracts: d.in.all, Model: model}) {
		if f.Severity != report.Warning || f.Accepted != "" || !check.Acceptable(f.Rule) {
			continue
		}
		i := slices.IndexFunc(d.accepted, func(a acceptance) bool { return a.rule == f.Rule })
		if i < 0 {
			i = len(d.accepted)
			d.accepted = append(d.accepted, acceptance{rule: f.Rule})
		}
		a := &d.accepted[i]
		a.count++
		for _, p := range f.Protocols {
			a.protocols = appendNew(a.protocols, ir.Protocol(p))
		}
	}
	for i := range d.accepted {
		slices.SortFunc(d.accepted[i].protocols, func(a, b ir.Protocol) int {
			return slices.Index(ir.Protocols(), a) - slices.Index(ir.Protocols(), b)
		})
	}
	slices.SortFunc(d.accepted, func(a, b acceptance) int { return b.count - a.count })
	return nil
}

// acceptedFile is what lists the places of what is accepted.
const acceptedFile = "accepted.txt"

func (d *draft) writeAccepted(w *writer) {
	if len(d.accepted) == 0 {
		return
	}
	w.comment("", "What sdkgen check finds in these contracts that may be as it should be, by rule. If it is, take the marks off, give the reason, and run sdkgen accept: it lists in "+acceptedFile+" what the entries stand for now, so that what comes later is found.")
	w.line("# accepted_places: %s", acceptedFile)
	w.line("# accepted:")
	for _, a := range d.accepted {
		w.line("#   - {rule: %s, protocols: %s, reason: to be decided}  # %d: %s", a.rule, flow(a.protocols), a.count, ruleDoc(a.rule))
	}
	w.line("")
}

func ruleDoc(id string) string {
	for _, r := range check.Rules() {
		if r.ID == id {
			return r.Doc
		}
	}
	return ""
}
