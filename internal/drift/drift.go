// Package drift tells what changed between two states of the contracts, in
// terms of those who call the SDK: which methods, types and fields, over which
// protocols, and whether it breaks them.
//
// Comparing takes these steps:
//
//  1. read both sides: the manifest and the contracts it names (Read);
//  2. find the operations and messages of one protocol on both sides that are
//     the same thing, even under another name (match.go);
//  3. compare those, one fact at a time (operations.go, messages.go, fields.go,
//     types.go);
//  4. say what each change means to callers: put together what several protocols
//     say of one method, type or field (merge.go), ask the resolved models
//     whether Go code still compiles (surface.go), and name the changes that
//     only some of the protocols went along with (onesided.go).
//
// It knows no format: the packages below internal/contract read those.
package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// Breaks says whom a change breaks. A change that breaks nobody is harmless.
type Breaks struct {
	// Source: Go code that calls the SDK of the base no longer compiles with the
	// SDK of the head.
	Source bool
	// OlderSDK: a program with the SDK of the base fails, or gets something
	// else, from a server of the head.
	OlderSDK bool
	// OlderServer: a program that is built again with the SDK of the head, and
	// otherwise unchanged, fails, or gets something else, from a server of the
	// base.
	OlderServer bool
}

// Wire tells whether the change breaks what is sent between a server and an SDK
// of different age.
func (b Breaks) Wire() bool { return b.OlderSDK || b.OlderServer }

// Any tells whether the change breaks anybody.
func (b Breaks) Any() bool { return b.Source || b.Wire() }

func (b Breaks) or(c Breaks) Breaks {
	return Breaks{b.Source || c.Source, b.OlderSDK || c.OlderSDK, b.OlderServer || c.OlderServer}
}

// Class is the change's class as a word: source, wire, source+wire or harmless.
func (b Breaks) Class() string {
	switch {
	case b.Source && b.Wire():
		return "source+wire"
	case b.Source:
		return "source"
	case b.Wire():
		return "wire"
	}
	return "harmless"
}

// Whom lists whom the change breaks, in a fixed order.
func (b Breaks) Whom() []string {
	var out []string
	for _, one := range []struct {
		broken bool
		word   string
	}{{b.Source, "source"}, {b.OlderSDK, "older-sdk"}, {b.OlderServer, "older-server"}} {
		if one.broken {
			out = append(out, one.word)
		}
	}
	return out
}

// Change is one thing that changed.
type Change struct {
	// Rule is the kind of change.
	Rule RuleID
	// Breaks is the union of what its parts break.
	Breaks Breaks
	// Methods are the manifest rows that it concerns, sorted.
	Methods []string
	// Type and Field are the flat type and its logical field; both may be empty.
	Type, Field string
	// Parts say the same of one protocol each, in the protocols' order. A change
	// of the manifest has none.
	Parts []Part
	// Message says what changed, Hint what to do; the hint may be empty.
	Message, Hint string
	// Pos is the place in the head or, for what the head lacks, in the base.
	Pos    diag.Pos
	InBase bool
	// Detail is more text of several lines; it may be empty.
	Detail string
	// ofOperation: the change is one of an operation, whatever field of the SDK it
	// is about.
	ofOperation bool
}

// Protocols are those of the parts.
func (c *Change) Protocols() []ir.Protocol {
	var out []ir.Protocol
	for _, p := range c.Parts {
		if !slices.Contains(out, p.Protocol) {
			out = append(out, p.Protocol)
		}
	}
	return out
}

// Part is a change as one contract states it.
type Part struct {
	Protocol ir.Protocol
	// Element is the thing's name in the contract ("User.email", "POST
	// /v1/login"), in the base if it has it.
	Element string
	// Before and After are the fact on both sides; empty: it is not there.
	Before, After string
	// Base and Head are the places; zero where the side lacks the thing.
	Base, Head diag.Pos
	Breaks     Breaks
}

// Result is what comparing found.
type Result struct {
	Base, Head *Side
	// Protocols are those that were compared.
	Protocols []ir.Protocol
	// Changes are sorted by method, type and field, and what follows from others
	// comes after them.
	Changes []*Change
}

