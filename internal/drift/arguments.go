package drift

import (
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

type sayArgument func(rule RuleID, before, after string, breaks Breaks, pos [2]diag.Pos)

// arguments compares the arguments of operations and of GraphQL fields, and the
// parameters of REST.
func (c *comparer) arguments(b, h []*contract.Argument, say sayArgument) {
	pairs, gone, added := c.pairArguments(b, h)
	for _, a := range gone {
		say(ArgumentRemoved, argumentText(a), "", Breaks{OlderSDK: true}, [2]diag.Pos{a.Pos})
	}
	for _, a := range added {
		say(ArgumentAdded, "", argumentText(a), Breaks{OlderSDK: a.Required}, [2]diag.Pos{{}, a.Pos})
	}
	for _, p := range pairs {
		pos := [2]diag.Pos{p.base.Pos, p.head.Pos}
		c.argument(p.base, p.head, func(rule RuleID, before, after string, breaks Breaks) {
			say(rule, before, after, breaks, pos)
		})
	}
}

func (c *comparer) argument(b, h *contract.Argument, say func(rule RuleID, before, after string, breaks Breaks)) {
	if argumentKey(b) != argumentKey(h) {
		say(ArgumentRenamed, argumentKey(b), argumentKey(h), both())
	}
	// GraphQL operations declare their variables with the argument's type.
	if differences := c.typeDifferences(typed{b.Type, b.Details}, typed{h.Type, h.Details}, true, false); len(differences) > 0 {
		say(ArgumentType, argumentText(b), argumentText(h), both())
	}
	switch {
	case h.Required && !b.Required:
		say(ArgumentRequired, argumentText(b), argumentText(h), Breaks{OlderSDK: true})
	case b.Required && !h.Required:
		say(ArgumentOptional, argumentText(b), argumentText(h), Breaks{})
	case b.Details.Nullable && !h.Details.Nullable:
		say(ArgumentRequired, argumentText(b), argumentText(h), Breaks{OlderSDK: true})
	case h.Details.Nullable && !b.Details.Nullable:
		say(ArgumentOptional, argumentText(b), argumentText(h), Breaks{})
	}
	if before, after := text(b.Default), text(h.Default); before != after {
		say(ArgumentDefault, before, after, Breaks{OlderSDK: b.Default != nil})
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
