package docs

import (
	"fmt"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// restSnippet is a request with curl.
func (b *builder) restSnippet(s *ir.Service, m *ir.Method, binding *ir.Binding) snippet {
	verb, path, _ := strings.Cut(binding.Operation.Key, " ")
	headers := b.headers(s, m, ir.REST)
	form := strings.HasPrefix(binding.Operation.MediaType, "application/x-www-form-urlencoded")
	if binding.Operation.MediaType != "" && !form {
		headers = append(headers, header{"Content-Type", binding.Operation.MediaType})
	}
	c := &command{}
	c.add("curl -sS -X", verb, expanding(b.env.use("url")+path))
	c.headers(headers)
	switch {
	case form && m.Example != nil:
		b.form(c, s, m, binding.Request)
	case binding.Operation.MediaType != "":
		c.add("-d", quoted(b.wireJSON(s, m, binding.Request)))
	}
	return snippet{ID: "rest", Title: "REST", Parts: []part{{"curl", "sh", c.String()}}}
}

// form adds the fields of a form.
func (b *builder) form(c *command, s *ir.Service, m *ir.Method, w *ir.Wire) {
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
