package resolve

import (
	"fmt"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// RuleID is the stable name of a kind of finding. The check describes each.
type RuleID string

// The rules that resolving applies: what they find makes it impossible to
// generate an SDK.
const (
	MissingOperation   RuleID = "missing-operation"
	UnusableOperation  RuleID = "unusable-operation"
	MissingField       RuleID = "missing-field"
	TypeMismatch       RuleID = "type-mismatch"
	UnsupportedType    RuleID = "unsupported-type"
	WrongEnvelope      RuleID = "wrong-envelope"
	UndeclaredEnvelope RuleID = "undeclared-envelope"
	NameCase           RuleID = "name-case"
	NameClash          RuleID = "name-clash"
	UnusableEntry      RuleID = "unusable-entry"
	UnusedEntry        RuleID = "unused-entry"
)

// RuleIDs are all of them.
func RuleIDs() []RuleID {
	return []RuleID{
		MissingOperation, UnusableOperation, MissingField, TypeMismatch, UnsupportedType, WrongEnvelope,
		UndeclaredEnvelope, NameCase, NameClash, UnusableEntry, UnusedEntry,
	}
}

// subject is a rule and what it found something about.
type subject struct {
	id               RuleID
	method, typeName string
}

func (id RuleID) ofMethod(name string) subject { return subject{id: id, method: name} }
func (id RuleID) ofType(name string) subject   { return subject{id: id, typeName: name} }
func (id RuleID) ofProject() subject           { return subject{id: id} }

func (r *resolver) add(about subject, pos diag.Pos, hint, format string, args ...any) {
	r.findings.Add(diag.Finding{
		Rule: string(about.id), Method: about.method, Type: about.typeName,
		Pos: pos, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}
