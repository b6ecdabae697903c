package resolve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/manifest"
)

// methods finds the operations of every row and hangs the rows on their
// services.
func (r *resolver) methods(sdk *ir.SDK) []*row {
	var rows []*row
	goNames := map[string]string{}
	for i := range r.Manifest.Methods {
		m := &r.Manifest.Methods[i]
		si := slices.IndexFunc(r.Manifest.Services, func(s manifest.Service) bool { return s.Name.Value == m.Service.Value })
		if si < 0 {
			continue // the manifest's own validation reports it
		}
		one := &row{manifest: m, service: &r.Manifest.Services[si], Method: r.method(m)}
		if first, ok := goNames[one.GoName]; ok {
			r.add(NameClash.ofMethod(m.Name.Value), m.Name.Pos, "rename one of them, or give it another Go name: naming: {methods: {"+m.Name.Value+": GoName}}", "methods %s and %s have the same Go name %s", first, m.Name, one.GoName)
		}
		goNames[one.GoName] = m.Name.Value
		for _, p := range protocolList(m.Protocols) {
			if b := r.binding(one, p); b != nil {
				one.Bindings = append(one.Bindings, b)
			}
		}
		r.transcode(one)
		sdk.Services[si].Methods = append(sdk.Services[si].Methods, one.Method)
		rows = append(rows, one)
	}
	return rows
}

// transcode marks the REST binding that is a transcoding of the gRPC one.
func (r *resolver) transcode(one *row) {
	contracts := r.Manifest.Contracts.REST
	if b := one.Binding(ir.REST); b != nil && contracts != nil && contracts.Transcoded.Value {
		b.Transcoded = one.Binding(ir.GRPC) != nil
	}
}

func (r *resolver) method(m *manifest.Method) *ir.Method {
	return &ir.Method{
		Pos: m.Pos, Name: m.Name.Value, GoName: r.goName(r.Manifest.Naming.Methods, m.Name.Value, m.Name.Value), Doc: m.Doc.Value,
		Deprecated: m.Deprecated.Value, Destructive: m.Destructive.Value, Idempotent: m.Idempotent.Value,
		EndsSession: m.EndsSession.Value,
		Always:      ir.Protocol(m.Always.Value),
	}
}

// binding finds the row's operation in one contract, by what the row spells
// out or else by the service's convention.
func (r *resolver) binding(one *row, p ir.Protocol) *ir.Binding {
	c := r.Contracts[p]
	if c == nil {
		return nil
	}
	spelled := map[ir.Protocol]manifest.Text{ir.GraphQL: one.manifest.GraphQL, ir.REST: one.manifest.REST, ir.GRPC: one.manifest.GRPC}[p]
	convention := map[ir.Protocol]manifest.Text{ir.GraphQL: one.service.GraphQL, ir.REST: one.service.REST, ir.GRPC: one.service.GRPC}[p]
	key, pos := spelled.Value, spelled.Pos
	if key == "" {
		key, pos = Expand(convention.Value, one.Name), one.manifest.Pos
		if left := leftOver(key); left != "" && p != ir.REST { // whose paths have parameters
			r.add(UnusableEntry.ofProject(), convention.Pos, "for the row get_user, {name} is get_user, {Name} is GetUser and {camelName} is getUser",
				"services.%s of %s has %s, which stands for nothing", p, one.service.Name, left)
			return nil
		}
	}
	if key == "" {
		r.add(MissingOperation.ofMethod(one.Name), pos, fmt.Sprintf("write %s: OPERATION in the row, or a convention in the service", p), "method %s does not say what it is over %s", one.Name, p)
		return nil
	}
	op := r.operation(c, key, p)
	if op == nil {
		r.add(MissingOperation.ofMethod(one.Name), pos, r.nearest(c, key, p), "method %s: %s has no operation %q", one.Name, p, key)
		return nil
	}
	if op.Unsupported != "" {
		r.add(UnusableOperation.ofMethod(one.Name), op.Pos, "leave "+string(p)+" out of the row's protocols, or change the contract", "method %s: operation %s cannot be called: %s", one.Name, op.Key, op.Unsupported)
		return nil
	}
	for _, m := range []*contract.Message{op.Request, op.Response.Message} {
		if m != nil && m.Unsupported != "" && len(m.Fields) == 0 && m.Name != "google.protobuf.Empty" {
			r.add(UnusableOperation.ofMethod(one.Name), op.Pos, "use a message of the contract's own", "method %s: operation %s cannot be called: %s %s", one.Name, op.Key, m.Name, m.Unsupported)
			return nil
		}
	}
	b := &ir.Binding{Protocol: p, Operation: op, Credential: r.needs(op, p)}
	if p == ir.GraphQL {
		b.Document = r.documentName(one.GoName)
	}
	return b
}

// operation looks the key up; a REST key without a verb matches the path's one
// operation.
func (r *resolver) operation(c *contract.Contract, key string, p ir.Protocol) *contract.Operation {
	if op := c.Operations[key]; op != nil || p != ir.REST || strings.Contains(key, " ") {
		return op
	}
	if found := r.rest.byPath[key]; len(found) == 1 {
		return found[0]
	}
	return nil
}

// restFacts are the facts about OpenAPI documents that take looking at all of
// their operations.
type restFacts struct {
	// byPath finds the operations of a path, whatever their verb.
	byPath map[string][]*contract.Operation
	// security: the documents speak of it at all.
	security bool
}

func restFactsOf(c *contract.Contract) restFacts {
	out := restFacts{byPath: map[string][]*contract.Operation{}}
	if c == nil {
		return out
	}
	for key, op := range c.Operations {
		_, path, _ := strings.Cut(key, " ")
		out.byPath[path] = append(out.byPath[path], op)
		out.security = out.security || op.Details != nil && op.Details.Security != ""
	}
	return out
}

// nearest is a hint that names the operations that look most like the key.
func (r *resolver) nearest(c *contract.Contract, key string, p ir.Protocol) string {
	plain := func(s string) string {
		s = s[strings.LastIndexAny(s, "/ ")+1:]
		return strings.ToLower(strings.ReplaceAll(s, "_", ""))
	}
	var near []string
	for _, k := range slices.Sorted(maps.Keys(c.Operations)) {
		same := plain(k) == plain(key) || strings.HasSuffix(k, " "+key)
		if same || len(plain(key)) > 3 && (strings.Contains(plain(k), plain(key)) || strings.Contains(plain(key), plain(k))) {
			near = append(near, fmt.Sprintf("%q", k))
		}
	}
	if len(near) == 0 {
		return fmt.Sprintf("the contract has %s, none of a like name; write %s: OPERATION in the row, or leave %s out of its protocols", diag.Count(len(c.Operations), "operation"), p, p)
	}
	return fmt.Sprintf("did you mean %s? Write it as %s: in the row", strings.Join(near[:min(len(near), 3)], " or "), p)
}
