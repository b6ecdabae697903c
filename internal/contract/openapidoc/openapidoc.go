// Package openapidoc reads OpenAPI 3 documents into the neutral contract model
// and turns what a server tells about itself into such a document. It is the
// only importer of kin-openapi.
package openapidoc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Document is one or more OpenAPI documents, merged.
type Document struct {
	// Contract is the neutral model of all of them.
	Contract *contract.Contract
	// merged is the document that OpenAPI and JSON give out: every object
	// schema in it has a name.
	merged map[string]any
}

// JSON is the merged document. Beside what the files say, it names the object
// schemas that they write in place, and writes out the widths of numbers that
// they leave open (integer: int64, number: double).
func (d *Document) JSON() ([]byte, error) {
	return json.Marshal(d.merged)
}

// OpenAPI is the merged document as of JSON, parsed anew at every call, so that
// the caller may change it.
func (d *Document) OpenAPI() (*openapi3.T, error) {
	return loadJSON(d.merged)
}

// Load reads the documents (paths below fsys, slash-separated) and merges
// them. It always returns a document with a contract; when the list is not
// empty, they hold only what could be understood.
//
// The paths of a document lie below that of its first server, which so becomes a
// part of their operations' keys; paths and operations may have servers of their own.
func Load(fsys fs.FS, paths []string) (*Document, *diag.List) { return LoadBelow(fsys, paths, "") }

// LoadBelow is Load with another path that all paths lie below: "/" is none, and
// "" that of each document's first server.
func LoadBelow(fsys fs.FS, paths []string, base string) (*Document, *diag.List) {
	list := &diag.List{}
	out := &Document{
		Contract: &contract.Contract{
			Operations: map[string]*contract.Operation{},
			Messages:   map[string]*contract.Message{},
		},
		merged: map[string]any{},
	}
	if len(paths) > 0 {
		out.Contract.Root = diag.Pos{File: paths[0]}
	}
	var sources []*source
	for _, path := range paths {
		if data, ok := contract.ReadFile(fsys, path, list); ok {
			src, found := readSource(path, data)
			list.Merge(found)
			sources = append(sources, src)
		}
	}
	if list.Len() > 0 {
		return out, list
	}
	for _, src := range sources {
		src.below(base, list)
	}
	if list.Len() > 0 {
		return out, list
	}
	merged := merge(sources, list)
	if list.Len() > 0 {
		return out, list
	}
	// Objects are named where they stand, then schemas are put together, and then
	// what came out of that is named.
	name(merged, false)
	compose(merged, list)
	if list.Len() > 0 {
		return out, list
	}
	name(merged, true)
	doc, err := loadJSON(merged.value)
	if err != nil {
		list.Addf(out.Contract.Root, "not valid OpenAPI 3: %v", err)
		return out, list
	}
	out.merged = merged.value
	b := &builder{src: merged, doc: doc, out: out.Contract}
	b.build()
	noteBases(out.Contract, sources)
	return out, list
}

// readSource parses one file and checks what can be checked with positions.
func readSource(path string, data []byte) (*source, *diag.List) {
	list := &diag.List{}
	src := parseSource(path, data, list)
	if list.Len() > 0 {
		return src, list
	}
	if _, ok := src.value["swagger"]; ok {
		list.Add(diag.Finding{
			Pos:     src.pos["/swagger"],
			Message: "this is a Swagger 2 document",
			Hint:    "sdkgen reads OpenAPI 3; sdkgen pull converts what the server offers",
		})
		return src, list
	}
	if versionOf(src.value) == "" {
		list.Add(diag.Finding{
			Pos:     src.pos[""],
			Message: "the document does not say that it is OpenAPI 3",
			Hint:    "begin it with \"openapi: 3.0.3\"",
		})
		return src, list
	}
	checkRefs(src, src.value, "", list)
	if list.Len() > 0 {
		return src, list
	}
	inlinePathItems(src)
	doc, err := loadJSON(src.value)
	if err == nil {
		err = validate(doc)
	}
	addErrors(src, err, list)
	return src, list
}

// checkRefs finds every $ref that leads nowhere.
func checkRefs(src *source, value any, ptr string, list *diag.List) {
	switch v := value.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			checkRef(src, ref, ptr+"/$ref", list)
		}
		for key, child := range v {
			checkRefs(src, child, pointer(ptr, key), list)
		}
	case []any:
		for i, child := range v {
			checkRefs(src, child, fmt.Sprintf("%s/%d", ptr, i), list)
		}
	}
}

func checkRef(src *source, ref, ptr string, list *diag.List) {
	target, local := strings.CutPrefix(ref, "#")
	if !local {
		list.Add(diag.Finding{
			Pos:     src.pos[ptr],
			Message: fmt.Sprintf("$ref %q leads out of the document", ref),
			Hint:    "copy what it names into components, and write \"#/components/...\"",
		})
		return
	}
	if _, ok := lookup(src.value, target); !ok {
		list.Add(diag.Finding{
			Pos:     src.pos[ptr],
			Message: fmt.Sprintf("$ref %q names nothing in the document", ref),
		})
	}
}

// loadJSON parses a document with kin-openapi, which resolves its references.
// The loader would parse it as YAML, which takes several times as long; it is
// asked only for what cannot be read, since it says why.
func loadJSON(value map[string]any) (*openapi3.T, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	fast := &openapi3.T{}
	if json.Unmarshal(data, fast) == nil && openapi3.NewLoader().ResolveRefsIn(fast, nil) == nil {
		return fast, nil
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, jsonError(err)
	}
	return doc, nil
}

// jsonError keeps of kin-openapi's error what concerns JSON: it also tries
// YAML, and tells at length that this failed too.
func jsonError(err error) error {
	_, text, ok := strings.Cut(err.Error(), "json error: ")
	if !ok {
		return err
	}
	text, _, _ = strings.Cut(text, ", yaml error: ")
	return errors.New(strings.TrimPrefix(text, "json: "))
}
