package openapidoc

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// address is what a list of servers says of where paths lie: the first counts,
// with the defaults in the place of its variables.
func address(servers any) (*url.URL, bool) {
	list, _ := servers.([]any)
	if len(list) == 0 {
		return &url.URL{}, false
	}
	server := asObject(list[0])
	text, _ := server["url"].(string)
	for name, v := range asObject(server["variables"]) {
		if usual, ok := asObject(v)["default"].(string); ok {
			text = strings.ReplaceAll(text, "{"+name+"}", usual)
		}
	}
	u, err := url.Parse(text)
	if err != nil {
		return &url.URL{}, false
	}
	return u, true
}

// hosts are those of all servers of a list.
func hosts(servers any) []string {
	list, _ := servers.([]any)
	var out []string
	for i := range list {
		if u, ok := address(list[i:]); ok && u.Host != "" {
			out = append(out, u.Host)
		}
	}
	return out
}

// cleanBase begins with a slash and ends without one; "" is the root.
func cleanBase(base string) string {
	base = strings.Trim(base, "/")
	if base == "" || base == "." {
		return ""
	}
	return "/" + base
}

// verbs are the keys of a path that are operations.
func verbs() []string {
	return []string{"delete", "get", "head", "options", "patch", "post", "put", "query", "trace"}
}

// below puts the base of each operation before its path, and moves the places
// along. The base is what is given, or else the path of the operation's first
// server: its own, or its path's, or the document's. The document of a Swagger 2
// file has its basePath there. Servers of operations that are on another host
// stay, and all others go.
func (s *source) below(given string, list *diag.List) {
	paths := asObject(s.value["paths"])
	root, _ := address(s.value["servers"])
	own := &ownServers{hosts: hosts(s.value["servers"]), usual: cleanBase(root.Path)}
	if given != "" {
		own.given, own.usual = true, cleanBase(given)
	}
	m := &moving{src: s, paths: map[string]any{}, pos: map[string]diag.Pos{}, usual: own.usual, list: list}
	s.bases = map[string]string{}
	for _, path := range sortedKeys(paths) {
		item, ok := paths[path].(map[string]any)
		if !ok {
			m.paths[own.usual+path] = paths[path] // the validation has seen it
			continue
		}
		bases := map[string]string{}
		for _, verb := range verbs() {
			if op := asObject(item[verb]); op != nil {
				bases[verb] = own.base(item, op)
			}
		}
		delete(item, "servers")
		m.item(path, item, bases)
	}
	if !m.moved {
		return
	}
	s.value["paths"] = m.paths
	m.refs(s.value)
	for ptr, at := range s.pos {
		if rest, ok := strings.CutPrefix(ptr, "/paths/"); ok {
			m.place(rest, at)
		} else {
			m.pos[ptr] = at
		}
	}
	s.pos = m.pos
}

// ownServers decides where an operation lies.
type ownServers struct {
	hosts []string
	usual string
	// given: the usual one goes for all operations.
	given bool
}

func (o *ownServers) base(item, op map[string]any) string {
	servers := op["servers"]
	if servers == nil {
		servers = item["servers"]
	}
	delete(op, "servers")
	u, ok := address(servers)
	switch {
	case !ok:
		return o.usual
	case u.Host != "" && !slices.Contains(o.hosts, u.Host):
		op["servers"] = servers
		return o.usual
	case o.given:
		return o.usual
	}
	return cleanBase(u.Path)
}

// moving is the work of below.
type moving struct {
	src   *source
	list  *diag.List
	usual string
	moved bool
	paths map[string]any
	pos   map[string]diag.Pos
	// special are the bases, by verb, of the paths that have others than the usual
	// one, by escaped path.
	special map[string]map[string]string
}

// item puts a path where its operations lie, which may be several places.
func (m *moving) item(path string, item map[string]any, bases map[string]string) {
	for verb, base := range bases {
		m.src.bases[strings.ToUpper(verb)+" "+base+path] = base
	}
	different := slices.Compact(slices.Sorted(maps.Values(bases)))
	if len(different) == 0 || len(different) == 1 && different[0] == m.usual {
		m.moved = m.moved || m.usual != ""
		m.put(m.usual+path, path, item)
		return
	}
	m.moved = true
	if m.special == nil {
		m.special = map[string]map[string]string{}
	}
	m.special[escape(path)] = bases
	for _, base := range different {
		part := asObject(clone(item)) // references in it are mended once for each
		for verb := range bases {
			if bases[verb] != base {
				delete(part, verb)
			}
		}
		m.put(base+path, path, part)
	}
}

func (m *moving) put(at, path string, item map[string]any) {
	old, ok := m.paths[at].(map[string]any)
	if !ok {
		m.paths[at] = item
		return
	}
	for _, key := range sortedKeys(item) {
		if _, twice := old[key]; twice {
			m.list.Add(diag.Finding{
				Pos:     m.src.near(pointer("/paths", path, key)),
				Message: fmt.Sprintf("%s is here twice, by the servers of its operations", label("paths", at, key)),
				Hint:    "leave one of them out",
			})
			continue
		}
		old[key] = item[key]
	}
}

// place moves the place of what is below /paths.
func (m *moving) place(rest string, at diag.Pos) {
	path, below, _ := strings.Cut(rest, "/")
	verb, _, _ := strings.Cut(below, "/")
	bases := m.special[path]
	if base, ok := bases[verb]; ok {
		m.pos["/paths/"+escape(base)+rest] = at
		return
	}
	m.pos["/paths/"+escape(m.usual)+rest] = at
	for _, base := range bases {
		m.pos["/paths/"+escape(base)+rest] = at
	}
}

// refs mends references that lead into paths.
func (m *moving) refs(value any) {
	switch v := value.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			if rest, ok := strings.CutPrefix(ref, "#/paths/"); ok {
				v["$ref"] = "#/paths/" + escape(m.baseOf(rest)) + rest
			}
		}
		for _, child := range v {
			m.refs(child)
		}
	case []any:
		for _, child := range v {
			m.refs(child)
		}
	}
}

// baseOf is that of what is below /paths; of what several operations share, any.
func (m *moving) baseOf(rest string) string {
	path, below, _ := strings.Cut(rest, "/")
	verb, _, _ := strings.Cut(below, "/")
	bases := m.special[path]
	if base, ok := bases[verb]; ok {
		return base
	}
	if len(bases) > 0 {
		return slices.Min(slices.Collect(maps.Values(bases)))
	}
	return m.usual
}

// noteBases tells the operations which part of their paths is the base.
func noteBases(c *contract.Contract, sources []*source) {
	for _, s := range sources {
		for key, base := range s.bases {
			if op := c.Operations[key]; op != nil {
				op.Details.Base = base
			}
		}
	}
}

func asObject(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}
