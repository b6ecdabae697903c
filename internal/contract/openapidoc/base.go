package openapidoc

import (
	"net/url"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// basePath is the path that a document's paths lie below: that of its first
// server, with the defaults in the place of its variables. The document of a
// Swagger 2 file has its basePath there.
func basePath(value map[string]any) string {
	servers, _ := value["servers"].([]any)
	if len(servers) == 0 {
		return ""
	}
	server, _ := servers[0].(map[string]any)
	text, _ := server["url"].(string)
	variables, _ := server["variables"].(map[string]any)
	for name, v := range variables {
		variable, _ := v.(map[string]any)
		if usual, ok := variable["default"].(string); ok {
			text = strings.ReplaceAll(text, "{"+name+"}", usual)
		}
	}
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return cleanBase(u.Path)
}

// cleanBase begins with a slash and ends without one; "" is the root.
func cleanBase(base string) string {
	base = strings.Trim(base, "/")
	if base == "" || base == "." {
		return ""
	}
	return "/" + base
}

// below puts a base before all paths, and moves their places along.
func (s *source) below(base string) {
	paths, _ := s.value["paths"].(map[string]any)
	if base == "" || len(paths) == 0 {
		return
	}
	s.base = base
	moved := make(map[string]any, len(paths))
	for path, item := range paths {
		moved[base+path] = item
	}
	s.value["paths"] = moved
	moveRefs(s.value, pointer("/paths", base))
	pos := make(map[string]diag.Pos, len(s.pos))
	head := pointer("/paths", base)
	for ptr, at := range s.pos {
		if rest, ok := strings.CutPrefix(ptr, "/paths/"); ok {
			ptr = head + rest
		}
		pos[ptr] = at
	}
	s.pos = pos
}

// moveRefs mends references that lead into paths.
func moveRefs(value any, head string) {
	switch v := value.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			if rest, ok := strings.CutPrefix(ref, "#/paths/"); ok {
				v["$ref"] = "#" + head + rest
			}
		}
		for _, child := range v {
			moveRefs(child, head)
		}
	case []any:
		for _, child := range v {
			moveRefs(child, head)
		}
	}
}

// noteBases tells the operations which part of their paths is the base.
func noteBases(c *contract.Contract, sources []*source) {
	for _, s := range sources {
		paths, _ := s.value["paths"].(map[string]any)
		if s.base == "" {
			continue
		}
		for path, item := range paths {
			for verb := range asObject(item) {
				if op := c.Operations[strings.ToUpper(verb)+" "+path]; op != nil {
					op.Details.Base = s.base
				}
			}
		}
	}
}

func asObject(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
