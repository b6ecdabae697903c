package docs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"strings"
)

//go:embed page.html
var pageTemplate string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// html is the one page with everything. It lets the browser fetch nothing, and
// run nothing but its own script.
func html(p *page) ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{"breakable": breakable}).Parse(pageTemplate)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		*page
		Generated template.HTML
		Policy    string
		Style     template.CSS
		Script    template.JS
	}{
		p, template.HTML(generated),
		"default-src 'none'; img-src data:; style-src " + fingerprint(pageStyle) + "; script-src " + fingerprint(pageScript),
		template.CSS(pageStyle), template.JS(pageScript),
	})
	return out.Bytes(), err
}

// breakable lets a long name break after its separators.
func breakable(text string) template.HTML {
	return template.HTML(strings.NewReplacer("/", "/<wbr>", ".", ".<wbr>").Replace(template.HTMLEscapeString(text)))
}

// fingerprint names an inline style or script in a content security policy.
func fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
