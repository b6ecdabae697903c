package drift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// fields compares the fields of a message.
func (c *comparer) fields(p pair[contract.Message]) {
	pairs, gone, added := c.pairFields(p.base, p.head)
	for _, f := range gone {
		out := c.fieldFact(FieldRemoved, p, f, nil)
		out.before = fieldText(c.protocol, f)
		out.breaks, out.least = Breaks{OlderSDK: true}, sourceBroken
		if !out.response {
			out.least = sourceIfAll // the manifest can keep it for the other protocols
		}
		if inChoice(f, p.head) {
			c.variantRemoved(out)
		}
		if n := fieldDetails(f).Number; n != 0 && !reserves(p.head, f) {
			out.note = fmt.Sprintf("reserve the number %d and the name %q, lest they are used again", n, f.Name)
		}
		c.addUsed(out)
	}
	for _, f := range added {
		c.fieldAdded(p, f)
	}
	for _, one := range pairs {
		c.field(p, one.base, one.head)
	}
}

// reserves tells whether the message reserves the field's number.
func reserves(m *contract.Message, f *contract.Field) bool {
	n := int(fieldDetails(f).Number)
	return slices.ContainsFunc(messageDetails(m).Reserved, func(s string) bool {
		from, to, isRange := strings.Cut(s, " to ")
		low, err := strconv.Atoi(from)
		if err != nil || n < low {
			return false
		}
		if !isRange {
			return n == low
		}
		high, err := strconv.Atoi(to)
		return err == nil && n <= high
	})
}

func (c *comparer) fieldAdded(p pair[contract.Message], f *contract.Field) {
	out := c.fieldFact(FieldAdded, p, nil, f)
	out.after = fieldText(c.protocol, f)
	out.breaks.OlderSDK = out.request && f.Required
	// The SDK selects every field that it knows: a GraphQL server that lacks one
	// refuses the whole call.
	out.breaks.OlderServer = out.response && c.protocol == ir.GraphQL
	if inChoice(f, p.base) {
		out.rule = VariantAdded
		out.breaks.OlderSDK = out.response
	}
	number := fieldDetails(f).Number
	reused := number != 0 && (reserves(p.base, f) || slices.ContainsFunc(p.base.Fields, func(old *contract.Field) bool {
		return fieldDetails(old).Number == number
	}))
	if reused {
		out.rule, out.breaks = FieldNumberReused, both()
		out.note = fmt.Sprintf("older peers know the number %d by another meaning", number)
	}
	c.addUsed(out)
}

// fieldFact is a fact about a field; one of the two may be nil.
func (c *comparer) fieldFact(rule RuleID, p pair[contract.Message], b, h *contract.Field) *fact {
	out := c.messageFact(rule, p.base, p.head)
	out.basePos, out.headPos = diag.Pos{}, diag.Pos{}
	if b != nil {
		out.field, out.basePos = b.Name, b.Pos
	}
	if h != nil {
		out.headPos = h.Pos
		if b == nil {
			out.message, out.field, out.inHead = p.head.Name, h.Name, true
			u := c.uses[p.head]
			out.request, out.response = u != nil && u.request, u != nil && (u.response || u.failure)
		}
	}
	return out
}

// fieldText is a field's type as the contract writes it.
func fieldText(p ir.Protocol, f *contract.Field) string {
	d := fieldDetails(f)
	out := d.Type.Text
	if p == ir.GraphQL && !d.Type.Nullable {
		out += "!"
	}
	if d.Number != 0 {
		out += " = " + strconv.Itoa(int(d.Number))
	}
	return out
}

func (c *comparer) field(p pair[contract.Message], b, h *contract.Field) {
	bd, hd := fieldDetails(b), fieldDetails(h)
	say := func(rule RuleID, before, after string, breaks Breaks, least sourceRule) *fact {
		f := c.fieldFact(rule, p, b, h)
		f.before, f.after, f.breaks, f.least = before, after, breaks, least
		c.addUsed(f)
		return f
	}
	at := c.messageFact("", p.base, p.head)
	if b.Name != h.Name {
		c.fieldRenamed(b, h, p.base.Union != nil, say)
	}
	differences := c.typeDifferences(typed{b.Type, bd.Type}, typed{h.Type, hd.Type}, at.request, at.response)
	for _, d := range differences {
		say(d.rule, d.before, d.after, d.breaks, d.least)
	}
	if len(differences) == 0 || b.Type.List == h.Type.List && b.Type.Map == h.Type.Map {
		c.nullability(b, h, at, say)
	}
	c.protoFacts(p, b, h, at, len(differences) == 0, say)
	if before, after := text(bd.Default), text(hd.Default); before != after {
		breaks := Breaks{OlderSDK: bd.Default != nil && (at.request && !b.Required || c.protocol == ir.GRPC)}
		say(FieldDefault, before, after, breaks, sourceKept)
	}
	c.limits(bd.Limits, hd.Limits, func(before, after string, tighter bool) {
		hidden := strings.HasPrefix(after, "writeOnly true")
		say(FieldLimits, before, after, Breaks{OlderSDK: tighter && (at.request && !hidden || at.response && hidden)}, sourceKept)
	})
	if was, is := b.Deprecated != "", h.Deprecated != ""; was != is {
		say(map[bool]RuleID{true: FieldDeprecated, false: FieldReinstated}[is], b.Deprecated, h.Deprecated, Breaks{}, sourceKept)
	}
	c.fieldArguments(bd.Arguments, hd.Arguments, say)
}

