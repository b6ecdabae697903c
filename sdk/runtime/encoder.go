package runtime

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Encoder follows the translation of one request for one protocol. It knows
// where in the request it is, and collects every field that the protocol
// cannot express; generated code calls it for each field. After the
// translation the call is refused if anything was collected.
type Encoder struct {
	protocol   Protocol
	path       []step
	violations []violation
}

// violation is a field that cannot be sent, what is wrong with it, and the
// protocols over which it would not be.
type violation struct {
	field, description string
	over               []Protocol
}

// step is one part of a path: the name of a field, or "[i]".
type step struct {
	name    string
	indexed bool
}

// In runs f for the message in a field: paths below it begin with its name.
func (e *Encoder) In(name string, f func()) { e.within(step{name: name}, f) }

// At runs f for the element of a list: paths below it go through "[i]".
func (e *Encoder) At(i int, f func()) { e.within(step{"[" + strconv.Itoa(i) + "]", true}, f) }

func (e *Encoder) within(s step, f func()) {
	e.path = append(e.path, s)
	f()
	e.path = e.path[:len(e.path)-1]
}

// violation notes that a field cannot be sent.
func (e *Encoder) violation(field, format string, args ...any) {
	e.violationHere(nil, field, format, args...)
}

// violationHere notes that a field cannot be sent over this protocol, and the
// protocols over which it can.
func (e *Encoder) violationHere(over []Protocol, field, format string, args ...any) {
	e.violations = append(e.violations, violation{e.at(field), fmt.Sprintf(format, args...), over})
}

// told are the violations of a call of a method that is offered over these
// protocols: a way out over another one is none.
func (e *Encoder) told(offered []Protocol) []FieldViolation {
	var out []FieldViolation
	for _, v := range e.violations {
		over := slices.DeleteFunc(slices.Clone(v.over), func(p Protocol) bool { return !slices.Contains(offered, p) })
		out = append(out, FieldViolation{v.field, v.description + worksOver(over)})
	}
	return out
}

// at is the path of a field from where the encoder is.
func (e *Encoder) at(field string) string {
	var b strings.Builder
	for _, s := range e.path {
		s.writeTo(&b)
	}
	if field != "" {
		step{name: field}.writeTo(&b)
	}
	return b.String()
}

func (s step) writeTo(b *strings.Builder) {
	if b.Len() > 0 && !s.indexed {
		b.WriteByte('.')
	}
	b.WriteString(s.name)
}

// Implicit is for a field without presence on the protocol: what is unset
// and what is zero look the same there. Unset becomes zero; a zero that the
// caller set is a violation, since the server would take it for unset. over
// names the protocols that have presence.
func Implicit[T comparable](e *Encoder, field string, v *T, over ...Protocol) T {
	var zero T
	if v == nil {
		return zero
	}
	if *v == zero {
		e.violationHere(over, field, "cannot be sent as an explicit zero over %s", e.protocol)
		return zero
	}
	return Plain(e, field, *v)
}

// Optional is for a field with presence on the protocol. The pointer is a
// copy; nil stays nil.
func Optional[T comparable](e *Encoder, field string, v *T) *T {
	if v == nil {
		return nil
	}
	value := Plain(e, field, *v)
	return &value
}

// Plain is for a field that is always sent. A string that is not valid UTF-8
// is a violation, since JSON would change it and protobuf refuses it; so is, but
// for gRPC, a number that JSON has no form for.
func Plain[T comparable](e *Encoder, field string, v T) T {
	switch v := any(v).(type) {
	case bool, int32, int64, int:
	case string: // what most fields are, without reflection
		e.checkText(field, v)
	default:
		e.check(field, reflect.ValueOf(v))
	}
	return v
}

// checkText refuses what is not UTF-8.
func (e *Encoder) checkText(field, s string) {
	if !utf8.ValidString(s) {
		e.violation(field, "is not valid UTF-8")
	}
}

// check refuses a single value that cannot be sent.
func (e *Encoder) check(field string, v reflect.Value) {
	if reason := e.unfit(v); reason != "" {
		e.violation(field, "%s", reason)
	}
}

// unfit says why a single value cannot be sent; empty if it can.
func (e *Encoder) unfit(v reflect.Value) string {
	switch v.Kind() {
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return "is not valid UTF-8"
		}
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); e.protocol != ProtocolGRPC && (math.IsNaN(f) || math.IsInf(f, 0)) {
			return fmt.Sprintf("is %v, which JSON cannot hold", f)
		}
	}
	return ""
}

// ImplicitList is for a list on a protocol that cannot tell an empty list
// from an absent one: an empty list that is not nil is a violation. over
// names the protocols that can.
func ImplicitList[T any](e *Encoder, field string, v []T, over ...Protocol) []T {
	if v != nil && len(v) == 0 {
		e.violationHere(over, field, "cannot be sent as an empty list over %s", e.protocol)
		return nil
	}
	return List(e, field, v)
}

// List is for a list that is sent as it is; nil stays nil. What is in it is
// checked as [Plain] does.
func List[T any](e *Encoder, field string, v []T) []T {
	list := reflect.ValueOf(v)
	for i := range v {
		if reason := e.unfit(list.Index(i)); reason != "" {
			e.In(field, func() { e.At(i, func() { e.violation("", "%s", reason) }) })
		}
	}
	return v
}

// Unsupported is for a field that the protocol does not have: if it is set,
// that is a violation. over names the protocols that have it.
func Unsupported(e *Encoder, field string, set bool, over ...Protocol) {
	if set {
		e.violationHere(over, field, "does not exist over %s", e.protocol)
	}
}
