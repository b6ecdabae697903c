package manifest

import (
	"io/fs"
	"slices"

	"github.com/triwire/authorizer-sdk/internal/diag"
)

// Ignored is an operation of a contract that no row covers, on purpose.
type Ignored struct {
	Pos diag.Pos `yaml:"-"`
	// GraphQL, REST or GRPC is the operation; just one of them.
	GraphQL Text `yaml:"graphql"`
	REST    Text `yaml:"rest"`
	GRPC    Text `yaml:"grpc"`
	// Reason says why there is no row for it.
	Reason Text `yaml:"reason"`
}

// Operation returns the protocol and the operation's key.
func (i Ignored) Operation() (protocol string, key Text) {
	for p, t := range map[string]Text{"graphql": i.GraphQL, "rest": i.REST, "grpc": i.GRPC} {
		if t.Value != "" {
			return p, t
		}
	}
	return "", Text{}
}

// Accepted is a finding of the check that is known, or a kind of them. What is
// empty matches everything.
type Accepted struct {
	Pos diag.Pos `yaml:"-"`
	// Rule is the rule's id.
	Rule Text `yaml:"rule"`
	// Method is a row, Type a type of the SDK, Field a field's logical name.
	Method Text `yaml:"method"`
	Type   Text `yaml:"type"`
	Field  Text `yaml:"field"`
	// Protocols are those that the finding is about.
	Protocols []Text `yaml:"protocols"`
	// Reason says why it is as it should be.
	Reason Text `yaml:"reason"`
}

func (v *validator) ignored() {
	seen := map[string]diag.Pos{}
	for _, i := range v.Ignored {
		v.required(i.Reason, i.Pos, "ignored.reason")
		named := 0
		for _, t := range []Text{i.GraphQL, i.REST, i.GRPC} {
			if t.Value != "" {
				named++
			}
		}
		if named != 1 {
			v.hint(i.Pos, "write one of graphql, rest and grpc", "an entry of ignored names %d operations", named)
			continue
		}
		_, key := i.Operation()
		v.unique(seen, key, "ignored operation")
	}
}

func (v *validator) accepted() {
	for _, a := range v.Accepted {
		v.required(a.Rule, a.Pos, "accepted.rule")
		v.required(a.Reason, a.Pos, "accepted.reason")
		v.protocolList(a.Protocols, "accepted.protocols")
		if a.Method.Value != "" && !slices.ContainsFunc(v.Methods, func(m Method) bool { return m.Name.Value == a.Method.Value }) {
			v.findings.Addf(a.Method.Pos, "accepted names the unknown method %q", a.Method.Value)
		}
	}
	if name := v.AcceptedPlaces; name.Value != "" && (!fs.ValidPath(name.Value) || name.Value == ".") {
		v.hint(name.Pos, "write it as accepted.txt", "accepted_places cannot be %q: a file below the project's directory", name.Value)
	}
}
