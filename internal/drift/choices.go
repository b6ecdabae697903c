package drift

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// inChoice tells whether a field is a variant of a choice that the message of the
// other side has, too, with other variants.
func inChoice(f *contract.Field, other *contract.Message) bool {
	return f.Oneof != nil && slices.ContainsFunc(other.Fields, func(o *contract.Field) bool {
		return o.Oneof != nil && o.Oneof.Name == f.Oneof.Name
	})
}

// variantRemoved: older SDKs may send it, and ask for it over GraphQL; over gRPC
// they may wait for it. Older servers may still answer it, and the new SDK takes
// that for no variant at all.
func (c *comparer) variantRemoved(f *fact) {
	f.rule = VariantRemoved
	f.breaks = Breaks{OlderSDK: f.request || c.protocol != ir.REST, OlderServer: f.response}
}

// discriminators compares what tells the variants of a REST choice apart. Over
// GraphQL that is the name of the type, over gRPC the number.
func (c *comparer) discriminators(p pair[contract.Message]) {
	b, h := p.base, p.head
	if c.protocol != ir.REST || b.Union == nil || h.Union == nil {
		return
	}
	say := func(before, after string, breaks func(*fact) Breaks) {
		f := c.messageFact(Discriminator, b, h)
		f.before, f.after, f.breaks = before, after, breaks(f)
		c.addUsed(f)
	}
	before, after := b.Union.Discriminator, h.Union.Discriminator
	if before != after {
		say(orNone(before), orNone(after), func(f *fact) Breaks { return propertyBreaks(f, before, after) })
		return
	}
	pairs, _, _ := c.pairFields(b, h)
	for _, one := range pairs {
		was, is := one.base.Variant.Names, one.head.Variant.Names
		switch {
		case slices.Equal(was, is) || len(was) == 0 || len(is) == 0:
		case before == "":
			say(one.base.Name+" by "+was[0], one.head.Name+" by "+is[0], func(f *fact) Breaks {
				return Breaks{
					OlderSDK:    f.response && !demands(one.head.Type.Message, was[0]),
					OlderServer: f.response && !demands(one.base.Type.Message, is[0]),
				}
			})
		default:
			say(one.base.Name+" by "+strings.Join(was, ", "), one.head.Name+" by "+strings.Join(is, ", "), func(f *fact) Breaks { return valueBreaks(f, was, is) })
		}
	}
}

// propertyBreaks: who knows a discriminator sends it in requests and needs it in
// answers.
func propertyBreaks(f *fact, before, after string) Breaks {
	switch {
	case before == "":
		return Breaks{OlderSDK: f.request, OlderServer: f.response}
	case after == "":
		return Breaks{OlderSDK: f.response, OlderServer: f.request}
	}
	return both()
}

// valueBreaks: an SDK sends the first of the values that stand for a variant, and
// takes any of them.
func valueBreaks(f *fact, before, after []string) Breaks {
	unknown := func(values, known []string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return !slices.Contains(known, v) })
	}
	return Breaks{
		OlderSDK:    f.request && unknown(before[:1], after) || f.response && unknown(after, before),
		OlderServer: f.request && unknown(after[:1], before) || f.response && unknown(before, after),
	}
}

// demands tells whether a message always has the field.
func demands(m *contract.Message, name string) bool {
	f := m.Field(name)
	return f != nil && f.Required
}
