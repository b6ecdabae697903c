package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// sayArgument is told what changed in an argument; one of the two is nil where a
// side lacks it.
type sayArgument func(rule RuleID, b, h *contract.Argument, d difference)

// operationArguments compares the arguments of GraphQL's operations and the
// parameters of REST's: fields of the request, or what carries it as a whole.
func (c *comparer) operationArguments(p pair[contract.Operation]) {
	b, h := p.base, p.head
	c.arguments(details(b).Arguments, details(h).Arguments, func(rule RuleID, was, is *contract.Argument, d difference) {
		f := c.opFact(rule, b, h)
		f.request, f.before, f.after, f.breaks, f.least = true, d.before, d.after, d.breaks, d.least
		f.argument = was
		if was != nil && was.Pos.Line > 0 {
			f.basePos = was.Pos
		}
		if is != nil && is.Pos.Line > 0 {
			f.headPos = is.Pos
		}
		switch {
		case was == nil:
			f.argument, f.inHead, f.basePos = is, true, diag.Pos{}
			// Operations pass every argument that the SDK knows.
			f.breaks.OlderServer = f.breaks.OlderServer || c.protocol == ir.GraphQL
		case is == nil:
			f.headPos = diag.Pos{}
			if !sends(b, was) {
				f.breaks = Breaks{}
			}
		}
		c.addOp(f)
	})
}

// sends tells whether an SDK can send the argument: some headers are none of the
// request.
func sends(op *contract.Operation, a *contract.Argument) bool {
	return op.Request != nil && op.RequestName == a.Name || op.Unsupported != "" ||
		slices.ContainsFunc(op.Params, func(f *contract.Field) bool { return f.Name == a.Name })
}

// fieldArguments compares the arguments of a field of an answer, which the SDK
// never passes.
func (c *comparer) fieldArguments(b, h []*contract.Argument, say sayField) {
	c.arguments(b, h, func(rule RuleID, _, _ *contract.Argument, d difference) {
		least := sourceKept
		if rule == ArgumentAdded && d.breaks.OlderSDK || rule == ArgumentRequired {
			least = sourceBroken // the SDK cannot select such a field
		}
		say(rule, d.before, d.after, d.breaks, least)
	})
}

func (c *comparer) arguments(b, h []*contract.Argument, say sayArgument) {
	pairs, gone, added := c.pairArguments(b, h)
	for _, a := range gone {
		say(ArgumentRemoved, a, nil, difference{before: argumentText(a), breaks: Breaks{OlderSDK: true}, least: sourceIfAll})
	}
	for _, a := range added {
		say(ArgumentAdded, nil, a, difference{after: argumentText(a), breaks: Breaks{OlderSDK: a.Required}})
	}
	for _, p := range pairs {
		c.argument(p.base, p.head, say)
	}
}

func (c *comparer) argument(b, h *contract.Argument, tell sayArgument) {
	say := func(rule RuleID, before, after string, breaks Breaks, least sourceRule) {
		tell(rule, b, h, difference{before: before, after: after, breaks: breaks, least: least})
	}
	if argumentKey(b) != argumentKey(h) {
		breaks := both()
		if b.In == "path" && h.In == "path" {
			breaks = Breaks{} // it has no name on the wire
		}
		say(ArgumentRenamed, argumentKey(b), argumentKey(h), breaks, sourceIfAll)
	}
	c.argumentType(b, h, say)
	switch {
	case h.Required && !b.Required:
		say(ArgumentRequired, argumentText(b), argumentText(h), Breaks{OlderSDK: true}, sourceIfPointer)
	case b.Required && !h.Required:
		// GraphQL operations declare their variables with the argument's type.
		say(ArgumentOptional, argumentText(b), argumentText(h), Breaks{OlderServer: c.protocol == ir.GraphQL}, sourceIfPointer)
	case b.Details.Nullable && !h.Details.Nullable:
		say(ArgumentRequired, argumentText(b), argumentText(h), Breaks{OlderSDK: true}, sourceIfPointer)
	case h.Details.Nullable && !b.Details.Nullable:
		say(ArgumentOptional, argumentText(b), argumentText(h), Breaks{}, sourceIfPointer)
	}
	if before, after := text(b.Default), text(h.Default); before != after {
		// What has to be sent has no default that counts.
		say(ArgumentDefault, before, after, Breaks{OlderSDK: b.Default != nil && !b.Required}, sourceKept)
	}
	if was, is := b.Deprecated, h.Deprecated; (was == "") != (is == "") {
		say(ArgumentDeprecated, argumentKey(b)+" "+cmp.Or(was, "in use"), argumentKey(h)+" "+cmp.Or(is, "in use"), Breaks{}, sourceKept)
	}
	c.limits(b.Limits, h.Limits, func(before, after string, tighter bool) {
		say(ArgumentLimits, argumentKey(b)+" "+before, argumentKey(h)+" "+after, Breaks{OlderSDK: tighter}, sourceKept)
	})
}

