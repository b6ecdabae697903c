package reference_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/sdk/internal/sdktest"
)

const directory = "../../../docs/reference"

// section is what the reference has of a method.
type section struct {
	name string
	// operations are the protocols that offer the method.
	operations []string
	// snippets are the blocks by their titles: "REST, curl".
	snippets map[string]string
}

// sections reads the Markdown files of the reference.
func sections(t *testing.T) []section {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*.md"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%q: %v", files, err)
	}
	var out []section
	for _, file := range files {
		if name := filepath.Base(file); name == "README.md" || name == "types.md" || name == "errors.md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n## ")[1:] {
			out = append(out, readSection(part))
		}
	}
	return out
}

func readSection(text string) section {
	name, _, _ := strings.Cut(text, "\n")
	s := section{name: name, snippets: blocks(text)}
	for _, m := range regexp.MustCompile("(?m)^- (GraphQL|REST|gRPC): `").FindAllStringSubmatch(text, -1) {
		s.operations = append(s.operations, m[1])
	}
	return s
}

// blocks are the titled code blocks of a text.
func blocks(text string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^([^\n]+):\n\n```[a-z]*\n(.*?\n)```$").FindAllStringSubmatch(text, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// setup are the blocks to run before others.
func setup(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return blocks(string(text))
}

// titles are those of the blocks to run, by protocol.
func titles() map[string]string {
	return map[string]string{"GraphQL": "GraphQL, curl", "REST": "REST, curl", "gRPC": "gRPC, grpcurl"}
}

// Every snippet sends what the SDK sends for the Go example beside it, and what
// the contract of its protocol allows.
func TestSnippets(t *testing.T) {
	all := sections(t)
	if len(all) < 50 {
		t.Fatalf("the reference has %d methods", len(all))
	}
	server := sdktest.Start(t)
	sent := goCalls(t, server, all)
	sh := newShell(t, server, setup(t)["Shell"])
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			if len(s.operations) == 0 {
				t.Fatal("no protocol offers it")
			}
			for _, protocol := range s.operations {
				script := s.snippets[titles()[protocol]]
				if script == "" {
					t.Errorf("there is nothing to paste for %s", protocol)
					continue
				}
				server.Forget()
				sh.run(t, script)
				calls := server.Calls("")
				if len(calls) != 1 {
					t.Errorf("%s: %d calls", protocol, len(calls))
					continue
				}
				same(t, protocol, calls[0], sent[s.name])
				if protocol == "GraphQL" {
					s.sameParts(t, sh.body)
				}
			}
		})
	}
}

// sameParts: the document and the variables, each on its own, are what the
// command sends.
func (s section) sameParts(t *testing.T, body []byte) {
	t.Helper()
	var sent struct {
		Query     string
		Variables map[string]any
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	if document := strings.Join(strings.Fields(s.snippets["GraphQL, Document"]), " "); document != sent.Query {
		t.Errorf("the document is\n%s\nthe command sends\n%s", document, sent.Query)
	}
	var variables map[string]any
	if text := s.snippets["GraphQL, Variables"]; text != "" {
		if err := json.Unmarshal([]byte(text), &variables); err != nil {
			t.Errorf("the variables are no JSON: %v", err)
		}
	}
	if !reflect.DeepEqual(variables, sent.Variables) {
		t.Errorf("the variables are %v, the command sends %v", variables, sent.Variables)
	}
}

// same compares a pasted call with the SDK's.
func same(t *testing.T, protocol string, got, want *sdktest.Request) {
	t.Helper()
	if want == nil {
		t.Fatal("the Go example makes no call")
	}
	if !strings.EqualFold(got.Protocol, protocol) || got.Method != want.Method {
		t.Errorf("%s: the snippet calls %s over %s, the SDK calls %s", protocol, got.Method, got.Protocol, want.Method)
	}
	if g, w := plain(got.Input), plain(want.Input); !reflect.DeepEqual(g, w) {
		t.Errorf("%s: the snippet sends %v, the SDK sends %v", protocol, g, w)
	}
	for _, name := range []string{"Origin", "Authorization", "X-Authorizer-Url", "X-Authorizer-Client-Id", "X-Authorizer-Admin-Secret"} {
		if name == "Origin" && protocol == "gRPC" {
			continue // nobody looks at it there
		}
		if g, w := got.Header.Get(name), want.Header.Get(name); g != w {
			t.Errorf("%s: the snippet sends %s: %q, the SDK sends %q", protocol, name, g, w)
		}
	}
}

// plain is a request whatever the protocol: free-form objects without their
// envelopes, and numbers as texts.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if inner, ok := v["value"].(map[string]any); ok && len(v) == 1 {
			return plain(inner)
		}
		out := map[string]any{}
		for name, value := range v {
			out[name] = plain(value)
		}
		return out
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, plain(item))
		}
		return out
	case json.Number, float64:
		return fmt.Sprint(v)
	}
	return v
}
