package drift

import (
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// view is one side's contract of one protocol, with the rows that its
// operations belong to.
type view struct {
	side     *Side
	protocol ir.Protocol
	contract *contract.Contract
	// rows are the names of the methods by operation.
	rows map[string][]string
}

func newView(s *Side, p ir.Protocol) *view {
	v := &view{side: s, protocol: p, contract: s.Contracts[p], rows: map[string][]string{}}
	if v.contract == nil {
		v.contract = &contract.Contract{}
	}
	for i := range s.Manifest.Methods {
		m := &s.Manifest.Methods[i]
		if !slices.Contains(manifest.Values(m.Protocols), string(p)) {
			continue
		}
		if key := v.find(wanted(s.Manifest, m, p)); key != "" {
			v.rows[key] = append(v.rows[key], m.Name.Value)
		}
	}
	return v
}

// wanted is the key that a row spells out, or its service's convention.
func wanted(file *manifest.File, m *manifest.Method, p ir.Protocol) string {
	pick := func(graphql, rest, grpc manifest.Text) string {
		return map[ir.Protocol]string{ir.GraphQL: graphql.Value, ir.REST: rest.Value, ir.GRPC: grpc.Value}[p]
	}
	if key := pick(m.GraphQL, m.REST, m.GRPC); key != "" {
		return key
	}
	for _, s := range file.Services {
		if s.Name.Value == m.Service.Value {
			return resolve.Expand(pick(s.GraphQL, s.REST, s.GRPC), m.Name.Value)
		}
	}
	return ""
}

// find looks a key up. Case and underscores do not count, which is how the
// conventions differ between the protocols; a REST key without a verb matches
// the path's one operation.
func (v *view) find(key string) string {
	if key == "" {
		return ""
	}
	if v.contract.Operations[key] != nil {
		return key
	}
	var found []string
	for k := range v.contract.Operations {
		have := k
		if v.protocol == ir.REST && !strings.Contains(key, " ") {
			_, have, _ = strings.Cut(k, " ")
		}
		if have == key {
			return k
		}
		if v.protocol == ir.GRPC && plain(have) == plain(key) {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func plain(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// use is how a message is used by methods of the SDK.
type use struct {
	request, response, failure bool
	methods                    map[string]bool
}

// usesOf finds which methods use which messages of both sides, in which
// direction: whatever either side says.
func usesOf(c *comparer) map[*contract.Message]*use {
	out := map[*contract.Message]*use{}
	walk := func(m *contract.Message, method string, mark func(*use)) {
		seen := map[*contract.Message]bool{}
		var visit func(*contract.Message)
		visit = func(m *contract.Message) {
			if m == nil || seen[m] {
				return
			}
			seen[m] = true
			if out[m] == nil {
				out[m] = &use{methods: map[string]bool{}}
			}
			mark(out[m])
			out[m].methods[method] = true
			for _, f := range m.Fields {
				visit(f.Type.Leaf().Message)
			}
		}
		visit(m)
	}
	for _, v := range []*view{c.base, c.head} {
		for key, op := range v.contract.Operations {
			for _, method := range c.methodsOf(v, key) {
				walk(op.Request, method, func(u *use) { u.request = true })
				walk(op.Body.Leaf().Message, method, func(u *use) { u.request = true })
				for _, arg := range details(op).Arguments {
					walk(arg.Type.Leaf().Message, method, func(u *use) { u.request = true })
				}
				walk(op.Response.Leaf().Message, method, func(u *use) { u.response = true })
				for _, answer := range details(op).Answers {
					walk(answer.Type.Leaf().Message, method, func(u *use) {
						u.response = u.response || isSuccess(answer.Status)
						u.failure = u.failure || !isSuccess(answer.Status)
					})
				}
			}
		}
	}
	return out
}

func isSuccess(status string) bool { return strings.HasPrefix(status, "2") }

// methodsOf are the rows of an operation, on this side or, for one that has
// another name there, on the other.
func (c *comparer) methodsOf(v *view, key string) []string {
	out := slices.Clone(v.rows[key])
	for _, p := range c.operationPairs {
		switch {
		case v == c.base && p.base.Key == key:
			out = append(out, c.head.rows[p.head.Key]...)
		case v == c.head && p.head.Key == key:
			out = append(out, c.base.rows[p.base.Key]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// details are an operation's, never nil.
func details(op *contract.Operation) *contract.OperationDetails {
	if op.Details == nil {
		return &contract.OperationDetails{}
	}
	return op.Details
}

func messageDetails(m *contract.Message) *contract.MessageDetails {
	if m.Details == nil {
		return &contract.MessageDetails{}
	}
	return m.Details
}

func fieldDetails(f *contract.Field) *contract.FieldDetails {
	if f.Details == nil {
		return &contract.FieldDetails{}
	}
	return f.Details
}