// argumentType compares the types of an argument. GraphQL operations declare
// their variables with it, down to its items and to the name of an enum.
func (c *comparer) argumentType(b, h *contract.Argument, say func(rule RuleID, before, after string, breaks Breaks, least sourceRule)) {
	declared := c.protocol == ir.GraphQL
	differences := c.typeDifferences(typed{b.Type, b.Details}, typed{h.Type, h.Details}, true, false)
	for _, d := range differences {
		switch d.rule {
		case EnumAdded, EnumRemoved, EnumValueAdded, EnumValueRemoved, EnumValueDeprecated:
			say(d.rule, d.before, d.after, d.breaks, d.least)
		case EnumRenamed:
			say(d.rule, d.before, d.after, Breaks{OlderSDK: declared, OlderServer: declared}, d.least)
		default:
			say(ArgumentType, argumentText(b), argumentText(h), both(), d.least)
		}
	}
	if b.Style != h.Style && b.In == h.In && len(differences) == 0 {
		say(ArgumentStyle, b.Style, h.Style, both(), sourceKept)
	}
	switch was, is := b.Details.NullableItem, h.Details.NullableItem; {
	case len(differences) > 0 || b.Type.List != h.Type.List:
	case is && !was:
		say(FieldItemNullable, argumentText(b), argumentText(h), Breaks{OlderServer: declared}, sourceKept)
	case was && !is:
		say(FieldItemNotNullable, argumentText(b), argumentText(h), Breaks{OlderSDK: true}, sourceKept)
	}
}

// pairArguments pairs by place and name; if just one is gone and one of the same
// type is new, that one is renamed.
func (c *comparer) pairArguments(b, h []*contract.Argument) (pairs []pair[contract.Argument], gone, added []*contract.Argument) {
	have := map[string]*contract.Argument{}
	for _, a := range h {
		have[argumentKey(a)] = a
	}
	for _, a := range b {
		if other := have[argumentKey(a)]; other != nil {
			pairs = append(pairs, pair[contract.Argument]{a, other})
			delete(have, argumentKey(a))
		} else {
			gone = append(gone, a)
		}
	}
	for _, a := range h {
		if have[argumentKey(a)] != nil {
			added = append(added, a)
		}
	}
	if len(gone) == 1 && len(added) == 1 && len(c.typeDifferences(typed{gone[0].Type, gone[0].Details}, typed{added[0].Type, added[0].Details}, true, false)) == 0 {
		return append(pairs, pair[contract.Argument]{gone[0], added[0]}), nil, nil
	}
	return pairs, gone, added
}

func argumentKey(a *contract.Argument) string {
	return strings.TrimSpace(a.In + " " + a.Name)
}

func argumentText(a *contract.Argument) string {
	out := argumentKey(a) + ": " + a.Details.Text
	if a.Required || !a.Details.Nullable {
		out += "!"
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return "none"
	}
	return *s
}
