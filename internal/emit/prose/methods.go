package prose

import (
	"fmt"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// MethodNotes are the paragraphs about a method that follow from its row and from
// where it is offered.
func MethodNotes(sdk *ir.SDK, m *ir.Method) []string {
	var notes []string
	switch {
	case m.Always != "":
		notes = append(notes, "It is always sent over HTTP, whatever protocol is selected.")
	case len(m.Bindings) < len(sdk.Protocols):
		var names []string
		for _, b := range m.Bindings {
			names = append(names, string(b.Protocol))
		}
		notes = append(notes, "It is offered over "+And(names)+" only; over another protocol it fails before anything is sent.")
	}
	if m.Destructive {
		notes = append(notes, "It destroys data.")
	}
	for _, d := range m.Defaults {
		notes = append(notes, fmt.Sprintf("Unless set, %s is the client's %s, if there is one.", d.Field.GoName, d.Setting))
	}
	return notes
}

// Usage says what a type that nobody described is for: which methods answer it,
// or which types hold it.
func Usage(sdk *ir.SDK, m *ir.Message) string {
	var methods, holders []string
	for _, s := range sdk.Services {
		for _, method := range s.Methods {
			if method.Response == m {
				methods = append(methods, method.GoName)
			}
		}
	}
	if len(methods) > 0 {
		return "is the answer of " + And(methods)
	}
	for _, holder := range sdk.Messages {
		if slices.ContainsFunc(holder.Fields, func(f *ir.Field) bool { return f.Type.Leaf().Message == m }) {
			holders = append(holders, holder.GoName)
		}
	}
	return "is a part of " + And(holders)
}
