package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// operation is what a GraphQL request asks for, apart from how the document is
// written: names, aliases, fragments and variables are gone.
type operation struct {
	Type      string         `json:"type"`
	Field     string         `json:"field"`
	Arguments map[string]any `json:"arguments,omitempty"`
	// Selection is a tree of field names; a leaf is null.
	Selection selection `json:"selection"`
	// alias is the key under which the caller reads the answer.
	alias string
}

type selection map[string]selection

func (c *Contracts) graphqlBody(body []byte) string {
	op, err := c.operation(body)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return canonical(op)
}

// operation reads a GraphQL request. The document must be valid under the
// schema and hold one operation with one root field.
func (c *Contracts) operation(body []byte) (*operation, error) {
	var request struct {
		Query         string         `json:"query"`
		OperationName string         `json:"operationName"`
		Variables     map[string]any `json:"variables"`
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&request); err != nil {
		return nil, err
	}
	doc, errs := gqlparser.LoadQueryWithRules(c.schema, request.Query, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, errs
	}
	def := doc.Operations.ForName(request.OperationName)
	if def == nil || len(doc.Operations) != 1 {
		return nil, fmt.Errorf("%d operations, none of them is the one named %q", len(doc.Operations), request.OperationName)
	}
	return c.meaning(def, request.Variables)
}

func (c *Contracts) meaning(def *ast.OperationDefinition, variables map[string]any) (*operation, error) {
	roots := fieldsOf(def.SelectionSet)
	if len(roots) != 1 {
		return nil, fmt.Errorf("%d root fields, want one", len(roots))
	}
	root := roots[0]
	op := &operation{Type: string(def.Operation), Field: root.Name, alias: root.Alias}
	arguments, err := c.arguments(root, variables)
	if err != nil {
		return nil, err
	}
	op.Arguments = arguments
	op.Selection, err = selectionOf(root.SelectionSet)
	return op, err
}

// arguments are those of the root field with the variables put in. A null one
// is left out, and so is an empty object for an argument that may be missing.
func (c *Contracts) arguments(root *ast.Field, variables map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for _, arg := range root.Arguments {
		value, err := arg.Value.Value(variables)
		if err != nil {
			return nil, err
		}
		t := root.Definition.Arguments.ForName(arg.Name).Type
		value = c.value(value, t)
		empty := false
		if object, ok := value.(map[string]any); ok {
			empty = len(object) == 0 && !t.NonNull
		}
		if value != nil && !empty {
			out[arg.Name] = value
		}
	}
	return out, nil
}

// value drops the nulls of input objects, which mean "absent", and leaves
// everything below a scalar, such as a free-form map, as it is.
func (c *Contracts) value(v any, t *ast.Type) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = c.value(v[i], elem(t))
		}
		return out
	case map[string]any:
		def := c.schema.Types[t.Name()]
		if def == nil || def.Kind != ast.InputObject {
			return plain(v)
		}
		return c.object(v, def)
	default:
		return plain(v)
	}
}

func (c *Contracts) object(v map[string]any, def *ast.Definition) map[string]any {
	out := map[string]any{}
	for name, value := range v {
		field := def.Fields.ForName(name)
		switch {
		case field == nil:
			out[name] = plain(value)
		case value != nil:
			out[name] = c.value(value, field.Type)
		}
	}
	return out
}

func elem(t *ast.Type) *ast.Type {
	if t.Elem != nil {
		return t.Elem
	}
	return t
}

// plain spells every number in one way: 42, 42.0 and 4.2e1 are the same.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = plain(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = plain(v[i])
		}
		return out
	case json.Number:
		return number(v.String())
	case int64, float64:
		return number(fmt.Sprint(v))
	}
	return v
}

// number keeps a number apart from a string of the same digits.
func number(text string) any {
	n, ok := new(big.Rat).SetString(text)
	if !ok {
		return text
	}
	return map[string]string{"number": n.RatString()}
}

// selectionOf is the tree of the selected fields. Below the root an alias
// would hide the answer from the caller's decoder, so it is an error.
func selectionOf(set ast.SelectionSet) (selection, error) {
	if len(set) == 0 {
		return nil, nil
	}
	out := selection{}
	for _, f := range fieldsOf(set) {
		if f.Alias != f.Name {
			return nil, fmt.Errorf("field %s is renamed to %s", f.Name, f.Alias)
		}
		sub, err := selectionOf(f.SelectionSet)
		if err != nil {
			return nil, err
		}
		if sub != nil && out[f.Name] != nil {
			merge(out[f.Name], sub)
			continue
		}
		out[f.Name] = sub
	}
	return out, nil
}

func merge(into, from selection) {
	for name, sub := range from {
		if into[name] != nil && sub != nil {
			merge(into[name], sub)
			continue
		}
		into[name] = sub
	}
}

// fieldsOf expands the fragments of one selection set.
func fieldsOf(set ast.SelectionSet) []*ast.Field {
	var out []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			out = append(out, s)
		case *ast.InlineFragment:
			out = append(out, fieldsOf(s.SelectionSet)...)
		case *ast.FragmentSpread:
			out = append(out, fieldsOf(s.Definition.SelectionSet)...)
		}
	}
	return out
}

// rekey puts a recorded answer under the alias that the caller gave the root
// field. An answer that is not JSON, and one to a document that cannot be read,
// has nothing to rename.
func (c *Contracts) rekey(request, answer []byte) []byte {
	op, err := c.operation(request)
	var fields map[string]json.RawMessage
	if err != nil || op.alias == op.Field || json.Unmarshal(answer, &fields) != nil {
		return answer
	}
	fields["data"] = op.rekeyData(fields["data"])
	if errs := op.rekeyErrors(fields["errors"]); errs != nil {
		fields["errors"] = errs
	}
	return []byte(canonical(fields))
}

func (op *operation) rekeyData(text json.RawMessage) json.RawMessage {
	var data map[string]json.RawMessage
	if json.Unmarshal(text, &data) != nil || data[op.Field] == nil {
		return text
	}
	return json.RawMessage(canonical(map[string]json.RawMessage{op.alias: data[op.Field]}))
}

func (op *operation) rekeyErrors(text json.RawMessage) json.RawMessage {
	var errs []map[string]any
	if json.Unmarshal(text, &errs) != nil || errs == nil {
		return nil
	}
	for _, e := range errs {
		if path, ok := e["path"].([]any); ok && len(path) > 0 && path[0] == op.Field {
			path[0] = op.alias
		}
	}
	return json.RawMessage(canonical(errs))
}
