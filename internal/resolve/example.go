package resolve

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// example makes the request that the reference shows: what the row says, and
// something in each other field that the server demands.
func (r *resolver) example(one *row) {
	said := one.manifest.Example
	if one.Request == nil {
		if said.Tag != "" {
			r.add(UnusedEntry.ofMethod(one.Name), said.Pos, "remove it", "method %s has an example, but nothing to send", one.Name)
		}
		return
	}
	if said.Tag != "" && !said.IsMap {
		r.add(UnusableEntry.ofMethod(one.Name), said.Pos, "write its fields: {field: value}", "the example of method %s is not a request", one.Name)
		return
	}
	e := &exampler{resolver: r, method: one.Name, made: map[*ir.Example][]*ir.Field{}}
	before := r.findings.Len()
	if before > 0 && said.Tag == "" {
		return // it would say again what was found of the fields
	}
	one.Example = e.message(one.Request, said.Entries, nil)
	if r.findings.Len() > before {
		return // what could not be read looks like a zero value
	}
	for _, b := range one.Bindings {
		if b.Request != nil {
			e.sendable(one.Example, b.Request, said.Pos)
		}
	}
}

// exampler makes the examples of one method.
type exampler struct {
	*resolver
	method string
	// made are the fields that an example sets only because a server demands them:
	// protocols that lack them leave them out.
	made map[*ir.Example][]*ir.Field
}

// message fills a message. The messages around it are told, so that one which
// demands itself ends.
func (e *exampler) message(m *ir.Message, said []manifest.Entry, around []*ir.Message) *ir.Example {
	out := &ir.Example{Message: m}
	values := map[*ir.Field]manifest.Value{}
	for _, entry := range said {
		f := m.Field(entry.Key.Value)
		if f == nil {
			e.add(UnusedEntry.ofMethod(e.method), entry.Key.Pos, "its fields are: "+flatNames(m), "the example of method %s sets %q, which %s does not have", e.method, entry.Key, m.GoName)
			continue
		}
		values[f] = entry.Value
	}
	around = append(around, m)
	for _, f := range m.Fields {
		value, ok := values[f]
		if !ok && !f.Required {
			continue
		}
		if !ok {
			value, ok = e.common(m, f)
			e.made[out] = append(e.made[out], f)
		}
		if ok {
			out.Fields = append(out.Fields, ir.ExampleField{Field: f, Value: e.value(f, value, around)})
		} else if v, ok := e.placeholder(f, around); ok {
			out.Fields = append(out.Fields, ir.ExampleField{Field: f, Value: v})
		}
	}
	return out
}

