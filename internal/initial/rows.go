package initial

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/initial/match"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/resolve"
)

// row is a method on its way into the manifest.
type row struct {
	name    string
	service *service
	method  *match.Method
	// left says, for operations of the method that cannot be called, why.
	left map[ir.Protocol]string
	// envelope is the answer's field that holds the result.
	envelope map[ir.Protocol]string
	// body is the request's field that the body, or the input object, is.
	body map[ir.Protocol]string
	// why is set for operations that get no row: it says why.
	why string
}

// protocols are those that the row lists.
func (r *row) protocols() []ir.Protocol {
	var out []ir.Protocol
	for _, p := range ir.Protocols() {
		if r.method.Operations[p] != nil && r.left[p] == "" {
			out = append(out, p)
		}
	}
	return out
}

// first is the operation that says most about the method.
func (r *row) first() *contract.Operation {
	for _, p := range []ir.Protocol{ir.GRPC, ir.GraphQL, ir.REST} {
		if op := r.method.Operations[p]; op != nil {
			return op
		}
	}
	return nil
}

// name is what a method is called: as its gRPC method, or its GraphQL field, or
// its operation id, or else by verb and path.
func nameOf(m *match.Method) string {
	if op := m.Operations[ir.GRPC]; op != nil {
		_, name, _ := strings.Cut(op.Key, "/")
		return snake(name)
	}
	if op := m.Operations[ir.GraphQL]; op != nil {
		return snake(op.Key)
	}
	op := m.Operations[ir.REST]
	if op.OperationID == "" {
		return snake(match.PathName(op.Key))
	}
	return snake(match.WithoutService(op.OperationID))
}

// snake is a name in snake case, fit to be a row's name.
func snake(name string) string {
	words := resolve.Words(name)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	out := strings.Join(words, "_")
	out = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(out, "_"), "_")
	if out == "" || out[0] < 'a' {
		out = "call_" + out
	}
	return strings.TrimSuffix(out, "_")
}

// unique gives rows of the same name, or of names with the same Go name, another:
// that of their service before it, or else a number behind it.
func (d *draft) unique() {
	taken := map[string]bool{}
	plain := func(name string) string { return strings.ReplaceAll(name, "_", "") }
	for _, r := range d.rows {
		name := r.name
		if taken[plain(name)] {
			name = r.service.name + "_" + r.name
		}
		for i := 2; taken[plain(name)]; i++ {
			name = fmt.Sprintf("%s_%d", r.name, i)
		}
		taken[plain(name)] = true
		r.name = name
	}
}

// docOf describes a method in the contracts' words, as what follows its name in a
// sentence: "GetUser returns a user".
func docOf(r *row) string {
	first := ""
	for _, p := range []ir.Protocol{ir.GraphQL, ir.GRPC, ir.REST} {
		op := r.method.Operations[p]
		if op == nil {
			continue
		}
		doc := sentence(op.Doc, r.name)
		if word, _, _ := strings.Cut(strings.TrimSpace(op.Doc), " "); doc != "" && plain(word) == plain(r.name) {
			return doc // it is such a sentence already: "GetUser returns a user."
		}
		first = cmp.Or(first, doc)
	}
	if first != "" {
		return first
	}
	return "calls " + r.first().Key
}

// sentence is the first sentence of a description, without the method's name in
// front and without the full stop.
func sentence(doc, name string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	if end := regexp.MustCompile(`\.(\s+[A-Z]|$)`).FindStringIndex(doc); end != nil {
		doc = doc[:end[0]]
	}
	doc = strings.Trim(doc, " .:-")
	first, rest, more := strings.Cut(doc, " ")
	if more && plain(first) == plain(name) {
		doc = strings.TrimLeft(rest, " -:")
	}
	if doc == "" {
		return ""
	}
	// Capitals stay in what is written in capitals: "URLs of the user".
	if word, _, _ := strings.Cut(doc, " "); len(word) < 2 || strings.ToUpper(word[:2]) != word[:2] {
		doc = strings.ToLower(doc[:1]) + doc[1:]
	}
	const long = 200
	if runes := []rune(doc); len(runes) > long {
		cut := strings.LastIndexByte(string(runes[:long]), ' ')
		doc = string(runes[:long])[:max(cut, 1)] + " ..."
	}
	return doc
}

func plain(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r == '_' || r == '-' {
			return -1
		}
		return r
	}, name))
}

// deprecation is the reason that a contract gives.
func deprecation(r *row) string {
	for _, p := range ir.Protocols() {
		if op := r.method.Operations[p]; op != nil && op.Deprecated != "" {
			return op.Deprecated
		}
	}
	return ""
}

// idempotent: every protocol that could say so says that the method only reads,
// and at least one says it.
func idempotent(r *row) bool {
	reads := false
	for p, op := range r.method.Operations {
		switch {
		case p == ir.GraphQL && op.Kind == contract.KindQuery, p == ir.REST && strings.HasPrefix(op.Key, "GET "):
			reads = true
		case p != ir.GRPC:
			return false
		}
	}
	return reads
}

// destructive: the method's name says that it deletes.
func destructive(r *row) bool {
	return slices.ContainsFunc(strings.Split(r.name, "_"), func(w string) bool {
		return slices.Contains([]string{"delete", "remove", "destroy", "purge", "drop"}, w)
	})
}

// evidence says how sure it is that the row's operations are one method, and why.
func evidence(r *row) string {
	if len(r.method.Links) == 0 {
		return ""
	}
	var parts []string
	for _, l := range r.method.Links {
		parts = append(parts, fmt.Sprintf("%s by %s (%.2f)", title(l.Protocol), strings.Join(slices.DeleteFunc(slices.Clone(l.Evidence), func(s string) bool { return s == "" }), ", "), l.Score))
	}
	return match.Word(r.method.Score()) + ": " + strings.Join(parts, "; ")
}

// unlike says why an operation has no row.
func unlike(d *draft, r *row) string {
	var have []string
	for _, p := range ir.Protocols() {
		if r.method.Operations[p] != nil {
			have = append(have, title(p))
		}
	}
	only := "only " + strings.Join(have, " and ") + " has it"
	if len(r.method.Near) == 0 {
		return only + ": nothing elsewhere is like it"
	}
	var near []string
	for _, n := range r.method.Near {
		near = append(near, fmt.Sprintf("%s %s, %s (%.2f)", title(n.Protocol), n.Key, n.Why, n.Score))
	}
	return only + "; nearest: " + strings.Join(near, "; ")
}

func title(p ir.Protocol) string {
	return cmp.Or(map[ir.Protocol]string{ir.GraphQL: "GraphQL", ir.REST: "REST", ir.GRPC: "gRPC"}[p], string(p))
}
