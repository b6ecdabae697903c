package drift

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// typed is a type with the way it is written.
type typed struct {
	contract.Type
	details contract.TypeDetails
}

// difference is one way in which two types differ.
type difference struct {
	rule          RuleID
	before, after string
	breaks        Breaks
	least         sourceRule
}

// typeDifferences compares two types but for their nullability, for values that
// travel in the given directions.
func (c *comparer) typeDifferences(b, h typed, request, response bool) []difference {
	change := difference{rule: FieldType, before: cmp.Or(b.details.Text, "nothing"), after: cmp.Or(h.details.Text, "nothing"), breaks: both(), least: sourceBroken}
	switch {
	case isList(b) != isList(h):
		change.rule = FieldList
		return []difference{change}
	case b.Message != nil && h.Message != nil:
		return c.messageDifferences(b, h, change)
	case b.details.Enum != nil && h.details.Enum != nil:
		return append(enumRenamed(b, h), c.enumDifferences(b.details.Enum, h.details.Enum, request, response)...)
	case b.details.Enum == nil != (h.details.Enum == nil) && c.protocol == ir.REST && b.details.Text == h.details.Text:
		return []difference{enumDifference(b, h, request, response)}
	case b.details.Text == h.details.Text && b.Wire == h.Wire && sameGo(b.Type, h.Type):
		return nil
	}
	if sameGo(b.Type, h.Type) || b.Scalar == contract.ScalarUnsupported {
		change.least = sourceKept // the type in Go is the same, or there was none
	}
	if c.sameOnWire(b, h) {
		change.breaks = Breaks{}
	}
	if change.before == change.after {
		change.before, change.after = change.before+" as "+string(b.Scalar), change.after+" as "+string(h.Scalar)
	}
	return []difference{change}
}

// sameGo tells whether two types without messages are the same in Go.
func sameGo(a, b contract.Type) bool {
	if a.Scalar != b.Scalar || a.List != b.List || a.Map != b.Map || (a.Elem == nil) != (b.Elem == nil) {
		return false
	}
	return a.Elem == nil || sameGo(*a.Elem, *b.Elem)
}

// isList tells whether a type is a list, also one that sdkgen cannot use.
func isList(t typed) bool {
	text := t.details.Text
	return t.List || strings.HasPrefix(text, "[") || strings.HasPrefix(text, "array<") || strings.HasPrefix(text, "repeated ")
}

// sameOnWire tells whether values of two types are written alike although the
// contract names the types differently.
func (c *comparer) sameOnWire(b, h typed) bool {
	if b.details.Text == h.details.Text {
		return true // only the manifest reads it differently
	}
	switch c.protocol {
	case ir.GraphQL:
		return sameGo(b.Type, h.Type) && b.Scalar != contract.ScalarUnsupported
	case ir.REST:
		kind := func(t typed) string { word, _, _ := strings.Cut(t.Wire, "/"); return word }
		return sameGo(b.Type, h.Type) && b.Scalar != contract.ScalarUnsupported && kind(b) == kind(h)
	}
	return false
}

// messageDifferences compares references to messages.
func (c *comparer) messageDifferences(b, h typed, change difference) []difference {
	if c.sameMessage(b.Message, h.Message) {
		return nil
	}
	change.rule = FieldReplaced
	if c.protocol != ir.GraphQL && c.sameShape(b.Message, h.Message) {
		change.breaks, change.least = Breaks{}, sourceKept
	}
	return []difference{change}
}

// sameShape tells whether two messages look the same on the wire.
func (c *comparer) sameShape(b, h *contract.Message) bool {
	return c.shape(b, map[*contract.Message]bool{}) == c.shape(h, map[*contract.Message]bool{})
}

