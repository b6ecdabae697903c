package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/diag"
	"github.com/triwire/authorizer-sdk/internal/explain"
	"github.com/triwire/authorizer-sdk/internal/ir"
	"github.com/triwire/authorizer-sdk/internal/nearest"
	"github.com/triwire/authorizer-sdk/internal/pipeline"
)

// explainMethod tells everything about one method, or lists all.
func explainMethod(_ context.Context, t *terminal, args []string) int {
	var flags projectFlags
	t.reads = true
	set := flag.NewFlagSet("explain", flag.ContinueOnError)
	flags.register(set, "text or json")
	name, code, done := parseNamed(set, t, args)
	if done {
		return code
	}
	project, ok := flags.project(t)
	if !ok {
		return exitUnusable
	}
	model, findings, err := pipeline.Model(project)
	if err != nil {
		return t.unusable(err)
	}
	if name == "" {
		return t.listMethods(explain.List(model))
	}
	service, method := explain.Find(model, name)
	if method == nil {
		return t.unknownMethod(model, name)
	}
	return t.explain(explain.Explain(model, service, method), about(method, findings))
}

// parseNamed reads flags and at most one argument, which may stand before, behind
// or among them.
func parseNamed(set *flag.FlagSet, t *terminal, args []string) (name string, code int, done bool) {
	for {
		if name == "" && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			name, args = args[0], args[1:]
		}
		if code, done = parseFlags(set, t, args); done {
			return "", code, true
		}
		if args = set.Args(); len(args) == 0 {
			return name, exitClean, false
		}
		if name != "" {
			return "", unexpected(t, set), true
		}
	}
}

// about are the findings that keep the method from being generated as it is.
func about(m *ir.Method, findings []diag.Finding) []diag.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f diag.Finding) bool {
		return f.Method != m.Name && (f.Type == "" || !holdsType(m.Request, f.Type) && !holdsType(m.Response, f.Type))
	})
}

// holdsType tells whether a message is of that type or has a field of it.
func holdsType(m *ir.Message, name string) bool {
	if m == nil {
		return false
	}
	return m.GoName == name || slices.ContainsFunc(m.Fields, func(f *ir.Field) bool {
		leaf := f.Type.Leaf()
		return leaf.Message != nil && leaf.Message.GoName == name
	})
}

func (t *terminal) unknownMethod(model *ir.SDK, name string) int {
	f := diag.Finding{Message: fmt.Sprintf("there is no method %q", name), Hint: "sdkgen explain lists all methods"}
	if near := explain.Nearest(model, name); len(near) > 0 {
		f.Hint = nearest.Question(near)
	}
	if t.json {
		list := &diag.List{}
		list.Add(f)
		return t.unusable(list.Err())
	}
	fmt.Fprintf(t.err, "sdkgen: %s\n", f.Error())
	return exitUnusable
}

func (t *terminal) listMethods(rows []explain.Row) int {
	if t.json {
		t.printJSON(rows)
		return exitClean
	}
	return t.exit(explain.WriteList(t.out, rows))
}

func (t *terminal) explain(m *explain.Method, findings []diag.Finding) int {
	if t.json {
		t.printJSON(m)
		return exitClean
	}
	code := t.exit(explain.WriteText(t.out, m))
	for _, f := range findings {
		fmt.Fprintln(t.err, f.Error())
	}
	return code
}

// exit is the exit code for an error of printing.
func (t *terminal) exit(err error) int {
	if err != nil {
		fmt.Fprintf(t.err, "sdkgen: %v\n", err)
		return exitUnusable
	}
	return exitClean
}
