package protofiles

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/triwire/authorizer-sdk/internal/contract"
)

// httpOption is the option that maps a method to HTTP.
const httpOption protoreflect.FullName = "google.api.http"

// httpBindings reads google.api.http: the rule and its additional bindings. One
// with a verb of its own making is left out.
func httpBindings(options proto.Message) []contract.HTTPBinding {
	var out []contract.HTTPBinding
	options.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.FullName() != httpOption || f.Message() == nil || f.IsList() {
			return true
		}
		out = ruleBindings(v.Message())
		return false
	})
	return out
}

func ruleBindings(rule protoreflect.Message) []contract.HTTPBinding {
	fields := rule.Descriptor().Fields()
	text := func(name protoreflect.Name) string {
		if fd := fields.ByName(name); fd != nil && fd.Kind() == protoreflect.StringKind && !fd.IsList() && rule.Has(fd) {
			return rule.Get(fd).String()
		}
		return ""
	}
	var out []contract.HTTPBinding
	for _, verb := range []protoreflect.Name{"get", "put", "post", "delete", "patch"} {
		// The verbs are members of one oneof: at most one of them is set.
		if path := text(verb); path != "" {
			out = append(out, contract.HTTPBinding{Verb: strings.ToUpper(string(verb)), Path: path, Body: text("body"), ResponseBody: text("response_body")})
		}
	}
	if more := fields.ByName("additional_bindings"); more != nil && more.IsList() && more.Message() != nil {
		for i := range rule.Get(more).List().Len() {
			out = append(out, ruleBindings(rule.Get(more).List().Get(i).Message())...)
		}
	}
	return out
}

// httpText writes the bindings for people: "POST /v1/login; GET /v1/me". A body
// that is one field is told.
func httpText(bindings []contract.HTTPBinding) string {
	var out []string
	for _, b := range bindings {
		text := b.Verb + " " + b.Path
		if b.Body != "" && b.Body != "*" {
			text += " with the body " + b.Body
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}
