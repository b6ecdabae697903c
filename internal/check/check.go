// Package check holds the rules by which the contracts are compared with each
// other and with the manifest: one rule a file, each with a stable id. What a
// rule finds can be accepted in the manifest, with a reason.
package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/report"
)

// Input is what there is to check.
type Input struct {
	Manifest  *manifest.File
	Contracts map[ir.Protocol]*contract.Contract
	// Resolved is what resolving found, with the ids of its rules. Model is only
	// looked at if that is nothing.
	Resolved []diag.Finding
	Model    *ir.SDK
	// Places are those that open entries of accepted stand for; nil: all.
	Places *Places
}

// rule is a rule with what applies it.
type rule struct {
	report.Rule
	// fixed: what it finds cannot be accepted, only mended.
	fixed bool
	// find is nil for rules that another phase applies.
	find func(*checker)
}

// Rules describes all rules, sorted by id.
func Rules() []report.Rule {
	var out []report.Rule
	for _, r := range rules() {
		out = append(out, r.Rule)
	}
	return out
}

// Acceptable tells whether the manifest can accept what the rule finds.
func Acceptable(id string) bool {
	return slices.ContainsFunc(rules(), func(r rule) bool { return r.ID == id && !r.fixed })
}

// rules are all rules, sorted by id.
func rules() []rule {
	out := append(resolverRules(),
		uncoveredOperation(), partialField(), renamedCase(), requiredDiffers(), presenceLost(), nullableDiffers(),
		int64AsString(), enumValues(), enumZero(), protoDefault(), pagingDiffers(), deprecationDiffers(), authDiffers(), httpAnnotation(),
		unusedAcceptance(), unusedIgnore(), staleOutput(), unusableInput())
	slices.SortFunc(out, func(a, b rule) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// finding is a finding with what the manifest can accept it by.
type finding struct {
	report.Finding
	field string
	// together is the message for several protocols, where findings that say the
	// same of one each are told as one.
	together func(protocols []string) string
}

// checker applies the rules.
type checker struct {
	Input
	// fixed are the rules whose findings cannot be accepted, by id.
	fixed   map[string]bool
	current *rule
	found   []finding
	// users are the methods that a flat type is used by, in the manifest's order.
	users map[*ir.Message][]string
	// places are those of findings that open entries stand for.
	places []string
}

func run(in Input) *checker {
	all := rules()
	c := &checker{Input: in, fixed: map[string]bool{}, users: map[*ir.Message][]string{}}
	for _, r := range all {
		c.fixed[r.ID] = r.fixed
	}
	c.resolved()
	complete := len(in.Resolved) == 0
	if complete {
		c.walkUsers()
	} else {
		c.Model = &ir.SDK{}
	}
	for _, r := range all {
		if r.find != nil {
			c.current = &r
			r.find(c)
		}
	}
	used := c.accept()
	if complete {
		c.unused(used)
	}
	c.together()
	return c
}

// Run applies all rules. Where resolving found something there is no model, and
// only the rules that need none are applied besides.
func Run(in Input) []report.Finding {
	c := run(in)
	out := make([]report.Finding, len(c.found))
	for i, f := range c.found {
		out[i] = f.Finding
	}
	return out
}

// add adds a finding of the current rule.
func (c *checker) add(f finding, format string, args ...any) {
	f.Rule, f.Severity = c.current.ID, c.current.Severity
	f.Message = fmt.Sprintf(format, args...)
	c.found = append(c.found, f)
}

// walkUsers notes which methods use which types.
func (c *checker) walkUsers() {
	for _, row := range c.Manifest.Methods {
		m := c.method(row.Name.Value)
		if m == nil {
			continue
		}
		seen := map[*ir.Message]bool{}
		var walk func(*ir.Message)
		walk = func(t *ir.Message) {
			if t == nil || seen[t] {
				return
			}
			seen[t] = true
			c.users[t] = append(c.users[t], m.Name)
			for _, f := range t.Fields {
				walk(f.Type.Leaf().Message)
			}
		}
		walk(m.Request)
		walk(m.Response)
	}
}

func (c *checker) method(name string) *ir.Method {
	for _, s := range c.Model.Services {
		for _, m := range s.Methods {
			if m.Name == name {
				return m
			}
		}
	}
	return nil
}

// methods calls f for every method, in the order of the services.
func (c *checker) methods(f func(*ir.Method)) {
	for _, s := range c.Model.Services {
		for _, m := range s.Methods {
			f(m)
		}
	}
}

// wireFields calls f for every field of every type, as every protocol has it.
func (c *checker) wireFields(f func(*ir.Wire, *ir.WireField)) {
	for _, m := range c.Model.Messages {
		for _, w := range m.Wires {
			for _, wf := range w.Fields {
				f(w, wf)
			}
		}
	}
}

// ofField is the finding for a field of a type over one protocol.
func (c *checker) ofField(w *ir.Wire, name string, pos diag.Pos) finding {
	return finding{field: name, Finding: report.Finding{
		Methods: c.users[w.Message], Type: w.Message.GoName, Protocols: []string{string(w.Protocol)}, Pos: pos,
	}}
}

// ofMethod is the finding for a method over some protocols.
func ofMethod(m *ir.Method, pos diag.Pos, protocols ...ir.Protocol) finding {
	return finding{Finding: report.Finding{Methods: []string{m.Name}, Protocols: words(protocols), Pos: pos}}
}

func words(list []ir.Protocol) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = string(p)
	}
	return out
}

func list(protocols []ir.Protocol) string { return strings.Join(words(protocols), " and ") }

// fieldRule is the manifest's rule for a field of a type, or nil.
func (c *checker) fieldRule(typeName, field string) *manifest.FieldRule {
	for i := range c.Manifest.Fields {
		r := &c.Manifest.Fields[i]
		if r.Type.Value == typeName && r.Field.Value == field {
			return r
		}
	}
	return nil
}

func (c *checker) transcoded() bool {
	rest := c.Manifest.Contracts.REST
	return rest != nil && rest.Transcoded.Value
}
