package match

import (
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// shape is what an operation takes and answers. Each side can be looked at in
// more than one way: with its envelope and without.
type shape struct {
	request, response []fields
	// bare: the answer is no object, so that it can be one field of another's.
	// whole are the looks that only such answers, and what is laid beside them, have.
	bare  bool
	whole []fields
	// value: it is a single value. nothing: there is no answer to speak of.
	value, nothing bool
	// bareBody and wholeBody are the same of a REST body that is no object.
	bareBody  bool
	wholeBody []fields
}

// asked are the looks of the request beside another's.
func (s shape) asked(beside shape) []fields {
	if s.bareBody || beside.bareBody {
		return append(s.wholeBody, s.request...)
	}
	return s.request
}

// answer are the looks of the answer beside another's. A single value beside nothing
// may say no more than that the call succeeded, which tells nothing.
func (s shape) answer(beside shape) []fields {
	if s.value && beside.nothing || s.nothing && beside.value {
		return []fields{{}}
	}
	if s.bare || beside.bare {
		return append(s.whole, s.response...)
	}
	return s.response
}

// fields are the names of fields, plain, with the class of their types.
type fields map[string]string

// The classes of types: what two formats may write differently is one class.
const (
	classText    = "text"
	classNumber  = "number"
	classBool    = "bool"
	classMessage = "message"
	classAny     = ""
)

func plainName(name string) string {
	return strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' || r == '.' }), ""))
}

func classOf(t contract.Type) string {
	class := classAny
	switch t.Scalar {
	case contract.ScalarString:
		class = classText
	case contract.ScalarBool:
		class = classBool
	case contract.ScalarInt32, contract.ScalarInt64, contract.ScalarUint32, contract.ScalarUint64, contract.ScalarFloat32, contract.ScalarFloat64:
		class = classNumber
	case contract.ScalarMessage:
		class = classMessage
	}
	switch {
	case t.List:
		return "list of " + class
	case t.Map:
		return "map of " + class
	}
	return class
}

func shapeOf(op *contract.Operation) shape {
	out := shape{request: requestOf(op), response: responseOf(op)}
	out.bare, out.whole = wholeOf(op.Response)
	out.value = out.bare && op.Response.Single()
	out.nothing = !out.bare && len(out.response) == 1 && len(out.response[0]) == 0
	out.bareBody, out.wholeBody = wholeBody(op, out.request[0])
	return out
}

// wholeBody are the parameters with a body that is no object, or the fields of a
// small request, each in turn as what the body is.
func wholeBody(op *contract.Operation, direct fields) (bare bool, looks []fields) {
	if op.Body.Scalar != contract.ScalarNone {
		look := maps.Clone(direct)
		look[itself] = classOf(op.Body)
		return true, []fields{look}
	}
	if len(direct) > bodyFields {
		return false, nil
	}
	for _, name := range slices.Sorted(maps.Keys(direct)) {
		look := maps.Clone(direct)
		delete(look, name)
		look[itself] = direct[name]
		looks = append(looks, look)
	}
	return false, looks
}

// bodyFields is how many fields a request may have of which one is looked at as
// the body.
const bodyFields = 6

// itself is the name of the answer itself among the names of fields.
const itself = "*"

// wholeOf are an answer that is no object, or each of the fields of a small one.
func wholeOf(t contract.Type) (bare bool, looks []fields) {
	switch {
	case t.Scalar == contract.ScalarNone:
		return false, []fields{{}}
	case t.Message == nil || !t.Single():
		return true, []fields{{itself: classOf(t)}}
	case len(t.Message.Fields) == 0:
		return false, []fields{{}}
	case len(t.Message.Fields) > envelopeFields:
		return false, nil
	}
	for _, f := range t.Message.Fields {
		looks = append(looks, fields{itself: classOf(f.Type)})
	}
	return false, looks
}

// envelopeFields is how many fields an answer may have whose one field is looked
// at as the answer.
const envelopeFields = 3

// requestOf is the request message and its parts beside it, in three looks: as
// they stand, with the message as the one part that it is, and with what all parts
// hold in their place.
func requestOf(op *contract.Operation) []fields {
	direct, carried, inner := fields{}, fields{}, fields{}
	add := func(name string, t contract.Type, looks ...fields) {
		for _, look := range looks {
			look[plainName(name)] = classOf(t)
		}
		if t.Message == nil || t.List {
			// A variable of a path may be a field of a field: "book.id".
			inner[plainName(name[strings.LastIndexByte(name, '.')+1:])] = classOf(t)
			return
		}
		for _, f := range t.Message.Fields {
			inner[plainName(f.Name)] = classOf(f.Type)
		}
	}
	if op.Request != nil {
		for _, f := range op.Request.Fields {
			add(f.Name, f.Type, direct)
		}
	}
	if op.RequestName != "" {
		carried[plainName(op.RequestName)] = classMessage
	}
	for _, p := range op.Params {
		add(p.Name, p.Type, direct, carried)
	}
	if op.RequestName == "" {
		return []fields{direct, inner}
	}
	return []fields{direct, carried, inner}
}

// responseOf is the answer, and what stands in the fields of a small answer.
func responseOf(op *contract.Operation) []fields {
	m := op.Response.Leaf().Message
	if m == nil {
		return []fields{{}}
	}
	out := []fields{fieldsOf(m)}
	if len(m.Fields) > envelopeFields || !op.Response.Single() {
		return out
	}
	for _, f := range m.Fields {
		if f.Type.Message != nil {
			out = append(out, fieldsOf(f.Type.Message))
		}
	}
	return out
}

func fieldsOf(m *contract.Message) fields {
	out := fields{}
	for _, f := range m.Fields {
		out[plainName(f.Name)] = classOf(f.Type)
	}
	return out
}

// weights are how much a word or a field's name tells: what many operations have
// tells little.
type weights struct {
	count map[string]int
	total int
}

func newWeights() *weights { return &weights{count: map[string]int{}} }

func (w *weights) of(name string) float64 {
	const few = 8
	if w.total < few {
		return 1
	}
	return math.Log1p(float64(w.total)/float64(max(w.count[name], 1))) / math.Log1p(float64(w.total))
}

// alike is the best likeness of two sides in any of their looks, and how many
// names it rests on.
func (w *weights) alike(a, b []fields) (likeness, evidence float64) {
	for _, x := range a {
		for _, y := range b {
			same, all := w.overlap(x, y)
			if all > 0 && same/all >= likeness {
				likeness, evidence = same/all, all
			}
		}
	}
	return likeness, evidence
}

func (w *weights) overlap(a, b fields) (same, all float64) {
	const otherType = 0.6
	for name, class := range a {
		weight := w.of(name)
		all += weight
		other, ok := b[name]
		switch {
		case !ok:
		case class == other || class == classAny || other == classAny:
			same += weight
		default:
			same += weight * otherType
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			all += w.of(name)
		}
	}
	return same, all
}
