package docs

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/emit/graphql"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// parts are a request over REST, taken apart.
type parts struct {
	// path are the values of the path's variables, as they stand in it.
	path  map[string]string
	query []string
	// headers hold variables as quoted sets them in.
	headers []header
	// body is what a field is as a whole; content are the fields of the body, if it
	// holds several.
	body    *string
	content *ir.Wire
}

func (b *builder) parts(s *ir.Service, m *ir.Method, w *ir.Wire) parts {
	out := parts{path: map[string]string{}, content: w}
	if w == nil || w.Contract.Parts == nil || m.Example == nil {
		return out
	}
	out.content = contentOf(w)
	filled := b.filled(s, m)
	for _, wf := range w.Fields {
		if wf.Contract != nil && wf.Contract.Place != nil {
			b.part(&out, m.Example, w, wf, filled[wf.Field])
		}
	}
	for _, within := range w.Contract.Parts.Within {
		if text, ok := withinText(m.Example, w, within); ok {
			out.path[within.Name] = pathText(text, within.Place)
		}
	}
	return out
}

// part adds one field: the example's value of it, or the variable of a setting.
func (b *builder) part(out *parts, x *ir.Example, w *ir.Wire, wf *ir.WireField, setting string) {
	place := wf.Contract.Place
	name := cmp.Or(place.Name, wf.Contract.Name)
	value := x.Field(wf.Field)
	if value == nil && setting == "" {
		return
	}
	if place.In == contract.InParts {
		b.spread(out, value, wf)
		return
	}
	texts := []string{shown(setting)}
	if value != nil {
		texts = valueTexts(*value, wf)
	}
	switch place.In {
	case contract.InPath:
		if value != nil {
			texts[0] = pathText(strings.Join(texts, ","), place)
		}
		out.path[name] = texts[0]
	case contract.InQuery:
		if !place.Explode {
			texts = []string{strings.Join(texts, ",")}
		}
		for _, text := range texts {
			if value != nil {
				text = url.QueryEscape(text)
			}
			out.query = append(out.query, url.QueryEscape(name)+"="+text)
		}
	case contract.InHeader:
		text := setting
		if value != nil {
			text = strings.Join(texts, ",")
		}
		out.headers = append(out.headers, header{name, text})
	case contract.InBody:
		if value != nil {
			text := b.value(*value, w, wf, "")
			out.body = &text
		}
	}
}

// spread adds the fields of a message that is no value on the wire itself.
func (b *builder) spread(out *parts, value *ir.ExampleValue, wf *ir.WireField) {
	if value == nil || value.Message == nil || wf.Wire == nil {
		return
	}
	for _, inner := range wf.Wire.Fields {
		if inner.Contract != nil && inner.Contract.Place != nil {
			b.part(out, value.Message, wf.Wire, inner, "")
		}
	}
}

// target is the path with its variables, and the query. Variables without a value
// in the example stay as they are.
func (p parts) target(path string) string {
	for name, text := range p.path {
		path = strings.ReplaceAll(path, "{"+name+"}", text)
	}
	if len(p.query) > 0 {
		path += "?" + strings.Join(p.query, "&")
	}
	return path
}

// contentOf are the fields of a request that are members of the body, or of
// GraphQL's one input object.
func contentOf(w *ir.Wire) *ir.Wire {
	out := *w
	out.Fields = nil
	for _, wf := range w.Fields {
		switch {
		case wf.Contract == nil || wf.Contract.Place == nil:
		case wf.Contract.Place.In == contract.InContent:
			out.Fields = append(out.Fields, wf)
		case wf.Contract.Place.Repeated != nil:
			again := *wf
			again.Contract = wf.Contract.Place.Repeated
			out.Fields = append(out.Fields, &again)
		}
	}
	return &out
}

// valueTexts is a value as text: one for each item of a list.
func valueTexts(v ir.ExampleValue, wf *ir.WireField) []string {
	switch {
	case wf.Type.Form == contract.FormFieldMask:
		return []string{fieldMask(v.List)}
	case v.List != nil:
		var out []string
		for _, item := range v.List {
			out = append(out, valueTexts(item, wf)...)
		}
		return out
	}
	if t, ok := v.Plain.(time.Time); ok {
		return []string{t.Format(time.RFC3339Nano)}
	}
	return []string{fmt.Sprint(plain(v.Plain, ir.REST, wf))}
}

// pathText is a value as it stands in a path; one with a pattern keeps its slashes.
func pathText(text string, place *contract.Place) string {
	segments := []string{text}
	if place.Pattern != "" {
		segments = strings.Split(text, "/")
	}
	for i := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(segments[i]), "$", "%24") // the shell's own
	}
	return strings.Join(segments, "/")
}

// withinText is the example's value of a field of a field.
func withinText(x *ir.Example, w *ir.Wire, within *contract.Within) (string, bool) {
	for i, cf := range within.Fields {
		at := slices.IndexFunc(w.Fields, func(f *ir.WireField) bool { return f.Contract != nil && f.Contract.Name == cf.Name })
		if at < 0 {
			return "", false
		}
		value := x.Field(w.Fields[at].Field)
		switch {
		case value == nil:
			return "", false
		case i == len(within.Fields)-1:
			return valueTexts(*value, w.Fields[at])[0], true
		case value.Message == nil || w.Fields[at].Wire == nil:
			return "", false
		}
		x, w = value.Message, w.Fields[at].Wire
	}
	return "", false
}

// variables are the values of a GraphQL operation's variables, a pair each.
func (b *builder) variables(s *ir.Service, m *ir.Method, binding *ir.Binding) []string {
	w := binding.Request
	if w.Contract.Parts == nil {
		return []string{jsonOf(graphql.VariableName(binding.Operation.RequestName)) + ": " + deeper(b.wireJSON(s, m, w))}
	}
	var pairs []string
	filled := b.filled(s, m)
	for _, wf := range w.Fields {
		if wf.Contract == nil || wf.Contract.Place.In != contract.InArgument {
			continue
		}
		name := jsonOf(graphql.VariableName(cmp.Or(wf.Contract.Place.Name, wf.Contract.Name)))
		if value := m.Example.Field(wf.Field); value != nil {
			pairs = append(pairs, name+": "+b.value(*value, w, wf, "  "))
		} else if setting, ok := filled[wf.Field]; ok {
			pairs = append(pairs, name+": "+jsonOf(setting))
		}
	}
	if p := w.Contract.Parts; p.Content != nil {
		pairs = append(pairs, jsonOf(graphql.VariableName(p.ContentName))+": "+deeper(b.wireJSON(s, m, contentOf(w))))
	}
	return pairs
}

// deeper indents the lines of a value below a member.
func deeper(text string) string { return strings.ReplaceAll(text, "\n", "\n  ") }
