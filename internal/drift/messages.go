package drift

import (
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// messages compares all messages.
func (c *comparer) messages() {
	base, head := c.base.contract.Messages, c.head.contract.Messages
	paired := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(base)) {
		p, ok := c.messagePairs[name]
		if !ok && isForeign(base[name]) {
			continue
		}
		if !ok {
			f := c.messageFact(MessageRemoved, base[name], nil)
			f.before = name
			c.add(f)
			continue
		}
		paired[p.head.Name] = true
		c.message(p)
	}
	for _, name := range slices.Sorted(maps.Keys(head)) {
		if !paired[name] && !isForeign(head[name]) {
			f := c.messageFact(MessageAdded, nil, head[name])
			f.after = name
			c.add(f)
		}
	}
}

// isForeign tells whether a type is none of the contract's own, such as
// google.protobuf.Empty: it is there while something uses it.
func isForeign(m *contract.Message) bool { return m.Unsupported != "" && len(m.Fields) == 0 }

// messageFact is a fact about a message; one of the two may be nil.
func (c *comparer) messageFact(rule RuleID, b, h *contract.Message) *fact {
	f := &fact{rule: rule}
	methods := map[string]bool{}
	for _, m := range []*contract.Message{b, h} {
		if u := c.uses[m]; m != nil && u != nil {
			f.request = f.request || u.request
			f.response = f.response || u.response || u.failure
			maps.Copy(methods, u.methods)
		}
	}
	f.methods = slices.Sorted(maps.Keys(methods))
	if b != nil {
		f.message, f.baseMessage, f.basePos = b.Name, b.Name, b.Pos
	}
	if h != nil {
		f.headPos, f.headMessage = h.Pos, h.Name
		if b == nil {
			f.message, f.inHead = h.Name, true
		}
	}
	return f
}

// addUsed adds a fact about a message or field: what no method uses breaks
// nobody.
func (c *comparer) addUsed(f *fact) {
	if !f.request && !f.response {
		f.breaks, f.least = Breaks{}, sourceKept
		f.note = "no method of the SDK uses it"
	}
	c.add(f)
}

func (c *comparer) message(p pair[contract.Message]) {
	b, h := p.base, p.head
	bd, hd := messageDetails(b), messageDetails(h)
	if b.Name != h.Name {
		f := c.messageFact(MessageRenamed, b, h)
		f.before, f.after = b.Name, h.Name
		if c.protocol == ir.GraphQL {
			f.breaks = both()
		}
		c.addUsed(f)
	}
	if bd.OneOf != hd.OneOf {
		f := c.messageFact(MessageOneOf, b, h)
		f.before, f.after = oneOf(bd), oneOf(hd)
		// In Go it changes nothing: its fields are nullable, and pointers so or so.
		f.breaks = Breaks{OlderSDK: hd.OneOf && f.request}
		c.addUsed(f)
	}
	c.limits(bd.Limits, hd.Limits, func(before, after string, tighter bool) {
		f := c.messageFact(MessageLimits, b, h)
		f.before, f.after, f.breaks = before, after, Breaks{OlderSDK: tighter && f.request}
		c.addUsed(f)
	})
	c.reserved(b, h)
	c.discriminators(p)
	c.fields(p)
}

func oneOf(d *contract.MessageDetails) string {
	if d.OneOf {
		return "exactly one field"
	}
	return "any fields"
}

// reserved compares the reserved numbers and names as one list.
func (c *comparer) reserved(b, h *contract.Message) {
	bd, hd := messageDetails(b).Reserved, messageDetails(h).Reserved
	missing := func(a, b []string) []string {
		return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
	}
	if gone := missing(bd, hd); len(gone) > 0 {
		f := c.messageFact(ReservedRemoved, b, h)
		f.before = strings.Join(gone, ", ")
		c.addUsed(f)
	}
	if added := missing(hd, bd); len(added) > 0 {
		f := c.messageFact(ReservedAdded, b, h)
		f.after = strings.Join(added, ", ")
		c.addUsed(f)
	}
}

// limits compares the rules that values must keep, one by one.
func (c *comparer) limits(b, h map[string]string, say func(before, after string, tighter bool)) {
	names := map[string]bool{}
	for _, m := range []map[string]string{b, h} {
		for name := range m {
			names[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, had := b[name]
		after, has := h[name]
		if before == after && had == has {
			continue
		}
		show := func(v string, ok bool) string {
			if !ok {
				return name + " none"
			}
			return name + " " + v
		}
		say(show(before, had), show(after, has), has && (!had || tighter(name, before, after)))
	}
}
