package explain_test

import (
	"strings"
	"testing"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/explain"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// TestParts: a request of several parts says where each field travels, and a
// stream has the signature of one.
func TestParts(t *testing.T) {
	text := ir.Type{Scalar: contract.ScalarString}
	request := &ir.Message{GoName: "WatchRequest", Request: true}
	wire := &ir.Wire{Protocol: ir.REST, Message: request, Contract: &contract.Message{Name: "GET /v1/{shelf}", Parts: &contract.Parts{}}}
	for name, place := range map[string]contract.Place{
		"trace": {In: contract.InHeader, Name: "X-Trace"}, "note": {In: contract.InContent},
	} {
		f := &ir.Field{Name: name, GoName: name, Type: text}
		request.Fields = append(request.Fields, f)
		wire.Fields = append(wire.Fields, &ir.WireField{Field: f, Contract: &contract.Field{
			Name: name, Type: contract.Type{Scalar: contract.ScalarString, Wire: "string"}, Place: &place,
		}})
	}
	request.Wires = []*ir.Wire{wire}
	m := &ir.Method{
		Name: "watch", GoName: "Watch", Streams: true, Request: request, Response: &ir.Message{GoName: "Event"},
		Bindings: []*ir.Binding{{Protocol: ir.REST, Operation: &contract.Operation{Key: "GET /v1/{shelf}"}, Request: wire, Streams: true}},
	}
	s := &ir.Service{Client: "Client", Methods: []*ir.Method{m}}
	var out strings.Builder
	if err := explain.WriteText(&out, explain.Explain(&ir.SDK{Protocols: []ir.Protocol{ir.REST}, Services: []*ir.Service{s}}, s, m)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"X-Trace string, header\n", "note string   string\n", "iter.Seq2[*Event, error]"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, &out)
		}
	}
}
