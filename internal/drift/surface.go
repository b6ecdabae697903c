package drift

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// surfaceChange is a difference of the Go APIs of two SDKs.
type surfaceChange struct {
	rule                    RuleID
	method, typeName, field string
	text                    string
	breaks                  bool
}

// surfaceKeys are the keys under which differences of the Go API stand that
// belong to a change.
func (m *merger) surfaceKeys(c *Change) []string {
	var out []string
	switch {
	case c.Field != "":
		out = append(out, "field "+c.Type+"."+c.Field)
		if c.Rule != FieldAdded && c.Rule != VariantAdded {
			out = append(out, "type "+c.Type)
		}
	case c.Type != "":
		out = append(out, "type "+c.Type)
	}
	if f := fieldIn(m.base.Model, c); f != nil && f.Type.Leaf().Enum != nil {
		out = append(out, enumKeys(c, f.Type.Leaf().Enum)...)
	}
	if c.Type == "" || c.ofOperation {
		for _, name := range c.Methods {
			out = append(out, "method "+name)
		}
	}
	return out
}

// enumKeys are those of the enum and of the constants that a change of it is about.
func enumKeys(c *Change, e *ir.Enum) []string {
	switch c.Rule {
	case EnumRenamed:
		return []string{"type " + e.GoName}
	case EnumValueRemoved, EnumValueRenamed:
	default:
		return nil
	}
	var out []string
	for _, part := range c.Parts {
		wire := e.Wire(part.Protocol)
		if wire == nil {
			continue
		}
		for _, v := range wire.Values {
			// OpenAPI's values are told as JSON has them.
			same := v.Contract.Name == part.Before || strconv.Quote(v.Contract.Name) == part.Before
			if same && v.Value != nil {
				out = append(out, "constant "+v.Value.GoName)
			}
		}
	}
	return out
}

// surfaceChanges compares the Go APIs that two complete models make.
func surfaceChanges(base, head *ir.SDK) map[string][]surfaceChange {
	s := &surface{out: map[string][]surfaceChange{}}
	s.project(base, head)
	s.methods(base, head)
	s.types(base, head)
	return s.out
}

type surface struct{ out map[string][]surfaceChange }

func (s *surface) add(key string, change surfaceChange) {
	s.out[key] = append(s.out[key], change)
}

func (s *surface) client(format string, args ...any) {
	s.add("project", surfaceChange{rule: SDKClient, text: fmt.Sprintf(format, args...), breaks: true})
}

// project compares what callers meet before they call a method.
func (s *surface) project(base, head *ir.SDK) {
	if base.Package != head.Package || base.Paths.SDK.Import != head.Paths.SDK.Import {
		s.client("the package is %s in %s instead of %s in %s", head.Package, head.Paths.SDK.Import, base.Package, base.Paths.SDK.Import)
	}
	services := map[string]*ir.Service{}
	for _, one := range head.Services {
		services[one.Name] = one
	}
	for _, one := range base.Services {
		switch other := services[one.Name]; {
		case other == nil:
			s.client("the client %s is gone", one.Client)
		case one.Client != other.Client || one.Constructor != other.Constructor || requires(one) != requires(other):
			s.client("the client is %s of %s(%s) instead of %s of %s(%s)", other.Client, other.Constructor, requires(other), one.Client, one.Constructor, requires(one))
		}
	}
	for _, setting := range base.Settings {
		if setting.Option != "" && !slices.ContainsFunc(head.Settings, func(o ir.Setting) bool { return o.Option == setting.Option }) {
			s.client("the option %s is gone", setting.Option)
		}
	}
}

func requires(s *ir.Service) string {
	names := []string{"url"}
	for _, r := range s.Requires {
		names = append(names, r.GoName)
	}
	return strings.Join(names, ", ")
}

func methodsOf(sdk *ir.SDK) map[string]*ir.Method {
	out := map[string]*ir.Method{}
	for _, service := range sdk.Services {
		for _, m := range service.Methods {
			out[service.Client+"."+m.GoName] = m
		}
	}
	return out
}

