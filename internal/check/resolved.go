package check

import (
	"github.com/triwire/authorizer-sdk/internal/report"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// resolverRules are those that resolving applies. They cannot be accepted:
// without a decision in the manifest there is no SDK.
func resolverRules() []rule {
	docs := map[resolve.RuleID]string{
		resolve.MissingOperation:   "a row names an operation that a contract lacks",
		resolve.UnusableOperation:  "a row names an operation that an SDK cannot call, such as a subscription or a stream of requests",
		resolve.TypeMismatch:       "a field whose type differs between protocols, or that is a list over just some of them",
		resolve.UnsupportedType:    "a type that cannot be the same value over every protocol, such as a google.protobuf.Any or a union of texts and numbers",
		resolve.WrongEnvelope:      "a row's envelope does not fit the answer",
		resolve.UndeclaredEnvelope: "an answer holds the result in its one field where another protocol answers the result itself",
		resolve.NameClash:          "two names that would be the same Go name",
		resolve.UnusableEntry:      "an entry of the manifest asks for what the contracts do not allow",
		resolve.UnusedEntry:        "an entry of the manifest that does nothing: what it was written for is gone",
	}
	var out []rule
	for _, id := range resolve.RuleIDs() {
		if id == resolve.MissingField || id == resolve.NameCase {
			continue // the check applies them, too: to what the manifest decides
		}
		out = append(out, rule{Rule: report.Rule{ID: string(id), Severity: report.Error, Doc: docs[id]}, fixed: true})
	}
	return out
}

// resolved takes over what resolving found.
func (c *checker) resolved() {
	for _, f := range report.FromDiag(c.Resolved, report.Error) {
		c.found = append(c.found, finding{Finding: f})
	}
}

// staleOutput is applied by the pipeline, which knows the disk.
func staleOutput() rule {
	return rule{fixed: true, Rule: report.Rule{ID: StaleOutput, Severity: report.Error, Doc: "a generated file is missing, was edited, or would not be generated any more"}}
}

// unusableInput is applied by whoever cannot read the input.
func unusableInput() rule {
	return rule{fixed: true, Rule: report.Rule{ID: UnusableInput, Severity: report.Error, Doc: "input that cannot be read or understood, so that nothing was compared"}}
}

// The ids of rules that other phases apply.
const (
	StaleOutput   = "stale-output"
	UnusableInput = "unusable-input"
)
