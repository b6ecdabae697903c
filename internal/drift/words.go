package drift

import (
	"fmt"
	"strings"

	"github.com/triwire/authorizer-sdk/internal/ir"
)

// finish writes the message of a change and chooses its place.
func (c *Change) finish() {
	order := ir.Protocols()
	var parts []Part
	for _, p := range order {
		for _, part := range c.Parts {
			if part.Protocol == p {
				parts = append(parts, part)
			}
		}
	}
	c.Parts = parts
	c.Pos = parts[0].Head
	if c.Pos.File == "" {
		c.Pos, c.InBase = parts[0].Base, true
	}
	c.Message = fmt.Sprintf("%s %s", c.subject(), c.places())
	if whom := c.Breaks.words(); whom != "" {
		c.Message += "; breaks " + whom
	}
}

// words says whom a change breaks.
func (b Breaks) words() string {
	var out []string
	for _, word := range b.Whom() {
		out = append(out, map[string]string{
			"source":       "Go code that uses the SDK",
			"older-sdk":    "older SDKs with the new server",
			"older-server": "the new SDK with older servers",
		}[word])
	}
	if len(out) == 3 {
		return strings.Join(out[:2], ", ") + " and " + out[2]
	}
	return strings.Join(out, " and ")
}

// subject is what changed and how.
func (c *Change) subject() string {
	what := phrases()[c.Rule]
	element := c.Parts[0].Element
	switch {
	case c.Field != "" && !c.ofOperation:
		return fmt.Sprintf("field %s of %s %s", c.Field, c.Type, what)
	case c.Type != "" && !c.ofOperation:
		return fmt.Sprintf("type %s %s", c.Type, what)
	}
	return element + " " + what
}

// places lists what each protocol says.
func (c *Change) places() string {
	var out []string
	for _, p := range c.Parts {
		out = append(out, fmt.Sprintf("over %s (%s)", p.Protocol, p.words()))
	}
	return strings.Join(out, ", ")
}

func (p Part) words() string {
	switch {
	case p.Before == "" && p.After == "":
		return p.Element
	case p.Before == "" || p.After == "":
		one := p.Before + p.After
		if one == p.Element {
			return one
		}
		return p.Element + ": " + one
	}
	if p.Before == p.Element {
		return p.Before + " -> " + p.After
	}
	return fmt.Sprintf("%s: %s -> %s", p.Element, p.Before, p.After)
}

// phrases say what happened to the subject of a rule.
func phrases() map[RuleID]string {
	return map[RuleID]string{
		OperationAdded: "is new", OperationRemoved: "is gone", OperationRenamed: "has another name",
		ServiceRenamed: "moved to another service", PackageRenamed: "moved to another package",
		PathChanged: "has another path", VerbChanged: "has another verb", KindChanged: "is of another kind",
		StreamingChanged: "streams otherwise", HTTPRuleChanged: "has another HTTP binding",
		OperationIDChanged: "has another operationId", SecurityChanged: "demands other credentials",
		ArgumentAdded: "has a new argument", ArgumentRemoved: "lost an argument", ArgumentRenamed: "has an argument of another name",
		ArgumentType: "has an argument of another type", ArgumentRequired: "has an argument that is required now",
		ArgumentOptional: "has an argument that is optional now", ArgumentDefault: "has another default for an argument",
		ArgumentStyle: "has an argument that is written otherwise", ArgumentLimits: "has an argument with other limits",
		ArgumentDeprecated: "has an argument whose deprecation changed",
		RequestReplaced:    "takes another message", RequestRequired: "has a body that is required now",
		RequestOptional: "has a body that is optional now", ResponseReplaced: "answers another type",
		ResponseNullable: "may answer null now", ResponseNotNullable: "never answers null any more",
		MediaTypeChanged: "has other media types", StatusChanged: "answers success with another status",
		ErrorStatusChanged: "describes other failures", OperationDeprecated: "is deprecated now",
		OperationReinstated: "is no longer deprecated",
		MessageAdded:        "is new", MessageRemoved: "is gone", MessageRenamed: "has another name in the contract",
		MessageOneOf: "takes fields otherwise", MessageLimits: "has other limits",
		Discriminator: "tells its variants apart otherwise", VariantAdded: "is a new variant", VariantRemoved: "is no variant any more",
		ReservedAdded: "reserves more", ReservedRemoved: "reserves less",
		FieldAdded: "is new", FieldRemoved: "is gone", FieldRenamed: "has another name in the contract",
		FieldType: "has another type", FieldReplaced: "holds another message", FieldList: "changed between one value and a list",
		FieldRequired: "is required now", FieldOptional: "is no longer required", FieldNullable: "may be null now",
		FieldNotNullable: "must not be null any more", FieldItemNullable: "may hold null items now",
		FieldItemNotNullable: "must not hold null items any more", FieldPresence: "has another presence",
		FieldDefault: "has another default", FieldLimits: "has other limits", FieldNumber: "has another number",
		FieldNumberReused: "has a number that was used before", FieldJSONName: "has another JSON name",
		FieldOneof: "is in another oneof", FieldDeprecated: "is deprecated now", FieldReinstated: "is no longer deprecated",
		EnumAdded: "allows only some values now", EnumRemoved: "allows all values now", EnumRenamed: "has an enum of another name", EnumValueAdded: "has a new value",
		EnumValueRemoved: "lost a value", EnumValueRenamed: "has a value of another name",
		EnumValueNumber: "has a value of another number", EnumValueDeprecated: "has a value whose deprecation changed",
	}
}
