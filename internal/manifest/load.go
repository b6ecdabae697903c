package manifest

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"

	"gopkg.in/yaml.v3"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Parse reads a manifest. The name is used in positions. The File is never
// nil; it is complete only if there are no findings.
func Parse(name string, src []byte) (*File, *diag.List) {
	findings := &diag.List{}
	file := &File{Pos: diag.Pos{File: name}}
	doc, err := parseYAML(src)
	if err != nil {
		findings.Add(syntaxFinding(name, err))
		return file, findings
	}
	if doc == nil {
		findings.Add(diag.Finding{Pos: file.Pos, Message: "the manifest is empty", Hint: "it needs at least version, api, contracts, services and methods"})
		return file, findings
	}
	d := &decoder{file: name, findings: findings}
	d.value(doc, reflect.ValueOf(file).Elem(), "")
	file.Pos = diag.Pos{File: name}
	if findings.Len() == 0 {
		validate(file, findings)
	}
	return file, findings
}

// parseYAML returns the one document's root node, or nil if there is none.
func parseYAML(src []byte) (*yaml.Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	if err := dec.Decode(&next); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("more than one YAML document")
		}
		return nil, err
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return nil, nil
	}
	return doc.Content[0], nil
}

// syntaxFinding takes the line out of a yaml.v3 error, which knows it only as
// a part of its text.
func syntaxFinding(name string, err error) diag.Finding {
	pos := diag.Pos{File: name}
	text := err.Error()
	if m := regexp.MustCompile(`^yaml: line (\d+): (.*)$`).FindStringSubmatch(text); m != nil {
		pos.Line, _ = strconv.Atoi(m[1])
		text = m[2]
	}
	return diag.Finding{Pos: pos, Message: "not valid YAML: " + text}
}