type sayField func(rule RuleID, before, after string, breaks Breaks, least sourceRule) *fact

// fieldRenamed: gRPC sends numbers; a transcoded REST takes its names from there.
// The name of a variant is that of its message, or of what tells it apart.
func (c *comparer) fieldRenamed(b, h *contract.Field, variant bool, say sayField) {
	breaks := both()
	if variant || c.protocol == ir.GRPC && !c.transcoded {
		breaks = Breaks{}
	}
	f := say(FieldRenamed, b.Name, h.Name, breaks, sourceIfAll)
	if c.protocol == ir.GRPC && f.breaks.Any() {
		f.note = "gRPC sends its number only, but REST is transcoded from the protos and takes its names from them"
	}
}

// nullability compares required, nullable and what items may be.
func (c *comparer) nullability(b, h *contract.Field, at *fact, say sayField) {
	bd, hd := fieldDetails(b).Type, fieldDetails(h).Type
	bReq, hReq := b.Required, h.Required
	if c.protocol == ir.GraphQL && at.response && !at.request {
		bReq, hReq = !bd.Nullable, !hd.Nullable
	}
	strict := c.protocol == ir.GRPC // proto2: a message that lacks the field is refused
	// A plain Go field becomes a pointer, or the other way round: GraphQL decides
	// for all protocols, the others for methods that they alone have.
	pointer := sourceKept
	if at.request && b.Type.Single() && b.Type.Scalar != contract.ScalarObject {
		pointer = sourceIfAll
		if c.protocol == ir.GraphQL {
			pointer = sourceBroken
		}
	}
	switch {
	case hReq && !bReq:
		say(FieldRequired, "optional", "required", Breaks{OlderSDK: at.request || strict, OlderServer: strict}, pointer)
	case bReq && !hReq:
		say(FieldOptional, "required", "optional", Breaks{OlderSDK: at.response || strict, OlderServer: strict}, pointer)
	case hd.Nullable && !bd.Nullable:
		say(FieldNullable, "not null", "nullable", Breaks{OlderSDK: at.response}, sourceKept)
	case bd.Nullable && !hd.Nullable:
		say(FieldNotNullable, "nullable", "not null", Breaks{OlderSDK: at.request}, sourceKept)
	}
	if c.protocol == ir.REST && bReq != hReq && bd.Nullable != hd.Nullable {
		// Over REST these are two facts.
		if hd.Nullable {
			say(FieldNullable, "not null", "nullable", Breaks{OlderSDK: at.response}, sourceKept)
		} else {
			say(FieldNotNullable, "nullable", "not null", Breaks{OlderSDK: at.request}, sourceKept)
		}
	}
	switch {
	case hd.NullableItem && !bd.NullableItem:
		say(FieldItemNullable, "not null", "nullable", Breaks{OlderSDK: at.response}, sourceKept)
	case bd.NullableItem && !hd.NullableItem:
		say(FieldItemNotNullable, "nullable", "not null", Breaks{OlderSDK: at.request}, sourceKept)
	}
}

// protoFacts compares what only protobuf has.
func (c *comparer) protoFacts(p pair[contract.Message], b, h *contract.Field, at *fact, sameType bool, say sayField) {
	if c.protocol != ir.GRPC {
		return
	}
	bd, hd := fieldDetails(b), fieldDetails(h)
	if bd.Number != hd.Number {
		say(FieldNumber, strconv.Itoa(int(bd.Number)), strconv.Itoa(int(hd.Number)), both(), sourceKept)
	}
	if bd.JSONName != hd.JSONName && b.Name == h.Name {
		breaks := Breaks{}
		if c.transcoded {
			breaks = both()
		}
		say(FieldJSONName, bd.JSONName, hd.JSONName, breaks, sourceKept)
	}
	if bd.Oneof != hd.Oneof {
		// A member of a oneof is a pointer, in answers, too.
		breaks := both()
		if bd.Oneof != "" && hd.Oneof != "" && slices.Equal(members(p, p.base, bd.Oneof), members(p, p.head, hd.Oneof)) {
			breaks = Breaks{} // the name of a oneof stays at home
		}
		say(FieldOneof, orNone(bd.Oneof), orNone(hd.Oneof), breaks, sourceIfPointer)
	} else if b.Presence != h.Presence && b.Required == h.Required && sameType {
		word := map[bool]string{true: "explicit", false: "implicit"}
		breaks := Breaks{}
		if at.request && b.Presence {
			breaks = both()
		}
		say(FieldPresence, word[b.Presence], word[h.Presence], breaks, sourceKept)
	}
}

// members are the numbers of a oneof's fields, as far as both sides have them.
func members(p pair[contract.Message], m *contract.Message, oneof string) []int32 {
	var out []int32
	for _, f := range m.Fields {
		n := fieldDetails(f).Number
		known := func(o *contract.Field) bool { return fieldDetails(o).Number == n }
		if fieldDetails(f).Oneof == oneof && slices.ContainsFunc(p.base.Fields, known) && slices.ContainsFunc(p.head.Fields, known) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
