package openapidoc

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// maxDepth bounds the nesting of a document, through aliases too; a document
// nested deeper is refused rather than expanded without end.
const maxDepth = 100

// maxValues bounds how many values the aliases of a document add to those that
// its bytes can hold at most, for the same reason.
const maxValues = 500_000

// source is one document as a tree of plain JSON values, with the place of each
// value by its JSON pointer ("/paths/~1v1~1login/post").
type source struct {
	file  string
	value map[string]any
	pos   map[string]diag.Pos
	// bases are what was put before the paths, by the operations' keys after that.
	bases map[string]string
}

// parseSource reads YAML (and so JSON). What is wrong becomes findings; the
// source is then incomplete.
func parseSource(file string, data []byte, list *diag.List) *source {
	src := &source{file: file, value: map[string]any{}, pos: map[string]diag.Pos{}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		list.Add(yamlFinding(file, err))
		return src
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		list.Add(diag.Finding{Pos: diag.Pos{File: file}, Message: "the document is not an object", Hint: "an OpenAPI document begins with \"openapi: 3.0.3\""})
		return src
	}
	r := &reader{src: src, list: list, most: maxValues + len(data)}
	src.value, _ = r.value(doc.Content[0], "", 0).(map[string]any)
	return src
}

// yamlFinding takes the line out of the error text, which is the only place
// where the library gives it.
func yamlFinding(file string, err error) diag.Finding {
	pos := diag.Pos{File: file}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		text = strings.TrimPrefix(text, m[0])
	}
	return diag.Finding{Pos: pos, Message: "the document is not valid YAML: " + text}
}

// reader walks a YAML tree into plain values.
type reader struct {
	src          *source
	list         *diag.List
	values, most int
}

func (r *reader) value(n *yaml.Node, ptr string, depth int) any {
	if n.Kind == yaml.AliasNode {
		return r.value(n.Alias, ptr, depth+1)
	}
	if _, ok := r.src.pos[ptr]; !ok {
		r.src.pos[ptr] = r.at(n)
	}
	if r.values++; depth > maxDepth || r.values > r.most {
		if depth > maxDepth || r.values == r.most+1 {
			r.list.Addf(r.at(n), "the document is nested too deeply or too large")
		}
		return nil
	}
	switch n.Kind {
	case yaml.MappingNode:
		return r.mapping(n, ptr, depth)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, item := range n.Content {
			out[i] = r.value(item, ptr+"/"+strconv.Itoa(i), depth+1)
		}
		return out
	default:
		return scalar(n)
	}
}

func (r *reader) mapping(n *yaml.Node, ptr string, depth int) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		at := ptr + "/" + escape(key.Value)
		if _, ok := out[key.Value]; ok {
			r.list.Addf(r.at(key), "the key %q is here twice, first at %s", key.Value, r.src.pos[at])
			continue
		}
		// The place of a value under a key is that of the key: it is what a
		// reader looks for.
		r.src.pos[at] = r.at(key)
		out[key.Value] = r.value(n.Content[i+1], at, depth+1)
	}
	return out
}

func (r *reader) at(n *yaml.Node) diag.Pos {
	return diag.Pos{File: r.src.file, Line: n.Line, Col: n.Column}
}

// scalar decodes a scalar to what JSON can hold; all else stays text.
func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int":
		// Number keeps the digits; YAML's other notations are decoded.
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
		var i int64
		if n.Decode(&i) == nil {
			return json.Number(strconv.FormatInt(i, 10))
		}
	case "!!float":
		var f float64
		if n.Decode(&f) == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
			return f
		}
	}
	return n.Value
}

// escape makes a key a part of a JSON pointer.
func escape(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// pointer joins keys to a JSON pointer below base.
func pointer(base string, keys ...string) string {
	for _, k := range keys {
		base += "/" + escape(k)
	}
	return base
}

// lookup finds the value at a JSON pointer.
func lookup(value any, ptr string) (any, bool) {
	if ptr == "" {
		return value, true
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(ptr, "/"), "/") {
		key := strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		switch v := value.(type) {
		case map[string]any:
			next, ok := v[key]
			if !ok {
				return nil, false
			}
			value = next
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// versionOf is the OpenAPI version of a document, empty if it is not 3.x.
func versionOf(value map[string]any) string {
	v := fmt.Sprint(value["openapi"])
	if strings.HasPrefix(v, "3.") {
		return v
	}
	return ""
}
