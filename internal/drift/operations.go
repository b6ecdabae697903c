package drift

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// operations compares all operations.
func (c *comparer) operations() {
	base, head := c.base.contract.Operations, c.head.contract.Operations
	paired := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(base)) {
		op := base[key]
		p, ok := c.operationPairs[key]
		if !ok {
			f := c.opFact(OperationRemoved, op, nil)
			f.before, f.breaks, f.least = key, Breaks{OlderSDK: true}, sourceIfAll
			c.addOp(f)
			continue
		}
		paired[p.head.Key] = true
		c.operation(p)
	}
	for _, key := range slices.Sorted(maps.Keys(head)) {
		if !paired[key] {
			f := c.opFact(OperationAdded, nil, head[key])
			f.after = key
			c.add(f)
		}
	}
}

// opFact is a fact about an operation; one of the two may be nil.
func (c *comparer) opFact(rule RuleID, b, h *contract.Operation) *fact {
	f := &fact{rule: rule}
	if b != nil {
		f.op, f.basePos, f.methods = b.Key, b.Pos, c.methodsOf(c.base, b.Key)
	}
	if h != nil {
		f.headPos = h.Pos
		f.methods = append(f.methods, c.methodsOf(c.head, h.Key)...)
		if b == nil {
			f.op, f.inHead = h.Key, true
		}
	}
	slices.Sort(f.methods)
	f.methods = slices.Compact(f.methods)
	return f
}

// addOp adds a fact about an operation: what no row covers breaks nobody.
func (c *comparer) addOp(f *fact) {
	if len(f.methods) == 0 {
		f.breaks, f.least = Breaks{}, sourceKept
		f.note = "no method of the SDK uses it"
	}
	c.add(f)
}

// both is what breaks SDKs and servers of different age alike.
func both() Breaks { return Breaks{OlderSDK: true, OlderServer: true} }

func (c *comparer) operation(p pair[contract.Operation]) {
	b, h := p.base, p.head
	bd, hd := details(b), details(h)
	say := func(rule RuleID, before, after string, breaks Breaks, least sourceRule) {
		f := c.opFact(rule, b, h)
		f.before, f.after, f.breaks, f.least = before, after, breaks, least
		c.addOp(f)
	}
	if b.Key != h.Key {
		breaks := both()
		if c.protocol == ir.REST && route(b.Key) == route(h.Key) {
			breaks = Breaks{} // what stands in a path has no name on the wire
		}
		say(c.renameRule(b.Key, h.Key), b.Key, h.Key, breaks, sourceKept)
	}
	if b.Kind != h.Kind {
		say(KindChanged, string(b.Kind), string(h.Kind), both(), sourceKept)
	}
	if bd.ClientStreams != hd.ClientStreams || bd.ServerStreams != hd.ServerStreams {
		least := sourceIfAll
		if bd.ServerStreams && !hd.ServerStreams && c.base.side.Complete() {
			least = sourceBroken // the others described the same stream, but only gRPC says that it is one
		}
		say(StreamingChanged, streaming(bd), streaming(hd), both(), least)
	}
	c.httpRules(b, h, say)
	if b.OperationID != h.OperationID {
		say(OperationIDChanged, b.OperationID, h.OperationID, Breaks{}, sourceKept)
	}
	if bd.Security != hd.Security {
		say(SecurityChanged, bd.Security, hd.Security, Breaks{OlderSDK: hd.Security != ""}, sourceKept)
	}
	if gone, now := b.Deprecated != "", h.Deprecated != ""; gone != now {
		say(map[bool]RuleID{true: OperationDeprecated, false: OperationReinstated}[now], b.Deprecated, h.Deprecated, Breaks{}, sourceKept)
	}
	c.operationArguments(p)
	c.bodies(b, h, say)
	c.answers(b, h, say)
}

func streaming(d *contract.OperationDetails) string {
	word := map[bool]string{true: "stream", false: "single"}
	return word[d.ClientStreams] + " request, " + word[d.ServerStreams] + " answer"
}

// renameRule says which part of an operation's name changed.
func (c *comparer) renameRule(before, after string) RuleID {
	bPlace, bName := splitKey(c.protocol, before)
	hPlace, hName := splitKey(c.protocol, after)
	switch {
	case c.protocol == ir.REST && bPlace == hPlace:
		return VerbChanged
	case c.protocol == ir.REST:
		return PathChanged
	case c.protocol == ir.GRPC && bName == hName && short(bPlace) == short(hPlace):
		return PackageRenamed
	case c.protocol == ir.GRPC && bName == hName:
		return ServiceRenamed
	}
	return OperationRenamed
}

// route is a REST operation's key without the names of what stands in its path.
func route(key string) string { return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(key, "{}") }

type sayFunc func(rule RuleID, before, after string, breaks Breaks, least sourceRule)

