package resolve

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// answer resolves the answer of a row.
func (r *resolver) answer(one *row) {
	response := parts{}
	r.streams(one)
	r.answerEntries(one)
	for _, b := range one.Bindings {
		if m := r.result(one, b); m != nil {
			response[b.Protocol] = m
		}
	}
	r.undeclaredEnvelopes(one, response)
	complete := r.bareAnswers(one, response)
	if len(response) > 0 {
		one.Response = r.message(false, r.flatAnswer(one, objectsOf(response)).GoName, response, one.Pos)
	}
	if complete {
		r.checkSides(one, "answer", response)
	}
	if one.Streams && one.Response == nil {
		r.add(UnusableOperation.ofMethod(one.Name), one.manifest.Pos, "give the messages of the stream a field", "method %s: the messages of its stream have no fields", one.Name)
	}
	for _, b := range one.Bindings {
		b.Response = wireOf(one.Response, b.Protocol, response[b.Protocol])
	}
}

// result is the message that a call answers, out of its envelope; nil where it
// answers nothing, or what is no message.
func (r *resolver) result(one *row, b *ir.Binding) *contract.Message {
	answer := answerType(b)
	envelope, hasEnvelope := one.manifest.Envelope[string(b.Protocol)]
	switch {
	case answer.Scalar == contract.ScalarNone:
		if hasEnvelope {
			r.add(WrongEnvelope.ofMethod(one.Name), envelope.Pos, "", "method %s: %s answers nothing, so it has no envelope", one.Name, b.Operation.Key)
		}
		return nil
	case !hasEnvelope && (saysNothing(answer) || !isMessage(answer) || r.wholeAnswer(one, b) != ""):
		return nil
	case !isMessage(answer):
		r.add(WrongEnvelope.ofMethod(one.Name), envelope.Pos, "remove the envelope; to give the answer a name, write answer: {"+string(b.Protocol)+": FIELD}", "method %s: the answer of %s is not an object, so it has no envelope", one.Name, b.Operation.Key)
		return nil
	case !hasEnvelope:
		return answer.Message
	}
	field := answer.Message.Field(envelope.Value)
	switch {
	case field == nil:
		r.add(WrongEnvelope.ofMethod(one.Name), envelope.Pos, "its fields are: "+fieldNames(answer.Message), "method %s: %s has no field %q to be the envelope's result", one.Name, answer.Message.Name, envelope.Value)
		return nil
	case !isMessage(field.Type):
		r.add(WrongEnvelope.ofMethod(one.Name), envelope.Pos, "remove the envelope: the answer is then an object with this field", "method %s: the envelope's field %s.%s is not an object", one.Name, answer.Message.Name, envelope.Value)
		return nil
	case len(answer.Message.Fields) > 1:
		r.add(WrongEnvelope.ofMethod(one.Name), envelope.Pos, "leave the envelope out, so that the caller gets all fields", "method %s: %s has more fields than %s, which would be lost: %s", one.Name, answer.Message.Name, envelope.Value, fieldNames(answer.Message))
		return nil
	}
	b.Envelope = field
	return field.Type.Message
}

// saysNothing tells whether an answer holds nothing to know.
func saysNothing(t contract.Type) bool {
	return t.Scalar == contract.ScalarNone || isMessage(t) && len(t.Message.Fields) == 0
}

func isMessage(t contract.Type) bool { return t.Message != nil && t.Single() }

// answerType is what an operation answers, of a stream each time.
func answerType(b *ir.Binding) contract.Type {
	if f := streamResult(b.Operation); b.Streams && b.Protocol == ir.REST && f != nil {
		return f.Type
	}
	return b.Operation.Response
}

// wholeAnswer is the field of what callers get that an answer is as a whole, as
// the row says it, or the google.api.http rule of the same method by the name that
// gRPC has for it; empty if neither does.
func (r *resolver) wholeAnswer(one *row, b *ir.Binding) string {
	if name := one.manifest.Answer[string(b.Protocol)].Value; name != "" {
		return name
	}
	name := r.httpRule(one, b).ResponseBody
	_, unwrapped := one.manifest.Envelope[string(ir.GRPC)]
	if name == "" || name == "*" || unwrapped {
		return ""
	}
	if answer := one.Binding(ir.GRPC).Operation.Response; isMessage(answer) {
		return r.logicalName(r.flatAnswer(one, parts{ir.GRPC: answer.Message}), ir.GRPC, answer.Message, name)
	}
	return name
}

// objectsOf are the answers that are objects.
func objectsOf(response parts) parts {
	out := parts{}
	for p, m := range response {
		if m.Bare() == nil {
			out[p] = m
		}
	}
	return out
}

// flatAnswer is the type that a row answers, as far as rules name it: after its
// messages, or else after the row.
func (r *resolver) flatAnswer(one *row, objects parts) *ir.Message {
	if len(objects) > 0 {
		return &ir.Message{GoName: r.typeName(objects)}
	}
	return &ir.Message{GoName: one.GoName + "Response"}
}

