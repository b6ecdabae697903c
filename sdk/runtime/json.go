package runtime

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"

	fast "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	like "github.com/go-json-experiment/json/v1"
)

// Answers are decoded by encoding/json/v2, which takes a fraction of the time.
// It is stricter than encoding/json, so what it refuses is decoded once more
// by the latter: whether an answer is good, and what is wrong with it, is
// always encoding/json's word.

// unmarshal is [json.Unmarshal] into a pointer to a zero value.
func unmarshal(body []byte, out any) error {
	if fast.Unmarshal(body, out, fast.MatchCaseInsensitiveNames(true), like.MatchCaseSensitiveDelimiter(true)) == nil {
		return nil
	}
	reflect.ValueOf(out).Elem().SetZero()
	return json.Unmarshal(body, out)
}

// unmarshalGenerous is unmarshal into an answer over REST that refused: it takes
// 64-bit integers as numbers and as texts, whichever the contract says. They are
// read from their digits, so that none is rounded.
func unmarshalGenerous(body []byte, out any) error {
	reflect.ValueOf(out).Elem().SetZero()
	return fast.Unmarshal(body, out, like.DefaultOptionsV1(), fast.WithUnmarshalers(fast.JoinUnmarshalers(
		fast.UnmarshalFromFunc(func(dec *jsontext.Decoder, v *int64) error { return generous(dec, v, strconv.ParseInt) }),
		fast.UnmarshalFromFunc(func(dec *jsontext.Decoder, v *uint64) error { return generous(dec, v, strconv.ParseUint) }),
	)))
}

func generous[T any](dec *jsontext.Decoder, v *T, parse func(string, int, int) (T, error)) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case jsontext.KindNull:
		return nil
	case jsontext.KindNumber, jsontext.KindString:
		*v, err = parse(token.String(), 10, 64)
		return err
	}
	return errUnusual
}

// envelope is the outer object of a GraphQL answer. Data and errors are told
// apart in one pass over the text; errors are only looked into if there are any.
type envelope struct {
	Data   any             `json:"data"` // a pointer; nil if the data is null
	Errors json.RawMessage `json:"errors"`

	found bool // there is data, and it is not null
}

// unmarshalEnvelope decodes an answer into env, and its data into what that
// points to, which must be zero.
func unmarshalEnvelope(body []byte, env *envelope) error {
	target := env.Data
	if fast.Unmarshal(body, (*fastEnvelope)(env), fast.MatchCaseInsensitiveNames(true), like.MatchCaseSensitiveDelimiter(true)) == nil {
		return nil
	}
	reflect.ValueOf(target).Elem().SetZero()
	*env = envelope{Data: target}
	err := json.Unmarshal(body, env)
	env.found = err == nil && env.Data == target && (!reflect.ValueOf(target).Elem().IsZero() || hasData(body))
	return err
}

// hasData reports whether a document has data that is not null. Null makes an
// envelope's data nil; data that is merely absent leaves no trace.
func hasData(body []byte) bool {
	var env struct {
		Data json.RawMessage `json:"data"`
	}
	return json.Unmarshal(body, &env) == nil && env.Data != nil
}

// errUnusual leaves an answer to encoding/json.
var errUnusual = errors.New("not what servers answer")

// fastEnvelope is an envelope that is decoded by encoding/json/v2.
type fastEnvelope envelope

// UnmarshalJSONFrom implements the interface of encoding/json/v2.
func (e *fastEnvelope) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != jsontext.KindBeginObject {
		return errUnusual
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != jsontext.KindEndObject {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := e.member(dec, name); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// member decodes the value of one member.
func (e *fastEnvelope) member(dec *jsontext.Decoder, name jsontext.Value) error {
	switch string(name) {
	case `"data"`:
		e.found = dec.PeekKind() != jsontext.KindNull
		if !e.found {
			return dec.SkipValue()
		}
		return fast.UnmarshalDecode(dec, e.Data)
	case `"errors"`:
		value, err := dec.ReadValue()
		e.Errors = json.RawMessage(value.Clone())
		return err
	}
	if bytes.EqualFold(name, []byte(`"data"`)) || bytes.EqualFold(name, []byte(`"errors"`)) || bytes.IndexByte(name, '\\') >= 0 {
		return errUnusual
	}
	return dec.SkipValue()
}
