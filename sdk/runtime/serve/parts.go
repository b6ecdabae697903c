package serve

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/sdk/runtime"
)

// The places in which a field can travel outside of the message that carries the
// rest.
const (
	// InArgument is an argument of GraphQL's root field.
	InArgument = "argument"
	// InPath is a parameter in the path of a REST operation.
	InPath = "path"
	// InQuery is a parameter in the query of a REST operation.
	InQuery = "query"
	// InHeader is a parameter in a header of a REST operation.
	InHeader = "header"
	// InBody is the body of a REST operation as a whole.
	InBody = "body"
	// InParts is a message that is no value on the wire itself: its fields are
	// parameters.
	InParts = "parts"
	// InAnswer is an answer that is no message: the one field is all of it.
	InAnswer = "answer"
)

// isText tells whether the field travels as text.
func (f *field) isText() bool { return f.In == InPath || f.In == InQuery || f.In == InHeader }

// parametersTree has the parameters under the names of their fields.
func (m *message) parametersTree(r *http.Request, tree map[string]any) {
	for _, f := range m.fields {
		switch {
		case f.isText():
			delete(tree, f.Wire)
			if values := f.values(r); values != nil {
				tree[f.Wire] = values
			}
		case f.In == InParts && f.message != nil:
			delete(tree, f.Wire)
			inner := map[string]any{}
			f.message.parametersTree(r, inner)
			if len(inner) > 0 {
				tree[f.Wire] = inner
			}
		}
	}
}

// bare is the field that the answer is as a whole; nil for messages.
func (m *message) bare() *field {
	if m == nil || len(m.fields) != 1 || m.fields[0].In != InAnswer {
		return nil
	}
	return m.fields[0]
}

// inParts tells whether fields of the message travel outside of it.
func (m *message) inParts() bool {
	if m == nil {
		return false
	}
	return len(m.Within) > 0 || slices.ContainsFunc(m.fields, func(f *field) bool { return f.In != "" })
}

// parameter is the name of the part that the field is.
func (f *field) parameter() string {
	if f.Param != "" {
		return f.Param
	}
	return f.Wire
}

// partsTree puts the parts of a REST request together: each under the field's
// name, beside what the body holds.
func (m *message) partsTree(r *http.Request, body []byte) (map[string]any, *treeDecoder, error) {
	tree, d := map[string]any{}, &treeDecoder{}
	whole := m.wholeBody()
	if whole == nil {
		var err error
		if tree, d, err = bodyTree(r, body); err != nil {
			return nil, nil, err
		}
	} else if len(bytes.TrimSpace(body)) > 0 {
		var value any
		if err := document(body, &value); err != nil {
			return nil, nil, Errorf(runtime.CodeInvalidArgument, "the request's body is no JSON: %s", jsonReason(err))
		}
		tree[whole.Wire] = value
	}
	m.parametersTree(r, tree)
	for _, w := range m.Within {
		w.put(tree, parameterText(r.PathValue(w.Param)))
	}
	return tree, d, nil
}

// parameterText is the value of a parameter amid values of JSON.
type parameterText string

// put puts the value where the field is. What is no object stays, and is refused
// when it is read.
func (w Within) put(tree map[string]any, value parameterText) {
	last := len(w.Fields) - 1
	for _, name := range w.Fields[:last] {
		if tree[name] == nil {
			tree[name] = map[string]any{}
		}
		next, ok := tree[name].(map[string]any)
		if !ok {
			return
		}
		tree = next
	}
	tree[w.Fields[last]] = value
}

func (m *message) wholeBody() *field {
	for _, f := range m.fields {
		if f.In == InBody {
			return f
		}
	}
	return nil
}

// values are the texts of a parameter: one, or those of a list; nil without any.
func (f *field) values(r *http.Request) any {
	var texts []string
	switch f.In {
	case InPath:
		texts = []string{r.PathValue(f.parameter())}
	case InQuery:
		texts = r.URL.Query()[f.parameter()]
	case InHeader:
		texts = r.Header.Values(f.parameter())
	}
	if len(texts) == 0 {
		return nil
	}
	if !f.isList() || f.Mask {
		return texts[len(texts)-1]
	}
	if !f.Explode {
		texts = strings.Split(strings.Join(texts, ","), ",")
	}
	items := make([]any, len(texts))
	for i := range texts {
		items[i] = texts[i]
	}
	return items
}

// argumentsTree puts GraphQL's arguments together with the members of the one
// that carries the rest.
func (m *message) argumentsTree(arguments map[string]any, content string) map[string]any {
	tree := map[string]any{}
	if members, ok := arguments[content].(map[string]any); ok && content != "" {
		maps.Copy(tree, members)
	}
	for _, f := range m.fields {
		if f.In != InArgument {
			continue
		}
		delete(tree, f.Wire)
		if value := arguments[f.parameter()]; value != nil {
			tree[f.Wire] = value
		}
	}
	return tree
}