func flatNames(m *ir.Message) string {
	var names []string
	for _, f := range m.Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// common is what fields of that name hold in examples.
func (e *exampler) common(m *ir.Message, f *ir.Field) (manifest.Value, bool) {
	for _, key := range []string{m.GoName + "." + f.Name, f.Name} {
		if v, ok := e.Manifest.Examples[key]; ok {
			e.used[v.Pos] = true
			return v, true
		}
	}
	return manifest.Value{}, false
}

// value reads what the manifest says as the field's type.
func (e *exampler) value(f *ir.Field, v manifest.Value, around []*ir.Message) ir.ExampleValue {
	if f.Type.Map || f.Type.Elem != nil {
		return ir.ExampleValue{Plain: free(v)}
	}
	if f.Type.List {
		if v.Tag != "!!seq" {
			v = manifest.Value{Pos: v.Pos, Tag: "!!seq", List: []manifest.Value{v}}
		}
		out := ir.ExampleValue{List: []ir.ExampleValue{}}
		for _, item := range v.List {
			out.List = append(out.List, e.single(f, item, around))
		}
		return out
	}
	return e.single(f, v, around)
}

func (e *exampler) single(f *ir.Field, v manifest.Value, around []*ir.Message) ir.ExampleValue {
	switch f.Type.Scalar {
	case contract.ScalarMessage:
		if v.IsMap {
			return ir.ExampleValue{Message: e.message(f.Type.Message, v.Entries, around)}
		}
	case contract.ScalarObject:
		if plain := free(v); v.IsMap {
			return ir.ExampleValue{Plain: plain}
		}
	case contract.ScalarAny:
		return ir.ExampleValue{Plain: free(v)}
	case contract.ScalarEnum:
		if slices.ContainsFunc(f.Type.Enum.Values, func(known *ir.EnumValue) bool { return known.Name == v.Scalar }) {
			return ir.ExampleValue{Plain: v.Scalar}
		}
	default:
		if plain, ok := scalar(f.Type.Scalar, v); ok {
			return ir.ExampleValue{Plain: plain}
		}
	}
	e.add(UnusableEntry.ofMethod(e.method), v.Pos, "", "the example of method %s holds in %s what is not %s", e.method, f.Name, kindOf(f.Type.Scalar))
	return ir.ExampleValue{}
}

func kindOf(s contract.Scalar) string {
	switch s {
	case contract.ScalarMessage, contract.ScalarObject:
		return "an object: {name: value}"
	case contract.ScalarString:
		return "a text"
	case contract.ScalarEnum:
		return "one of its values"
	case contract.ScalarTimestamp:
		return `a time such as "2030-01-02T03:04:05Z"`
	case contract.ScalarDuration:
		return `a duration such as "1m30s"`
	}
	return "of the type " + string(s)
}

// scalar reads a single value; any scalar can be a text.
func scalar(s contract.Scalar, v manifest.Value) (any, bool) {
	if v.IsMap || v.Tag == "!!seq" || v.Tag == "!!null" {
		return nil, false
	}
	switch s {
	case contract.ScalarBool:
		return v.Scalar == "true", v.Scalar == "true" || v.Scalar == "false"
	case contract.ScalarInt32:
		n, err := strconv.ParseInt(v.Scalar, 10, 32)
		return int32(n), err == nil
	case contract.ScalarInt64:
		n, err := strconv.ParseInt(v.Scalar, 10, 64)
		return n, err == nil
	case contract.ScalarUint32:
		n, err := strconv.ParseUint(v.Scalar, 10, 32)
		return uint32(n), err == nil
	case contract.ScalarUint64:
		n, err := strconv.ParseUint(v.Scalar, 10, 64)
		return n, err == nil
	case contract.ScalarFloat32:
		n, err := strconv.ParseFloat(v.Scalar, 32)
		return float32(n), err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
	case contract.ScalarTimestamp:
		at, err := time.Parse(time.RFC3339Nano, v.Scalar)
		return at.UTC(), err == nil
	case contract.ScalarDuration:
		d, err := time.ParseDuration(v.Scalar)
		return d, err == nil
	case contract.ScalarFloat64:
		n, err := strconv.ParseFloat(v.Scalar, 64)
		return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
	}
	return v.Scalar, true
}

// free reads a value as encoding/json would.
func free(v manifest.Value) any {
	switch v.Tag {
	case "!!map":
		out := map[string]any{}
		for _, entry := range v.Entries {
			out[entry.Key.Value] = free(entry.Value)
		}
		return out
	case "!!seq":
		out := []any{}
		for _, item := range v.List {
			out = append(out, free(item))
		}
		return out
	case "!!bool":
		return v.Scalar == "true"
	case "!!null":
		return nil
	case "!!int", "!!float":
		if n, ok := scalar(contract.ScalarFloat64, v); ok {
			return n
		}
	}
	return v.Scalar
}

// placeholder is something of the field's type, where nobody said anything.
func (e *exampler) placeholder(f *ir.Field, around []*ir.Message) (ir.ExampleValue, bool) {
	var out ir.ExampleValue
	if f.Type.Map || f.Type.Elem != nil {
		return out, false
	}
	switch f.Type.Scalar {
	case contract.ScalarAny, contract.ScalarBytes:
		return out, false
	case contract.ScalarEnum:
		if len(f.Type.Enum.Values) == 0 {
			return out, false
		}
		out.Plain = f.Type.Enum.Values[0].Name
	case contract.ScalarUint32:
		out.Plain = uint32(1)
	case contract.ScalarUint64:
		out.Plain = uint64(1)
	case contract.ScalarFloat32:
		out.Plain = float32(1)
	case contract.ScalarTimestamp:
		out.Plain = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	case contract.ScalarDuration:
		out.Plain = time.Minute
	case contract.ScalarMessage:
		for _, m := range around {
			if m == f.Type.Message {
				return out, false
			}
		}
		out.Message = e.message(f.Type.Message, nil, around)
	case contract.ScalarObject:
		out.Plain = map[string]any{"key": "value"}
	case contract.ScalarBool:
		out.Plain = true
	case contract.ScalarInt32:
		out.Plain = int32(1)
	case contract.ScalarInt64:
		out.Plain = int64(1)
	case contract.ScalarFloat64:
		out.Plain = float64(1)
	default:
		out.Plain = f.Name
	}
	if f.Type.List {
		return ir.ExampleValue{List: []ir.ExampleValue{out}}, true
	}
	return out, true
}

// sendable reports what a protocol of the method cannot send.
func (e *exampler) sendable(x *ir.Example, w *ir.Wire, pos diag.Pos) {
	for _, wf := range w.Fields {
		v := x.Field(wf.Field)
		switch {
		case v == nil:
		case wf.Contract == nil && slices.Contains(e.made[x], wf.Field):
		case wf.Contract == nil:
			e.add(UnusableEntry.ofMethod(e.method), pos, "leave it out", "the example of method %s sets %s.%s, which cannot be sent over %s", e.method, x.Message.GoName, wf.Field.Name, w.Protocol)
		case !wf.Presence && len(wf.Over) > 0 && !wf.Field.Required && isZero(*v):
			e.add(UnusableEntry.ofMethod(e.method), pos, "show another value", "the example of method %s sets %s.%s to the zero value, which cannot be told from an unset one over %s", e.method, x.Message.GoName, wf.Field.Name, w.Protocol)
		case v.Message != nil && wf.Wire != nil:
			e.sendable(v.Message, wf.Wire, pos)
		default:
			for _, item := range v.List {
				if item.Message != nil && wf.Wire != nil {
					e.sendable(item.Message, wf.Wire, pos)
				}
			}
		}
	}
}

func isZero(v ir.ExampleValue) bool {
	if v.Message != nil || len(v.List) > 0 {
		return false
	}
	switch fmt.Sprint(v.Plain) {
	case "", "0", "false", "map[]", "<nil>":
		return true
	}
	return false
}