// Breaks is the union over all changes.
func (r *Result) Breaks() Breaks {
	var out Breaks
	for _, c := range r.Changes {
		out = out.or(c.Breaks)
	}
	return out
}

// Compare compares the two sides over the protocols; none means all that either
// side has a contract for.
func Compare(base, head *Side, protocols ...ir.Protocol) *Result {
	if len(protocols) == 0 {
		for _, p := range ir.Protocols() {
			if base.Contracts[p] != nil || head.Contracts[p] != nil {
				protocols = append(protocols, p)
			}
		}
	}
	var raw []*fact
	for _, p := range protocols {
		raw = append(raw, compareProtocol(base, head, p)...)
	}
	m := &merger{base: base, head: head, protocols: protocols}
	changes := m.merge(raw)
	changes = append(changes, m.surface(changes)...)
	changes = append(changes, m.oneSided(changes)...)
	changes = append(changes, m.generated()...)
	slices.SortStableFunc(changes, func(a, b *Change) int {
		return cmp.Or(
			strings.Compare(first(a.Methods), first(b.Methods)),
			strings.Compare(a.Type, b.Type),
			strings.Compare(a.Field, b.Field),
			cmp.Compare(last(a), last(b)),
			strings.Compare(string(a.Rule), string(b.Rule)),
			strings.Compare(a.Message, b.Message),
		)
	})
	return &Result{Base: base, Head: head, Protocols: protocols, Changes: changes}
}

// last is 1 for what follows from other changes.
func last(c *Change) int {
	if c.Rule == OneSided || c.Rule == SDKNotGenerated {
		return 1
	}
	return 0
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// fact is one difference between two contracts of one protocol, before it is
// put into the words of the SDK.
type fact struct {
	rule     RuleID
	protocol ir.Protocol
	// message and field name the element on the side that has it: in the base,
	// or else in the head. For operations op is set instead.
	message, field string
	op             string
	// argument is the operation's argument or parameter that the fact is about.
	argument *contract.Argument
	inHead   bool
	// baseMessage and headMessage are the message's names on the sides that have it.
	baseMessage, headMessage string
	// methods are the rows that the element belongs to.
	methods []string
	// request and response tell in which direction it travels.
	request, response bool
	before, after     string
	basePos, headPos  diag.Pos
	breaks            Breaks
	// least says when the change also breaks source code, for sides of which no
	// SDK can be generated: see sourceRule.
	least sourceRule
	// note says more; it may be empty.
	note string
}

// sourceRule says whether Go code breaks when the manifest follows the changed
// contract with the least loss. It counts where one of the sides does not
// resolve; where both do, the models are compared instead.
type sourceRule int

const (
	// sourceKept: the Go API can stay as it is.
	sourceKept sourceRule = iota
	// sourceBroken: the method, field or type cannot stay as it is.
	sourceBroken
	// sourceIfAll: it is lost only if no protocol has it any more.
	sourceIfAll
	// sourceIfPointer: by what the models know of the field, however incomplete
	// they are, it becomes a pointer or no longer is one.
	sourceIfPointer
)

// compareProtocol compares the contracts of one protocol.
func compareProtocol(base, head *Side, p ir.Protocol) []*fact {
	b, h := newView(base, p), newView(head, p)
	c := &comparer{protocol: p, base: b, head: h, transcoded: transcoded(base) || transcoded(head)}
	c.pairMessages()
	c.pairOperations()
	c.uses = usesOf(c)
	c.operations()
	c.messages()
	return c.facts
}

func transcoded(s *Side) bool {
	rest := s.Manifest.Contracts.REST
	return rest != nil && rest.Transcoded.Value
}

// comparer compares the contracts of one protocol.
type comparer struct {
	protocol   ir.Protocol
	base, head *view
	transcoded bool
	// messagePairs and operationPairs hold what is on both sides, by the name in
	// the base; renamed maps names of messages in the base to those in the head.
	messagePairs   map[string]pair[contract.Message]
	operationPairs map[string]pair[contract.Operation]
	renamed        map[string]string
	uses           map[*contract.Message]*use
	facts          []*fact
}

// pair is one thing on both sides.
type pair[T any] struct{ base, head *T }

func (c *comparer) add(f *fact) {
	f.protocol = c.protocol
	c.facts = append(c.facts, f)
}
