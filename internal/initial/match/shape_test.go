package match

import (
	"testing"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// TestBare: what is no object is alike to the field of an object that it could be,
// and two objects are not alike by having such fields.
func TestBare(t *testing.T) {
	item := &contract.Message{Name: "Gadget", Fields: []*contract.Field{{Name: "serial", Type: contract.Type{Scalar: contract.ScalarString}}}}
	list := contract.Type{Scalar: contract.ScalarMessage, Message: item, List: true}
	flag := contract.Type{Scalar: contract.ScalarBool}
	object := func(name string, of contract.Type) *contract.Message {
		return &contract.Message{Name: name, Fields: []*contract.Field{{Name: name, Type: of}}}
	}
	single := func(m *contract.Message) contract.Type {
		return contract.Type{Scalar: contract.ScalarMessage, Message: m}
	}
	bare := shapeOf(&contract.Operation{Body: list, Response: flag})
	same := shapeOf(&contract.Operation{Request: object("gadgets", list), Response: single(object("imported", flag))})
	nothing := shapeOf(&contract.Operation{Request: object("gadgets", list)})
	text := shapeOf(&contract.Operation{Request: object("note", contract.Type{Scalar: contract.ScalarString}), Response: single(object("id", contract.Type{Scalar: contract.ScalarString}))})
	other := shapeOf(&contract.Operation{Request: object("things", list), Response: single(object("done", flag))})
	for _, tc := range []struct {
		name             string
		a, b             shape
		request, respond float64
	}{
		{"the fields that they could be", bare, same, 1, 1},
		{"a flag, and nothing", bare, nothing, 1, 0},
		{"fields of other types", bare, text, 0.6, 0.6},
		{"two objects", same, other, 0, 0},
	} {
		w := newWeights()
		request, _ := w.alike(tc.a.asked(tc.b), tc.b.asked(tc.a))
		respond, evidence := w.alike(tc.a.answer(tc.b), tc.b.answer(tc.a))
		if request != tc.request || respond != tc.respond {
			t.Errorf("%s: the requests are alike by %v, the answers by %v; want %v and %v", tc.name, request, respond, tc.request, tc.respond)
		}
		if tc.name == "a flag, and nothing" && evidence != 0 {
			t.Errorf("%s: that is evidence of %v against them", tc.name, evidence)
		}
	}
}