// bodies compares what operations take. Over GraphQL that is an argument.
func (c *comparer) bodies(b, h *contract.Operation, say sayFunc) {
	bd, hd := details(b), details(h)
	if c.protocol != ir.GraphQL && !c.sameMessage(b.Request, h.Request) {
		breaks, least := both(), sourceBroken
		if b.Request != nil && h.Request != nil && c.sameShape(b.Request, h.Request) {
			breaks, least = Breaks{}, sourceKept
		}
		say(RequestReplaced, bodyName(b), bodyName(h), breaks, least)
	}
	if bare(b) && bare(h) {
		for _, d := range c.typeDifferences(typed{b.Body, bd.Body}, typed{h.Body, hd.Body}, true, false) {
			say(RequestReplaced, d.before, d.after, d.breaks, d.least)
		}
	} else if bare(b) != bare(h) && b.Request == nil && h.Request == nil {
		say(RequestReplaced, bodyName(b), bodyName(h), both(), sourceBroken)
	}
	hasBody := func(op *contract.Operation) bool { return op.Request != nil || bare(op) }
	if hasBody(b) && hasBody(h) && bd.BodyRequired != hd.BodyRequired {
		if hd.BodyRequired {
			say(RequestRequired, "optional", "required", Breaks{OlderSDK: true}, sourceKept)
		} else {
			say(RequestOptional, "required", "optional", Breaks{}, sourceKept)
		}
	}
	if len(bd.MediaTypes) > 0 && len(hd.MediaTypes) > 0 {
		// The SDK sends one of them: the one that its generator picks.
		mediaTypes("request", bd.MediaTypes, hd.MediaTypes, Breaks{
			OlderSDK:    gone(bd.MediaTypes, hd.MediaTypes),
			OlderServer: h.MediaType == "" && gone(bd.MediaTypes, hd.MediaTypes) || h.MediaType != "" && !slices.Contains(bd.MediaTypes, h.MediaType),
		}, say)
	}
}

// bare tells whether an operation's body is no object.
func bare(op *contract.Operation) bool { return op.Body.Scalar != contract.ScalarNone }

// mediaTypes compares the media types of a body.
func mediaTypes(what string, b, h []string, breaks Breaks, say sayFunc) {
	if !slices.Equal(b, h) {
		say(MediaTypeChanged, what+" "+strings.Join(b, ", "), what+" "+strings.Join(h, ", "), breaks, sourceKept)
	}
}

// gone tells whether the base has something that the head has not.
func gone(b, h []string) bool {
	return slices.ContainsFunc(b, func(m string) bool { return !slices.Contains(h, m) })
}

// answers compares what operations answer: the type of success, and for REST
// every status.
func (c *comparer) answers(b, h *contract.Operation, say sayFunc) {
	bd, hd := details(b), details(h)
	for _, d := range c.typeDifferences(typed{b.Response, bd.Response}, typed{h.Response, hd.Response}, false, true) {
		rule := ResponseReplaced
		if slices.ContainsFunc(enumRules(), func(r Rule) bool { return r.ID == d.rule }) {
			rule = d.rule // of an answer that is one of the values
		}
		say(rule, d.before, d.after, d.breaks, d.least)
	}
	if bd.Response.Nullable != hd.Response.Nullable && b.Response.Scalar != contract.ScalarNone && h.Response.Scalar != contract.ScalarNone {
		if hd.Response.Nullable {
			say(ResponseNullable, "not null", "nullable", Breaks{OlderSDK: true}, sourceKept)
		} else {
			say(ResponseNotNullable, "nullable", "not null", Breaks{}, sourceKept)
		}
	}
	lists := isList(typed{b.Response, bd.Response}) && isList(typed{h.Response, hd.Response})
	switch {
	case !lists: // another type, which is told
	case hd.Response.NullableItem && !bd.Response.NullableItem:
		say(FieldItemNullable, "not null", "nullable", Breaks{OlderSDK: true}, sourceKept)
	case bd.Response.NullableItem && !hd.Response.NullableItem:
		say(FieldItemNotNullable, "nullable", "not null", Breaks{}, sourceKept)
	}
	c.statuses(bd.Answers, hd.Answers, say)
}

func (c *comparer) statuses(b, h []contract.Answer, say sayFunc) {
	list := func(answers []contract.Answer, good bool) string {
		var out []string
		for _, a := range answers {
			if isSuccess(a.Status) == good {
				out = append(out, a.Status)
			}
		}
		return strings.Join(out, ", ")
	}
	find := func(answers []contract.Answer, status string) *contract.Answer {
		i := slices.IndexFunc(answers, func(a contract.Answer) bool { return a.Status == status })
		if i < 0 {
			return nil
		}
		return &answers[i]
	}
	if before, after := list(b, true), list(h, true); before != after {
		gone := slices.ContainsFunc(b, func(a contract.Answer) bool { return isSuccess(a.Status) && find(h, a.Status) == nil })
		say(StatusChanged, before, after, Breaks{OlderSDK: gone}, sourceKept)
	}
	if before, after := list(b, false), list(h, false); before != after {
		say(ErrorStatusChanged, before, after, Breaks{}, sourceKept)
	}
	for _, before := range b {
		after := find(h, before.Status)
		if after == nil {
			continue
		}
		if len(before.MediaTypes) > 0 || len(after.MediaTypes) > 0 {
			breaks := Breaks{}
			if gone(before.MediaTypes, after.MediaTypes) {
				breaks = both()
			}
			mediaTypes(before.Status, before.MediaTypes, after.MediaTypes, breaks, say)
		}
		if !isSuccess(before.Status) && (!c.sameMessage(before.Type.Message, after.Type.Message) || before.Details.Text != after.Details.Text && before.Type.Message == nil) {
			say(ResponseReplaced, before.Status+" "+before.Details.Text, after.Status+" "+after.Details.Text, Breaks{OlderSDK: true}, sourceKept)
		}
	}
}

// bodyName is what an operation takes: the name of a message, or how the type of a
// body is written that is none.
func bodyName(op *contract.Operation) string {
	if op.Request != nil {
		return op.Request.Name
	}
	return cmp.Or(details(op).Body.Text, "none")
}
