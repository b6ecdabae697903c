package drift

import "slices"

// RuleID is the stable name of a kind of change.
type RuleID string

// Rule describes a kind of change.
type Rule struct {
	ID RuleID
	// Doc says in one line what changed and what it breaks.
	Doc string
	// parity names what other protocols are expected to change with it; empty:
	// it is a matter of one protocol alone.
	parity string
}

// The rules.
const (
	OperationAdded       RuleID = "operation-added"
	OperationRemoved     RuleID = "operation-removed"
	OperationRenamed     RuleID = "operation-renamed"
	ServiceRenamed       RuleID = "service-renamed"
	PackageRenamed       RuleID = "package-renamed"
	PathChanged          RuleID = "path-changed"
	VerbChanged          RuleID = "verb-changed"
	KindChanged          RuleID = "kind-changed"
	StreamingChanged     RuleID = "streaming-changed"
	HTTPRuleChanged      RuleID = "http-rule-changed"
	OperationIDChanged   RuleID = "operation-id-changed"
	SecurityChanged      RuleID = "security-changed"
	ArgumentAdded        RuleID = "argument-added"
	ArgumentRemoved      RuleID = "argument-removed"
	ArgumentRenamed      RuleID = "argument-renamed"
	ArgumentType         RuleID = "argument-type-changed"
	ArgumentRequired     RuleID = "argument-required"
	ArgumentOptional     RuleID = "argument-optional"
	ArgumentDefault      RuleID = "argument-default-changed"
	ArgumentStyle        RuleID = "argument-style-changed"
	ArgumentLimits       RuleID = "argument-limits-changed"
	ArgumentDeprecated   RuleID = "argument-deprecated"
	RequestReplaced      RuleID = "request-replaced"
	RequestRequired      RuleID = "request-required"
	RequestOptional      RuleID = "request-optional"
	ResponseReplaced     RuleID = "response-replaced"
	ResponseNullable     RuleID = "response-nullable"
	ResponseNotNullable  RuleID = "response-not-nullable"
	MediaTypeChanged     RuleID = "media-type-changed"
	StatusChanged        RuleID = "status-changed"
	ErrorStatusChanged   RuleID = "error-status-changed"
	OperationDeprecated  RuleID = "operation-deprecated"
	OperationReinstated  RuleID = "operation-reinstated"
	MessageAdded         RuleID = "message-added"
	MessageRemoved       RuleID = "message-removed"
	MessageRenamed       RuleID = "message-renamed"
	MessageOneOf         RuleID = "message-one-of-changed"
	MessageLimits        RuleID = "message-limits-changed"
	Discriminator        RuleID = "discriminator-changed"
	VariantAdded         RuleID = "variant-added"
	VariantRemoved       RuleID = "variant-removed"
	ReservedAdded        RuleID = "reserved-added"
	ReservedRemoved      RuleID = "reserved-removed"
	FieldAdded           RuleID = "field-added"
	FieldRemoved         RuleID = "field-removed"
	FieldRenamed         RuleID = "field-renamed"
	FieldType            RuleID = "field-type-changed"
	FieldReplaced        RuleID = "field-message-replaced"
	FieldList            RuleID = "field-list-changed"
	FieldRequired        RuleID = "field-required"
	FieldOptional        RuleID = "field-optional"
	FieldNullable        RuleID = "field-nullable"
	FieldNotNullable     RuleID = "field-not-nullable"
	FieldItemNullable    RuleID = "field-item-nullable"
	FieldItemNotNullable RuleID = "field-item-not-nullable"
	FieldPresence        RuleID = "field-presence-changed"
	FieldDefault         RuleID = "field-default-changed"
	FieldLimits          RuleID = "field-limits-changed"
	FieldNumber          RuleID = "field-number-changed"
	FieldNumberReused    RuleID = "field-number-reused"
	FieldJSONName        RuleID = "field-json-name-changed"
	FieldOneof           RuleID = "field-oneof-changed"
	FieldDeprecated      RuleID = "field-deprecated"
	FieldReinstated      RuleID = "field-reinstated"
	EnumAdded            RuleID = "enum-added"
	EnumRemoved          RuleID = "enum-removed"
	EnumRenamed          RuleID = "enum-renamed"
	EnumValueAdded       RuleID = "enum-value-added"
	EnumValueRemoved     RuleID = "enum-value-removed"
	EnumValueRenamed     RuleID = "enum-value-renamed"
	EnumValueNumber      RuleID = "enum-value-number-changed"
	EnumValueDeprecated  RuleID = "enum-value-deprecated"
	SDKMethod            RuleID = "sdk-method-changed"
	SDKType              RuleID = "sdk-type-changed"
	SDKField             RuleID = "sdk-field-changed"
	SDKClient            RuleID = "sdk-client-changed"
	SDKNotGenerated      RuleID = "sdk-not-generated"
	SDKGeneratedAgain    RuleID = "sdk-generated-again"
	OneSided             RuleID = "one-sided"
)