func (c *comparer) shape(m *contract.Message, seen map[*contract.Message]bool) string {
	if seen[m] {
		return "..."
	}
	seen[m] = true
	defer delete(seen, m)
	var out strings.Builder
	for _, f := range m.Fields {
		d := fieldDetails(f)
		out.WriteString(f.Name + "=" + strconv.Itoa(int(d.Number)) + ":")
		if message := f.Type.Leaf().Message; message != nil {
			out.WriteString("{" + c.shape(message, seen) + "}" + strconv.FormatBool(f.Type.List))
		} else {
			out.WriteString(d.Type.Text)
		}
		out.WriteString(strconv.FormatBool(f.Required) + strconv.FormatBool(f.Nullable) + ";")
	}
	return out.String()
}

// enumDifference is about values that are listed on one side only.
func enumDifference(b, h typed, request, response bool) difference {
	out := difference{before: b.details.Text, after: h.details.Text}
	if h.details.Enum != nil {
		out.rule, out.after = EnumAdded, out.after+" of "+values(h.details.Enum)
		out.breaks, out.least = Breaks{OlderSDK: request}, sourceBroken
		return out
	}
	out.rule, out.before = EnumRemoved, out.before+" of "+values(b.details.Enum)
	out.breaks, out.least = Breaks{OlderSDK: response}, sourceIfAll // over others it may be a text already
	return out
}

// enumRenamed is the difference of the names of two enums; none if there is none.
func enumRenamed(b, h typed) []difference {
	was, is := b.Leaf().Enum, h.Leaf().Enum
	if was == nil || is == nil || short(was.Name) == short(is.Name) {
		return nil // the package is told of once
	}
	return []difference{{rule: EnumRenamed, before: orNone(was.Name), after: orNone(is.Name)}}
}

func values(e *contract.Enum) string {
	var out []string
	for _, v := range e.Values {
		out = append(out, v.Name)
	}
	return strings.Join(out, ", ")
}

// enumDifferences compares the values of two enums.
func (c *comparer) enumDifferences(b, h *contract.Enum, request, response bool) []difference {
	var out []difference
	say := func(rule RuleID, before, after string, breaks Breaks) {
		out = append(out, difference{rule: rule, before: before, after: after, breaks: breaks})
	}
	head := map[string]contract.EnumValue{}
	for _, v := range h.Values {
		head[v.Name] = v
	}
	known := map[string]bool{}
	for _, v := range b.Values {
		other, ok := head[v.Name]
		if !ok {
			other, ok = c.renamedValue(v, b, h)
			if !ok {
				say(EnumValueRemoved, v.Name, "", Breaks{OlderSDK: request})
				out[len(out)-1].least = sourceIfAll
				continue
			}
			breaks := Breaks{}
			if c.transcoded {
				breaks = both()
			}
			say(EnumValueRenamed, v.Name, other.Name, breaks)
		}
		known[other.Name] = true
		if v.Number != other.Number {
			say(EnumValueNumber, v.Name+" = "+strconv.Itoa(int(v.Number)), other.Name+" = "+strconv.Itoa(int(other.Number)), both())
		}
		if (v.Deprecated == "") != (other.Deprecated == "") {
			say(EnumValueDeprecated, v.Name+" "+cmp.Or(v.Deprecated, "in use"), other.Name+" "+cmp.Or(other.Deprecated, "in use"), Breaks{})
		}
	}
	for _, v := range h.Values {
		if !known[v.Name] {
			say(EnumValueAdded, "", v.Name, Breaks{OlderSDK: response})
		}
	}
	return out
}

// renamedValue finds the value of the same number under a new name; only
// protobuf has numbers.
func (c *comparer) renamedValue(v contract.EnumValue, b, h *contract.Enum) (contract.EnumValue, bool) {
	if c.protocol != ir.GRPC {
		return contract.EnumValue{}, false
	}
	had := map[string]bool{}
	for _, old := range b.Values {
		had[old.Name] = true
	}
	for _, other := range h.Values {
		if other.Number == v.Number && !had[other.Name] {
			return other, true
		}
	}
	return contract.EnumValue{}, false
}
