package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// wireJSON is an example as it travels over the wire's protocol, in the order of
// the type's fields. Fields that the client fills from its settings are there,
// too: as variables, which quoted puts in.
func (b *builder) wireJSON(s *ir.Service, m *ir.Method, w *ir.Wire) string {
	if w == nil || m.Example == nil {
		return "{}"
	}
	return b.object(m.Example, w, b.filled(s, m), "")
}

// filled are the fields that a client fills itself, with their variables.
func (b *builder) filled(s *ir.Service, m *ir.Method) map[*ir.Field]string {
	out := map[*ir.Field]string{}
	for _, d := range m.Defaults {
		required := slices.ContainsFunc(s.Requires, func(r ir.Setting) bool { return r.Name == d.Setting })
		if required && m.Example.Field(d.Field) == nil {
			out[d.Field] = variable(b.env.name(d.Setting))
		}
	}
	return out
}

// object has a line for each field, indented.
func (b *builder) object(x *ir.Example, w *ir.Wire, filled map[*ir.Field]string, depth string) string {
	return lines("{", b.members(x, w, filled, depth), "}", depth)
}

func (b *builder) members(x *ir.Example, w *ir.Wire, filled map[*ir.Field]string, depth string) []string {
	var pairs []string
	for _, wf := range w.Fields {
		if wf.Contract == nil || wf.Contract.Place != nil && wf.Contract.Place.In == contract.InPath {
			continue // of a field of the body, the path may have a part
		}
		if value := x.Field(wf.Field); value != nil && w.Contract.Union != nil && w.Protocol != ir.GRPC {
			return b.variant(*value, w, wf, depth)
		}
		if value := x.Field(wf.Field); value != nil {
			pairs = append(pairs, jsonOf(wf.Contract.Name)+": "+b.value(*value, w, wf, depth+"  "))
		} else if name, ok := filled[wf.Field]; ok {
			pairs = append(pairs, jsonOf(wf.Contract.Name)+": "+jsonOf(name))
		}
	}
	return pairs
}

// variant are the members of a choice: those of what is chosen, after the one that
// tells which that is.
func (b *builder) variant(v ir.ExampleValue, w *ir.Wire, wf *ir.WireField, depth string) []string {
	var pairs []string
	if name := w.Contract.Union.Discriminator; name != "" {
		pairs = append(pairs, jsonOf(name)+": "+jsonOf(wf.Contract.Variant.Names[0]))
	}
	if v.Message == nil || wf.Wire == nil {
		return pairs
	}
	return append(pairs, b.members(v.Message, wf.Wire, nil, depth)...)
}

// lines puts each part on a line of its own, between brackets.
func lines(open string, parts []string, end, depth string) string {
	if len(parts) == 0 {
		return open + end
	}
	return open + "\n" + depth + "  " + strings.Join(parts, ",\n"+depth+"  ") + "\n" + depth + end
}

func (b *builder) value(v ir.ExampleValue, w *ir.Wire, wf *ir.WireField, depth string) string {
	switch {
	case wf.Type.Form == contract.FormFieldMask:
		return jsonOf(fieldMask(v.List))
	case v.List != nil:
		var items []string
		for _, item := range v.List {
			items = append(items, b.value(item, w, wf, depth+"  "))
		}
		if wf.Wire != nil {
			return lines("[", items, "]", depth)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case v.Message != nil && wf.Wire != nil:
		return b.object(v.Message, wf.Wire, nil, depth)
	case wf.Object != nil:
		return "{" + jsonOf(wf.Inner.Name) + ": " + jsonOf(v.Plain) + "}"
	}
	return jsonOf(plain(v.Plain, w.Protocol, wf))
}

// plain is a single value as encoding/json would be given it.
func plain(v any, p ir.Protocol, wf *ir.WireField) any {
	if items, ok := v.(map[string]any); ok && wf.Field.Type.Map {
		out := map[string]any{}
		for key, item := range items {
			out[key] = plain(item, p, wf)
		}
		return out
	}
	switch t := wf.Field.Type; t.Scalar {
	case contract.ScalarEnum:
		if wire := t.Enum.Wire(p); wire != nil {
			for _, value := range wire.Values {
				if value.Value != nil && value.Value.Name == v && !value.Alias {
					return value.Contract.Name
				}
			}
		}
	case contract.ScalarBytes:
		return []byte(fmt.Sprint(v))
	case contract.ScalarDuration:
		if duration, ok := v.(time.Duration); ok {
			return strconv.FormatFloat(duration.Seconds(), 'f', -1, 64) + "s"
		}
	case contract.ScalarInt64, contract.ScalarUint64:
		if wf.Type.Form == contract.FormText {
			return fmt.Sprint(v)
		}
	}
	return v
}

// fieldMask is a list of paths as the JSON of google.protobuf.FieldMask.
func fieldMask(paths []ir.ExampleValue) string {
	var out []string
	for _, p := range paths {
		words := strings.Split(fmt.Sprint(p.Plain), "_")
		for i := 1; i < len(words); i++ {
			words[i] = capital(words[i])
		}
		out = append(out, strings.Join(words, ""))
	}
	return strings.Join(out, ",")
}

// jsonOf is a value as JSON, as people would write it.
func jsonOf(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // what examples hold can be encoded
	return strings.TrimSpace(out.String())
}

// variable marks a variable of the shell within JSON.
func variable(name string) string { return string(variableStart) + name + string(variableEnd) }

// What stands around variables: characters that no text has.
const variableStart, variableEnd = '\ue000', '\ue001'
