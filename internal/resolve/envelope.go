package resolve

import (
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/contract"
	"github.com/triwire/authorizer-sdk/internal/ir"
)

// undeclaredEnvelopes reports answers that hold the result in their one field
// where another protocol answers with the result itself. They are then taken
// for envelopes, so that this is the only finding about them.
func (r *resolver) undeclaredEnvelopes(one *row, response parts) {
	for _, b := range one.Bindings {
		answer := response[b.Protocol]
		field, bare := envelopeOf(b.Protocol, response)
		if field == nil {
			continue
		}
		r.add(UndeclaredEnvelope.ofMethod(one.Name), field.Pos, fmt.Sprintf("write envelope: {%s: %s} in the row", b.Protocol, field.Name),
			"method %s: over %s the answer %s holds the result in its field %s, over %s it is the result itself", one.Name, b.Protocol, answer.Name, field.Name, bare)
		b.Envelope = field
		response[b.Protocol] = field.Type.Message
	}
}

// envelopeOf is the field of a protocol's answer that looks like what another
// protocol answers bare, and that protocol.
func envelopeOf(p ir.Protocol, response parts) (*contract.Field, ir.Protocol) {
	answer := response[p]
	if answer == nil || len(answer.Fields) != 1 {
		return nil, ""
	}
	field := answer.Fields[0]
	if !isMessage(field.Type) {
		return nil, ""
	}
	for _, other := range ir.Protocols() {
		if bare := response[other]; bare != nil && other != p && bare.Field(field.Name) == nil && alike(field.Type.Message, bare) {
			return field, other
		}
	}
	return nil, ""
}

// alike tells whether at least half of the fields of b are in a.
func alike(a, b *contract.Message) bool {
	same := 0
	for _, f := range b.Fields {
		if a.Field(f.Name) != nil {
			same++
		}
	}
	return same > 0 && same*2 >= len(b.Fields)
}
