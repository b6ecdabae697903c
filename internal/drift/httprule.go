package drift

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// httpRules compares how a gateway offers a gRPC method. Their order says nothing.
func (c *comparer) httpRules(b, h *contract.Operation, say sayFunc) {
	before, after := bindingTexts(b), bindingTexts(h)
	if slices.Equal(before, after) {
		return
	}
	var breaks Breaks
	if c.transcoded {
		breaks = c.bindingBreaks(b, h)
	}
	say(HTTPRuleChanged, strings.Join(before, "; "), strings.Join(after, "; "), breaks, sourceKept)
}

// bindingTexts are the bindings as people read them, sorted.
func bindingTexts(op *contract.Operation) []string {
	var out []string
	for _, b := range op.HTTP {
		text := b.Verb + " " + b.Path
		switch b.Body {
		case "":
			text += " without a body"
		case "*":
			text += " with all fields in the body"
		default:
			text += " with the body " + b.Body
		}
		if b.ResponseBody != "" {
			text += ", which answers " + b.ResponseBody
		}
		out = append(out, text)
	}
	slices.Sort(out)
	return out
}

// bindingBreaks: the SDK uses the binding that the method's REST operation is.
// What others become breaks nobody, nor does the body of a request without fields.
func (c *comparer) bindingBreaks(b, h *contract.Operation) Breaks {
	rest := newView(c.base.side, ir.REST)
	var out Breaks
	for _, method := range c.methodsOf(c.base, b.Key) {
		for key, methods := range rest.rows {
			if !slices.Contains(methods, method) {
				continue
			}
			was, had := bindingOf(b, rest.contract.Operations[key])
			is, has := bindingOf(h, rest.contract.Operations[key])
			empty := b.Request != nil && len(b.Request.Fields) == 0
			switch {
			case had && !has:
				out.OlderSDK = true
			case had && was != is && (!empty || was.Path != is.Path || was.ResponseBody != is.ResponseBody):
				out = both()
			}
		}
	}
	return out
}

// bindingOf is the binding that is the REST operation.
func bindingOf(op, rest *contract.Operation) (contract.HTTPBinding, bool) {
	for _, b := range op.HTTP {
		if b.Is(rest.WithoutBase()) || b.Is(rest.Key) {
			return b, true
		}
	}
	return contract.HTTPBinding{}, false
}