func (s *surface) methods(base, head *ir.SDK) {
	before, after := methodsOf(base), methodsOf(head)
	for _, key := range slices.Sorted(maps.Keys(before)) {
		b, h := before[key], after[key]
		say := func(breaks bool, format string, args ...any) {
			s.add("method "+b.Name, surfaceChange{rule: SDKMethod, method: b.Name, text: fmt.Sprintf(format, args...), breaks: breaks})
		}
		if h == nil {
			say(true, "the method %s is gone", key)
			continue
		}
		if was, is := signature(b), signature(h); was != is {
			say(true, "the method %s is func%s instead of func%s", key, is, was)
		}
		switch {
		case b.Paging == nil:
		case h.Paging == nil:
			say(true, "the method %s no longer has an iterator over all pages", key)
		case b.Paging.Iterator != h.Paging.Iterator:
			say(true, "the iterator over all pages of %s is %s instead of %s", key, h.Paging.Iterator, b.Paging.Iterator)
		}
		if b.Tokens != nil && h.Tokens == nil {
			say(true, "the method %s no longer makes a source of tokens", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if name := after[key].Name; before[key] == nil {
			s.add("method "+name, surfaceChange{rule: SDKMethod, method: name, text: "the method " + key + " is new"})
		}
	}
}

func signature(m *ir.Method) string {
	request, response := "(ctx", "error"
	if m.Request != nil {
		request += ", *" + m.Request.GoName
	}
	if m.Response != nil {
		response = "(*" + m.Response.GoName + ", error)"
	}
	if m.Streams {
		response = "iter.Seq2[*" + m.Response.GoName + ", error]"
	}
	return request + ") " + response
}

func (s *surface) types(base, head *ir.SDK) {
	after := map[string]*ir.Message{}
	for _, m := range head.Messages {
		after[m.GoName] = m
	}
	for _, b := range base.Messages {
		h := after[b.GoName]
		if h == nil {
			s.add("type "+b.GoName, surfaceChange{rule: SDKType, typeName: b.GoName, text: "the type " + b.GoName + " is gone", breaks: true})
			continue
		}
		s.fields(b, h)
	}
	s.enums(base, head)
}

// enums compares the types and constants of enums.
func (s *surface) enums(base, head *ir.SDK) {
	after := map[string]*ir.Enum{}
	for _, e := range head.Enums {
		after[e.GoName] = e
	}
	for _, b := range base.Enums {
		say := func(what, name string) {
			s.add(what+" "+name, surfaceChange{rule: SDKType, typeName: b.GoName, text: "the " + what + " " + name + " is gone", breaks: true})
		}
		h := after[b.GoName]
		if h == nil {
			say("type", b.GoName)
			continue
		}
		for _, v := range b.Values {
			if !slices.ContainsFunc(h.Values, func(o *ir.EnumValue) bool { return o.GoName == v.GoName }) {
				say("constant", v.GoName)
			}
		}
	}
}

func (s *surface) fields(base, head *ir.Message) {
	after := map[string]*ir.Field{}
	for _, f := range head.Fields {
		after[f.GoName] = f
	}
	add := func(f *ir.Field, breaks bool, format string, args ...any) {
		s.add("field "+base.GoName+"."+f.Name, surfaceChange{
			rule: SDKField, typeName: base.GoName, field: f.Name, breaks: breaks,
			text: fmt.Sprintf("the field %s.%s ", base.GoName, f.GoName) + fmt.Sprintf(format, args...),
		})
	}
	for _, b := range base.Fields {
		h := after[b.GoName]
		delete(after, b.GoName)
		switch {
		case h == nil:
			add(b, true, "is gone")
		case b.GoType() != h.GoType():
			add(b, true, "is %s instead of %s", h.GoType(), b.GoType())
		}
	}
	for _, f := range head.Fields {
		if after[f.GoName] != nil {
			add(f, false, "is new")
		}
	}
}

// surface are the changes of the Go API that no contract explains: the manifest
// made them. Those that break nobody are told of methods only.
func (m *merger) surface(known []*Change) []*Change {
	explained := map[string]bool{}
	for _, c := range known {
		for _, key := range m.surfaceKeys(c) {
			explained[key] = true
		}
		for _, name := range c.Methods {
			explained["method "+name] = explained["method "+name] || c.Rule == OperationAdded || c.Rule == OperationRemoved
		}
	}
	var out []*Change
	for _, key := range slices.Sorted(maps.Keys(m.breaking)) {
		for _, s := range m.breaking[key] {
			if explained[key] || !s.breaks && s.rule != SDKMethod {
				continue
			}
			c := &Change{Rule: s.rule, Type: s.typeName, Field: s.field, Message: s.text, Breaks: Breaks{Source: s.breaks}}
			c.Pos.File = m.head.Manifest.Pos.File
			if s.method != "" {
				c.Methods = []string{s.method}
			}
			out = append(out, c)
		}
	}
	return append(out, m.offers(known)...)
}

// offers are the methods that the manifest no longer offers over a protocol
// although the contract still has the operation.
func (m *merger) offers(known []*Change) []*Change {
	var out []*Change
	for _, method := range m.base.Manifest.Methods {
		name := method.Name.Value
		now := protocolsOfMethod(m.head, name)
		if len(now) == 0 {
			continue // the method is gone as a whole
		}
		for _, p := range protocolsOfMethod(m.base, name) {
			gone := slices.ContainsFunc(known, func(c *Change) bool {
				return c.Rule == OperationRemoved && slices.Contains(c.Methods, name) && slices.Contains(c.Protocols(), p)
			})
			if slices.Contains(now, p) || gone || !slices.Contains(m.protocols, p) {
				continue
			}
			c := &Change{
				Rule: SDKMethod, Methods: []string{name}, Breaks: Breaks{OlderServer: true},
				Message: fmt.Sprintf("the method %s is no longer offered over %s", name, p),
			}
			c.Pos.File = m.head.Manifest.Pos.File
			out = append(out, c)
		}
	}
	return out
}
