package openapidoc

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Kind is what sort of description of an HTTP API a file is.
type Kind string

// The kinds.
const (
	KindOther   Kind = ""
	KindOpenAPI Kind = "OpenAPI 3"
	KindSwagger Kind = "Swagger 2"
)

// KindOf tells what a file (YAML or JSON) is by what it says of itself. Files
// without the words are not parsed.
func KindOf(src []byte) Kind {
	if !regexp.MustCompile(`(?m)(^|["'{,\s])(openapi|swagger)["']?\s*:`).Match(src) {
		return KindOther
	}
	doc := parseSource("", bytes.TrimPrefix(src, []byte("\ufeff")), &diag.List{}).value
	switch {
	case doc["paths"] == nil && doc["webhooks"] == nil:
		return KindOther
	case versionOf(doc) != "":
		return KindOpenAPI
	case isSwagger(doc):
		return KindSwagger
	}
	return KindOther
}

// Info is what the document calls itself; each may be empty.
type Info struct {
	Title, Version, Description string
}

// Info returns what the first of the documents calls itself.
func (d *Document) Info() Info {
	info, _ := d.merged["info"].(map[string]any)
	text := func(key string) string {
		s, _ := info[key].(string)
		return s
	}
	return Info{Title: text("title"), Version: text("version"), Description: text("description")}
}

// KeyHeaders are the headers that the document's security schemes of the type
// apiKey name, sorted.
func (d *Document) KeyHeaders() []string {
	components, _ := d.merged["components"].(map[string]any)
	schemes, _ := components["securitySchemes"].(map[string]any)
	var out []string
	for _, scheme := range schemes {
		s, _ := scheme.(map[string]any)
		if name, _ := s["name"].(string); s["type"] == "apiKey" && s["in"] == "header" && name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// isSwagger tells whether a document says that it is Swagger 2, with the number
// in quotes or, as YAML lets people write it, without.
func isSwagger(value map[string]any) bool { return fmt.Sprint(value["swagger"]) == "2.0" }
