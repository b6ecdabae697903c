package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// The rules of comparing with a running server.
const (
	// ServerLacks: the contract has something that the server has not.
	ServerLacks RuleID = "server-lacks"
	// ServerAdds: the server has something that the contract has not.
	ServerAdds RuleID = "server-adds"
	// ServerDiffers: both have it, but not alike.
	ServerDiffers RuleID = "server-differs"
	// MethodFails: calls of the method over that protocol are refused.
	MethodFails RuleID = "method-fails"
	// MethodAffected: calls go through, but what is sent or answered gets lost,
	// or means something else.
	MethodAffected RuleID = "method-affected"
)

// LiveRules are the rules of LiveReport.
func LiveRules() []report.Rule {
	return []report.Rule{
		{ID: string(ServerLacks), Severity: report.Error, Doc: "the server lacks something that the contract has; an error if it breaks calls of the SDK"},
		{ID: string(ServerAdds), Severity: report.Info, Doc: "the server has something that the contract lacks; an error if it breaks calls of the SDK"},
		{ID: string(ServerDiffers), Severity: report.Error, Doc: "the server has something otherwise than the contract; an error if it breaks calls of the SDK"},
		{ID: string(MethodFails), Severity: report.Error, Doc: "the server would refuse calls of the method over that protocol"},
		{ID: string(MethodAffected), Severity: report.Error, Doc: "calls of the method over that protocol would lose something, or mean something else"},
	}
}

// LiveReport is the result of comparing the contracts (the base) with a running
// server (the head) as a report of sdkgen drift: what differs, and what the
// methods of the SDK made from the contracts would meet. With all, every
// difference is a finding.
func (r *Result) LiveReport(all bool) *report.Report {
	out := &report.Report{
		Command: "drift", Rules: LiveRules(), Sources: r.Base.Files,
		Note: fmt.Sprintf("%s against %s, %s", r.Base.Name, r.Head.Name, listOf(r.Protocols)),
	}
	effects := map[effectKey]*effect{}
	for _, c := range r.Changes {
		for i := range c.Parts {
			out.Findings = append(out.Findings, liveFinding(r, c, &c.Parts[i], all))
			noteEffects(effects, r.Base, c, &c.Parts[i])
		}
	}
	for _, e := range effects {
		out.Findings = append(out.Findings, e.finding())
	}
	return out
}

// liveFinding is one difference as one contract states it.
func liveFinding(r *Result, c *Change, p *Part, all bool) report.Finding {
	f := report.Finding{
		Rule: string(ServerDiffers), Severity: report.Info, Methods: c.Methods, Type: c.Type,
		Protocols: []string{string(p.Protocol)}, Pos: p.Base, Hint: c.Hint,
		Properties: map[string]string{"change": string(c.Rule), "element": p.Element},
	}
	what := fmt.Sprintf("%s over %s (%s)", strings.TrimSpace(phrases()[c.Rule]), p.Protocol, p.words())
	switch {
	case p.Base.File != "" && p.Head.File == "":
		f.Rule = string(ServerLacks)
		what = fmt.Sprintf("the server lacks %s over %s", p.Element, p.Protocol)
	case p.Base.File == "" && p.Head.File != "":
		f.Rule, f.Pos.File = string(ServerAdds), r.Base.Contracts[p.Protocol].Root.File
		what = fmt.Sprintf("the server adds %s over %s", p.Element, p.Protocol)
	default:
		what = fmt.Sprintf("on the server %s %s", p.Element, what)
	}
	f.Message = what
	switch {
	case p.Breaks.OlderSDK:
		f.Severity = report.Error
	case all:
		f.Severity = report.Warning
	}
	return f
}

type effectKey struct {
	method   string
	protocol ir.Protocol
}

// effect is what calls of one method over one protocol would meet.
type effect struct {
	effectKey
	fails   bool
	reasons []string
	pos     *Side
}

func noteEffects(effects map[effectKey]*effect, base *Side, c *Change, p *Part) {
	if !p.Breaks.OlderSDK {
		return
	}
	for _, name := range c.Methods {
		if !slices.Contains(protocolsOfMethod(base, name), p.Protocol) {
			continue
		}
		key := effectKey{name, p.Protocol}
		if effects[key] == nil {
			effects[key] = &effect{effectKey: key, pos: base}
		}
		e := effects[key]
		e.fails = e.fails || refused(c, p)
		reason := fmt.Sprintf("%s %s", p.Element, phrases()[c.Rule])
		if !slices.Contains(e.reasons, reason) {
			e.reasons = append(e.reasons, reason)
		}
	}
}

// refused tells whether a server refuses calls for the change. A GraphQL server
// checks every name in an operation; over the other protocols fields that one
// side does not know are passed over.
func refused(c *Change, p *Part) bool {
	switch c.Rule {
	case OperationRemoved, OperationRenamed, ServiceRenamed, PackageRenamed, PathChanged, VerbChanged, KindChanged,
		StreamingChanged, HTTPRuleChanged, SecurityChanged, ArgumentAdded, ArgumentRemoved, ArgumentRenamed, ArgumentType,
		ArgumentRequired, ArgumentLimits, RequestReplaced, RequestRequired, MediaTypeChanged, FieldRequired, FieldAdded, FieldLimits, MessageLimits:
		return true
	case FieldRemoved, VariantRemoved, FieldRenamed, FieldType, FieldReplaced, FieldList, MessageRenamed, MessageOneOf, ResponseReplaced, EnumAdded, EnumValueRemoved:
		return p.Protocol == ir.GraphQL
	}
	return false
}

func (e *effect) finding() report.Finding {
	f := report.Finding{
		Rule: string(MethodAffected), Severity: report.Error, Methods: []string{e.method}, Protocols: []string{string(e.protocol)},
		Message: fmt.Sprintf("calls of %s over %s would lose something, or mean something else", e.method, e.protocol),
	}
	if e.fails {
		f.Rule = string(MethodFails)
		f.Message = fmt.Sprintf("calls of %s over %s would fail", e.method, e.protocol)
	}
	const most = 3
	slices.Sort(e.reasons)
	shown := e.reasons[:min(most, len(e.reasons))]
	f.Message += ": " + strings.Join(shown, "; ")
	if more := len(e.reasons) - len(shown); more > 0 {
		f.Message += fmt.Sprintf("; and %d more", more)
	}
	for _, m := range e.pos.Manifest.Methods {
		if m.Name.Value == e.method {
			f.Pos = m.Pos
		}
	}
	return f
}
