package prose

import (
	"fmt"

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
	if m.Streams {
		notes = append(notes, "The answer is a stream: the call is made anew each time that it is iterated over, and ends with the iteration. An error comes once and last. It may be sent again only until the first message is there.")
	}
	if m.Paging != nil {
		notes = append(notes, m.Paging.Iterator+" walks all pages.")
	}
	if m.Destructive {
		notes = append(notes, "It destroys data.")
	}
	for _, d := range m.Defaults {
		notes = append(notes, fmt.Sprintf("Unless set, %s is the client's %s, if there is one.", d.Field.GoName, d.Setting))
	}
	return notes
}

// Usages tells what a type that nobody described is for: which methods answer it,
// or which types hold it. Who uses what is found out once, for all types.
func Usages(sdk *ir.SDK) func(*ir.Message) string {
	answered, held := map[*ir.Message][]string{}, map[*ir.Message][]string{}
	for _, s := range sdk.Services {
		for _, method := range s.Methods {
			answered[method.Response] = append(answered[method.Response], method.GoName)
		}
	}
	for _, holder := range sdk.Messages {
		for _, f := range holder.Fields {
			m := f.Type.Leaf().Message
			if last := held[m]; len(last) == 0 || last[len(last)-1] != holder.GoName {
				held[m] = append(last, holder.GoName)
			}
		}
	}
	return func(m *ir.Message) string {
		if len(answered[m]) > 0 {
			return "is the answer of " + And(answered[m])
		}
		return "is a part of " + And(held[m])
	}
}
