package docs

import (
	"fmt"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// restSnippet is a request with curl.
func (b *builder) restSnippet(s *ir.Service, m *ir.Method, binding *ir.Binding) snippet {
	verb, path, _ := strings.Cut(binding.Operation.Key, " ")
	headers := b.headers(s, m, ir.REST)
	form := strings.HasPrefix(binding.Operation.MediaType, "application/x-www-form-urlencoded")
	p := b.parts(s, m, binding.Request)
	bare := binding.Operation.Body
	if p.body == nil && bare.Scalar != contract.ScalarNone {
		p.body = emptyBody(binding.Operation)
	}
	noBody := binding.Operation.MediaType == "" || bare.Scalar != contract.ScalarNone && p.body == nil
	if !noBody && !form {
		headers = append(headers, header{"Content-Type", binding.Operation.MediaType})
	}
	c := &command{}
	curl := "curl -sS -X"
	if binding.Streams {
		curl = "curl -sS -N -X"
	}
	c.add(curl, verb, expanding(b.env.use("url")+p.target(path)))
	c.headers(headers)
	for _, h := range p.headers {
		c.add("-H", quoted(h.Name+": "+h.Value))
	}
	switch {
	case form && m.Example != nil:
		b.form(c, s, m, p.content)
	case noBody:
	case p.body != nil:
		c.add("-d", quoted(*p.body))
	default:
		c.add("-d", quoted(b.wireJSON(s, m, p.content)))
	}
	return snippet{ID: "rest", Title: "REST", Parts: []part{{"curl", "sh", c.String()}}}
}

// emptyBody is what is sent of a body that is no object, and of which the example
// says nothing; nil where that is no body.
func emptyBody(op *contract.Operation) *string {
	text := ""
	switch {
	case !op.Details.BodyRequired:
	case op.Body.List:
		text = "[]"
	case op.Body.Map || op.Body.Scalar == contract.ScalarObject:
		text = "{}"
	}
	if text == "" {
		return nil
	}
	return &text
}

// form adds the fields of a form.
func (b *builder) form(c *command, s *ir.Service, m *ir.Method, w *ir.Wire) {
	if w == nil {
		return
	}
	filled := b.filled(s, m)
	for _, wf := range w.Fields {
		if wf.Contract == nil {
			continue
		}
		if v := m.Example.Field(wf.Field); v != nil {
			c.add("--data-urlencode", quoted(fmt.Sprintf("%s=%v", wf.Contract.Name, v.Plain)))
		} else if name, ok := filled[wf.Field]; ok {
			c.add("--data-urlencode", expanding(wf.Contract.Name+"="+shown(name)))
		}
	}
}