// Rules are all rules, sorted by ID.
func Rules() []Rule {
	out := slices.Concat(operationRules(), messageRules(), fieldRules(), sdkRules())
	slices.SortFunc(out, func(a, b Rule) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

func operationRules() []Rule {
	return []Rule{
		{OperationAdded, "a contract has a new operation; harmless", "operation added"},
		{OperationRemoved, "an operation is gone; older SDKs fail, and the method is lost where no protocol offers it any more", "operation removed"},
		{OperationRenamed, "an operation has another name; SDKs and servers of different age miss each other", "operation renamed"},
		{ServiceRenamed, "a gRPC method moved to another service; SDKs and servers of different age miss each other", ""},
		{PackageRenamed, "a gRPC service moved to another package; SDKs and servers of different age miss each other", ""},
		{PathChanged, "a REST operation has another path; SDKs and servers of different age miss each other, unless only the names in it differ", ""},
		{VerbChanged, "a REST operation has another verb; SDKs and servers of different age miss each other", ""},
		{KindChanged, "a GraphQL query became a mutation or the other way round; SDKs and servers of different age miss each other", ""},
		{StreamingChanged, "a gRPC method streams, or no longer does; SDKs and servers of different age cannot talk", ""},
		{HTTPRuleChanged, "the HTTP binding of a gRPC method changed; where REST is transcoded it breaks REST calls", ""},
		{OperationIDChanged, "a REST operation has another operationId; only names in the wire code change", ""},
		{SecurityChanged, "what REST demands of callers changed; more or other demands break older SDKs", ""},
		{ArgumentAdded, "an operation or field has a new argument or parameter; a required one breaks older SDKs, a GraphQL operation's older servers", "field added"},
		{ArgumentRemoved, "an argument or parameter is gone; older SDKs still send it", "field removed"},
		{ArgumentRenamed, "an argument has another name or place; SDKs and servers of different age miss each other, but for names in REST paths", ""},
		{ArgumentType, "an argument or parameter has another type; SDKs and servers of different age fail", ""},
		{ArgumentRequired, "an argument or parameter must not be left out any more; older SDKs may leave it out", ""},
		{ArgumentOptional, "an argument or parameter may be left out now; harmless, but over GraphQL it breaks the new SDK with older servers", ""},
		{ArgumentDefault, "what an argument means that is left out changed; a default that is changed or gone breaks older SDKs", ""},
		{ArgumentStyle, "a REST parameter is written otherwise; SDKs and servers of different age misread each other", ""},
		{ArgumentLimits, "what an argument's values must keep changed; tighter limits break older SDKs", ""},
		{ArgumentDeprecated, "an argument or parameter is deprecated, or no longer is; harmless", ""},
		{RequestReplaced, "an operation takes another message; harmless only where both look the same on the wire", ""},
		{RequestRequired, "a REST body must not be left out any more; breaks older SDKs", ""},
		{RequestOptional, "a REST body may be left out now; harmless", ""},
		{ResponseReplaced, "an operation answers something else; harmless only where both look the same on the wire", ""},
		{ResponseNullable, "an answer may be null now; older SDKs were promised a value", ""},
		{ResponseNotNullable, "an answer is never null any more; harmless", ""},
		{MediaTypeChanged, "a REST body has other media types; one that is gone breaks older SDKs", ""},
		{StatusChanged, "a REST operation answers success with another status; one that is gone breaks older SDKs", ""},
		{ErrorStatusChanged, "a REST operation describes other answers of failure; harmless", ""},
		{OperationDeprecated, "an operation is deprecated now; harmless", "operation deprecated"},
		{OperationReinstated, "an operation is no longer deprecated; harmless", "operation reinstated"},
	}
}

func messageRules() []Rule {
	return []Rule{
		{MessageAdded, "a contract has a new type; harmless by itself", ""},
		{MessageRemoved, "a type is gone; harmless by itself, the changes of what used it are reported where they are", ""},
		{MessageRenamed, "a type has another name; over GraphQL, which sends names of types, it breaks SDKs and servers of different age", ""},
		{MessageOneOf, "a GraphQL input takes exactly one field (@oneOf), or no longer does; the former breaks older SDKs", ""},
		{MessageLimits, "what values of a type must keep as a whole changed; tighter limits on requests break older SDKs", ""},
		{Discriminator, "what tells the variants of a REST choice apart changed; SDKs and servers of different age take one for another, or for none", ""},
		{VariantAdded, "a choice has a new variant; in answers older SDKs do not know it, and over GraphQL older servers refuse to be asked for it", "field added"},
		{VariantRemoved, "a variant of a choice is gone; in requests and over GraphQL it breaks older SDKs, in answers the new SDK with older servers", "field removed"},
		{ReservedAdded, "protobuf numbers or names are reserved now; harmless", ""},
		{ReservedRemoved, "protobuf numbers or names are no longer reserved; harmless until they are used again", ""},
	}
}

func fieldRules() []Rule {
	return slices.Concat([]Rule{
		{FieldAdded, "a type has a new field; a required request field breaks older SDKs, a GraphQL answer field older servers", "field added"},
		{FieldRemoved, "a field is gone; older SDKs send it in vain or miss it", "field removed"},
		{FieldRenamed, "a field has another name; breaks the wire over GraphQL and REST, and over gRPC where REST is transcoded from it", "field renamed"},
		{FieldType, "a field has another type; breaks the wire unless both are written alike", "field type changed"},
		{FieldReplaced, "a field holds another message; harmless on the wire only where both look the same", "field type changed"},
		{FieldList, "a field became a list, or no longer is one; breaks source code and the wire", "field type changed"},
		{FieldRequired, "a field is required now; in requests older SDKs may leave it out", ""},
		{FieldOptional, "a field is no longer required; in answers older SDKs were promised a value", ""},
		{FieldNullable, "a field may be null now; in answers older SDKs were promised a value", ""},
		{FieldNotNullable, "a field must not be null any more; in requests older SDKs may send null", ""},
		{FieldItemNullable, "items of a list may be null now; in answers older SDKs were promised values", ""},
		{FieldItemNotNullable, "items of a list must not be null any more; in requests older SDKs may send null", ""},
		{FieldPresence, "protobuf can tell an unset field from a zero one, or no longer can; in requests the latter breaks the wire", ""},
		{FieldDefault, "what a field means that is left out changed; in requests a default that is changed or gone breaks older SDKs", ""},
		{FieldLimits, "what a field's values must keep changed; tighter limits on requests break older SDKs", ""},
		{FieldNumber, "a protobuf field has another number; breaks the wire", ""},
		{FieldNumberReused, "a new protobuf field has a number that another field had; breaks the wire", ""},
		{FieldJSONName, "a protobuf field has another JSON name; where REST is transcoded it breaks the wire", ""},
		{FieldOneof, "a protobuf field joined or left a oneof, which breaks the wire, or its oneof has another name, which does not", ""},
		{FieldDeprecated, "a field is deprecated now; harmless", "field deprecated"},
		{FieldReinstated, "a field is no longer deprecated; harmless", "field reinstated"},
	}, enumRules())
}

func enumRules() []Rule {
	return []Rule{
		{EnumAdded, "only some values are allowed now; in requests it breaks older SDKs", ""},
		{EnumRemoved, "all values are allowed now; in answers older SDKs do not know them", ""},
		{EnumRenamed, "an enum has another name; harmless, but as an argument's type over GraphQL it breaks SDKs and servers of different age", ""},
		{EnumValueAdded, "an enum has a new value; in answers older SDKs do not know it", ""},
		{EnumValueRemoved, "a value of an enum is gone; in requests older SDKs still send it", ""},
		{EnumValueRenamed, "a value of an enum has another name; harmless over gRPC, which sends its number, unless REST is transcoded from it", ""},
		{EnumValueNumber, "a value of a protobuf enum has another number; breaks the wire", ""},
		{EnumValueDeprecated, "a value of an enum is deprecated, or no longer is; harmless", ""},
	}
}

func sdkRules() []Rule {
	return []Rule{
		{SDKMethod, "the manifest changed a method of the SDK", ""},
		{SDKType, "the manifest changed a type of the SDK", ""},
		{SDKField, "the manifest changed a field of the SDK", ""},
		{SDKClient, "the manifest changed a client, its constructor or an option", ""},
		{SDKNotGenerated, "an SDK could be generated from the base, but none can from the head", ""},
		{SDKGeneratedAgain, "no SDK could be generated from the base, but one can from the head; harmless", ""},
		{OneSided, "something changed over some of the protocols that offer it, but not over the others", ""},
	}
}

// parityOf is what other protocols are expected to change with a rule's change.
func parityOf(id RuleID) string {
	for _, r := range Rules() {
		if r.ID == id {
			return r.parity
		}
	}
	return ""
}