// bareAnswers puts a message with one field in the place of each answer that is
// none. It reports whether all got one, but for those that the manifest omits.
func (r *resolver) bareAnswers(one *row, response parts) (complete bool) {
	var bare []*ir.Binding
	for _, b := range one.Bindings {
		answer := answerType(b)
		_, hasEnvelope := one.manifest.Envelope[string(b.Protocol)]
		if response[b.Protocol] == nil && !saysNothing(answer) && !hasEnvelope {
			bare = append(bare, b)
		}
	}
	objects := objectsOf(response)
	flat := r.flatAnswer(one, objects)
	said := ""
	for _, b := range bare {
		said = cmp.Or(said, r.wholeAnswer(one, b))
	}
	if len(objects) == 0 {
		said = cmp.Or(said, usualName(bare))
	}
	complete = true
	for _, b := range bare {
		name, ok := r.bareName(one, b, flat, cmp.Or(r.wholeAnswer(one, b), said), objects)
		complete = complete && ok
		if ok && (len(objects) > 0 || !r.omitted(flat, name)) {
			response[b.Protocol] = bareMessage(b, name)
		}
	}
	return complete
}

// bareMessage is the message with one field, the answer itself.
func bareMessage(b *ir.Binding, name string) *contract.Message {
	op, answer := b.Operation, answerType(b)
	details := contract.TypeDetails{Text: answer.Wire}
	if f := streamResult(op); b.Streams && f != nil && f.Details != nil {
		details.Nullable, details.NullableItem = f.Details.Type.Nullable, f.Details.Type.NullableItem
	} else if op.Details != nil && !b.Streams {
		details = op.Details.Response
	}
	return &contract.Message{
		Name: "answer of " + op.Key, Pos: op.Pos,
		Details: &contract.MessageDetails{Kind: "answer"},
		Fields: []*contract.Field{{
			Name: name, Pos: op.Pos, Type: answer,
			Required: !details.Nullable, Presence: details.Nullable, Nullable: details.Nullable || details.NullableItem,
			Place:   &contract.Place{In: contract.InAnswer},
			Details: &contract.FieldDetails{Type: details},
		}},
	}
}

// The fields that answers are which nobody names: a list, and everything else.
const (
	bareList  = "items"
	bareValue = "value"
)

// usualName is that of a row of which no answer is an object. The first contract
// that says what the type is decides: protos know lists that JSON has as a text.
func usualName(bare []*ir.Binding) string {
	for _, protocol := range canonicalOrder() {
		for _, b := range bare {
			if b.Protocol == protocol && answerType(b).List {
				return bareList
			}
			if b.Protocol == protocol {
				return bareValue
			}
		}
	}
	return ""
}

// bareName is the field that an answer is: what is said, or the field of the
// answer's type that another protocol's answer has. An object that has no such
// field, or several, is a finding.
func (r *resolver) bareName(one *row, b *ir.Binding, flat *ir.Message, said string, objects parts) (name string, ok bool) {
	if said != "" {
		return said, true
	}
	for _, protocol := range canonicalOrder() {
		if m := objects[protocol]; m != nil {
			if f := r.fieldLike(one, b, m, protocol); f != nil {
				return r.logicalName(flat, protocol, m, f.Name), true
			}
		}
	}
	protocol, m := objects.canonical()
	answer := describe(shapeOf(answerType(b)))
	r.add(UnusableOperation.ofMethod(one.Name), b.Operation.Pos,
		fmt.Sprintf("if it is one of the fields of %s (%s), write answer: {%s: FIELD} in the row; if not, leave %s out of the row's protocols", m.Name, fieldNames(m), b.Protocol, b.Protocol),
		"method %s: %s answers %s, but over %s the answer is the object %s, which has no field of that type, or more than one", one.Name, b.Operation.Key, answer, protocol, m.Name)
	return "", false
}

// fieldLike is the field of a message that an answer which is none looks like:
// its only one, or the only one of the type.
func (r *resolver) fieldLike(one *row, b *ir.Binding, m *contract.Message, protocol ir.Protocol) *contract.Field {
	if len(m.Fields) == 1 {
		return m.Fields[0]
	}
	answer := answerType(b)
	alike := slices.DeleteFunc(slices.Clone(m.Fields), func(f *contract.Field) bool {
		t := answer
		if protocol == ir.GRPC && b.Transcoded {
			t = transcodedType(answer, f.Type)
		}
		return !sameShape(shapeOf(f.Type), shapeOf(t))
	})
	if named := answer.Leaf().Message; len(alike) > 1 && named != nil {
		alike = slices.DeleteFunc(alike, func(f *contract.Field) bool {
			return !SameName(shortName(f.Type.Leaf().Message.Name), shortName(named.Name))
		})
	}
	if len(alike) != 1 {
		return nil
	}
	return alike[0]
}

// answerEntries reports what a row says of answers that its operations do not have.
func (r *resolver) answerEntries(one *row) {
	for _, p := range slices.Sorted(maps.Keys(one.manifest.Answer)) {
		b := one.Binding(ir.Protocol(p))
		if b == nil {
			continue // reported elsewhere
		}
		if saysNothing(answerType(b)) {
			r.add(UnusableEntry.ofMethod(one.Name), one.manifest.Answer[p].Pos, "remove it", "method %s: %s answers nothing", one.Name, b.Operation.Key)
		}
	}
}

// onlyAnswers is the way out where only some protocols answer something, and that
// is no object: it may say no more than that the call succeeded.
func (r *resolver) onlyAnswers(one *row, have parts) string {
	var names []string
	for _, m := range have {
		if m.Bare() == nil {
			return ""
		}
		names = append(names, m.Bare().Name)
	}
	if one.Response == nil || one.Response.Request || len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return fmt.Sprintf("if it says no more than that the call succeeded, leave it out: {type: %s, field: %s, omit: REASON} under fields", one.Response.GoName, strings.Join(slices.Compact(names), ", "))
}
