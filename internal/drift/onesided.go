package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// oneSided finds changes that some of the protocols that offer a method, type
// or field went along with, and others did not. That is the commonest mistake:
// one contract was edited, the others were forgotten.
func (m *merger) oneSided(changes []*Change) []*Change {
	groups := map[string][]*Change{}
	var order []string
	for _, c := range changes {
		parity := parityOf(c.Rule)
		subject := m.subject(c)
		if parity == "" || subject == "" || c.isOmitted() {
			continue
		}
		key := parity + "\x00" + subject
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], c)
	}
	var out []*Change
	for _, key := range order {
		parity, subject, _ := strings.Cut(key, "\x00")
		if c := m.oneSidedGroup(parity, subject, groups[key]); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// subject names what a change is about, the same over all protocols; empty
// where that is not known.
func (m *merger) subject(c *Change) string {
	switch {
	case c.Field != "":
		return "field " + c.Type + "." + c.Field
	case c.Type != "":
		return "type " + c.Type
	case len(c.Methods) == 1 && strings.HasPrefix(string(c.Rule), "operation-"):
		return "method " + c.Methods[0]
	case c.Rule == OperationAdded && len(c.Parts) == 1:
		return m.conventional(c.Parts[0])
	}
	return ""
}

// isOmitted tells whether the manifest leaves the field out.
func (c *Change) isOmitted() bool { return strings.Contains(c.Hint, "leaves it out of the SDK") }

// conventional is the name that a row for a new operation would have by the
// conventions of the services; empty if none fits. The longest convention wins.
func (m *merger) conventional(p Part) string {
	key := p.Element
	if p.Protocol == ir.REST {
		_, key, _ = strings.Cut(key, " ")
	}
	best, subject := 0, ""
	for _, s := range m.head.Manifest.Services {
		pattern := map[ir.Protocol]string{ir.GraphQL: s.GraphQL.Value, ir.REST: s.REST.Value, ir.GRPC: s.GRPC.Value}[p.Protocol]
		before, after, ok := strings.Cut(strings.Replace(pattern, "{Name}", "{name}", 1), "{name}")
		if !ok || !strings.HasPrefix(key, before) || !strings.HasSuffix(key, after) || len(key) <= len(before)+len(after) {
			continue
		}
		if literal := len(before) + len(after) + 1; literal > best {
			best = literal
			subject = "new method " + s.Name.Value + "." + plain(key[len(before):len(key)-len(after)])
		}
	}
	return subject
}

func (m *merger) oneSidedGroup(parity, subject string, group []*Change) *Change {
	var changed []ir.Protocol
	for _, c := range group {
		changed = append(changed, c.Protocols()...)
	}
	var missing []ir.Protocol
	for _, p := range m.expected(group[0], subject) {
		if !slices.Contains(changed, p) && slices.Contains(m.protocols, p) {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	changed = slices.DeleteFunc(ir.Protocols(), func(p ir.Protocol) bool { return !slices.Contains(changed, p) })
	first := group[0]
	return &Change{
		Rule: OneSided, Methods: first.Methods, Type: first.Type, Field: first.Field,
		Pos: first.Pos, InBase: first.InBase,
		Message: fmt.Sprintf("%s: %s over %s only, not over %s", subject, parity, listOf(changed), listOf(missing)),
		Hint:    fmt.Sprintf("change the contract of %s as well, or say in the manifest that the protocols differ here", listOf(missing)),
	}
}

// expected are the protocols that ought to change together.
func (m *merger) expected(c *Change, subject string) []ir.Protocol {
	switch {
	case c.Field != "":
		for _, file := range []*manifest.File{m.base.Manifest, m.head.Manifest} {
			for _, rule := range file.Fields {
				if rule.Type.Value == c.Type && rule.Field.Value == c.Field && len(rule.Only) > 0 {
					return nil // the manifest says that the protocols differ
				}
			}
		}
		if parityOf(c.Rule) == parityOf(FieldAdded) {
			return m.protocolsWhere(m.head, c.Type, func(*ir.Wire) bool { return true })
		}
		return m.protocolsOfField(m.base, c.Type, c.Field)
	case len(c.Methods) == 1:
		if now := protocolsOfMethod(m.head, c.Methods[0]); c.Rule == OperationAdded && len(now) > 0 {
			return now
		}
		return protocolsOfMethod(m.base, c.Methods[0])
	case strings.HasPrefix(subject, "new method "):
		return m.protocols
	}
	return nil
}

func listOf(protocols []ir.Protocol) string {
	words := make([]string, len(protocols))
	for i, p := range protocols {
		words[i] = string(p)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// generated tells when only one of the sides makes an SDK.
func (m *merger) generated() []*Change {
	switch {
	case m.base.Complete() && !m.head.Complete():
		lines := make([]string, len(m.head.Findings))
		for i, f := range m.head.Findings {
			lines[i] = f.Error()
		}
		return []*Change{{
			Rule: SDKNotGenerated, Breaks: Breaks{Source: true}, Pos: m.head.Findings[0].Pos,
			Message: fmt.Sprintf("an SDK can be generated from %s, but none from %s: its manifest and its contracts do not fit together (%s)", m.base.Name, m.head.Name, diag.Count(len(lines), "finding")),
			Hint:    "sdkgen check says what to do",
			Detail:  strings.Join(lines, "\n"),
		}}
	case !m.base.Complete() && m.head.Complete():
		return []*Change{{
			Rule:    SDKGeneratedAgain,
			Message: fmt.Sprintf("no SDK can be generated from %s, but one from %s", m.base.Name, m.head.Name),
		}}
	}
	return nil
}
